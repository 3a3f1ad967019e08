"""Code whose place in the project the description doesn't tell."""

from __future__ import annotations

import pytest

from lambdalint.deployment import DeployedFunction, read, resolve_handler
from lambdalint.deployment.search import Search

DEFINES = "def handler(event, context):\n    pass\n"


def located(
    files: dict[str, str] | list[str],
    handler: str = "app.handler",
    template: str = "template.yaml",
    roots: tuple[str, ...] = (),
    **more: object,
) -> DeployedFunction:
    """The function of one description, among `files` (their texts, or paths of files that define `handler`)."""
    texts = files if isinstance(files, dict) else dict.fromkeys(files, DEFINES)
    function = DeployedFunction(template, 1, "F", handler, roots, **more)  # type: ignore[arg-type]
    (found,) = Search(texts, lambda path: texts[path].encode()).locate([function])
    return found


def place(function: DeployedFunction, files: dict[str, str] | list[str]) -> str | None:
    found = resolve_handler(function, set(files).__contains__)
    return None if found is None else found[0]


def test_the_only_file_that_fits() -> None:
    files = ["src/get/app.py", "src/get/other.py", "other/apps.py", "tests/app.py"]
    found = located(files, roots=("build",), artifact="build/all.zip")
    assert (found.code_roots, place(found, files)) == (("src/get", "build"), "src/get/app.py")
    assert found.note == "src/get/app.py, the only file that fits (deployed as build/all.zip)"


@pytest.mark.parametrize(
    ("handler", "file", "root"),
    [
        ("pkg.app.handler", "lib/pkg/app.py", "lib"),
        ("pkg/app.handler", "lib/pkg/app.py", "lib"),
        ("pkg.handler", "lib/pkg/__init__.py", "lib"),
        ("app.handler", "app.py", "."),
        ("../app.handler", "lib/app.py", "lib"),
    ],
)
def test_the_root_lies_above_the_whole_module(handler: str, file: str, root: str) -> None:
    found = located([file], handler)
    assert (found.code_roots[0], place(found, [file])) == (root, file)


@pytest.mark.parametrize(
    "files",
    [
        ["src/app2.py"],
        ["src/myapp.py"],
        ["tests/app.py"],
        {"src/app.py": "def other(event, context): pass\n"},
        {"src/app.py": "x = handler\n# def handler(): pass\n"},
        {"src/app.py": "class App:\n    def handler(self, event, context): pass\n"},
        [],
    ],
)
def test_nothing_is_taken_that_doesnt_fit(files: dict[str, str] | list[str]) -> None:
    found = located(files, roots=("build",))
    assert (found.code_roots, place(found, files)) == (("build",), None)
    assert found.note == "no app.py of the project defines handler"


@pytest.mark.parametrize(
    "text",
    [
        "async def handler(event, context): ...",
        "if True:\n    def handler(event, context): ...",
        "handler = Mangum(app)",
        "handler: Handler = make()",
        "one, handler = make()",
        "class handler: ...",
        "from impl import handler",
        "from impl import other as handler",
        "from impl import (\n    one,\n    handler,\n)",
        "from impl import *",
    ],
)
def test_what_defines_a_name(text: str) -> None:
    assert place(located({"src/app.py": text}), ["src/app.py"]) == "src/app.py"


def test_several_files_are_none() -> None:
    files = ["a/app.py", "b/app.py"]
    found = located(files, template="infra/template.yaml")
    assert place(found, files) is None
    assert found.note == "2 files may be meant: a/app.py, b/app.py"


def test_the_nearest_of_several() -> None:
    files = ["one/src/app.py", "two/src/app.py", "app/x.py"]
    found = located(files, template="one/infra/template.yaml")
    assert place(found, files) == "one/src/app.py"
    assert "nearest" in found.note
    assert place(located([*files, "one/lib/app.py"], template="one/infra/template.yaml"), files) is None


@pytest.mark.parametrize(
    ("more", "file"),
    [
        ({"artifact": "build/get-user.zip"}, "src/get_user/app.py"),
        ({"artifact": "shop_get_user.zip"}, "src/get_user/app.py"),
        ({"artifact": "dist/user"}, "src/user/app.py"),
        ({"roots": ("build/user",)}, "src/user/app.py"),
        ({"artifact": "superuser.zip"}, None),
        ({"artifact": "all.zip"}, None),
    ],
)
def test_the_one_whose_folder_the_codes_path_names(more: dict[str, object], file: str | None) -> None:
    files = ["src/get_user/app.py", "src/user/app.py", "src/put/app.py"]
    assert place(located(files, **more), files) == file  # type: ignore[arg-type]


def test_a_named_folder_wins_over_a_near_one() -> None:
    files = ["infra/app.py", "src/get/app.py"]
    assert place(located(files, template="infra/t.yaml", artifact="get.zip"), files) == "src/get/app.py"


def test_the_descriptions_own_place_wins() -> None:
    files = ["src/app.py", "other/app.py"]
    found = located(files, roots=("src", "."))
    assert (found.code_roots, found.note) == (("src", "."), "src/app.py, by the code's place in the description")


def test_a_declared_root_without_the_name_yields_to_one_that_has_it() -> None:
    files = {"a/app.py": "", "b/app.py": DEFINES}
    assert located(files, roots=("a", "b")).code_roots == ("b", "a")


def test_a_declared_file_without_the_name_is_the_answer() -> None:
    files = {"src/app.py": "", "other/app.py": DEFINES}
    found = located(files, roots=("src",))
    assert (place(found, files), found.note) == ("src/app.py", "src/app.py doesn't define handler")


def test_what_is_moved_comes_first() -> None:
    files = ["code.py", "app.py"]
    found = located(files, roots=(".",), moved=(("app.py", "code.py"),))
    assert place(found, files) == "code.py"
    below = located(["code/sub/app.py"], "pkg.sub.app.handler", moved=(("pkg", "code"),))
    assert place(below, ["code/sub/app.py"]) == "code/sub/app.py"


def test_a_nearer_description_keeps_its_file() -> None:
    texts = dict.fromkeys(["one/src/app.py"], DEFINES)
    near = DeployedFunction("one/t.yaml", 1, "F", "app.handler", ("one/src",))
    far = DeployedFunction("two/t.yaml", 1, "G", "app.handler", (), artifact="x.zip")
    copy = DeployedFunction("two/t.yaml", 1, "F", "app.handler", ())
    found = Search(texts, lambda path: texts[path].encode()).locate([far, near, copy])
    assert [place(one, list(texts)) for one in found] == [None, "one/src/app.py", "one/src/app.py"]
    assert found[0].note == "one/src/app.py is a nearer description's (deployed as x.zip)"


def test_a_file_that_cant_be_read_defines_nothing() -> None:
    def refuse(path: str) -> bytes:
        raise OSError

    function = DeployedFunction("t.yaml", 1, "F", "app.handler", ())
    (found,) = Search(["src/app.py"], refuse).locate([function])
    assert found.code_roots == ()


def test_a_handler_that_is_no_module_with_a_name() -> None:
    assert located([], "handler").note == "handler is no module with a name in it"


@pytest.mark.parametrize(
    ("code", "artifact"),
    [
        ("CodeUri: build/get.zip", "build/get.zip"),
        ("CodeUri: s3://bucket/get.zip", "s3://bucket/get.zip"),
        ("CodeUri: {Bucket: b, Key: get.zip}", "get.zip"),
        ("Code: {S3Bucket: b, S3Key: !Sub '${Prefix}lambda/get.zip'}", "lambda/get.zip"),
        ("Code: {S3Bucket: b, S3Key: !Join ['', [!Ref Prefix, get.zip]]}", "get.zip"),
        ("Code: {S3Bucket: b, S3Key: !Ref Key}", ""),
        ("CodeUri: src", ""),
    ],
)
def test_templates_name_what_is_built(code: str, artifact: str) -> None:
    text = "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n"
    text += f"      Handler: app.handler\n      {code}\n"
    files = ["src/put/app.py", "src/get/app.py"]
    (found,) = read({"infra/t.yaml": text.encode()}, files, lambda path: DEFINES.encode()).functions
    assert found.artifact == artifact
    assert (place(found, files) == "src/get/app.py") is bool(artifact)

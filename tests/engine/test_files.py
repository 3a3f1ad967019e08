"""Which files are found: git's rules, tools' folders, installed packages, links, named paths."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lambdalint.engine import files
from lambdalint.engine.files import Problem, discover, walk
from lambdalint.settings import Settings

GIT = shutil.which("git")


def make(root: Path, *names: str, **texts: str) -> None:
    """Create files; a name may hold its text after " := "."""
    for name in names:
        name, _, text = name.partition(" := ")
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("|", "\n"), encoding="utf-8")


def found(root: Path, *paths: str, **settings: Any) -> list[str]:
    """The Python files found below `root`, relative to it."""
    result = discover([str(root / path) for path in paths or [""]], Settings(str(root), **settings))
    assert result.problems == []
    return [os.path.relpath(path, root).replace(os.sep, "/") for path in result.python]


def test_python_files_are_found_sorted_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "b.py", "a/z.py", "a/b/c.py", "a/stub.pyi", "a/py", "README.md", ".github/x.py")
    assert found(tmp_path) == [".github/x.py", "a/b/c.py", "a/z.py", "b.py"]
    assert found(tmp_path, "a", "a/b", "a/z.py", "a/../a/z.py") == ["a/b/c.py", "a/z.py"]
    monkeypatch.chdir(tmp_path / "a")
    assert discover(["b", "./z.py"], Settings(str(tmp_path))).python == [
        str(tmp_path / "a" / "b" / "c.py"),
        str(tmp_path / "a" / "z.py"),
    ]


def test_one_pass_gives_the_deployment_candidates(tmp_path: Path) -> None:
    make(tmp_path, "app.py", "template.yaml", "x/template.yaml", "x/other.yaml", "cdk.out/template.yaml")
    make(tmp_path, ".gitignore := x/template.yaml")
    result = walk(str(tmp_path), Settings(str(tmp_path)), lambda name: name == "template.yaml")
    assert result.python == [str(tmp_path / "app.py")]
    assert result.deployment_candidates == [str(tmp_path / "template.yaml")]
    named = discover([str(tmp_path / "x/template.yaml")], Settings(str(tmp_path)), lambda name: True)
    assert (named.python, named.deployment_candidates) == ([], [str(tmp_path / "x/template.yaml")])


LEFT_OUT = [
    ".git/hooks/x.py",
    ".venv/x.py",
    "a/venv/x.py",
    "__pycache__/x.py",
    "node_modules/aws/x.py",
    "layer/python/lib/python3.9/site-packages/x.py",
    "usr/lib/python3/dist-packages/x.py",
    ".aws-sam/build/x.py",
    "cdk.out/asset.1/x.py",
    ".serverless/x.py",
    ".chalice/deployments/x.py",
    ".mypy_cache/x.py",
    "x-1.0-py3.8.egg/x.py",
]


@pytest.mark.parametrize("name", LEFT_OUT)
def test_folders_of_tools_are_left_out(tmp_path: Path, name: str) -> None:
    make(tmp_path, name, "app.py")
    assert found(tmp_path) == ["app.py"]
    assert found(tmp_path, name) == [name], "unless named"
    assert found(tmp_path, os.path.dirname(name)) == [name], "or their folder"


KEPT = [
    "env/app.py",  # no pyvenv.cfg
    "build/app.py",
    "build/lib/app.py",  # nothing that setuptools would build
    "dist/app.py",
    "lib/app.py",
    "bin/app.py",
    ".chalice/app.py",
    "deployments/app.py",
    "layer/python/app.py",
    "git/app.py",
]


@pytest.mark.parametrize("name", KEPT)
def test_folders_that_may_hold_sources_are_kept(tmp_path: Path, name: str) -> None:
    make(tmp_path, name)
    assert found(tmp_path) == [name]


def test_what_setuptools_built_is_left_out(tmp_path: Path) -> None:
    make(tmp_path, "setup.py", "build/lib/x.py", "build/lib.linux-x86_64-3.9/x.py", "build/bdist.x/x.py")
    make(tmp_path, "build/own.py", "lib/own.py")
    assert found(tmp_path) == ["build/own.py", "lib/own.py", "setup.py"]


def test_virtual_environments(tmp_path: Path) -> None:
    make(tmp_path, "env/pyvenv.cfg", "env/bin/x.py", "env/Scripts/x.py")
    make(tmp_path, "env/lib/python3.9/site-packages/x.py")
    make(tmp_path, "old/lib/python3.6/os.py", "old/lib/python3.6/site-packages/x.py")
    make(tmp_path, "conda/conda-meta/history", "conda/x.py", "app.py")
    assert found(tmp_path) == ["app.py"]
    # `python -m venv .` in the project's own folder
    make(tmp_path, "pyvenv.cfg", "bin/activate_this.py", "src/app.py")
    assert found(tmp_path) == ["app.py", "src/app.py"]


INSTALLED = [
    # metadata and files beside it; what is kept
    (["boto3-1.dist-info/top_level.txt := boto3|", "boto3/x.py"], []),
    (["a-1.dist-info/top_level.txt := six|_c", "six.py"], []),
    (["a-1.dist-info/RECORD := b/__init__.py,sha256=x,1|../../bin/t,,|a-1.dist-info/RECORD,,|c.py,,",
      "b/x.py", "c.py", "bin/own.py"], ["bin/own.py"]),
    (["a-1.dist-info/RECORD := \"b/with,comma.py\",,", "b/x.py"], []),
    (["a-1.dist-info/top_level.txt := ns/sub", "ns/sub/x.py"], []),
    (["urllib3-2.2.3.dist-info/WHEEL", "urllib3/x.py", "orders/x.py"], ["orders/x.py"]),
    (["python_dateutil-2.9.0.post0.dist-info/WHEEL", "dateutil/x.py", "orders/x.py"], ["orders/x.py"]),
    (["PyYAML-6.0.dist-info/WHEEL", "yaml/x.py", "orders/x.py"], ["orders/x.py"]),
    (["typing_extensions-4.dist-info/WHEEL", "typing_extensions.py"], []),
    # nothing tells the name: packages go, but not what a project would call its own
    (["bs-1.dist-info/WHEEL", "soup/__init__.py", "handlers/__init__.py", "orders/x.py"],
     ["handlers/__init__.py", "orders/x.py"]),
    # an egg-info of the project itself, from an editable install, and one that an installer left
    (["foo.egg-info/SOURCES.txt", "foo.egg-info/top_level.txt := foo", "foo/x.py"], ["foo/x.py"]),
    (["foo.egg-info/installed-files.txt", "foo.egg-info/SOURCES.txt", "foo.egg-info/top_level.txt := foo",
      "foo/x.py"], []),
    (["foo.egg-info/top_level.txt := foo", "foo/x.py"], []),
    (["foo.egg-info := Name: foo", "foo/x.py"], ["foo/x.py"]),
    # no metadata at all
    (["boto3/__init__.py", "botocore/__init__.py", "orders/__init__.py"], ["orders/__init__.py"]),
    (["requests/__init__.py", "six.py"], []),
    (["requests/__init__.py", "orders/x.py"], ["orders/x.py", "requests/__init__.py"]),
    (["redis/handler.py", "pandas/handler.py"], ["pandas/handler.py", "redis/handler.py"]),
]  # fmt: skip


@pytest.mark.parametrize(("there", "kept"), INSTALLED)
def test_installed_packages_are_left_out_and_files_beside_them_kept(
    tmp_path: Path, there: list[str], kept: list[str]
) -> None:
    make(tmp_path, "package/lambda_function.py", *(f"package/{name}" for name in there))
    assert found(tmp_path / "package") == sorted([*kept, "lambda_function.py"])
    assert found(tmp_path) == sorted(f"package/{name}" for name in [*kept, "lambda_function.py"])


def test_excludes_of_the_configuration(tmp_path: Path) -> None:
    make(
        tmp_path,
        "a/gen/x.py",
        "gen/x.py",
        "a/y_pb2.py",
        "a/ok.py",
        "site-packages/own.py",
        ".gitignore := ok.py",
    )
    assert found(tmp_path, exclude=("/gen", "*_pb2.py")) == ["a/gen/x.py"]
    assert found(tmp_path, exclude=("gen/",), extend_exclude=("!a/gen/",)) == ["a/gen/x.py", "a/y_pb2.py"]
    taken_back = ("!site-packages/", "!ok.py")
    assert found(tmp_path, exclude=taken_back) == [
        "a/gen/x.py",
        "a/ok.py",
        "a/y_pb2.py",
        "gen/x.py",
        "site-packages/own.py",
    ]
    assert found(tmp_path, "gen", exclude=("gen/", "x.py")) == []
    assert found(tmp_path, "gen", exclude=("gen/",)) == ["gen/x.py"]


def test_gitignore_can_be_disregarded(tmp_path: Path) -> None:
    make(tmp_path, ".gitignore := *.py", "a/.gitignore := x.py", "a/x.py", ".git/info/exclude := a/")
    assert found(tmp_path) == []
    assert found(tmp_path, respect_gitignore=False) == ["a/x.py"]


def test_named_folders_are_walked_though_ignored_and_their_inner_rules_hold(tmp_path: Path) -> None:
    make(tmp_path, ".gitignore := /out/|gen/|x.py|a/**/d", "out/a.py", "out/x.py", "out/gen/y.py", "gen/a.py")
    make(tmp_path, "out/.gitignore := b.py", "out/b.py", "a/b/d/e.py", "a/b/f.py")
    assert found(tmp_path) == ["a/b/f.py"]
    assert found(tmp_path, "out") == ["out/a.py"]
    assert found(tmp_path, "out/gen") == ["out/gen/y.py"]
    assert found(tmp_path, "gen", "out/x.py", "a/b/d") == ["a/b/d/e.py", "gen/a.py", "out/x.py"]


def test_a_folder_outside_the_root_follows_its_own_rules(tmp_path: Path) -> None:
    make(
        tmp_path,
        "p/.gitignore := *.py",
        "q/.gitignore := x.py",
        "q/x.py",
        "q/y.py",
        "q/.git/info/exclude := z.py",
    )
    make(tmp_path, "q/z.py")
    assert discover([str(tmp_path / "q")], Settings(str(tmp_path / "p"))).python == [str(tmp_path / "q/y.py")]


def test_named_paths_can_be_held_to_the_rules(tmp_path: Path) -> None:
    make(tmp_path, ".gitignore := gen/|x.py", "gen/a.py", "a/x.py", "a/y.py", "venv/z.py", "a/legacy/y.py")
    make(tmp_path, "pkg/boto3/__init__.py", "pkg/botocore/__init__.py")
    settings = Settings(str(tmp_path), exclude=("legacy",))
    names = [
        "gen/a.py",
        "a/x.py",
        "a/y.py",
        "venv/z.py",
        "a/legacy/y.py",
        "pkg/boto3/__init__.py",
        "gen",
        "a",
    ]
    paths = [str(tmp_path / name) for name in names]
    assert discover(paths, settings, force_exclude=True).python == [str(tmp_path / "a/y.py")]
    outside = Settings(str(tmp_path / "gen"))
    assert discover(paths[1:2], outside, force_exclude=True).python == paths[1:2]


# Each entry of `gitignore` is "folder/.gitignore := lines"; git itself tells what is right.
PATTERNS = [
    ["x.py"],
    ["/x.py"],
    ["a/"],
    ["/a"],
    ["b/x.py"],
    ["a/b"],
    ["**/b"],
    ["a/**"],
    ["a/**/x.py"],
    ["*.py|!x.py"],
    ["*|!*/|!*.py"],
    ["a/*|!a/b"],
    ["a/*|!a/b/"],
    ["*.p?"],
    ["[x-y].py"],
    ["[!x].py"],
    ["\\#h.py"],
    ["# comment||\\!h.py"],
    ["x.py   "],
    ["x.py\\ "],
    ["X.py"],
    ["!"],
    ["\\"],
    ["x.py/"],
    ["a/b/"],
    ["a/x.py|!x.py"],
    ["*y.py"],
    [".py"],
    ["*.py|!/a/", "a/.gitignore := !x.py"],
    ["x.py", "a/.gitignore := !x.py", "a/b/.gitignore := x.py"],
    ["", "a/.gitignore := /b|*"],
    ["", "a/.gitignore := b/x.py"],
    ["[]-x].py"],
    ["[^x].py|[[:digit:]]"],
    ["[[:alpha:]].py"],
    ["[[:alpa:]].py"],
    ["[[:al].py"],
    ["[a-x-].py"],
    ["[z-x].py"],
    ["[x"],
    ["?.py"],
    ["**.py"],
    ["a/***/x.py"],
    ["a**b/x.py"],
    ["/**/x.py"],
    ["c/**/**/x.py"],
    ["[ac]/b/x.py"],
    ["a[/]x.py"],
    ["\\x.py"],
    ["a?x.py"],
]


@pytest.mark.skipif(GIT is None, reason="needs git")
@pytest.mark.parametrize("gitignore", PATTERNS, ids=" ".join)
def test_patterns_mean_what_they_mean_to_git(tmp_path: Path, gitignore: list[str]) -> None:
    make(tmp_path, "x.py", "y.py", "#h.py", "!h.py", "x.py ", "a/x.py", "a/b/x.py", "a/b/y.py", "c/a/b/x.py")
    make(tmp_path, "c/b/x.py")
    make(tmp_path, f".gitignore := {gitignore[0]}", *gitignore[1:])
    listed = git(tmp_path, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    assert found(tmp_path) == sorted(name for name in listed.split("\0") if name.endswith(".py"))


def git(root: Path, *arguments: str) -> str:
    command = [GIT or "git", "-c", "core.excludesFile=", "-c", "user.name=x", "-c", "user.email=x@y"]
    if not (root / ".git").exists():
        subprocess.run([*command, "init", "-q", str(root)], check=True)
    run = subprocess.run([*command, "-C", str(root), *arguments], check=True, capture_output=True, text=True)
    return run.stdout


@pytest.fixture
def no_git_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)


@pytest.mark.skipif(GIT is None, reason="needs git")
@pytest.mark.parametrize("version", [2, 3, 4])
def test_tracked_files_are_never_ignored(tmp_path: Path, version: int, no_git_environment: None) -> None:
    make(tmp_path, "lib/own/a.py", "lib/own/b.py", "lib/é.py", "x.py", "y.py", "gen/z.py", "venv/v.py")
    make(tmp_path, *(f"deep/{'n' * n}/f.py" for n in range(1, 12)))
    git(tmp_path, "add", "-f", "lib/own/a.py", "lib/é.py", "x.py", "venv/v.py", "deep")
    if version == 3:
        git(tmp_path, "add", "--intent-to-add", "lib/own/b.py")
    git(tmp_path, "update-index", f"--index-version={version}")
    index = (tmp_path / ".git/index").read_bytes()
    assert int.from_bytes(index[4:8], "big") == version
    make(tmp_path, ".gitignore := lib/|*.py|deep")
    wanted = ["lib/own/a.py", "lib/é.py", "x.py", *(f"deep/{'n' * n}/f.py" for n in range(1, 12))]
    if version == 3:
        wanted.append("lib/own/b.py")
    assert found(tmp_path) == sorted(wanted)
    for end in (3, 11, 40, 100, len(index) // 2):  # damaged: fewer are known, nothing else happens
        (tmp_path / ".git/index").write_bytes(index[:end])
        assert set(found(tmp_path)) <= set(wanted)


@pytest.mark.skipif(GIT is None, reason="needs git")
def test_tracked_files_of_a_worktree(tmp_path: Path, no_git_environment: None) -> None:
    main, tree = tmp_path / "main", tmp_path / "tree"
    make(main, "lib/a.py", ".gitignore := lib/")
    git(main, "add", "-f", ".")
    git(main, "commit", "-qm", "x")
    git(main, "worktree", "add", "-q", str(tree))
    make(tree, "lib/b.py")
    assert found(tree) == ["lib/a.py"]


def test_an_ignored_folder_is_entered_for_what_is_taken_back_in_it(tmp_path: Path) -> None:
    make(tmp_path, ".gitignore := layer/python|!layer/python/shared/", "layer/python/boto3/x.py")
    make(tmp_path, "layer/python/shared/own.py", "layer/python/six.py")
    assert found(tmp_path) == ["layer/python/shared/own.py"]


def test_links(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "p", tmp_path / "elsewhere"
    make(root, "common/util.py", "f/app.py", "venv/lib/v.py")
    make(elsewhere, "shared/s.py", "shared/t.py", "node_modules/x.py")
    os.symlink(root / "common", root / "f" / "common")  # is walked in its own place
    os.symlink(root / "common" / "util.py", root / "f" / "util.py")
    os.symlink(root / "f", root / "f" / "again")  # loops
    os.symlink(root, root / "common" / "up")
    os.symlink(tmp_path, root / "all")  # around the project: would bring in everything
    os.symlink(root / "venv" / "lib", root / "vendored")  # left out in its own place
    os.symlink(elsewhere / "node_modules", root / "modules")
    os.symlink(elsewhere / "shared", root / "shared")
    os.symlink(elsewhere / "shared", root / "shared2")
    os.symlink(elsewhere / "shared" / "s.py", root / "s.py")
    os.symlink("nowhere", root / "broken.py")
    os.symlink("self.py", root / "self.py")
    result = walk(str(root), Settings(str(root)))
    assert [os.path.relpath(path, root) for path in result.python] == [
        "common/util.py", "f/app.py", "s.py", "shared/t.py",
    ]  # fmt: skip
    assert (str(root / "f/common"), str(root / "common")) in result.links
    assert (str(root / "f/util.py"), str(root / "common/util.py")) in result.links
    assert result.problems == []


def test_a_project_reached_through_a_link(tmp_path: Path) -> None:
    make(tmp_path / "real", "a.py", "b/c.py")
    os.symlink(tmp_path / "real", tmp_path / "link")
    os.symlink(tmp_path / "real" / "b", tmp_path / "real" / "d")
    assert found(tmp_path / "link") == ["a.py", "b/c.py"]


def test_what_cannot_be_looked_at_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a/x.py", "b/y.py")
    os.mkfifo(tmp_path / "pipe.py")
    scandir = os.scandir

    def refusing(path: str) -> Any:
        if path == str(tmp_path / "a"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(files.os, "scandir", refusing)
    result = discover([str(tmp_path), str(tmp_path / "none.py"), str(tmp_path / "pipe.py")], Settings(str(tmp_path)))
    assert result.python == [str(tmp_path / "b/y.py")]
    assert result.problems == [
        Problem(str(tmp_path / "a"), "the folder can't be read: Permission denied"),
        Problem(str(tmp_path / "none.py"), "no such file or folder"),
        Problem(str(tmp_path / "pipe.py"), "it is neither a file nor a folder"),
    ]


def test_unusual_names(tmp_path: Path) -> None:
    make(tmp_path, "a b/c d.py", "é/ü.py", ".py", "x.py/y.py", "[a]/*.py", ".gitignore := é/ö.py")
    with open(os.path.join(os.fsencode(tmp_path), b"\xff.py"), "wb"):
        pass
    assert found(tmp_path) == sorted([".py", "[a]/*.py", "a b/c d.py", "x.py/y.py", "é/ü.py", "\udcff.py"])


def test_a_deep_tree_does_not_exhaust_the_stack(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(300):  # names of one letter: paths have a limit
        deep = deep / "d"
    make(deep, "x.py")
    assert len(found(tmp_path)) == 1


def test_importing_loads_nothing_heavy() -> None:
    probe = "import sys, lambdalint.engine.files; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert {"libcst", "flake8", "pathspec"}.isdisjoint(done.stdout.split())

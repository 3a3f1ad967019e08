"""Code in templates at its places, and declarations without a handler."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from lambdalint.deployment import InlineCode, read
from lambdalint.engine import session
from lambdalint.engine.inline import Places
from lambdalint.findings import Position
from lambdalint.source import Source

CODE = 'import boto3\n\ndef handler(event, context):\n    return boto3.client("s3").list_buckets()\n'
HEAD = """\
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: index.handler
      Code:
"""


def inline(text: str, name: str = "t.yaml") -> tuple[InlineCode, Source]:
    (code,) = read({name: text.encode()}).inline
    return code, Source(name, text)


def pointed(text: str, name: str = "t.yaml") -> str:
    """What stands in the template from where `boto3.client` begins in the code."""
    code, template = inline(text, name)
    offset = code.text.index("boto3.client")
    place = Places(code, template).position(Source("", code.text).position(offset))
    return template.lines[place.line - 1][place.column :]


def block(head: str, spaces: int = 10) -> str:
    return f"{HEAD}        ZipFile: {head}\n" + "".join(
        f"{' ' * spaces}{line}\n" if line else "\n" for line in CODE.splitlines()
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(block("|"), id="literal"),
        pytest.param(block("|-  # the code"), id="with a comment at its head"),
        pytest.param(block("!Sub |"), id="with a short tag"),
        pytest.param(block("|").replace("\n", "\r\n"), id="newlines of Windows"),
        pytest.param(block("|2", spaces=10), id="indentation told"),
        pytest.param(
            HEAD + "        ZipFile:\n          Fn::Sub: |\n" + block("|", 12).split("|\n")[1], id="long form"
        ),
        pytest.param(HEAD + "        ZipFile: 'def handler(e, c): boto3.client(\"s3\")'\n", id="on one line"),
        pytest.param(
            HEAD + "        ZipFile: !Join\n          - ''\n          - - |\n              import boto3\n"
            "            - 'boto3.client(\"s3\")'\n",
            id="joined",
        ),
        pytest.param(
            '{"Resources": {"Fn": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "python3.12",\n'
            '"Handler": "index.handler", "Code": {"ZipFile": {"Fn::Join": ["\\n", [\n'
            '  "import boto3",\n  "boto3.client(1)"]]}}}}}}',
            id="lines of JSON",
        ),
    ],
)
def test_a_place_is_found(text: str) -> None:
    assert pointed(text, "t.json" if text[0] == "{" else "t.yaml").startswith("boto3.client(")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(HEAD + '        ZipFile: "import boto3\\nboto3.client(1)"\n', id="escaped newlines"),
        pytest.param(HEAD + "        ZipFile: >\n          import boto3;\n          boto3.client(1)\n", id="folded"),
    ],
)
def test_a_hidden_place_is_the_texts_own(text: str) -> None:
    assert pointed(text) in ('"import boto3\\nboto3.client(1)"', ">")


def test_a_place_past_the_end() -> None:
    code, template = inline(block("|"))
    assert Places(code, template).position(Position(99, 0)).line == len(template.lines) - 1 or template.lines[-1] == ""


def check(folder: Path, *names: str, code: str = "LMB") -> list[tuple[str, int, str]]:
    found = session.check(session.Request(tuple(str(folder / name) for name in names) or (str(folder),)))
    assert not found.errors
    return [(Path(f.path).name, f.span.start.line, f.code) for f in found.findings if f.code.startswith(code)]


def test_code_in_a_template_is_checked(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(block("|"))
    assert check(tmp_path) == [("t.yaml", 12, "LMB101")]
    assert check(tmp_path, "t.yaml") == [("t.yaml", 12, "LMB101")]


def test_code_in_a_template_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(block("|"))
    fixed = session.fix(session.Request((str(tmp_path),)), unsafe=True, write=True)
    assert (tmp_path / "t.yaml").read_text() == block("|")
    assert not fixed.changed
    assert [finding.fix for finding in fixed.result.findings] == [None]


def test_code_in_a_template_does_not_see_the_projects_modules(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("import boto3\ndef make():\n    return boto3.client('s3')\n")
    code = CODE.replace("import boto3", "from helper import make").replace('boto3.client("s3")', "make()")
    indented = "".join(f"          {line}\n" for line in code.splitlines())
    (tmp_path / "t.yaml").write_text(f"{HEAD}        ZipFile: |\n{indented}")
    assert check(tmp_path) == []


def test_modules_do_not_see_code_in_a_template(tmp_path: Path) -> None:
    own = CODE + "def make():\n    return boto3.client('s3')\n"
    (tmp_path / "t.yaml").write_text(
        HEAD + "        ZipFile: |\n" + "".join(f"          {x}\n" for x in own.splitlines())
    )
    (tmp_path / "app.py").write_text(
        "from index import make\ndef lambda_handler(event, context):\n    return make().list_buckets()\n"
    )
    assert check(tmp_path) == [("t.yaml", 12, "LMB101")]


def test_exclusions_are_those_of_the_template(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(block("|"))
    (tmp_path / "lambdalint.toml").write_text('[per-file-ignores]\n"t.yaml" = ["LMB101"]\n')
    assert check(tmp_path) == []


def test_broken_code(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(f"{HEAD}        ZipFile: |\n          def handler(event:\n            return\n")
    assert check(tmp_path) == [("t.yaml", 9, "LMB000")]


def test_code_that_only_the_deployment_completes(tmp_path: Path) -> None:
    broken = f"{HEAD}        ZipFile: !Sub |\n          def handler(event:\n            return\n"
    (tmp_path / "t.yaml").write_text(broken)
    assert check(tmp_path) == []
    # A variable in the code's own place is read as a name.
    (tmp_path / "t.yaml").write_text(block("!Sub |").replace('"s3"', '"s3", ${Region}'))
    assert check(tmp_path) == [("t.yaml", 12, "LMB101")]


SAM = dedent("""\
    Resources:
      Fn:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: src
          Handler: app.handle
          Runtime: python3.12
    """)


def test_a_missing_handler_says_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(CODE)
    (tmp_path / "t.yaml").write_text(SAM)
    (found,) = (f for f in session.check(session.Request((str(tmp_path),))).findings if f.code == "LMB002")
    assert found.problem == "the handler app.handle of Fn isn't in the code: src/app.py defines no handle"
    assert found.remedy == "name app.handler, which is there"
    assert (found.span.start.line, found.span.start.column, found.span.end.column) == (6, 15, 25)


@pytest.mark.parametrize(
    "configuration",
    ['ignore = ["LMB002"]', 'select = ["LMB1"]', '[per-file-ignores]\n"*.yaml" = ["LMB0"]'],
)
def test_a_missing_handler_is_selected_like_any_rule(tmp_path: Path, configuration: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(CODE)
    (tmp_path / "t.yaml").write_text(SAM)
    assert len(check(tmp_path, code="LMB002")) == 1
    (tmp_path / "lambdalint.toml").write_text(configuration)
    assert check(tmp_path, code="LMB002") == []


def test_only_named_templates_are_judged(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(CODE)
    (tmp_path / "t.yaml").write_text(SAM)
    assert check(tmp_path, "src/app.py", code="LMB002") == []
    assert len(check(tmp_path, "t.yaml", code="LMB002")) == 1


def test_a_file_beside_the_template_need_not_be_its_code(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / "t.yaml").write_text(SAM.replace("CodeUri: src", "CodeUri: s3://bucket/app.zip"))
    assert check(tmp_path, code="LMB002") == []

"""Python code that templates hold themselves."""

from __future__ import annotations

from textwrap import dedent

import pytest

from lambdalint.deployment import Deployment, read, resolve_handler


def template(code: str, runtime: str = "python3.12", handler: str = "index.handler") -> Deployment:
    head = f"""\
        Resources:
          Fn:
            Type: AWS::Lambda::Function
            Properties:
              Runtime: {runtime}
              Handler: {handler}
              Code:
    """
    return read({"infra/app.yaml": (dedent(head) + code).encode()})


BLOCK = "        ZipFile: |\n          import json\n\n          def handler(event, context):\n            return 1\n"
TEXT = "import json\n\ndef handler(event, context):\n  return 1\n"


def test_the_text_and_its_place() -> None:
    found = template(BLOCK)
    (code,) = found.inline
    assert code.text == TEXT
    assert (code.path, code.template, code.certain) == ("infra/app.yaml/Fn/index.py", "infra/app.yaml", True)
    (piece,) = code.pieces
    assert (piece.line, piece.column) == (8, 17)
    (function,) = found.functions
    assert function.located
    assert resolve_handler(function, {code.path}.__contains__) == (code.path, "handler")


def test_sam() -> None:
    found = read(
        {
            "t.yaml": (
                b"Resources:\n  Fn:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.12\n"
                b"      Handler: index.handler\n      InlineCode: |\n        def handler(e, c): pass\n"
            )
        }
    )
    assert [code.text for code in found.inline] == ["def handler(e, c): pass\n"]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("        ZipFile: !Sub |\n          x = '${Table}'\n", "x = '${Table}'\n"),
        ("        ZipFile:\n          Fn::Sub: |\n            x = '${Table}'\n", "x = '${Table}'\n"),
        ("        ZipFile: !Sub ['x = \"${V}\"', {V: 1}]\n", 'x = "${V}"'),
        ("        ZipFile: !Join ['; ', ['import json', 'x = 1']]\n", "import json; x = 1"),
        ("        ZipFile: !Join ['', ['x = \"', !Ref Table, '\"']]\n", 'x = "${Table}"'),
        ("        ZipFile: !Join ['', ['x = \"', !GetAtt Table.Arn, '\"']]\n", 'x = "${_}"'),
    ],
)
def test_what_the_deployment_puts_together(code: str, text: str) -> None:
    (found,) = template(code).inline
    assert (found.text, found.certain) == (text, False)


def test_an_unknown_runtime_may_be_another_language() -> None:
    (found,) = template(BLOCK, runtime="!Ref Runtime").inline
    assert not found.certain


@pytest.mark.parametrize(
    ("code", "runtime", "handler"),
    [
        pytest.param(BLOCK, "nodejs20.x", "index.handler", id="another language"),
        pytest.param("        ZipFile: !Ref Code\n", "python3.12", "index.handler", id="text from elsewhere"),
        pytest.param("        ZipFile: !ImportValue Code\n", "python3.12", "index.handler", id="text of another stack"),
        pytest.param("        ZipFile: ''\n", "python3.12", "index.handler", id="nothing"),
        pytest.param("        ZipFile: !Join [x]\n", "python3.12", "index.handler", id="broken join"),
        pytest.param("        ZipFile: [1, 2]\n", "python3.12", "index.handler", id="no text"),
        pytest.param(BLOCK, "python3.12", "app.handler", id="text that only keeps the place"),
    ],
)
def test_no_code(code: str, runtime: str, handler: str) -> None:
    found = template(code, runtime, handler)
    assert found.inline == ()
    assert found.problems == ()
    assert not any(function.located for function in found.functions)


def test_resources_of_a_serverless_file() -> None:
    found = read(
        {
            "serverless.yml": (
                b"provider: {name: aws}\nresources:\n  Resources:\n    Fn:\n      Type: AWS::Lambda::Function\n"
                b"      Properties:\n        Runtime: python3.12\n        Handler: index.handler\n"
                b"        Code:\n          ZipFile: 'def handler(e, c): pass'\n"
            )
        }
    )
    assert [code.path for code in found.inline] == ["serverless.yml/Fn/index.py"]

"""Templates and configuration in the editor, and files that are none of lambdalint's business."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from stdio_client import CALLS, CLIENT, HELPER, PULLS, Client, codes

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: entry.go
      Runtime: python3.12
"""
INLINE = """Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: python3.12
      Code:
        ZipFile: |
          import boto3
          def load():
              return boto3.client("s3").list_buckets()
          def handler(event, context):
              return load()
"""
ENTRY = CLIENT.replace("lambda_handler", "go")


def places(diagnostics: list[dict[str, Any]], text: str) -> list[tuple[str, str]]:
    """The codes, each with what its place holds."""
    lines = text.splitlines()
    found = []
    for one in diagnostics:
        start, end = one["range"]["start"], one["range"]["end"]
        found.append((one["code"], lines[start["line"]][start["character"] : end["character"]]))
    return found


def test_a_template_that_names_what_is_not_there(puller: Client, folder: Path) -> None:
    (folder / "template.yaml").write_text(TEMPLATE)
    (folder / "entry.py").write_text(ENTRY)
    puller.open("entry.py")
    puller.open("template.yaml", language="yaml")
    assert puller.pull("template.yaml") == []
    wrong = TEMPLATE.replace("entry.go", "entry.gone")
    puller.change("template.yaml", wrong, 2)
    found = puller.pull("template.yaml")
    assert places(found, wrong) == [("LMB002", "entry.gone")]
    assert puller.actions("template.yaml", found) == []
    assert puller.pull("entry.py") == []  # nothing else says that it holds a handler
    puller.change("template.yaml", TEMPLATE, 3)
    assert puller.pull("template.yaml") == []
    assert codes(puller.pull("entry.py")) == ["LMB101"]


def test_a_template_that_is_being_typed(puller: Client, folder: Path) -> None:
    (folder / "template.yaml").write_text(TEMPLATE)
    puller.open("template.yaml", TEMPLATE + "  Broken: [\n", language="yaml")
    assert codes(puller.pull("template.yaml")) == ["LMB000"]
    puller.change("template.yaml", TEMPLATE, 2)
    assert codes(puller.pull("template.yaml")) == ["LMB002"]


def test_functions_of_a_serverless_file(puller: Client, folder: Path) -> None:
    text = "service: orders\nprovider: {name: aws, runtime: python3.12}\nfunctions:\n  go: {handler: entry.lost}\n"
    (folder / "serverless.yml").write_text(text)
    (folder / "entry.py").write_text(ENTRY)
    puller.open("serverless.yml", language="yaml")
    assert places(puller.pull("serverless.yml"), text) == [("LMB002", "entry.lost")]


def test_code_in_a_template(puller: Client, folder: Path) -> None:
    (folder / "template.yaml").write_text("Resources: {}\n")
    puller.open("template.yaml", INLINE, language="yaml")
    found = puller.pull("template.yaml")
    assert places(found, INLINE) == [("LMB101", 'boto3.client("s3")')]
    related = [one["location"] for one in found[0]["relatedInformation"]]
    assert [(one["uri"], one["range"]["start"]["line"]) for one in related] == [
        (puller.uri("template.yaml"), 11),
        (puller.uri("template.yaml"), 9),
    ]
    # Its fix would have to be written as YAML, and a comment may end up in a text of one line.
    assert puller.actions("template.yaml", found) == []
    assert "client-in-handler" in puller.hover("template.yaml", 10, 24)


def test_unsaved_configuration_counts(puller: Client, folder: Path) -> None:
    puller.open("app.py")
    assert codes(puller.pull("app.py")) == ["LMB101"]
    puller.open("lambdalint.toml", 'ignore = ["LMB1"]\n', language="toml")
    assert puller.pull("app.py") == []
    assert puller.pull("lambdalint.toml") == []
    puller.change("lambdalint.toml", 'ignore = ["LMB1"]\n\nselekt = 3\n', 2)
    (one,) = puller.pull("lambdalint.toml")
    assert (one["code"], one["range"]["start"]["line"]) == ("LMB000", 2)
    assert 'unknown key "selekt"' in one["message"]
    assert puller.pull("app.py") == []  # as it was before
    assert puller.count("window/showMessage") == 0  # it stands where it's wrong
    puller.change("lambdalint.toml", "", 3)
    assert codes(puller.pull("app.py")) == ["LMB101"]
    puller.close("lambdalint.toml")
    assert codes(puller.pull("app.py")) == ["LMB101"]


def test_a_pyproject_that_is_not_saved_yet(folder: Path) -> None:
    with Client(folder, PULLS) as client:
        client.open("app.py")
        assert codes(client.pull("app.py")) == ["LMB101"]
        client.open("pyproject.toml", '[tool.lambdalint]\nignore = ["LMB101"]\n', language="toml")
        assert client.pull("app.py") == []
        client.change("pyproject.toml", "[tool.lambdalint]\nignore = 1\n[tool.other]\n", 2)
        (one,) = client.pull("pyproject.toml")
        assert one["range"]["start"]["line"] == 1
        client.change("pyproject.toml", "[tool.other]\n", 3)
        assert client.pull("pyproject.toml") == []
        assert codes(client.pull("app.py")) == ["LMB101"]


@pytest.mark.parametrize(
    ("name", "language"),
    [("README.md", "markdown"), ("data.toml", "toml"), ("run.sh", "shellscript"), ("x.yaml", "yaml")],
)
def test_other_files_are_left_alone(puller: Client, folder: Path, name: str, language: str) -> None:
    (folder / name).write_text("def (")
    puller.open(name, language=language)
    assert puller.pull(name) == []


def test_a_text_without_a_file(puller: Client) -> None:
    document = {"uri": "untitled:Untitled-1", "languageId": "python", "version": 1, "text": CLIENT}
    puller.tell("textDocument/didOpen", {"textDocument": document})
    assert puller.ask("textDocument/diagnostic", {"textDocument": {"uri": document["uri"]}})["items"] == []


@pytest.mark.parametrize("sent", ["\ufeff", ""])
def test_a_byte_order_mark(puller: Client, folder: Path, sent: str) -> None:
    """Some clients hand it on with the text, others keep it to themselves."""
    (folder / "app.py").write_bytes(b"\xef\xbb\xbf" + CALLS.encode())
    (folder / "helper.py").write_bytes(b"\xef\xbb\xbf" + HELPER.encode())
    puller.open("app.py", sent + CALLS)
    puller.open("helper.py", sent + HELPER.replace("import boto3\n", "import boto3, sys\n"))
    (one,) = puller.pull("helper.py")
    assert (one["code"], one["range"]["start"]) == ("LMB101", {"line": 4, "character": 11})
    assert puller.pull("app.py") == []
    text = sent + "import boto3; x = boto3.client('s3', use_ssl=False)\n" + CLIENT
    puller.change("app.py", text, 2)
    fix = puller.actions("app.py", puller.pull("app.py"))[0]
    edits = fix["edit"]["documentChanges"][0]["edits"]
    assert all(edit["range"]["start"] != {"line": 0, "character": 0} for edit in edits)  # nothing before the mark

"""The language server as clients of several kinds meet it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from stdio_client import CALLS, CLIENT, HELPER, PULLS, SECONDS, START, TOP, Client, applied, codes

from lambdalint.cli.main import main


def test_a_client_that_pulls_is_answered_and_never_sent_to(puller: Client) -> None:
    assert puller.server["capabilities"]["diagnosticProvider"]["interFileDependencies"] is True
    puller.open("app.py")
    (one,) = puller.pull("app.py")
    assert (one["code"], one["source"], one["severity"]) == ("LMB101", "lambdalint", 2)
    assert one["range"] == {"start": {"line": 4, "character": 13}, "end": {"line": 4, "character": 31}}
    assert one["codeDescription"]["href"].endswith("/client-in-handler.md")
    assert puller.count("textDocument/publishDiagnostics") == 0


def test_a_client_that_does_not_pull_is_sent_the_findings(folder: Path) -> None:
    with Client(folder) as client:
        assert "diagnosticProvider" not in client.server["capabilities"]
        client.open("app.py")
        assert codes(client.pushed("app.py", 1)) == ["LMB101"]
        client.change("app.py", CLIENT.replace("boto3.client", "print"), 2)
        client.change("app.py", CLIENT + "\n", 3)
        assert client.wait_for("textDocument/publishDiagnostics")["version"] == 3  # never those of 2
        client.close("app.py")
        assert client.wait_for("textDocument/publishDiagnostics")["diagnostics"] == []


def test_it_says_what_the_command_line_says(puller: Client, capsys: pytest.CaptureFixture[str]) -> None:
    service = puller.folder
    shutil.copytree(TOP / "examples" / "order-service" / "src", service, dirs_exist_ok=True)
    main(["--output-format", "json", str(service)])
    told = [one for one in json.loads(capsys.readouterr().out) if one["filename"].endswith(".py")]
    names = {one["filename"] for one in told}
    found = []
    for name in names:
        relative = os.path.relpath(name, service)
        puller.open(relative)
        found += [
            (name, one["range"]["start"]["line"] + 1, one["range"]["start"]["character"] + 1, one["code"])
            for one in puller.pull(relative)
        ]
    assert len(found) > 5
    assert sorted(found) == sorted(
        (one["filename"], one["location"]["row"], one["location"]["column"], one["code"]) for one in told
    )


def test_the_last_findings_stay_while_a_line_is_typed(puller: Client) -> None:
    puller.open("app.py")
    assert codes(puller.pull("app.py")) == ["LMB101"]
    puller.change("app.py", CLIENT + "x = (\n", 2)
    broken = puller.pull("app.py")
    assert codes(broken) == ["LMB101", "LMB000"]
    assert puller.actions("app.py", broken) == []  # their places are those of another text
    puller.change("app.py", CLIENT, 3)
    assert codes(puller.pull("app.py")) == ["LMB101"]


@pytest.mark.parametrize(
    ("offered", "chosen", "column"),
    [(["utf-8", "utf-16"], "utf-8", 28), (None, "utf-16", 25), (["utf-32"], "utf-32", 24)],
)
def test_columns_are_in_the_units_of_the_client(
    folder: Path, offered: list[str] | None, chosen: str, column: int
) -> None:
    # An emoji of 4, 2 and 1 units, and a combining accent of 2, 1 and 1.
    text = CLIENT.replace("client = ", 'a = "\N{ROCKET}e\N{COMBINING ACUTE ACCENT}"; client = ')
    general = {"general": {"positionEncodings": offered}} if offered else {}
    with Client(folder, PULLS | general) as client:
        assert client.server["capabilities"]["positionEncoding"] == chosen
        client.open("app.py", text)
        (one,) = client.pull("app.py")
        assert one["range"]["start"] == {"line": 4, "character": column}
        assert "client-in-handler" in client.hover("app.py", 4, column)
        assert client.hover("app.py", 4, column - 1) == ""


def test_fixes_of_one_finding(puller: Client) -> None:
    puller.open("app.py", version=7)
    found = puller.pull("app.py")
    fix, disable, everything = puller.actions("app.py", found)
    assert (fix["kind"], fix["isPreferred"]) == ("quickfix", True)
    (change,) = fix["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": puller.uri("app.py"), "version": 7}
    fixed = applied(CLIENT, change["edits"])
    assert fixed.index('boto3.client("s3")') < fixed.index("def lambda_handler")
    assert disable["title"] == "LMB101: Disable for this line"
    silenced = applied(CLIENT, disable["edit"]["documentChanges"][0]["edits"])
    assert '    client = boto3.client("s3")  # noqa: LMB101\n' in silenced
    assert everything["kind"] == "source.fixAll.lambdalint"
    assert "edit" not in everything
    (change,) = puller.ask("codeAction/resolve", everything)["edit"]["documentChanges"]
    assert applied(CLIENT, change["edits"]) == fixed
    puller.change("app.py", silenced, 8)
    assert puller.pull("app.py") == []
    assert "edit" not in puller.ask("codeAction/resolve", everything)  # offered for another text


def test_a_client_that_resolves_nothing_gets_the_edits_at_once(folder: Path) -> None:
    with Client(folder) as client:
        client.open("app.py")
        client.pushed("app.py", 1)
        (everything,) = client.actions("app.py", [], ["source.fixAll"])
        assert list(everything["edit"]["changes"]) == [client.uri("app.py")]


def test_all_of_a_rule_and_names_in_a_comment_that_is_there(puller: Client) -> None:
    text = CLIENT.replace(
        '    client = boto3.client("s3")\n',
        '    client = boto3.client("s3")  # noqa: E501\n    other = boto3.client("sqs")\n    other.list_queues()\n',
    )
    puller.open("app.py", text)
    found = [one for one in puller.pull("app.py") if one["code"] == "LMB101"]
    assert len(found) == 2
    _, every, disable, *_ = puller.actions("app.py", found[:1])
    assert every["title"] == "LMB101: Fix all in this file"
    (change,) = puller.ask("codeAction/resolve", every)["edit"]["documentChanges"]
    puller.change("app.py", applied(text, change["edits"]), 2)
    assert "LMB101" not in codes(puller.pull("app.py"))
    assert "# noqa: E501, LMB101\n" in applied(text, disable["edit"]["documentChanges"][0]["edits"])


def test_an_unsafe_fix_says_so_and_is_not_preferred(puller: Client, folder: Path) -> None:
    (folder / "lambdalint.toml").write_text('extend-unsafe-fixes = ["LMB101"]\n')
    puller.open("app.py")
    fix, *others = puller.actions("app.py", puller.pull("app.py"))
    assert fix["title"].endswith("(unsafe: may change behaviour)")
    assert "isPreferred" not in fix
    assert "source.fixAll.lambdalint" not in [one["kind"] for one in others]


def test_the_way_from_the_handler_and_a_helper_that_changes(puller: Client, folder: Path) -> None:
    (folder / "helper.py").write_text(HELPER)
    puller.open("app.py", CALLS)
    puller.open("helper.py")
    (one,) = puller.pull("helper.py")
    related = [(r["location"]["uri"], r["location"]["range"]["start"]["line"]) for r in one["relatedInformation"]]
    assert related == [(puller.uri("app.py"), 3), (puller.uri("helper.py"), 3)]
    puller.change("app.py", CALLS.replace("return load()", "return None"), 2)  # an open text wins over the disk
    assert puller.pull("helper.py") == []
    puller.change("app.py", CALLS, 3)
    assert codes(puller.pull("helper.py")) == ["LMB101"]


def test_what_changes_on_the_disk(puller: Client, folder: Path) -> None:
    registered = puller.wait_for("client/registerCapability")["registrations"]
    assert [one["method"] for one in registered] == ["workspace/didChangeWatchedFiles"]
    (folder / "entry.py").write_text("import boto3\n\n\ndef go(a, b):\n    return boto3.client('s3').list_buckets()\n")
    puller.open("entry.py")
    assert puller.pull("entry.py") == []
    template = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
    template += "    Properties: {Handler: entry.go, Runtime: python3.12, CodeUri: .}\n"
    (folder / "template.yaml").write_text(template)
    puller.watched("template.yaml")
    puller.wait_for("workspace/diagnostic/refresh")
    assert codes(puller.pull("entry.py")) == ["LMB101"]
    (folder / "lambdalint.toml").write_text('ignore = ["LMB1"]\n')
    puller.watched("lambdalint.toml")
    assert puller.pull("entry.py") == []
    (folder / "lambdalint.toml").write_text("ignore = 3\n")
    puller.watched("lambdalint.toml")
    assert puller.pull("entry.py") == []
    assert "lambdalint.toml" in puller.wait_for("window/showMessage")["message"]


def test_without_watching_a_save_has_the_project_read_again(folder: Path) -> None:
    (folder / "helper.py").write_text(HELPER)
    with Client(folder) as client:
        client.open("helper.py")
        assert client.pushed("helper.py", 1) == []
        (folder / "app.py").write_text(CALLS)
        client.tell("textDocument/didSave", {"textDocument": {"uri": client.uri("app.py")}})
        assert codes(client.pushed("helper.py", 1)) == ["LMB101"]
        assert client.count("client/registerCapability") == 0


def test_several_folders_and_a_file_of_none(folder: Path, tmp_path: Path) -> None:
    other, outside = tmp_path.resolve() / "other", tmp_path.resolve() / "outside"
    for one in (other, outside):
        one.mkdir()
        (one / "helper.py").write_text(HELPER)
        (one / "app.py").write_text(CALLS)
    folders = [{"uri": one.as_uri(), "name": one.name} for one in (folder, other)]
    with Client(folder, PULLS, workspaceFolders=folders) as client:
        client.open("../other/helper.py")
        uri = {"textDocument": {"uri": (other / "helper.py").as_uri()}}
        document = {"languageId": "python", "version": 1, "text": HELPER}
        for one in (other, outside):
            client.tell("textDocument/didOpen", {"textDocument": {**document, "uri": (one / "helper.py").as_uri()}})
        assert codes(client.ask("textDocument/diagnostic", uri)["items"]) == ["LMB101"]
        uri = {"textDocument": {"uri": (outside / "helper.py").as_uri()}}
        assert client.ask("textDocument/diagnostic", uri)["items"] == []  # its neighbours aren't looked at
        (outside / "helper.py").write_text(CLIENT)
        client.tell("textDocument/didOpen", {"textDocument": {**document, **uri["textDocument"], "text": CLIENT}})
        assert codes(client.ask("textDocument/diagnostic", uri)["items"]) == ["LMB101"]


def test_hover_on_a_code_in_a_comment(puller: Client) -> None:
    puller.open("app.py", CLIENT.replace('client("s3")', 'client("s3")  # noqa: E501, LMB101'))
    line = '    client = boto3.client("s3")  # noqa: E501, LMB101'
    assert puller.hover("app.py", 4, line.index("LMB101") + 2).startswith("# LMB101: client-in-handler")
    assert puller.hover("app.py", 4, line.index("E501")) == ""


def test_unknown_values_of_a_newer_client(folder: Path) -> None:
    document = {
        "publishDiagnostics": {"tagSupport": {"valueSet": [1, 2, 99]}},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "brew.coffee"]}}},
        "completion": {"completionItemKind": {"valueSet": [1, 999]}},
    }
    with Client(folder, {"textDocument": document, "general": {"positionEncodings": ["utf-7", "utf-8"]}}) as client:
        assert client.server["capabilities"]["positionEncoding"] == "utf-8"
        client.open("app.py")
        assert codes(client.pushed("app.py", 1)) == ["LMB101"]


@pytest.mark.parametrize(
    "text", ["\0", "# coding: none\n", "\ud800".encode("utf-16", "surrogatepass").hex(), "(" * 3000]
)
def test_a_broken_text_does_not_end_the_server(puller: Client, text: str) -> None:
    puller.open("app.py", text)
    puller.pull("app.py")
    puller.change("app.py", CLIENT, 2)
    assert codes(puller.pull("app.py")) == ["LMB101"]


def test_it_ends_when_its_client_is_gone(folder: Path) -> None:
    client = Client(folder)
    assert client.process.stdin is not None
    client.process.stdin.close()
    assert client.process.wait(SECONDS) == 0


@pytest.mark.skipif(os.name != "posix", reason="a process can be asked for by its number on POSIX alone")
def test_it_ends_with_the_process_that_the_client_names(folder: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", ""])
    parent.wait()
    client = Client(folder, processId=parent.pid)
    assert client.process.wait(SECONDS) == 0


def test_modules_of_the_working_folder_are_left_alone(folder: Path) -> None:
    for name in ("attrs", "cattrs", "pygls", "lsprotocol"):
        (folder / f"{name}.py").write_text("print('not the protocol')\nraise SystemExit(3)\n")
    with Client(folder) as client:  # `python -c` puts the folder first, as `python -m` does
        client.open("app.py")
        assert codes(client.pushed("app.py", 1)) == ["LMB101"]


def test_without_pygls_it_says_what_to_install(tmp_path: Path) -> None:
    code = f"import sys; sys.modules['pygls'] = None; {START}"
    env = {**os.environ, "PYTHONPATH": str(TOP / "src")}
    ran = subprocess.run(
        [sys.executable, "-c", code, "server"], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert ran.stderr == 'lambdalint: the language server needs pygls: pip install "lambdalint[lsp]"\n'

"""What depends on what the client can do, or on what it sends back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from stdio_client import CALLS, CLIENT, HELPER, PULLS, START, Client, applied, codes

TWO = CLIENT.replace("    client = ", '    other = boto3.client("sqs")\n    other.list_queues()\n    client = ')
# Checking takes no word of the client and no time: what it does is written to a file.
COUNTED = f"""
from lambdalint.lsp.projects import Projects
real = Projects.check
def check(self, path, buffers):
    with open(path + ".checked", "a") as log:
        log.write(".")
    return real(self, path, buffers)
Projects.check = check
{START}
"""


def fixes(client: Client, diagnostics: list[dict[str, Any]], only: list[str] | None = None) -> list[str]:
    return [one["title"] for one in client.actions("app.py", diagnostics, only)]


def test_quick_fixes_need_no_second_look(folder: Path) -> None:
    """A server that was started again gives the fixes of what the one before it found."""
    with Client(folder, PULLS) as client:
        client.open("app.py", TWO)
        found = client.pull("app.py")
    with Client(folder, PULLS, command=[sys.executable, "-c", COUNTED, "server"]) as client:
        client.open("app.py", TWO)
        fix, every, disable = client.actions("app.py", found[:1], ["quickfix"])
        assert not (folder / "app.py.checked").exists()
        edits = fix["edit"]["documentChanges"][0]["edits"]
        fixed = applied(TWO, edits)
        assert fixed.index('boto3.client("sqs")') < fixed.index("def lambda_handler")
        assert every["title"] == "LMB101: Fix all in this file"
        assert disable["title"] == "LMB101: Disable for this line"
        client.pull("app.py")
        assert (folder / "app.py.checked").read_text() == "."


def test_a_client_that_keeps_no_data(puller: Client) -> None:
    puller.open("app.py")
    found = puller.pull("app.py")
    bare = [{key: one[key] for key in ("range", "message", "code", "source")} for one in found]
    assert fixes(puller, bare) == fixes(puller, found) != []
    assert fixes(puller, [{**bare[0], "code": "LMB102"}], ["quickfix"]) == []  # not ours
    assert fixes(puller, [{**bare[0], "source": "other"}], ["quickfix"]) == []
    puller.change("app.py", "\n" + CLIENT, 2)
    assert fixes(puller, bare, ["quickfix"]) == []  # places of another text


def test_a_client_that_leaves_out_what_is_null(puller: Client) -> None:
    """As Neovim does."""

    def given(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: given(one) for key, one in value.items() if one is not None}
        return [given(one) for one in value] if isinstance(value, list) else value

    puller.open("app.py", CLIENT + "\n\n# noqa: LMB202\n")
    found = given(puller.pull("app.py"))
    *_, everything = puller.actions("app.py", found[:1])
    assert puller.ask("codeAction/resolve", given(everything))["edit"]["documentChanges"]
    puller.change("app.py", "def (", 2)
    (broken,) = [one for one in puller.pull("app.py") if one["code"] == "LMB000"]
    assert puller.actions("app.py", [given(broken)]) == []


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        (["source"], {"source.fixAll.lambdalint"}),
        (["source.fixAll"], {"source.fixAll.lambdalint"}),
        (["source.fixAll.lambdalint"], {"source.fixAll.lambdalint"}),
        (["source.fixAll.other"], set()),
        (["source.organizeImports", "quickfix"], {"quickfix"}),
        (["quickfix.lambdalint"], set()),
        (["refactor"], set()),
    ],
)
def test_kinds_are_asked_for_by_their_beginnings(puller: Client, only: list[str], kinds: set[str]) -> None:
    puller.open("app.py")
    found = puller.pull("app.py")
    assert {one["kind"] for one in puller.actions("app.py", found, only)} == kinds


def test_unused_heavy_imports_are_greyed_out(puller: Client) -> None:
    puller.open("app.py", "import pandas\n\n\ndef lambda_handler(event, context):\n    return event\n")
    (one,) = [one for one in puller.pull("app.py") if "tags" in one]
    assert (one["tags"], one["range"]["start"]["line"]) == ([1], 0)


@pytest.mark.parametrize(
    ("formats", "kind"),
    [(None, "markdown"), (["plaintext", "markdown"], "markdown"), (["plaintext"], "plaintext"), ([], "markdown")],
)
def test_a_hover_is_of_a_kind_that_the_client_shows(folder: Path, formats: list[str] | None, kind: str) -> None:
    hover = {} if formats is None else {"hover": {"contentFormat": formats}}
    with Client(folder, {"textDocument": {"diagnostic": {}, **hover}}) as client:
        client.open("app.py")
        client.pull("app.py")
        place = {"textDocument": {"uri": client.uri("app.py")}, "position": {"line": 4, "character": 14}}
        contents = client.ask("textDocument/hover", place)["contents"]
        assert contents["kind"] == kind
        assert "## What it costs" in contents["value"]
        assert "measured" in contents["value"]  # what the fix was measured to gain


@pytest.mark.parametrize("shown", [True, False])
def test_a_first_look_that_takes_long_is_told(folder: Path, shown: bool) -> None:
    start = f"import lambdalint.lsp.progress as progress\nprogress.LONG = 0\n{START}"
    with Client(
        folder, {**PULLS, "window": {"workDoneProgress": shown}}, command=[sys.executable, "-c", start, "server"]
    ) as client:
        client.open("app.py")
        assert codes(client.pull("app.py")) == ["LMB101"]
        if shown:
            token = client.wait_for("window/workDoneProgress/create")["token"]
            begun, ended = client.wait_for("$/progress"), client.wait_for("$/progress")
            assert (begun["token"], begun["value"]["kind"]) == (token, "begin")
            assert (ended["token"], ended["value"]["kind"]) == (token, "end")
        client.change("app.py", CLIENT + "\n", 2)
        client.pull("app.py")
        client.hover("app.py", 0, 0)
        assert client.count("window/workDoneProgress/create") == 0  # none at all, or no second one


def test_a_helper_is_pushed_again_when_its_handler_changes(folder: Path) -> None:
    (folder / "helper.py").write_text(HELPER)
    with Client(folder) as client:
        client.open("helper.py")
        assert client.pushed("helper.py", 1) == []
        client.open("app.py", CALLS)
        assert codes(client.pushed("helper.py", 1)) == ["LMB101"]
        client.close("app.py")  # on the disk it doesn't call the helper
        while client.pushed("helper.py", 1):
            pass

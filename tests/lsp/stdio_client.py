"""A client of the Language Server Protocol on pipes, without a library: it says exactly what a test has it say."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SECONDS = 30
TOP = Path(__file__).parents[2]
START = "from lambdalint.cli.main import run; raise SystemExit(run())"
CLIENT = """import boto3


def lambda_handler(event, context):
    client = boto3.client("s3")
    return client.list_buckets()
"""
HELPER = """import boto3


def load():
    return boto3.client("s3").list_buckets()
"""
CALLS = "from helper import load\n\n\ndef lambda_handler(event, context):\n    return load()\n"
PULLS: dict[str, Any] = {
    "textDocument": {"diagnostic": {}, "codeAction": {"resolveSupport": {"properties": ["edit"]}}},
    "workspace": {
        "workspaceEdit": {"documentChanges": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "diagnostics": {"refreshSupport": True},
    },
}


class Client:
    """One server with one client, whose `capabilities` are as the protocol writes them.

    The server is lambdalint's, or what `command` starts; `sources` makes it that of this checkout.
    """

    def __init__(
        self,
        folder: Path,
        capabilities: dict[str, Any] | None = None,
        *,
        command: Sequence[str] = (),
        sources: bool = True,
        **initialize: Any,
    ) -> None:
        self.folder = folder
        path = os.pathsep.join([str(TOP / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
        surroundings = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        self.process = subprocess.Popen(
            command or [sys.executable, "-c", START, "server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": path} if sources else surroundings,
        )
        self._number = 0
        self._answers: dict[int, Any] = {}
        self._told: list[dict[str, Any]] = []
        self.settings: Any = None  # what `workspace/configuration` is answered with
        self._incoming: queue.Queue[dict[str, Any] | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        folders = [{"uri": folder.as_uri(), "name": folder.name}]
        said = {"processId": None, "rootUri": folder.as_uri(), "capabilities": capabilities or {}}
        self.server = self.ask("initialize", {**said, "workspaceFolders": folders, **initialize})
        self.tell("initialized", {})

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.ask("shutdown", None)
            self.tell("exit", None)
        self.process.wait(SECONDS)

    # --- messages --------------------------------------------------------------------

    def send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _read(self) -> None:
        assert self.process.stdout is not None
        stream = self.process.stdout
        while header := stream.readline():
            # Anything but the protocol ends here, and with it the test.
            assert header.startswith(b"Content-Length:"), header
            while stream.readline().strip():
                pass
            self._incoming.put(json.loads(stream.read(int(header.split(b":")[1]))))
        self._incoming.put(None)

    def _next(self) -> dict[str, Any]:
        return self._take(self._incoming.get(timeout=SECONDS))

    def _take(self, message: dict[str, Any] | None) -> dict[str, Any]:
        assert message is not None, "the server has left"
        if "method" in message:
            self._told.append(message)
            if "id" in message:
                asked = message["method"] == "workspace/configuration"
                self.send({"id": message["id"], "result": [self.settings] if asked else None})
        else:
            self._answers[message["id"]] = message
        return message

    def begin(self, method: str, params: Any) -> int:
        self._number += 1
        self.send({"id": self._number, "method": method, "params": params})
        return self._number

    def answer(self, number: int) -> Any:
        while number not in self._answers:
            self._next()
        answer = self._answers.pop(number)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def ask(self, method: str, params: Any) -> Any:
        return self.answer(self.begin(method, params))

    def tell(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    def wait_for(self, method: str) -> Any:
        """The parameters of the server's next message of this kind."""
        while True:
            for index, message in enumerate(self._told):
                if message["method"] == method:
                    return self._told.pop(index).get("params")
            self._next()

    def forget(self, method: str) -> None:
        """Leave out the messages of this kind that have come so far."""
        while True:
            try:
                self._take(self._incoming.get_nowait())
            except queue.Empty:
                break
        self._told = [message for message in self._told if message["method"] != method]

    def count(self, method: str) -> int:
        """How many messages of this kind have come and weren't waited for."""
        return sum(message["method"] == method for message in self._told)

    # --- documents -------------------------------------------------------------------

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str | None = None, version: int = 1, language: str = "python") -> None:
        text = (self.folder / name).read_text("utf-8") if text is None else text
        document = {"uri": self.uri(name), "languageId": language, "version": version, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def change(self, name: str, text: str, version: int) -> None:
        document = {"uri": self.uri(name), "version": version}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def close(self, name: str) -> None:
        self.tell("textDocument/didClose", {"textDocument": {"uri": self.uri(name)}})

    def watched(self, *names: str) -> None:
        changes = [{"uri": self.uri(name), "type": 2} for name in names]
        self.tell("workspace/didChangeWatchedFiles", {"changes": changes})

    def pull(self, name: str) -> list[dict[str, Any]]:
        return self.ask("textDocument/diagnostic", {"textDocument": {"uri": self.uri(name)}})["items"]

    def pushed(self, name: str, version: int) -> list[dict[str, Any]]:
        """What the server sends of this version of a document."""
        while True:
            said = self.wait_for("textDocument/publishDiagnostics")
            if said["uri"] == self.uri(name) and said.get("version") == version:
                return said["diagnostics"]

    def actions(self, name: str, diagnostics: list[dict[str, Any]], only: list[str] | None = None) -> list[Any]:
        context = {"diagnostics": diagnostics, **({"only": only} if only else {})}
        place = (
            diagnostics[0]["range"]
            if diagnostics
            else {"start": {"line": 0, "character": 0}} | {"end": {"line": 0, "character": 0}}
        )
        return self.ask(
            "textDocument/codeAction", {"textDocument": {"uri": self.uri(name)}, "range": place, "context": context}
        )

    def hover(self, name: str, line: int, character: int) -> str:
        place = {"textDocument": {"uri": self.uri(name)}, "position": {"line": line, "character": character}}
        found = self.ask("textDocument/hover", place)
        return found["contents"]["value"] if found else ""


def applied(text: str, edits: list[dict[str, Any]]) -> str:
    """The text after edits whose places are in ASCII lines."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def offset(edit: dict[str, Any], key: str) -> int:
        place = edit["range"][key]
        return starts[place["line"]] + place["character"]

    for edit in sorted(edits, key=lambda one: offset(one, "start"), reverse=True):
        text = text[: offset(edit, "start")] + edit["newText"] + text[offset(edit, "end") :]
    return text


def codes(diagnostics: list[dict[str, Any]]) -> list[str]:
    return [one["code"] for one in diagnostics]

"""The set-ups of docs/editors.md for editors that can't be had here: they are read, and their commands are started."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from documented import snippets
from stdio_client import Client, codes


def command(language: str) -> tuple[list[str], dict[str, Any]]:
    """The command of an editor's set-up, and all that this says."""
    if language == "toml":
        toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
        (text,) = snippets("Helix", "toml")
        settings = toml.loads(text)
        server = settings["language-server"]["lambdalint"]
        return [server["command"], *server["args"]], settings
    (text,) = snippets("Zed", "json")
    settings = json.loads(text)
    server = settings["lsp"]["lambdalint"]["binary"]
    return [server["path"], *server["arguments"]], settings


@pytest.mark.parametrize("language", ["toml", "json"])
def test_its_command_starts_a_server(language: str, folder: Path, path: str) -> None:
    words, _ = command(language)
    with Client(folder, command=words) as client:
        client.open("app.py")
        assert codes(client.pushed("app.py", 1)) == ["LMB101"]


def test_python_files_are_given_to_the_server() -> None:
    _, helix = command("toml")
    (python,) = [one for one in helix["language"] if one["name"] == "python"]
    assert "lambdalint" in python["language-servers"]
    assert "lambdalint" in command("json")[1]["languages"]["Python"]["language_servers"]

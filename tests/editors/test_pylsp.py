"""pylsp with flake8, in an environment of their own, with the settings of docs/editors.md."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from documented import TOP, snippets
from stdio_client import Client

pytestmark = pytest.mark.editors


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The pylsp of an environment that holds what the page says to install."""
    (console,) = snippets("Any editor, through pylsp and flake8", "console")
    words = re.findall(r'"([^"]+)"|(\S+)', console.strip().removeprefix("$ pip install "))
    wanted = [quoted or bare for quoted, bare in words]
    assert wanted[0] == "lambdalint"
    folder = tmp_path_factory.mktemp("pylsp")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    ran = subprocess.run([*pip, str(TOP), *wanted[1:]], capture_output=True, text=True, check=False)
    if ran.returncode and "No matching distribution" in ran.stderr:
        pytest.skip("no package index to install pylsp from")
    assert ran.returncode == 0, ran.stderr
    return str(folder / "bin" / "pylsp")


def test_findings_through_flake8(server: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (text,) = snippets("Any editor, through pylsp and flake8", "json")
    settings = json.loads(text)
    # As on a machine where the environment is active.
    monkeypatch.setenv("PATH", f"{Path(server).parent}:/usr/bin:/bin")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with Client(folder, command=[server], sources=False) as client:
        client.tell("workspace/didChangeConfiguration", {"settings": settings})
        client.open("app.py")
        while not (found := client.wait_for("textDocument/publishDiagnostics")["diagnostics"]):
            pass
        (one,) = found
        assert (one["code"], one["source"], one["range"]["start"]) == ("LMB101", "flake8", {"line": 4, "character": 13})

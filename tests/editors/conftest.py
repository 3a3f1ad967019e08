"""A project that an editor opens, and the `lambdalint` command that its set-up in docs/editors.md starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
sys.path.insert(0, str(TOP / "tests" / "lsp"))

from stdio_client import CLIENT  # noqa: E402


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top = tmp_path.resolve() / "project"
    top.mkdir()
    (top / "app.py").write_text(CLIENT)
    subprocess.run(["git", "init", "-q", str(top)], check=True)
    return top


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A PATH with a console script of these sources."""
    command = tmp_path / "bin" / "lambdalint"
    command.parent.mkdir()
    command.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(TOP / 'src')!r})\n"
        "from lambdalint.cli.main import run\nsys.exit(run())\n"
    )
    command.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(command.parent), os.environ["PATH"]]))
    return os.environ["PATH"]

"""Real Emacs with eglot, with the very set-up of docs/editors.md."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from documented import snippets, told
from stdio_client import CLIENT

HERE = Path(__file__).parent

pytestmark = pytest.mark.editors


def emacs() -> str:
    found = shutil.which("emacs")
    if found is None:
        pytest.skip("emacs isn't installed (apt-get install emacs-nox elpa-eglot)")
    if subprocess.run([found, "--batch", "--eval", "(require 'eglot)"], capture_output=True, check=False).returncode:
        pytest.skip("emacs has no eglot (apt-get install elpa-eglot)")
    return found


def test_a_session(folder: Path, path: str) -> None:
    setup = folder.parent / "setup.el"
    setup.write_text("\n".join(snippets("Emacs (eglot)", "elisp")))
    found = told([emacs(), "--batch", "-l", str(HERE / "session.el")], folder, {"SETUP": str(setup)})
    assert "boto3.client" in found["at"]
    assert "LMB101" in found["found"]
    assert 0 < found["fixed"].index('boto3.client("s3")') < found["fixed"].index("def lambda_handler")
    assert found["undone"] == CLIENT
    assert found["all"] == found["fixed"]

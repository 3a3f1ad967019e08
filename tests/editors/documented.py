"""What docs/editors.md tells users to write into their editors' settings, and a run of such an editor."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[2]
SECONDS = 120  # until an editor that hangs is ended; it takes a few


def snippets(heading: str, language: str) -> list[str]:
    """The blocks of a language below a heading, up to the next heading of any level."""
    text = (TOP / "docs" / "editors.md").read_text("utf-8")
    _, found, rest = text.partition(f"# {heading}\n")
    assert found, f"docs/editors.md has no heading {heading}"
    section = re.split(r"^#+ ", rest, maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


def told(command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> dict[str, Any]:
    """What a scripted editor writes into the file that `RESULT` names."""
    result = folder.parent / "told.json"
    environment = {**os.environ, "HOME": str(folder.parent), "RESULT": str(result), **variables}
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        environment[name] = str(folder.parent / "xdg")
    output = folder.parent / "output"  # no pipe: a server that is left over would keep it open
    with output.open("w") as log:
        subprocess.run(command, cwd=folder, env=environment, stdout=log, stderr=log, timeout=SECONDS, check=False)
    assert result.exists(), f"{command[0]} told nothing: {output.read_text()}"
    found: dict[str, Any] = json.loads(result.read_text("utf-8"))
    assert "error" not in found, found
    return found

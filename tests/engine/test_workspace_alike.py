"""What is known of a project's files is kept only for texts that a look tells no news of."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.engine.workspace import Workspace
from lambdalint.settings import Settings

TEXT = "import json\n\n\ndef load(x):\n    return json.loads(x)\n"


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (TEXT + "\n\ndef more(x):\n    return x\n", True),
        ("import yaml\n" + TEXT, False),  # another import
        (TEXT + "\n\ndef lambda_handler(event, context):\n    return load(event)\n", False),  # a handler
        (TEXT + "x = 1  # noqa: LMB101\n", False),  # a suppression
    ],
)
def test_alike(tmp_path: Path, text: str, same: bool) -> None:
    (tmp_path / "helper.py").write_text(TEXT)
    workspace = Workspace(Settings(root=str(tmp_path)))
    assert workspace.alike({"helper.py": text.encode()}) is same


def test_a_file_that_was_not_there_is_news(tmp_path: Path) -> None:
    assert not Workspace(Settings(root=str(tmp_path))).alike({"new.py": TEXT.encode()})

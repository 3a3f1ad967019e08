"""A choice of rules on the server's command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lambdalint.cli.main import main
from lambdalint.lsp import messages
from lambdalint.lsp.projects import Projects
from lambdalint.settings import SettingsError

BOTH = """import boto3


def lambda_handler(event, context):
    client = boto3.client("s3")
    return [client.head_object(Bucket="b", Key=key) for key in event["keys"]]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "lambdalint.toml").write_text('ignore = ["LMB4"]\n')
    (tmp_path / "app.py").write_text(BOTH)
    return tmp_path / "app.py"


def served(words: list[str], monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """What the server is started with."""
    started: list[Mapping[str, Any]] = []
    monkeypatch.setattr(messages, "serve", lambda overrides: started.append(overrides) or 0)
    assert main(["server", *words]) == 0
    return started


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ([], {"LMB101", "LMB303"}),
        (["--select", "LMB1"], {"LMB101"}),
        (["--ignore", "LMB1,LMB4", "--ignore", "LMB5"], {"LMB303"}),
        (["--ignore", "client-in-handler"], {"LMB303"}),
    ],
)
def test_it_is_laid_over_the_projects_own(
    file: Path, words: list[str], left: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (overrides,) = served(words, monkeypatch)
    assert {one.code for one in Projects(overrides).check(str(file), {str(file): BOTH.encode()})} == left


def test_an_unknown_code_is_told_as_trouble_with_the_project(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (overrides,) = served(["--select", "XYZ1"], monkeypatch)
    with pytest.raises(SettingsError, match="--select"):
        Projects(overrides).check(str(file), {str(file): BOTH.encode()})

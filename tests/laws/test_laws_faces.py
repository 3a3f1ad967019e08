"""flake8 and the command line say the same of all fixtures and examples."""

from __future__ import annotations

import importlib.metadata
import json
import os
from collections import Counter
from pathlib import Path

import pytest
import rule_cases
from flake8.main import cli

from lambdalint.cli.main import main

# For a checkout that isn't installed: the same plugin, as a local one.
LOCAL = "[flake8:local-plugins]\nextension = LMB = lambdalint.flake8_plugin:Plugin\n"
# flake8 tells broken files itself, doesn't read templates, and knows other codes' suppressions.
OWN = {"LMB000", "LMB001", "LMB002"}


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder with a project for each case."""
    top = tmp_path_factory.mktemp("projects").resolve()
    entries = importlib.metadata.entry_points(group="flake8.extension")
    installed = any(entry.value.startswith("lambdalint.") for entry in entries)
    (top / ".flake8").write_text(f"[flake8]\n{'' if installed else LOCAL}")
    for number, case in enumerate(rule_cases.all_cases()):
        rule_cases.write(case, top / f"p{number}")
    return top


def test_both_faces_agree(projects: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(projects)
    capsys.readouterr()
    cli.main(["-j1", "--format", "%(path)s:%(row)d:%(col)d:%(code)s"])
    # An explicit `select = LMB` would turn the opt-in rules on, as flake8 has it for all plugins.
    lines = [line for line in capsys.readouterr().out.splitlines() if line.rpartition(":")[2].startswith("LMB")]
    by_flake8 = Counter(map(os.path.normpath, lines))
    main(["--output-format", "json", *(str(path) for path in sorted(projects.iterdir()) if path.is_dir())])
    by_us = Counter(
        f"{os.path.relpath(one['filename'])}:{one['location']['row']}:{one['location']['column']}:{one['code']}"
        for one in json.loads(capsys.readouterr().out)
        if one["code"] not in OWN and one["filename"].endswith(".py")  # flake8 reads nothing else
    )
    assert len(by_us) > 100
    assert by_flake8 == by_us

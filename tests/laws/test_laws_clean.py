"""Linters find nothing in what fixes write: ruff by its default rules, flake8 by its own, pyflakes."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import rule_cases

FIXED = [case for case in rule_cases.all_cases() if case.safe or case.unsafe]
LINTERS = {
    "ruff": ["ruff", "check", "--isolated", "--no-cache", "--output-format=concise"],
    "flake8": ["flake8", "--isolated", "--jobs=1", "--extend-ignore=LMB"],
    "pyflakes": ["pyflakes"],
}
COMPLAINT = re.compile(r"(?:\./)?(.+?):\d+:\d+:? +(.+)")
TOO_LONG = re.compile(r"E501 .*")
# By what is written anyway: the import stays since the project's tests patch it in this module.
PATCHED = {("LMB112/import_that_tests_patch/app.py", "boto3")}


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All cases as they are, and as safe and unsafe fixes leave them."""
    top = tmp_path_factory.mktemp("clean")
    for case in FIXED:
        for kind, files in (("before", case.files), ("safe", case.after(False)), ("unsafe", case.after(True))):
            rule_cases.write(case, top / kind / case.name, files)
    return top


def complaints(command: list[str], folder: Path) -> Counter[tuple[str, str]]:
    """What a linter says, by file."""
    done = subprocess.run(
        [sys.executable, "-m", *command, "."], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    found = [COMPLAINT.match(line) for line in done.stdout.splitlines()]
    return Counter((match[1], TOO_LONG.sub("E501", match[2])) for match in found if match)


@pytest.mark.parametrize("kind", ["safe", "unsafe"])
@pytest.mark.parametrize("linter", LINTERS)
def test_no_linter_has_more_to_say_after_the_fixes(linter: str, kind: str, trees: Path) -> None:
    before = complaints(LINTERS[linter], trees / "before")
    after = complaints(LINTERS[linter], trees / kind)
    assert before, "the linter sees the files"
    new = [
        (path, text)
        for path, text in after - before
        if not (text == "E501" and (path, text) in before)  # a file whose lines are longer than that anyway
        and not any(path == known and name in text for known, name in PATCHED)
    ]
    assert new == []

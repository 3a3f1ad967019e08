"""A file that its formatter leaves alone is left alone after the fixes as well."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import black
import pytest
import rule_cases
from rule_cases import Case

CASES = [case for case in rule_cases.all_cases() if case.safe or case.unsafe]
# The quotes and the lengths of lines that a project may have told its formatter, and whether it told lambdalint, too.
STYLES = [("double", 88, False), ("single", 100, True), ("double", 79, True)]
# A comment that goes is no statement that changes: one that was split for the comment's sake stays so.
SPLIT_FOR_A_COMMENT = {("LMB001/one_of_two_codes.py", 79)}
STYLED = [
    pytest.param(case, *style, id=f"{case}-{style[0]}-{style[1]}")
    for case in CASES
    for style in STYLES
    if (case.name, style[1]) not in SPLIT_FOR_A_COMMENT
]


def ruff(folder: Path, quotes: str, length: int, *options: str) -> str:
    """What ruff says of a folder."""
    config = ["--config", f'format.quote-style="{quotes}"', "--line-length", str(length)]
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", *config, *options, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def by_ruff(folder: Path, quotes: str, length: int) -> None:
    ruff(folder, quotes, length)


def by_black(folder: Path, quotes: str, length: int) -> None:
    mode = black.Mode(line_length=length, string_normalization=quotes == "double")
    for path in folder.rglob("*.py"):
        black.format_file_in_place(path, fast=True, mode=mode, write_back=black.WriteBack.YES)


def python(folder: Path, case: Case) -> Mapping[str, str]:
    return {path: text for path, text in rule_cases.texts(folder, case).items() if path.endswith(".py")}


@pytest.mark.parametrize("formatter", [by_ruff, by_black], ids=lambda formatter: formatter.__name__)
@pytest.mark.parametrize(("case", "quotes", "length", "told"), STYLED)
def test_what_is_formatted_stays_so(
    case: Case, quotes: str, length: int, told: bool, formatter: Callable[[Path, str, int], None], tmp_path: Path
) -> None:
    folder = rule_cases.write(case, tmp_path)
    formatter(folder, quotes, length)
    if told and "pyproject.toml" not in case.files:
        (folder / "pyproject.toml").write_text(f"[tool.ruff]\nline-length = {length}\n", "utf-8")
    before = python(folder, case)
    rule_cases.fix(folder, unsafe=True, **rule_cases.asked_for(case.name[:6]))
    fixed = python(folder, case)
    if fixed != before:
        formatter(folder, quotes, length)
        assert python(folder, case) == fixed

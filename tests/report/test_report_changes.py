"""What is said of fixes, and diffs that `patch` takes."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from lambdalint.findings import Finding, Fix, Safety, Span
from lambdalint.report import changes
from lambdalint.report.style import Style

PLAIN = Style()
FINDING = Finding("LMB101", "client-in-handler", "b.py", Span.at(2, 9, 2, 27), "made again")


def test_applied_is_listed_file_by_file() -> None:
    others = [
        FINDING,
        replace(FINDING, path="a.py"),
        replace(FINDING, code="LMB201", name="repeated-json-loads"),
    ]
    assert list(changes.applied([*others, FINDING], PLAIN)) == [
        "Fixed 4 findings in 2 files:",
        "  a.py: 1 × LMB101 (client-in-handler)",
        "  b.py: 2 × LMB101 (client-in-handler), 1 × LMB201 (repeated-json-loads)",
    ]
    assert list(changes.applied([], PLAIN)) == []


def test_what_was_left_out_is_told_with_its_reason() -> None:
    assert list(changes.held_back([(FINDING, "the result doesn't parse")], PLAIN)) == [
        "Left 1 fix out:",
        "  b.py:2:10: LMB101: the result doesn't parse",
    ]
    assert next(changes.held_back([(FINDING, "x")] * 2, PLAIN)) == "Left 2 fixes out:"
    assert list(changes.held_back([], PLAIN)) == []


def test_unsafe_fixes_are_held_back_with_their_reason() -> None:
    unsafe = replace(FINDING, fix=Fix((), Safety.UNSAFE, "Create it once (it reads the environment)"))
    safe = replace(FINDING, fix=Fix((), Safety.SAFE, "Create it once"))
    assert list(changes.unsafe([unsafe, safe, FINDING], PLAIN)) == [
        "Held back 1 fix that may change what the code does:",
        "  b.py:2:10: LMB101: Create it once (it reads the environment)",
        "It is made with --unsafe-fixes, or --unsafe-fixes=CODES.",
    ]
    assert list(changes.unsafe([safe, FINDING], PLAIN)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = 1\nb = 2\n", "a = 1\nc = 3\n"),
        ("a = 1\r\nb = 2\r\n", "a = 1\r\nc = 3\r\n"),
        ("a = 1\nb = 2", "a = 1\nc = 3"),
        ("a = 1\nb = 2", "a = 1\nb = 2\n"),
        ("a = '\x0c \u2028'\nb = 2\n", "a = '\x0c \u2028'\nb = 3\n"),
    ],
)
def test_patch_takes_the_diff(tmp_path: Path, before: str, after: str) -> None:
    (tmp_path / "app.py").write_bytes(before.encode())
    text = "".join(changes.diff("app.py", before, after, PLAIN))
    subprocess.run(["git", "apply", "-p0", "-"], input=text.encode(), cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "app.py").read_bytes().decode() == after


def test_a_coloured_diff_says_the_same() -> None:
    plain = "".join(changes.diff("app.py", "a\nb\n", "a\nc\n", PLAIN))
    coloured = "".join(changes.diff("app.py", "a\nb\n", "a\nc\n", Style(True)))
    assert "\x1b[1;31m-b\x1b[0m\n" in coloured
    assert "\x1b[32m+c\x1b[0m\n" in coloured
    assert "\x1b" not in plain
    assert list(changes.diff("app.py", "a\n", "a\n", PLAIN)) == []

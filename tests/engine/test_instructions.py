"""No run takes more instructions than it did: counted with valgrind, so that no other load on the machine matters."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.speed import instructions


@pytest.mark.instructions
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind isn't installed")
@pytest.mark.skipif(
    instructions.VERSION not in instructions.known(), reason=f"nothing is known of Python {instructions.VERSION}"
)
def test_no_run_takes_a_tenth_more_instructions_than_before() -> None:
    assert instructions.grown(instructions.measure(), instructions.known()[instructions.VERSION]) == []


def test_a_tenth_more_is_told() -> None:
    before = {"start-up": 1.0, "a run": 2.0}
    assert instructions.grown({"start-up": 1.09, "a run": 2.19, "another": 9.0}, before) == []
    assert instructions.grown({"start-up": 1.11, "a run": 0.1}, before) == [
        "start-up: 1.110 times import libcst instead of 1.000"
    ]


def test_what_is_known_are_the_cases_that_are_counted() -> None:
    assert instructions.known()
    for ratios in instructions.known().values():
        assert set(ratios) == set(instructions.CASES) - {instructions.REFERENCE}

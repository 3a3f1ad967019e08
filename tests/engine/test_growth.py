"""Twice the code is twice the work, in whatever shape: counted in calls of Python functions."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.speed import growth
from lambdalint.engine import session


def work(files: growth.Files, folder: Path) -> int:
    """How many Python functions a run over a project calls."""
    growth.write(files, folder)
    count = 0

    def called(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        session.check(session.Request((str(folder),), cache=False))
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        (growth.long_module, 200),
        (growth.call_chain, 20),
        (growth.many_modules, 20),
        (growth.packages, 20),
        (growth.many_findings, 20),
        (growth.sharing_handlers, 20),
        (growth.elif_branches, 30),
        (growth.dict_entries, 100),
        (growth.deployed_functions, 20),
        (growth.statements, 40),
        (growth.methods, 40),
        (growth.reassigned, 40),
        (growth.early_returns, 40),
        (growth.subclasses, 20),
        (growth.stores, 20),
    ],
)
def test_the_work_grows_with_the_lines(shape: Callable[[int], growth.Files], size: int, tmp_path: Path) -> None:
    work(shape(size), tmp_path / "warm")  # tables are read, patterns are compiled
    small, middle, large = (work(shape(size * times), tmp_path / str(times)) for times in (1, 2, 4))
    # What a run costs anyway falls out of the differences. Quadratic work would give 4.
    assert large - middle < 2.6 * (middle - small)
    assert middle > small

"""The table of calls that run a function they are given: whole and looked up soundly."""

from __future__ import annotations

import pytest

from lambdalint.knowledge import callables, tables

ROWS = tables.load("callables")["call"]


def test_names_stand_once_and_rows_have_a_source() -> None:
    names = [name for row in ROWS for name in row["names"]]
    assert len(names) == len(set(names))
    assert all(row["source"] for row in ROWS)


@pytest.mark.parametrize("name", [name for row in ROWS for name in row["names"]])
def test_each_row_says_what_its_word_needs(name: str) -> None:
    taker = callables.taker(name)
    assert taker is not None
    assert (taker.args >= 0 and taker.kwargs >= 0) == (taker.passes == "packed")
    assert (taker.of >= 0) == (taker.passes == "element")
    assert taker.keyword


def test_what_is_not_in_the_table() -> None:
    assert callables.taker("concurrent.futures.ThreadPoolExecutor.shutdown") is None
    assert callables.taker("submit") is None

"""Fixes that are made at once don't get in each other's way."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdalint.findings import Edit, Finding, Fix, Safety, Span
from lambdalint.fixing.choose import apply_fixes, choose, edits_of
from lambdalint.source import Source

Piece = tuple[int, int, str]


def finding(
    *pieces: Piece,
    isolation: str = "",
    at: int | None = None,
    code: str = "LMB001",
    rewritten: tuple[int, int] | None = None,
    safety: Safety = Safety.SAFE,
) -> Finding:
    """A finding on line 1 whose fix replaces columns by text."""
    edits = tuple(Edit(Span.at(1, start, 1, end), text) for start, end, text in pieces)
    column = at if at is not None else min((piece[0] for piece in pieces), default=0)
    whole = (Span.at(1, rewritten[0], 1, rewritten[1]),) if rewritten else ()
    fix = Fix(edits, safety, "fix", isolation, whole) if pieces else None
    return Finding(code, "name", "app.py", Span.at(1, column, 1, column), "problem", fix=fix)


TEXT = "abcdefghij"


@pytest.mark.parametrize(
    ("findings", "chosen", "text"),
    [
        ([finding((0, 1, "A")), finding((2, 3, "C"))], [0, 1], "AbCdefghij"),
        ([finding((2, 3, "C")), finding((0, 1, "A"))], [1, 0], "AbCdefghij"),
        ([finding((0, 2, "A")), finding((1, 3, "C"))], [0], "Acdefghij"),
        ([finding((0, 2, "A")), finding((2, 3, "C"))], [0, 1], "ACdefghij"),
        ([finding((0, 3, "A")), finding((1, 1, "x"), at=1)], [0], "Adefghij"),
        ([finding((0, 2, "A")), finding((2, 2, "x"))], [0], "Acdefghij"),
        ([finding((2, 2, "x")), finding((2, 3, "C"))], [0], "abxcdefghij"),
        ([finding((2, 2, "x")), finding((2, 2, "y"), at=3)], [0], "abxcdefghij"),
        ([finding((0, 0, "i"), (4, 5, "E"), at=4), finding((0, 0, "i"), (6, 7, "G"), at=6)], [0, 1],
         "iabcdEfGhij"),
        ([finding((2, 3, "C"), at=2), finding((2, 3, "C"), at=3)], [0], "abCdefghij"),
        ([finding((0, 1, "A"), (5, 6, "F")), finding((3, 4, "D"), (5, 6, "x")), finding((7, 8, "H"))], [0, 2],
         "AbcdeFgHij"),
        ([finding((0, 1, "A"), isolation="g"), finding((2, 3, "C"), isolation="g"), finding((4, 5, "E"))],
         [0, 2],
         "AbcdEfghij"),
        ([finding(), finding((0, 1, "A"))], [1], "Abcdefghij"),
        ([finding((0, 1, "A"), code="NO"), finding((0, 1, "B"))], [1], "Bbcdefghij"),
        ([finding((0, 9, "A")), finding((2, 3, "C")), finding((4, 5, "E"))], [0], "Aj"),
        ([finding((2, 3, "C")), finding((6, 7, "G")), finding((1, 9, "A"), at=7)], [0, 1], "abCdefGhij"),
        # Of one place a safe fix goes first, of several the first.
        ([finding((0, 2, "A"), safety=Safety.UNSAFE), finding((1, 3, "B"), code="LMB2", at=0)], [1], "aBdefghij"),
        ([finding((0, 2, "A"), safety=Safety.UNSAFE), finding((1, 3, "B"), code="LMB2")], [0], "Acdefghij"),
        # The first rewrites more than it changes: the second would stand in its new text.
        ([finding((2, 3, "C"), rewritten=(2, 6)), finding((5, 5, "x"))], [0], "abCdefghij"),
        ([finding((2, 2, "x")), finding((5, 6, "F"), rewritten=(1, 6), at=5)], [0], "abxcdefghij"),
        ([finding((2, 3, "C"), rewritten=(2, 6)), finding((6, 6, "x"))], [0, 1], "abCdefxghij"),
        ([finding((2, 2, "x")), finding((4, 5, "E"), rewritten=(2, 6), at=4)], [0, 1], "abxcdEfghij"),
    ],
)  # fmt: skip
def test_choice(findings: Sequence[Finding], chosen: list[int], text: str) -> None:
    got = choose(findings, lambda one: one.code != "NO")
    assert got == [findings[index] for index in chosen]
    assert apply_fixes(Source("app.py", TEXT), got) == text


@pytest.mark.parametrize(
    ("texts", "count"),
    [(("x = 1\n", "y = 2\n"), 2), (("x = 1\r\n", "y = 2\r\n"), 2), (("x\n", "x\n"), 2), (("x = 1\n", "y"), 1)],
)
def test_lines_at_one_place(texts: tuple[str, str], count: int) -> None:
    findings = [finding((0, 0, text), at=index) for index, text in enumerate(texts)]
    chosen = choose(findings, lambda one: True)
    assert chosen == findings[:count]
    text = apply_fixes(Source("app.py", TEXT), chosen)
    assert text == "".join(dict.fromkeys(texts[:count])) + TEXT


PIECES = st.tuples(st.integers(0, 9), st.integers(0, 3), st.sampled_from(["", "x", "yz"])).map(
    lambda one: (one[0], min(one[0] + one[1], 10), one[2])
)


def _apart(pieces: Sequence[Piece]) -> bool:
    ordered = sorted(pieces)
    return all(one[1] < other[0] for one, other in itertools.pairwise(ordered))


@given(st.lists(st.lists(PIECES, min_size=1, max_size=3).filter(_apart), max_size=6))
def test_any_choice_applies_and_is_as_large_as_it_can_be(fixes: list[list[Piece]]) -> None:
    findings = [finding(*pieces, at=index) for index, pieces in enumerate(fixes)]
    chosen = choose(findings, lambda one: True)
    edits = edits_of(chosen)
    for one, other in itertools.pairwise(edits):
        assert one.span.end <= other.span.start
        assert one.span != other.span
    text = apply_fixes(Source("app.py", TEXT), chosen)
    assert len(text) == len(TEXT) + sum(
        len(edit.text) - (edit.span.end.column - edit.span.start.column) for edit in edits
    )
    for left_out in findings:
        if left_out not in chosen:
            assert choose([*chosen, left_out], lambda one: True) != sorted(
                [*chosen, left_out], key=lambda one: one.span
            )

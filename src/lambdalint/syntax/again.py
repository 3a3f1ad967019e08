"""Parsing a text that is nearly one that was parsed before: only the statements around the difference."""

from __future__ import annotations

import io
import tokenize
from bisect import bisect_left, bisect_right
from dataclasses import replace
from itertools import accumulate

import libcst as cst
from msgspec import Struct

from lambdalint.source import Source
from lambdalint.syntax.parse import SyntaxProblem, parse
from lambdalint.syntax.pieces import Pieces

_TRIVIA = (tokenize.COMMENT, tokenize.NL, tokenize.ENCODING)
_NO_TEXT = (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


class Tree(Struct, frozen=True):
    """A text with its tree, and what is known of the tree's statements."""

    source: Source
    module: cst.Module
    pieces: Pieces


class _Difference(Struct, frozen=True):
    """From part `first` to part `last` of the old tree, `old` became `new`; see `Pieces` for what a part is."""

    first: int
    last: int
    old: str
    new: str


def parse_anew(source: Source) -> Tree:
    """The tree of a text. Raises SyntaxProblem."""
    return Tree(source, parse(source), Pieces())


def parse_again(source: Source, before: Tree) -> Tree:
    """As `parse_anew`, with the statements of an earlier tree wherever the difference doesn't reach."""
    difference = _difference(source.text, before)
    module = _spliced(source, before.module, difference) if difference is not None else None
    if module is None:
        return parse_anew(source)
    pieces = before.pieces.taken_over(module.body)
    try:
        if "".join(_codes(module, pieces)) != source.text:
            return parse_anew(source)
    except RecursionError:
        return parse_anew(source)
    return Tree(source, module, pieces)


def says_the_same(source: Source, before: Tree) -> bool:
    """Whether a text differs from an earlier one in comments, blank lines and spaces alone."""
    difference = _difference(source.text, before)
    if difference is None:
        return False
    old, new = _tokens(difference.old), _tokens(difference.new)
    return old is not None and old == new


def _difference(text: str, before: Tree) -> _Difference | None:
    """The whole statements that differ, with one more on each side: a comment may change sides.

    None where the parts of the old tree aren't all of its text (libcst drops a form feed).
    """
    old = before.source.text
    try:
        codes = _codes(before.module, before.pieces)
    except RecursionError:
        return None
    ends = list(accumulate(map(len, codes)))
    if ends[-1] != len(old) or "".join(codes) != old:
        return None
    same = _common(old, text)
    tail = _common(old[same:][::-1], text[same:][::-1])
    statements = len(before.module.body)
    first = bisect_left(ends, same) - 1
    last = bisect_right(ends, len(old) - tail) + 1
    first = 0 if first <= 1 else first  # the first statement shares its comments with the header
    last = statements + 1 if last >= statements else last
    start, end = (ends[first - 1] if first else 0), ends[last]
    return _Difference(first, last, old[start:end], text[start : len(text) - (len(old) - end)])


def _codes(module: cst.Module, pieces: Pieces) -> list[str]:
    """The texts of a module's parts. RecursionError where one is nested too deeply."""
    codes = [pieces.code(module, part) for part in range(len(module.body) + 2)]
    if not module.has_trailing_newline:
        last = max((part for part, code in enumerate(codes) if code), default=0)
        codes[last] = codes[last].removesuffix("\n").removesuffix("\r")
    return codes


def _common(one: str, other: str) -> int:
    """How many characters at the beginning are the same."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _spliced(source: Source, before: cst.Module, difference: _Difference) -> cst.Module | None:
    """The old tree with new statements in the place of the difference; None where the whole has to be parsed."""
    try:
        part = parse(replace(source, text=difference.new))
    except SyntaxProblem:
        return None  # the whole text tells where and why
    alike = part.default_indent == before.default_indent and part.default_newline == before.default_newline
    to_the_end = difference.last == len(before.body) + 1
    if not alike or not part.body or (part.footer and not to_the_end):
        return None
    body = list(part.body)
    header = part.header
    if difference.first:
        body[0] = body[0].with_changes(leading_lines=(*part.header, *body[0].leading_lines))
        header = before.header
    return before.with_changes(
        header=header,
        body=[*before.body[: max(difference.first - 1, 0)], *body, *before.body[difference.last :]],
        footer=part.footer if to_the_end else before.footer,
        has_trailing_newline=part.has_trailing_newline if to_the_end else before.has_trailing_newline,
    )


def _tokens(text: str) -> list[tuple[int, str]] | None:
    """What a text says to Python, as kinds and texts; None where that can't be told."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type not in _TRIVIA:
                found.append((token.type, "" if token.type in _NO_TEXT else token.string))
    except (tokenize.TokenError, SyntaxError):
        return None
    return None if any(kind == tokenize.ERRORTOKEN for kind, _ in found) else found

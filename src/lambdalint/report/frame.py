"""The lines of code that a finding points at, with carets under the place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from lambdalint.findings import Span
from lambdalint.report.style import Style, printable

_TAB = 4
_WIDEST = 140  # lines longer than that, in characters, are cut around the place
_LEAD = 40  # what stays in front of the place of a cut line
_MARK = "^"


def frame(span: Span, lines: Sequence[str], style: Style) -> Iterator[str]:
    """The place with a line of context on either side; nothing where the text has no such line.

    Of a place over several lines the first and the last are shown, and the one
    between them where there is just one.
    """
    first, last = span.start.line, min(span.end.line, len(lines))
    if span.end.column == 0 and last > first:  # the end lies behind a newline
        last -= 1
    if not 1 <= first <= len(lines):
        return
    shown = [first] if first == last else [first, last]
    if last - first == 2:
        shown.insert(1, first + 1)
    before = [first - 1] if first > 1 and lines[first - 2].strip() else []
    after = [last + 1] if last < len(lines) and lines[last].strip() else []
    gutter = len(str((after or [last])[0]))
    bar = style.blue("|")
    empty = f" {'':{gutter}} {bar}"

    def numbered(number: int, text: str) -> str:
        return f" {style.blue(f'{number:>{gutter}}')} {bar} {text}".rstrip()

    yield empty
    for number in before:
        yield numbered(number, _display(lines[number - 1], 0, 0)[0])
    for index, number in enumerate(shown):
        if index and number - shown[index - 1] > 1:
            yield style.blue(" " * (gutter + 1) + "...")
        line = lines[number - 1]
        start = span.start.column if number == first else len(line) - len(line.lstrip())
        end = span.end.column if number == span.end.line else len(line.rstrip())
        text, column, width = _display(line, start, end)
        yield numbered(number, text)
        if number in (first, last):
            yield f"{empty} {' ' * column}{style.red(_MARK * max(width, 1))}"
    for number in after:
        yield numbered(number, _display(lines[number - 1], 0, 0)[0])
    yield empty


def _display(line: str, start: int, end: int) -> tuple[str, int, int]:
    """The line as shown, and the column and width of the part from `start` to `end` on the screen."""
    start = min(start, len(line))
    end = min(max(end, start), len(line))
    prefix = suffix = ""
    if len(line) > _WIDEST:
        cut = max(0, min(start - _LEAD, len(line) - _WIDEST))
        prefix = "…" if cut else ""
        suffix = "…" if cut + _WIDEST < len(line) else ""
        line = line[cut : cut + _WIDEST]
        start, end = start - cut, min(end - cut, _WIDEST)
    pieces = [prefix]
    columns = [len(prefix)]  # the screen column in front of each character
    for character in line:
        column = columns[-1]
        if character == "\t":
            character = " " * (_TAB - (column - len(prefix)) % _TAB)
            columns.append(column + len(character))
        else:
            character = printable(character)
            columns.append(column + _width(character))
        pieces.append(character)
    pieces.append(suffix)
    return "".join(pieces), columns[start], columns[end] - columns[start]


def _width(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1

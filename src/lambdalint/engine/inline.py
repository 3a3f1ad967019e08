"""Findings in code that stands in a template, told by their places in the template."""

from __future__ import annotations

import ast
import bisect
import re
import warnings
from dataclasses import replace
from functools import cached_property

from lambdalint.deployment import InlineCode, Piece
from lambdalint.deployment.inline import without_variables
from lambdalint.findings import Finding, Position, Span
from lambdalint.source import Source

# The head of YAML's literal block, whose lines stand below it as they are.
_BLOCK = re.compile(r"(?:![\w:]+[ \t]+)?\|[0-9+-]*[ \t]*(?:#.*)?$")
_QUOTES = "\"'"


def read(code: InlineCode) -> bytes:
    """The code as a file's bytes: as it stands, or with names for variables where only these are Python."""
    text = code.text
    if not code.certain and not _is_python(text):
        text = without_variables(text)
    return text.encode()


def unsure(code: InlineCode, finding: Finding) -> bool:
    """Whether a complaint about the syntax may come from what the deployment puts in."""
    return finding.code == "LMB000" and not code.certain


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


class Places:
    """Turns places of inline code into places of its template."""

    def __init__(self, code: InlineCode, template: Source) -> None:
        self.code = code
        self.template = template
        self.inner = Source(code.path, code.text)

    def translate(self, finding: Finding) -> Finding:
        """The finding at its place in the template; fixes are left out, since their edits are the code's."""
        start, end = self.position(finding.span.start), self.position(finding.span.end)
        return replace(finding, path=self.template.path, span=Span(start, max(start, end)), fix=None)

    def position(self, inner: Position) -> Position:
        offset = self.inner.offset(inner)
        index = max(bisect.bisect_right(self._starts, offset) - 1, 0)
        piece = self.code.pieces[index]
        before = piece.text[: offset - self._starts[index]]
        row = before.count("\n")
        column = len(before) - (before.rfind("\n") + 1)
        line = piece.text.split("\n")[row]
        return self._in_block(piece, row, line, column) or self._in_line(piece, row, line, column)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each piece begins in the whole text."""
        starts, total = [], 0
        for piece in self.code.pieces:
            starts.append(total)
            total += len(piece.text)
        return starts

    def _in_block(self, piece: Piece, row: int, line: str, column: int) -> Position | None:
        """The place in a literal block, whose lines follow its head, indented."""
        if not _BLOCK.match(self._line(piece.line)[piece.column :]):
            return None
        shown = self._line(piece.line + 1 + row)
        if not shown.endswith(line):
            return None
        return Position(piece.line + 1 + row, len(shown) - len(line) + column)

    def _in_line(self, piece: Piece, row: int, line: str, column: int) -> Position:
        """The place in a text on one line; where escapes or folding hide it, the scalar's own."""
        rest = self._line(piece.line)[piece.column :]
        quoted = int(rest[:1] in _QUOTES)
        if row == 0 and rest[quoted:].startswith(line):
            return Position(piece.line, piece.column + quoted + column)
        return Position(piece.line, piece.column)

    def _line(self, number: int) -> str:
        lines = self.template.lines
        return lines[number - 1] if number <= len(lines) else ""

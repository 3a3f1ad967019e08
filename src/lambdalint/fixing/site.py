"""The place where a fix is built: one module, its text, and what one request changes in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import cast

import libcst as cst
from msgspec import Struct, field

from lambdalint.findings import Span
from lambdalint.fixing.bindings import Binding, module_bindings
from lambdalint.fixing.style import line_length, single_quotes
from lambdalint.source import Source
from lambdalint.syntax.driver import children, walk
from lambdalint.syntax.locate import Locator

NEWLINE = re.compile(r"\r\n?|\n")
_PREAMBLE = re.compile(r"#!|[ \t\f]*#.*?coding[:=]")
_STRINGS_WITH_CODE = frozenset(("FormattedString", "TemplatedString"))


class RefusedError(Exception):
    """The change can't be made for sure; the finding stays without a fix."""


class RawEdit(Struct, frozen=True):
    """Put `text` in place of the source's text from `start` to `end` (offsets)."""

    start: int
    end: int
    text: str


class Site(Struct, dict=True):
    """What all builders need: the module, its places, and which nodes the request removes."""

    module: cst.Module
    locator: Locator
    source: Source
    removed: set[int] = field(default_factory=set)
    filled_blocks: set[int] = field(default_factory=set)
    configured_width: int | None = None

    @property
    def newline(self) -> str:
        return self.source.newline

    @property
    def width(self) -> int:
        """How long a line may get."""
        memo = self.locator.memo
        key = f"width {self.configured_width}"
        if key not in memo:
            memo[key] = line_length(self.source, self.configured_width)
        return cast(int, memo[key])

    @property
    def single_quotes(self) -> bool:
        """Whether the file writes its texts in single quotes."""
        memo = self.locator.memo
        if "single_quotes" not in memo:
            memo["single_quotes"] = sum(self.locator.each("single quotes", single_quotes)) > 0
        return bool(memo["single_quotes"])

    @cached_property
    def bindings(self) -> dict[str, list[Binding]]:
        """What the module scope binds, by name."""
        memo = self.locator.memo
        if "bindings" not in memo:
            memo["bindings"] = module_bindings(self.module, "global" in self.source.text)
        return cast("dict[str, list[Binding]]", memo["bindings"])

    def parent(self, node: cst.CSTNode) -> cst.CSTNode:
        parent = self.locator.parent(node)
        if parent is None:
            raise RefusedError("the module itself has no place in a statement")
        return parent

    def ancestors(self, node: cst.CSTNode) -> Iterable[cst.CSTNode]:
        """The nodes around `node`, the nearest first, without the module."""
        above = self.locator.parent(node)
        while above is not None and above is not self.module:
            yield above
            above = self.locator.parent(above)

    def refuse_in_string(self, node: cst.CSTNode) -> None:
        """Code inside an f-string has rules of its own (quotes, backslashes): leave it alone."""
        if any(type(above).__name__ in _STRINGS_WITH_CODE for above in self.ancestors(node)):
            raise RefusedError("inside an f-string")

    def region(self, node: cst.CSTNode, *, outer: bool = False) -> tuple[int, int]:
        """The offsets of a node's text, with its parentheses if `outer`."""
        return self.offsets(self.locator.outer_span(node) if outer else self.locator.exact(node))

    def lines_of(self, statement: cst.CSTNode, **parts: bool) -> tuple[int, int]:
        """The offsets of a statement's whole lines; `parts` as in Locator.statement_span."""
        return self.offsets(self.locator.statement_span(statement, **parts))

    def top_level_lines(self, index: int) -> tuple[int, int]:
        """As Locator.top_level_lines."""
        found = self.locator.top_level_lines(index)
        if found is None:
            raise RefusedError("the place can't be told for sure")
        return found

    def offsets(self, span: Span | None) -> tuple[int, int]:
        if span is None:
            raise RefusedError("the place can't be told for sure")
        return self.source.offset(span.start), self.source.offset(span.end)

    def holder(self, node: cst.CSTNode) -> cst.CSTNode:
        """The statement in a block that is or holds `node`: a statement line or a compound statement."""
        for here in (node, *self.ancestors(node)):
            if isinstance(self.locator.parent(here), (cst.Module, cst.IndentedBlock)):
                if isinstance(here, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
                    return here
        raise RefusedError("not inside a statement of a block")

    def indentation(self, node: cst.CSTNode) -> str:
        """The white space before the statement that holds `node`."""
        start, _ = self.lines_of(self.holder(node))
        line = self.source.lines[self.source.position(start).line - 1]
        return line[: len(line) - len(line.lstrip(" \t\f"))].lstrip("\f")

    def line_at(self, offset: int) -> tuple[int, int]:
        """The start of the line that holds `offset`, and the end of it without its newline."""
        line = self.source.position(offset).line
        start = self.source.line_starts[line - 1]
        return start, start + len(self.source.lines[line - 1])

    def below_preamble(self, offset: int) -> int:
        """The offset, or the line below a `#!` or coding line that it would come before."""
        line = self.source.position(offset).line
        while line <= 2 and line < len(self.source.lines) and _PREAMBLE.match(self.source.lines[line - 1]):
            line += 1
            offset = self.source.line_starts[line - 1]
        return offset

    def line_after_text(self) -> int:
        """The line below the last one that holds anything."""
        lines = self.source.lines
        count = len(lines)
        while count and not lines[count - 1].strip():
            count -= 1
        return count + 1

    def blank_lines(self, line: int, step: int) -> int:
        """How many blank lines follow from `line` on, upwards (-1) or downwards (1)."""
        lines, count = self.source.lines, 0
        while 1 <= line <= len(lines) and not lines[line - 1].strip():
            # The empty rest after the last newline is no line.
            if line == len(lines):
                break
            count += 1
            line += step
        return count


def comments(nodes: Iterable[cst.CSTNode]) -> list[str]:
    """The text of all comments in the nodes, in order."""
    return [node.value for top in nodes for node in walk(top) if isinstance(node, cst.Comment)]


def inner_nodes(node: cst.CSTNode) -> list[cst.CSTNode]:
    """A node's children without the parentheses around it and the lines above it."""
    outside: set[int] = set()
    for name in ("lpar", "rpar", "leading_lines"):
        value = getattr(node, name, ())
        if isinstance(value, (tuple, list)):
            outside.update(map(id, value))
    if isinstance(node, cst.SimpleStatementLine):
        outside.add(id(node.trailing_whitespace))
    for name in ("semicolon", "comma"):
        outside.add(id(getattr(node, name, None)))
    return [child for child in children(node) if id(child) not in outside]

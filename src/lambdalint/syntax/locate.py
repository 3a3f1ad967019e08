"""Where a node stands in the text, computed only for what is asked.

libcst can place the nodes of a whole module at once, for about what parsing
costs. A `Locator` places the one top-level statement that holds a node, and
counts the lines before it. It also checks that the statement's code is the
text that stands there: libcst drops a few things before a statement (a form
feed, a backslash with a newline), and an edit must never be off by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import libcst as cst

from lambdalint.findings import Span
from lambdalint.source import Source
from lambdalint.syntax.driver import children, walk
from lambdalint.syntax.pieces import Answer, Pieces, alone, parents

Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement

_NEWLINE = re.compile(r"\r\n?|\n")
_BLANK = " \t\f"
# By name: not every supported libcst has template strings.
_MAY_HOLD_NEWLINES = frozenset(("SimpleWhitespace", "SimpleString", "FormattedStringText", "TemplatedStringText"))


class _Part(NamedTuple):
    """A top-level statement, the header or the footer, as it stands in the text.

    Lines of its code count from 1 and are those of the text from `line` on,
    unless `lines` says for each which line it is, and by how many columns it
    was shifted. `end` is the line after it. Nothing is known to be right
    unless `exact`.
    """

    line: int
    end: int
    lines: tuple[tuple[int, int], ...] | None
    exact: bool


class Locator:
    """Places of one module's nodes, in the coordinates of `source.text`.

    `module` has to be what `parse(source)` gave; `pieces` is what is known of its statements.
    All methods raise LookupError for a node that is no part of it.
    """

    def __init__(self, source: Source, module: cst.Module, pieces: Pieces | None = None) -> None:
        self.source = source
        self.module = module
        self._pieces = pieces or Pieces()
        # What others work out once for the whole file.
        self.memo: dict[str, object] = {}
        self._parents: dict[int, cst.CSTNode] = {}
        self._trivia_known = False
        self._indexes: dict[int, int] = {}
        self._parts: list[_Part] = []

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node that holds `node`; None for the module itself."""
        if node is self.module:
            return None
        parent = self._parents.get(id(node))
        if parent is None and not self._parents:
            self._fill(trivia=False)
            parent = self._parents.get(id(node))
        if parent is None and not self._trivia_known:
            # Only now does somebody ask for whitespace or a comment: these are most of a tree.
            self._fill(trivia=True)
            parent = self._parents.get(id(node))
        if parent is None:
            raise LookupError(f"this {type(node).__name__} is no part of {self.source.path}")
        return parent

    def top_level(self, node: cst.CSTNode) -> int | None:
        """The index in the module's body of the statement that is or holds `node`.

        None for the module itself, its header and its footer.
        """
        part = self._part_of(node)
        return part - 1 if part and part <= len(self.module.body) else None

    def span(self, node: cst.CSTNode) -> Span:
        """The node's text without the parentheses around it.

        Where that can't be told (nested too deeply), the first line of the
        top-level statement that holds it.
        """
        if node is self.module:
            last = len(self.source.lines)
            return Span.at(1, 0, last, len(self.source.lines[-1]))
        part = self._part_of(node)
        span = self._range(part, node, node)
        return span or self._first_line(part)

    def exact(self, node: cst.CSTNode) -> Span | None:
        """As `span`, but None where that isn't known for sure; edits need this one."""
        part = self._part_of(node)
        return self._range(part, node, node) if self._place(part).exact else None

    def outer_span(self, node: cst.CSTNode) -> Span | None:
        """As `exact`, with the parentheses around the node."""
        opening, closing = getattr(node, "lpar", ()), getattr(node, "rpar", ())
        if isinstance(opening, (tuple, list)) and isinstance(closing, (tuple, list)) and opening and closing:
            part = self._part_of(node)
            return self._range(part, opening[0], closing[-1]) if self._place(part).exact else None
        return self.exact(node)

    def statement_span(self, statement: cst.CSTNode, *, comments: bool = False, footer: bool = False) -> Span | None:
        """The whole lines of a statement, from column 0 to column 0 of the line after it.

        Decorators and the comment at its end belong to it; with `comments` also
        the comment lines directly above, with `footer` those that end its block.
        None where that isn't known for sure.
        """
        first: cst.CSTNode = statement
        if isinstance(statement, (cst.FunctionDef, cst.ClassDef)) and statement.decorators:
            first = statement.decorators[0]
        last, below = _last_line(statement)
        # Of the statement's part, not of the last node's: that is white space, whose place costs a walk over the file.
        part = self._part_of(statement)
        span = self._range(part, first, last) if self._place(part).exact else None
        if span is None:
            return None
        line = span.start.line
        if comments:
            line -= self.comments_above(statement)
        end_line = span.end.line + (below if footer else 0)
        if end_line > len(self.source.lines):
            end_of_text = len(self.source.lines)
            return Span.at(line, 0, end_of_text, len(self.source.lines[-1]))
        return Span.at(line, 0, end_line, 0)

    def top_level_lines(self, index: int) -> tuple[int, int] | None:
        """The first line of a statement of the module, and the line after it and its block's footer.

        Much cheaper than `statement_span`. None where that isn't known for sure.
        """
        place = self._place(index + 1)
        if not place.exact:
            return None
        lead = len(getattr(self.module.body[index], "leading_lines", ()))
        return _placed(place, lead + 1, 0)[0], place.end

    def comments_above(self, statement: cst.CSTNode) -> int:
        """How many lines of comments stand directly above a statement."""
        lines = list(getattr(statement, "leading_lines", ()))
        if self.module.body and statement is self.module.body[0]:
            lines = [*self.module.header, *lines]
        count = 0
        while count < len(lines) and lines[-1 - count].comment is not None:
            count += 1
        return count

    def each(self, key: str, compute: Callable[[cst.CSTNode], Answer]) -> list[Answer]:
        """What `compute` says of each statement of the module; kept, under the key, as long as the statement is."""
        return self._pieces.each(self.module, key, compute)

    def _fill(self, trivia: bool) -> None:
        self._parents.update(parents(self.module, trivia=True) if trivia else self._pieces.parents(self.module))
        self._trivia_known = self._trivia_known or trivia
        self._indexes = {id(statement): index for index, statement in enumerate(self.module.body)}

    def _part_of(self, node: cst.CSTNode) -> int:
        """0 for the header, then the statements from 1, then the footer."""
        parent = self.parent(node)
        while parent is not None and parent is not self.module:
            node, parent = parent, self.parent(parent)
        index = self._indexes.get(id(node))
        if index is not None:
            return index + 1
        return 0 if any(line is node for line in self.module.header) else len(self.module.body) + 1

    def _place(self, part: int) -> _Part:
        while len(self._parts) <= part:
            line = self._parts[-1].end if self._parts else 1
            self._parts.append(self._measure(len(self._parts), line))
        return self._parts[part]

    def _measure(self, part: int, line: int) -> _Part:
        if part == 0 and not self.module.header:
            return _Part(1, 1, None, True)
        try:
            code = self._pieces.code(self.module, part)
        except RecursionError:
            count = sum(_newlines(node) for node in walk(alone(self.module, part)))
            return _Part(line, line + count, None, False)
        count = len(_NEWLINE.findall(code))
        starts = self.source.line_starts
        if line <= len(starts) and self.source.text.startswith(code, starts[line - 1]):
            return _Part(line, line + count, None, True)
        lines = self._align(_NEWLINE.split(code)[:count], line)
        if lines is None:
            return _Part(line, line + count, None, False)
        return _Part(line, lines[-1][0] + 1 if lines else line, lines, True)

    def _align(self, code: list[str], line: int) -> tuple[tuple[int, int], ...] | None:
        """For each line of code the line of the text it came from and its shift; None if unlike."""
        text, found = self.source.lines, []
        index = line - 1
        for wanted in code:
            if index < len(text) and text[index] != wanted:
                while index < len(text) - 1 and text[index].strip(_BLANK) == "\\":
                    index += 1
            if index >= len(text) or text[index].lstrip(_BLANK) != wanted.lstrip(_BLANK):
                return None
            found.append((index + 1, len(text[index]) - len(wanted)))
            index += 1
        return tuple(found)

    def _range(self, part: int, first: cst.CSTNode, last: cst.CSTNode) -> Span | None:
        """From the start of one node to the end of another, both of the same part."""
        ranges = self._pieces.ranges(self.module, part)
        if ranges is None or first not in ranges or last not in ranges:
            return None
        place = self._place(part)
        start, end = ranges[first].start, ranges[last].end
        return Span.at(*_placed(place, start.line, start.column), *_placed(place, end.line, end.column))

    def _first_line(self, part: int) -> Span:
        line = self._place(part).line
        if 0 < part <= len(self.module.body):
            line += len(getattr(self.module.body[part - 1], "leading_lines", ()))
        line = min(line, len(self.source.lines))
        return Span.at(line, 0, line, len(self.source.lines[line - 1]))


def _placed(part: _Part, line: int, column: int) -> tuple[int, int]:
    if part.lines is None:
        return part.line + line - 1, column
    if line > len(part.lines):
        return part.end + line - len(part.lines) - 1, column
    number, shift = part.lines[line - 1]
    return number, max(column + shift, 0)


def _last_line(statement: cst.CSTNode) -> tuple[cst.CSTNode, int]:
    """The node that ends a statement's last line, and how many lines of blocks' footers follow."""
    node, below = statement, 0
    while not isinstance(node, (cst.SimpleStatementLine, cst.SimpleStatementSuite)):
        if isinstance(node, cst.IndentedBlock):
            below += len(node.footer)
        inner = children(node, trivia=False)
        if not inner:
            return node, below
        node = inner[-1]
    return node.trailing_whitespace, below


def _newlines(node: cst.CSTNode) -> int:
    if isinstance(node, cst.Newline):
        return 1
    if type(node).__name__ in _MAY_HOLD_NEWLINES:
        return len(_NEWLINE.findall(node.value))  # type: ignore[attr-defined]
    return 0

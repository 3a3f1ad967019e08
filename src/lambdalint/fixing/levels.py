"""Statements that move a level in or out: only the white space before their lines changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import libcst as cst
from msgspec import Struct

from lambdalint.fixing import render
from lambdalint.fixing.requests import Unwrap, Wrap
from lambdalint.fixing.site import RawEdit, RefusedError, Site
from lambdalint.syntax.driver import walk

# By name: not every supported libcst has template strings.
_STRINGS = frozenset(("SimpleString", "FormattedString", "TemplatedString"))


class Levels(Struct, frozen=True):
    """What it takes to move statements a level in or out: the headers that come and go, and by the number of a line
    the white space that it begins with then."""

    headers: list[RawEdit]
    leads: dict[int, str]


def levels(site: Site, changes: Sequence[Wrap | Unwrap]) -> Levels:
    """Blocks around statements, and blocks taken away; RefusedError where a comment would go."""
    headers: list[RawEdit] = []
    leads: dict[int, str] = {}
    for change in sorted(changes, key=lambda one: isinstance(one, Wrap)):  # from the inside out
        if isinstance(change, Unwrap):
            headers.append(_without_header(site, change.statement, leads))
        else:
            headers.append(_with_header(site, change, leads))
    return Levels(headers, leads)


def shift(site: Site, moved: Levels, others: Sequence[RawEdit]) -> list[RawEdit]:
    """The edits for the lines that no other edit writes anew."""
    edits = list(moved.headers)
    for line, lead in moved.leads.items():
        start = site.source.line_starts[line - 1]
        if not any(edit.start <= start < edit.end for edit in (*moved.headers, *others)):
            edits.append(RawEdit(start, start + len(_lead(site, line)), lead))
    return edits


def _with_header(site: Site, change: Wrap, leads: dict[int, str]) -> RawEdit:
    start, _ = site.lines_of(change.statement)
    outer, unit = site.indentation(change.statement), site.module.default_indent
    for line in _lines(site, change.statement):
        lead = leads.get(line, _lead(site, line))
        if lead.startswith(outer):
            leads[line] = outer + unit + lead[len(outer) :]
    header = render.lines(site, f"{change.header}\n    pass\n", outer).split(site.newline)[:-2]
    return RawEdit(start, start, "".join(f"{line}{site.newline}" for line in header))


def _without_header(site: Site, statement: cst.With, leads: dict[int, str]) -> RawEdit:
    if not isinstance(statement.body, cst.IndentedBlock):
        raise RefusedError("the block stands on the line of its `with`")
    start, _ = site.lines_of(statement)
    body, _ = site.lines_of(statement.body.body[0], comments=True)
    if "#" in site.source.text[start:body]:
        raise RefusedError("a comment stands at the `with`")
    outer = site.indentation(statement)
    inner = site.indentation(statement.body.body[0])
    first = site.source.position(body).line
    for line in _lines(site, statement):
        lead = leads.get(line, _lead(site, line))
        if line >= first and lead.startswith(inner):
            leads[line] = outer + lead[len(inner) :]
    return RawEdit(start, body, "")


def _lines(site: Site, statement: cst.CSTNode) -> Iterable[int]:
    """The numbers of a statement's lines, without empty ones and those that begin inside a string."""
    start, end = site.lines_of(statement, footer=True)
    first, last = site.source.position(start).line, site.source.position(end).line
    within = set[int]()
    for node in walk(statement, trivia=False):
        if type(node).__name__ in _STRINGS:
            begin, close = (site.source.position(offset).line for offset in site.region(node))
            within.update(range(begin + 1, close + 1))
    lines = range(first, last if end > start and site.source.text[end - 1] in "\r\n" else last + 1)
    return [line for line in lines if line not in within and site.source.lines[line - 1].strip()]


def _lead(site: Site, line: int) -> str:
    text = site.source.lines[line - 1]
    return text[: len(text) - len(text.lstrip(" \t"))]

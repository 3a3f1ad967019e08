"""From a rule's request to text edits: the smallest ones that do what is asked, or none at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import libcst as cst

from lambdalint.findings import Edit, Fix, Span
from lambdalint.fixing import render
from lambdalint.fixing.arguments import add_arguments
from lambdalint.fixing.imports import need_imports, origin
from lambdalint.fixing.levels import levels, shift
from lambdalint.fixing.refit import refit
from lambdalint.fixing.remove import mark, remove
from lambdalint.fixing.replace import replace
from lambdalint.fixing.requests import (
    AddArgument,
    AddTopLevel,
    FixRequest,
    InsertAfter,
    InsertBefore,
    NameValue,
    NeedImport,
    Remove,
    Replace,
    Unwrap,
    Wrap,
)
from lambdalint.fixing.site import RawEdit, RefusedError, Site
from lambdalint.fixing.toplevel import Chunk, add_top_level, arrange, is_docstring
from lambdalint.source import Source
from lambdalint.syntax.locate import Locator


def resolve(
    request: FixRequest, module: cst.Module, locator: Locator, source: Source, width: int | None = None
) -> Fix | None:
    """The fix as edits of `source.text`; None where any part of it can't be done for sure.

    Never loses a comment, save that at the end of a line that is removed. `width` is how long
    lines may get, as far as the project says it.
    """
    site = Site(module, locator, source, configured_width=width)
    try:
        raw = _edits(site, request)
    except (RefusedError, LookupError, RecursionError, cst.CSTValidationError):
        # LookupError: a request for a node of another tree.
        return None
    edits = [Edit(_span(site, edit), edit.text) for edit in _trimmed(site, raw)]
    if not edits:
        return None
    rewritten = tuple(_span(site, edit) for edit in raw if edit.start != edit.end)
    return Fix(tuple(edits), request.safety, request.message, request.isolation, rewritten)


def why_not(request: FixRequest, module: cst.Module, locator: Locator, source: Source) -> str:
    """The reason why `resolve` refuses, for whoever writes a rule; empty where it doesn't."""
    try:
        site = Site(module, locator, source)
        edits = _trimmed(site, _edits(site, request))
    except (RefusedError, LookupError, RecursionError, cst.CSTValidationError) as error:
        return str(error) or type(error).__name__
    return "" if edits else "it changes nothing"


def _edits(site: Site, request: FixRequest) -> list[RawEdit]:
    """What is to be put where, sorted and apart from each other."""
    raw: list[RawEdit] = []
    chunks: list[Chunk] = []
    for change in request.changes:
        if isinstance(change, Remove):
            mark(site, change)
        elif isinstance(change, (InsertBefore, InsertAfter)):
            site.filled_blocks.add(id(site.parent(site.holder(change.statement))))
        elif isinstance(change, (NeedImport, AddTopLevel)):
            site.filled_blocks.add(id(site.module))
    needed = [change for change in request.changes if isinstance(change, NeedImport)]
    imported, names = need_imports(site, needed, _first_touched(site, request))
    chunks += imported
    raw += names
    calls: dict[int, list[AddArgument]] = {}
    for change in request.changes:
        if isinstance(change, Replace):
            raw += replace(site, change)
        elif isinstance(change, InsertBefore):
            raw.append(_insert_before(site, change))
        elif isinstance(change, InsertAfter):
            raw.append(_insert_after(site, change))
        elif isinstance(change, Remove):
            raw += remove(site, change)
        elif isinstance(change, NameValue):
            start, _ = site.region(change.statement.value, outer=True)
            raw.append(RawEdit(start, start, f"{change.name} = "))
        elif isinstance(change, AddArgument):
            calls.setdefault(id(change.call), []).append(change)
        elif isinstance(change, AddTopLevel):
            chunks += add_top_level(site, change)
    for changes in calls.values():
        raw += add_arguments(site, changes)
    moved = levels(site, [change for change in request.changes if isinstance(change, (Wrap, Unwrap))])
    raw = refit(site, request, raw, moved.leads)
    raw += shift(site, moved, raw)
    # Imports and helpers come first where a change of a statement meets them.
    return _final([*arrange(site, chunks), *raw])


def _first_touched(site: Site, request: FixRequest) -> int:
    """The index of the first top-level statement that the request gives new code to."""
    touched = [len(site.module.body)]
    for change in request.changes:
        node: cst.CSTNode | None = None
        if isinstance(change, Replace):
            node = change.node
        elif isinstance(change, (InsertBefore, InsertAfter, NameValue, Wrap, Unwrap)):
            node = change.statement
        elif isinstance(change, AddArgument):
            node = change.call
        elif isinstance(change, AddTopLevel):
            node = change.before
        index = site.locator.top_level(node) if node is not None else None
        if index is not None:
            touched.append(index)
    return min(touched)


def _insert_before(site: Site, change: InsertBefore) -> RawEdit:
    line = _line(site, change.statement, -1)
    block = cast("cst.Module | cst.IndentedBlock", site.parent(line))
    if (block.body[0] is line and is_docstring(line)) or origin(line) == "__future__":
        raise RefusedError("nothing may stand before this statement")
    start, _ = site.lines_of(line, comments=not change.below_comments)
    text = render.lines(site, change.code, site.indentation(line))
    start = site.below_preamble(start)
    return RawEdit(start, start, text + site.newline * change.blank_lines)


def _insert_after(site: Site, change: InsertAfter) -> RawEdit:
    line = _line(site, change.statement, 1)
    _, end = site.lines_of(line, footer=True)
    text = site.newline * change.blank_lines + render.lines(site, change.code, site.indentation(line))
    if not site.source.text[:end].endswith(("\n", "\r")):
        text = site.newline + text.removesuffix(site.newline)
    return RawEdit(end, end, text)


def _line(site: Site, statement: cst.CSTNode, side: int) -> cst.CSTNode:
    """The statement line of a block; of several statements on it only the outermost has room."""
    parent = site.parent(statement)
    if isinstance(statement, cst.BaseSmallStatement):
        body = cast("cst.SimpleStatementLine", parent).body
        if body[0 if side < 0 else -1] is not statement:
            raise RefusedError("in the middle of a line")
        statement, parent = parent, site.parent(parent)
    if not isinstance(parent, (cst.Module, cst.IndentedBlock)):
        raise RefusedError("not a statement of a block")
    return statement


def _final(raw: Iterable[RawEdit]) -> list[RawEdit]:
    """Sorted, those at one place joined; RefusedError where two overlap."""
    joined: list[RawEdit] = []
    for edit in sorted(raw, key=lambda edit: (edit.start, edit.end)):
        last = joined[-1] if joined else None
        if last is not None and edit.start < last.end:
            raise RefusedError("two changes overlap")
        if last is not None and last.start == last.end == edit.start:
            joined[-1] = RawEdit(edit.start, edit.end, last.text + edit.text)
        else:
            joined.append(edit)
    return joined


def _trimmed(site: Site, raw: Iterable[RawEdit]) -> list[RawEdit]:
    """Those that change anything, each without what it leaves at its ends."""
    edits = (trimmed(site.source.text, one) for one in raw)
    return [edit for edit in edits if edit.start != edit.end or edit.text]


def _span(site: Site, edit: RawEdit) -> Span:
    return Span(site.source.position(edit.start), site.source.position(edit.end))


def trimmed(text: str, edit: RawEdit) -> RawEdit:
    """The same change without what old and new share at both ends."""
    old, new = text[edit.start : edit.end], edit.text
    most = min(len(old), len(new))
    head = 0
    while head < most and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    # A carriage return and its line feed stay together.
    if head and old[head - 1] == "\r" and "\n" in (old[head : head + 1], new[head : head + 1]):
        head -= 1
    if tail and old[-tail] == "\n" and "\r" in (old[-tail - 1 : -tail], new[-tail - 1 : -tail]):
        tail -= 1
    return RawEdit(edit.start + head, edit.end - tail, new[head : len(new) - tail])

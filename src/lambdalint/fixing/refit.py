"""Statements that a fix changes in place, over as many lines as a formatter would give them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from lambdalint.fixing.requests import AddArgument, FixRequest, NameValue, Replace
from lambdalint.fixing.site import NEWLINE, RawEdit, RefusedError, Site
from lambdalint.fixing.style import FORMATTED
from lambdalint.fixing.wrapping import Wrapping, joined, longest

_NO_LAST_COMMA = re.compile(r"[^\s,(\[{]\n\s*[)\]}]")  # a last part alone on its line, without the comma of formatters
_SAYS = re.compile(r"\s*#\s*(noqa|type:|pylint:|pyright:|nosec|lambdalint:)")  # what holds for the line it stands on
_LONG = 120  # columns that no line gets longer than for a fix


def refit(site: Site, request: FixRequest, raw: Sequence[RawEdit]) -> list[RawEdit]:
    """The same edits, those of a statement that gets too long, or short enough for one line, as one."""
    edits = list(raw)
    for start, end, indent, behind in dict.fromkeys(_changed(site, request)):
        own = [edit for edit in edits if start <= edit.start and edit.end <= end]
        if not own or any(edit.start < end and start < edit.end and edit not in own for edit in edits):
            continue
        text = _fitting(site, site.source.text[start:end], _applied(site, own, start, end), indent, behind)
        if text is not None:
            edits = [edit for edit in edits if edit not in own] + [RawEdit(start, end, text)]
    for change in request.changes:
        if isinstance(change, Replace):
            edits += _parameters(site, change.node, edits)
    return edits


def _parameters(site: Site, name: cst.CSTNode, edits: Sequence[RawEdit]) -> list[RawEdit]:
    """A function's parameters on a line each, where one line doesn't hold them with its new name."""
    function = site.parent(name)
    if not isinstance(function, cst.FunctionDef) or name is not function.name:
        return []
    new = next((edit.text for edit in edits if (edit.start, edit.end) == site.region(name)), "")
    indent, unit = site.indentation(function), site.module.default_indent
    longer = function.with_changes(name=cst.Name(new)) if new.isidentifier() else function
    if Wrapping(site.width, unit).header(longer, indent) is longer:
        return []
    start, end = site.region(function.params)
    if any(edit.start < end and start < edit.end for edit in edits):
        return []
    plain = (param.with_changes(comma=cst.MaybeSentinel.DEFAULT) for param in function.params.params)
    parts = [site.module.code_for_node(param).strip() for param in plain]
    if site.source.text[start:end].strip() != site.module.code_for_node(function.params).strip():
        return []
    lines = "".join(f"{site.newline}{indent}{unit}{part}," for part in parts)
    return [RawEdit(start, end, f"{lines}{site.newline}{indent}")]


@dataclass(frozen=True)
class _Behind:
    """What comes behind a statement's code on its last line."""

    colon: str
    comment: str


def _changed(site: Site, request: FixRequest) -> Iterator[tuple[int, int, str, _Behind]]:
    """The places of the statements that get new code: offsets, indentation, and what comes behind."""
    for change in request.changes:
        if isinstance(change, Replace):
            node: cst.CSTNode = change.node
        elif isinstance(change, (AddArgument, NameValue)):
            node = change.call if isinstance(change, AddArgument) else change.statement
        else:
            continue
        holder = node if isinstance(node, cst.BaseStatement) else site.holder(node)
        last = _last(holder)
        if last is None or isinstance(node, cst.BaseStatement):
            continue
        try:
            place = site.region(holder)[0], site.region(last, outer=True)[1]
            yield *place, site.indentation(holder), _behind(site, holder)
        except RefusedError:
            continue


def _behind(site: Site, holder: cst.CSTNode) -> _Behind:
    simple = isinstance(holder, cst.SimpleStatementLine)
    block = holder if simple else getattr(holder, "body", None)
    end = getattr(block, "trailing_whitespace" if simple else "header", None)
    comment = site.module.code_for_node(end).rstrip() if isinstance(end, cst.TrailingWhitespace) else ""
    return _Behind("" if simple else ":", comment)


def _last(holder: cst.CSTNode) -> cst.CSTNode | None:
    """What a statement alone on its line, or the header of a compound one, ends with."""
    if isinstance(holder, cst.SimpleStatementLine):
        only = holder.body[0] if len(holder.body) == 1 else None
        value = getattr(only, "value", None)
        return value if isinstance(value, cst.BaseExpression) else None
    if isinstance(holder, cst.For):
        return holder.iter
    if isinstance(holder, cst.With) and len(holder.items) == 1 and not isinstance(holder.lpar, cst.LeftParen):
        item = holder.items[0]
        return item.asname.name if item.asname is not None else item.item
    return holder.test if isinstance(holder, (cst.If, cst.While)) else None


def _applied(site: Site, edits: Sequence[RawEdit], start: int, end: int) -> str:
    pieces = []
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        pieces += [site.source.text[start : edit.start], edit.text]
        start = edit.end
    return "".join([*pieces, site.source.text[start:end]])


def _room(site: Site) -> int:
    """How long a line may get where the file's own lines don't keep to a length."""
    return min(max(site.width, longest(site.source.text)), _LONG)


def _fitting(site: Site, old: str, new: str, indent: str, behind: _Behind) -> str | None:
    """The statement in another layout; None where it stays as it is."""
    before, after = ("\n".join(NEWLINE.split(text)) for text in (old, new))
    colon, comment = behind.colon, behind.comment

    def width(code: str, with_comment: bool = False) -> int:
        return longest(f"{indent}{code}{colon}{comment if with_comment else ''}")

    # ruff measures the code alone, black a comment behind it as well: between the two, commas keep the lines for both.
    flat = after
    if "\n" not in after:
        wanted = width(after) > (_room(site) if width(before) > site.width else site.width)
        heeds_comment = not _SAYS.match(comment) and width(before, True) <= site.width < width(after, True)
    else:
        on_one_line, flat_before = joined(after), joined(before)
        if on_one_line is None or "\n" not in before or (",\n" in before and _NO_LAST_COMMA.search(before)):
            return None  # no formatter's layout
        flat = on_one_line
        # A formatter puts on one line what fits there, by its own measure.
        room = max(site.width, FORMATTED) if site.configured_width is None else site.width
        was_long = flat_before is not None and width(flat_before, True) > room
        short_now = was_long and width(flat, True) <= room
        wanted = short_now or longest(after) > site.width >= longest(before)
        heeds_comment = flat_before is not None and width(flat) <= room < min(width(flat_before), width(flat, True))
    heeds_comment = heeds_comment and not wanted and flat.endswith(")")
    if not wanted and not heeds_comment:
        return None
    wrapping = Wrapping(site.width, site.module.default_indent)
    laid_out = wrapping.statement(flat + colon, indent, comment if heeds_comment else "")
    if laid_out is None:
        return None
    text = laid_out.removesuffix(comment) if heeds_comment else laid_out
    return text.removesuffix(colon).replace("\n", site.newline + indent)

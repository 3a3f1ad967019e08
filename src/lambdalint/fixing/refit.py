"""Statements that a fix changes in place, over as many lines as a formatter would give them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import libcst as cst
from msgspec import Struct

from lambdalint.fixing.layout import same_code
from lambdalint.fixing.requests import AddArgument, FixRequest, NameValue, Replace, Unwrap, Wrap
from lambdalint.fixing.site import NEWLINE, RawEdit, RefusedError, Site
from lambdalint.fixing.style import FORMATTED
from lambdalint.fixing.wrapping import Wrapping, joined, longest
from lambdalint.syntax.driver import walk

_NO_LAST_COMMA = re.compile(r"[^\s,(\[{]\n\s*[)\]}]")  # a last part alone on its line, without the comma of formatters
_OPERATOR_LAST = re.compile(r"(?:[-+*/%&|^@<>=]|\b(?:and|or))[ \t]*\n")  # formatters begin the next line with it
_SAYS = re.compile(r"\s*#\s*(noqa|type:|pylint:|pyright:|nosec|lambdalint:)")  # what holds for the line it stands on
_LONG = 120  # columns that no line gets longer than for a fix


def refit(site: Site, request: FixRequest, raw: Sequence[RawEdit], leads: Mapping[int, str]) -> list[RawEdit]:
    """The same edits, those of a statement that gets too long, or short enough for one line, as one.

    `leads` is the new white space of the lines that move a level in or out.
    """
    edits = list(raw)
    for one in dict.fromkeys(_changed(site, request, leads)):
        start, end = one.start, one.end
        own = [edit for edit in edits if start <= edit.start and edit.end <= end]
        if not own and one.indent == one.lead:
            continue
        if any(edit.start < end and start < edit.end and edit not in own for edit in edits):
            continue
        text = _fitting(site, one, _applied(site, own, start, end))
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


class _Statement(Struct, frozen=True):
    """A statement, or the header of a compound one: its offsets, the white space that its line begins with and will
    begin with, and what comes behind its code on its last line."""

    start: int
    end: int
    indent: str
    lead: str
    colon: str
    comment: str


def _changed(site: Site, request: FixRequest, leads: Mapping[int, str]) -> Iterator[_Statement]:
    """The statements that get new code or another indentation."""
    for holder in _holders(site, request):
        last = _last(holder)
        if last is None:
            continue
        simple = isinstance(holder, cst.SimpleStatementLine)
        block = holder if simple else getattr(holder, "body", None)
        ending = getattr(block, "trailing_whitespace" if simple else "header", None)
        comment = site.module.code_for_node(ending).rstrip() if isinstance(ending, cst.TrailingWhitespace) else ""
        try:
            start, end = site.region(holder)[0], site.region(last, outer=True)[1]
            indent = site.indentation(holder)
        except RefusedError:
            continue
        lead = leads.get(site.source.position(start).line, indent)
        yield _Statement(start, end, indent, lead, "" if simple else ":", comment)


def _holders(site: Site, request: FixRequest) -> Iterator[cst.CSTNode]:
    for change in request.changes:
        if isinstance(change, (Wrap, Unwrap)):
            for node in walk(change.statement, trivia=False):
                if isinstance(node, cst.SimpleStatementLine) or isinstance(
                    getattr(node, "body", None), cst.IndentedBlock
                ):
                    yield node
        elif isinstance(change, Replace):
            if not isinstance(change.node, cst.BaseStatement):
                yield site.holder(change.node)
        elif isinstance(change, (AddArgument, NameValue)):
            yield site.holder(change.call if isinstance(change, AddArgument) else change.statement)


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


def _fitting(site: Site, one: _Statement, new: str) -> str | None:
    """A statement's new code in another layout; None where it stays as it is."""
    before = "\n".join(NEWLINE.split(site.source.text[one.start : one.end]))
    after = "\n".join(NEWLINE.split(new)).replace(f"\n{one.indent}", f"\n{one.lead}")

    def width(code: str, with_comment: bool = False, lead: str = one.lead) -> int:
        return longest(f"{lead}{code}{one.colon}{one.comment if with_comment else ''}")

    def width_before(code: str, with_comment: bool = False) -> int:
        return width(code, with_comment, one.indent)

    # ruff measures the code alone, black a comment behind it as well: between the two, commas keep the lines for both.
    flat = after
    if "\n" not in after:
        wanted = width(after) > (_room(site) if width_before(before) > site.width else site.width)
        heeds_comment = not _SAYS.match(one.comment) and width_before(before, True) <= site.width < width(after, True)
    else:
        if "\n" not in before or (",\n" in before and _NO_LAST_COMMA.search(before)) or _OPERATOR_LAST.search(before):
            return None  # no formatter's layout
        flat_before = joined(before)
        new_commas = flat_before is not None and joined(after) is None
        anew = new_commas or width(after) > site.width >= width_before(before)
        on_one_line = joined(after, last_commas=anew)
        tail = f"{one.colon} pass" if one.colon else ""
        if on_one_line is None or (anew and not same_code(on_one_line + tail, after + tail)):
            return None
        flat = on_one_line
        # A formatter puts on one line what fits there, by its own measure.
        room = max(site.width, FORMATTED) if site.configured_width is None else site.width
        short_now = flat_before is not None and width_before(flat_before, True) > room >= width(flat, True)
        wanted = anew or short_now
        split_for_code = flat_before is not None and width_before(flat_before) > room
        heeds_comment = split_for_code and width(flat) <= room < width(flat, True)
    heeds_comment = heeds_comment and not wanted and flat.endswith(")")
    if not wanted and not heeds_comment:
        return None
    wrapping = Wrapping(site.width, site.module.default_indent)
    laid_out = wrapping.statement(flat + one.colon, one.lead, one.comment if heeds_comment else "")
    if laid_out is None:
        return None
    text = laid_out.removesuffix(one.comment) if heeds_comment else laid_out
    return text.removesuffix(one.colon).replace("\n", site.newline + one.lead)

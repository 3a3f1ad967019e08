"""Adding keyword arguments to a call, in the way its arguments are laid out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import libcst as cst

from lambdalint.fixing import render
from lambdalint.fixing.precedence import binding, required
from lambdalint.fixing.requests import AddArgument
from lambdalint.fixing.site import RawEdit, RefusedError, Site

_TAB = 4  # columns that a tab counts for
_LINE, _LONG_LINE = 88, 120  # what formatters take; a file with longer lines shows that it has more room
_LINE_REST = re.compile(r"[ \t]*(?P<comma>,?)[ \t]*(?:#[^\r\n]*)?(?=\r\n|\r|\n)")


def add_arguments(site: Site, changes: Sequence[AddArgument]) -> list[RawEdit]:
    """The edits for all arguments that one call gets; RefusedError where it isn't sure."""
    call = changes[0].call
    site.refuse_in_string(call)
    _refuse_clash(call, [change.keyword for change in changes])
    spread = next((arg for arg in call.args if arg.star == "**"), None)
    if spread is not None and any(change.unless_spread for change in changes):
        raise RefusedError("what ** passes isn't known")
    indent = site.indentation(call)
    texts = [f"{change.keyword}={_value(site, change, indent)}" for change in changes]
    _, end = site.region(call)
    source = site.source.text
    if spread is not None:
        start, _ = site.region(spread)
        line_start, _ = site.line_at(start)
        lead = source[line_start:start]
        gap = " " if lead.strip() else site.newline + lead
        return [RawEdit(start, start, "".join(f"{text},{gap}" for text in texts))]
    if not call.args:
        opening = _opening(site, call)
        if source[opening : end - 1].strip():
            raise RefusedError("a comment stands between the brackets")
        return [RawEdit(opening, opening, ", ".join(texts))]
    last = _end_of_argument(site, call.args[-1])
    line_start, _ = site.line_at(site.region(call.args[-1])[0])
    line = source[line_start:last]
    own_line = not source[line_start : site.region(call.args[-1])[0]].strip()
    rest = _LINE_REST.match(source, last, end)
    if not own_line:
        lines = _on_lines(site, call, texts)
        if lines is not None:
            return lines
        return [RawEdit(last, last, "".join(f", {text}" for text in texts))]
    before = site.newline + line[: len(line) - len(line.lstrip())]
    if rest is None:
        return [RawEdit(last, last, "".join(f",{before}{text}" for text in texts))]
    if rest["comma"]:
        return [RawEdit(rest.end(), rest.end(), "".join(f"{before}{text}," for text in texts))]
    new = before + f",{before}".join(texts)
    if rest.end() == last:
        return [RawEdit(last, last, "," + new)]
    # The comment stays behind the argument it belongs to.
    return [RawEdit(last, last, ","), RawEdit(rest.end(), rest.end(), new)]


def _on_lines(site: Site, call: cst.Call, texts: Sequence[str]) -> list[RawEdit] | None:
    """An argument to a line, where one line would get too long for a call that a statement begins its value with."""
    start, end = site.region(call)
    line_start, line_end = site.line_at(start)
    source = site.source.text
    longest = max(len(line.expandtabs(_TAB)) for line in site.source.lines)
    length = len(source[line_start:line_end].expandtabs(_TAB)) + sum(len(text) + 2 for text in texts)
    if end > line_end or length <= min(max(longest, _LINE), _LONG_LINE) or not _leads_statement(site, call):
        return None
    regions = [site.region(argument) for argument in call.args]
    gaps = [(_opening(site, call), regions[0][0])]
    gaps += [(before[1], after[0]) for before, after in itertools.pairwise(regions)]
    if source[slice(*gaps[0])].strip() or any(source[slice(*gap)].strip() != "," for gap in gaps[1:]):
        return None
    line = source[line_start:line_end]
    outer = line[: len(line) - len(line.lstrip())]
    inner = site.newline + outer + site.module.default_indent
    edits = [RawEdit(*gaps[0], inner)] + [RawEdit(*gap, f",{inner}") for gap in gaps[1:]]
    rest = "".join(f",{inner}{text}" for text in texts)
    return [*edits, RawEdit(regions[-1][1], end - 1, f"{rest},{site.newline}{outer}")]


def _leads_statement(site: Site, node: cst.CSTNode) -> bool:
    """Whether a call, or what is read or called of it, is all that a statement evaluates."""
    parent = site.parent(node)
    while isinstance(parent, (cst.Attribute, cst.Subscript, cst.Call)):
        if node is not (parent.func if isinstance(parent, cst.Call) else parent.value):
            return False
        node, parent = parent, site.parent(parent)
    return isinstance(parent, (cst.Assign, cst.AnnAssign, cst.Expr, cst.Return))


def _refuse_clash(call: cst.Call, keywords: list[str]) -> None:
    given = [arg.keyword.value for arg in call.args if arg.keyword is not None]
    if len({*given, *keywords}) < len(given) + len(keywords):
        raise RefusedError("the call has this argument already")
    if len(call.args) == 1:
        value = call.args[0].value
        if isinstance(value, cst.GeneratorExp) and not value.lpar:
            raise RefusedError("a bare generator has to be the only argument")


def _value(site: Site, change: AddArgument, indent: str) -> str:
    node, text = render.expression(site, change.code, indent)
    level = required(cst.Arg(node), node)
    return f"({text})" if level is not None and binding(node) < level else text


def _opening(site: Site, call: cst.Call) -> int:
    """Just behind the opening bracket of a call without arguments."""
    position = site.region(call.func, outer=True)[1]
    bracket = site.source.text.find("(", position)
    if bracket < 0 or site.source.text[position:bracket].strip(" \t"):
        raise RefusedError("the opening bracket can't be told")
    return bracket + 1


def _end_of_argument(site: Site, arg: cst.Arg) -> int:
    return site.region(arg.value, outer=True)[1]

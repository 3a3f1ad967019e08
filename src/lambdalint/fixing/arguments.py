"""Adding keyword arguments to a call, in the way its arguments are laid out."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from lambdalint.fixing import render
from lambdalint.fixing.precedence import binding, required
from lambdalint.fixing.requests import AddArgument
from lambdalint.fixing.site import RawEdit, RefusedError, Site

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
        return [RawEdit(last, last, "".join(f", {text}" for text in texts))]
    before = site.newline + line[: len(line) - len(line.lstrip())]
    if rest is None:
        return [RawEdit(last, last, "".join(f",{before}{text}" for text in texts))]
    if rest["comma"]:
        return [RawEdit(rest.end(), rest.end(), "".join(f"{before}{text}," for text in texts))]
    # One argument alone has no comma in formatted code; several have it.
    comma = "," if len(call.args) == 1 and source[rest.end() : end - 1].isspace() else ""
    new = before + f",{before}".join(texts) + comma
    if rest.end() == last:
        return [RawEdit(last, last, "," + new)]
    # The comment stays behind the argument it belongs to.
    return [RawEdit(last, last, ","), RawEdit(rest.end(), rest.end(), new)]


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

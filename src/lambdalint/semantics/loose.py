"""HTTP requests that are sent without a session: to which host, and whether that is the same each time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from lambdalint.knowledge import setups, tables
from lambdalint.knowledge.setups import SingleRequest
from lambdalint.semantics import ir, requests
from lambdalint.semantics.addresses import assigned, known_text, stays_inside
from lambdalint.semantics.core import Core

_DEPTH = 12  # of names and formats that are looked through
_LONGEST = 300  # no host is longer (RFC 1035: 255 octets)
_SOMETHING = "\0"  # stands for a part that isn't known
_HOST_ENDS = re.compile(rf"(?:[a-z]+://[^/?#]+|{_SOMETHING}[^/?#]*)[/?#]", re.IGNORECASE)
_JOINING = ("urllib.parse.urljoin", "os.path.join", "posixpath.join")
_TRIMMING = ("rstrip", "strip", "removesuffix")
_FIELD = re.compile(r"\{(?P<name>\w*)\}|%[sd]")


class LooseRequest(Struct, frozen=True):
    """A request over a connection of its own; `fact` knows what would keep the connection."""

    model: Core
    call: ir.Call
    fact: SingleRequest

    @property
    def label(self) -> str:
        return f"{self.model.text(self.call.func)}(…)"


def loose_request(model: Core, call: ir.Call) -> LooseRequest | None:
    """The request that a call sends to the same host on each invocation, by TLS as far as known."""
    name = tables.canonical(model.qualified(call.func))
    fact = setups.single_request(name)
    if fact is None or call.spreads:
        return None
    evaluator = model.project.evaluator
    address = requests.address_of(evaluator, name, call)
    if address is None or stays_inside(evaluator, address) or _is_plain(known_text(evaluator, address).start):
        return None
    return None if _host_varies(model, address) else LooseRequest(model, call, fact)


def _is_plain(start: str) -> bool:
    """Whether an address surely needs no TLS."""
    scheme, colon, _ = start.partition("://")
    return bool(colon) and scheme.lower() != "https"


def _host_varies(model: Core, address: ir.Expr) -> bool:
    return _read(model, address, "", _DEPTH)[1]


def _read(model: Core, expr: ir.Expr, text: str, depth: int) -> tuple[str, bool]:
    """The text of an address with one more part, and whether the host depends on an event or a loop up to there."""
    known = known_text(model.project.evaluator, expr)
    if known.whole or _HOST_ENDS.match(text + known.start):
        return text + known.start, False
    pieces = _pieces(model, expr) if depth else None
    if pieces is None:
        return text + _SOMETHING, model.depends_on_event(expr) or model.depends_on_loop(expr)
    varies = False
    for piece in pieces:
        if varies or _HOST_ENDS.match(text) or len(text) > _LONGEST:
            break
        if isinstance(piece, str):
            text += piece
        else:
            text, varies = _read(model, piece, text, depth - 1)
    return text, varies


def _pieces(model: Core, expr: ir.Expr) -> Sequence[str | ir.Expr] | None:
    """What an address is put together from, as far as its beginning goes; None where that can't be seen."""
    match expr:
        case ir.Name():
            value = assigned(expr)
            return [value] if value is not None else None
        case ir.Blend(op="fstring" | "Add", items=items):
            return items
        case ir.Blend(op="Modulo", items=[pattern, given]):
            values = given.items if isinstance(given, ir.Seq) else [given]
            return _filled(model.constant(pattern), values, {})
        case ir.Call(func=ir.Attr(base=pattern, name="format")) if not expr.spreads:
            plain = [argument.value for argument in expr.args if argument.keyword is None]
            named = {argument.keyword: argument.value for argument in expr.args if argument.keyword is not None}
            return _filled(model.constant(pattern), plain, named)
        case ir.Call(func=ir.Attr(base=text, name=name)) if name in _TRIMMING:
            return [text]
        case ir.Call() if model.qualified(expr.func) in _JOINING:
            first = expr.positional(0)
            return [first, "/"] if first is not None else None
        case _:
            return None


def _filled(pattern: object, plain: Sequence[ir.Expr], named: dict[str, ir.Expr]) -> Sequence[str | ir.Expr] | None:
    """The pieces of a pattern with `{}`, `{0}`, `{name}` or `%s`, up to a field that can't be told."""
    if not isinstance(pattern, str):
        return None
    pieces: list[str | ir.Expr] = []
    given = iter(plain)
    at = 0
    for field in _FIELD.finditer(pattern):
        name = field["name"] or ""
        value = plain[int(name)] if name.isdigit() and int(name) < len(plain) else named.get(name)
        if not name:
            value = next(given, None)
        if value is None:
            return None
        pieces += [pattern[at : field.start()], value]
        at = field.end()
    return [*pieces, pattern[at:]]

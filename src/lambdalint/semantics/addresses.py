"""Texts that are known at their beginning, and whether such an address leaves the execution environment."""

from __future__ import annotations

import re

from msgspec import Struct

from lambdalint.knowledge import tables
from lambdalint.semantics import flow, ir
from lambdalint.semantics.values import Evaluator, Value, single

_DEPTH = 12  # of names and formats that are looked through
_HOST = re.compile(r"(?:[a-z]+:)?//(?P<host>\[[^\]/]*\]|[^/:?#@]*)(?P<end>[/:?#]|$)", re.IGNORECASE)
_VARIABLES = {"os.environ.get": 0, "os.getenv": 0}


class Text(Struct, frozen=True):
    """A text as far as it is known from its beginning; `whole` says that nothing follows."""

    start: str
    whole: bool


_UNKNOWN = Text("", False)


def known_text(evaluator: Evaluator, expr: ir.Expr | None, depth: int = _DEPTH) -> Text:
    """What a text surely begins with, through names, f-strings, `+`, `%` and `.format`.

    A variable that the execution environment sets to an address of its own reads as "localhost".
    """
    if expr is None or depth == 0:
        return _UNKNOWN
    value = single(evaluator.evaluate(expr))
    if value is not None and value.kind == "const" and isinstance(value.constant, (str, int)):
        return Text(str(value.constant), True)
    if value is not None and value.kind == "result":
        return (
            Text("localhost", True) if _variable(value) in tables.load("effects")["sandbox"]["variables"] else _UNKNOWN
        )
    match expr:
        case ir.Blend(op="fstring" | "Add", items=items):
            return _joined(evaluator, items, depth - 1)
        case ir.Blend(op="Modulo", items=[pattern, *_]):
            return _up_to("%", known_text(evaluator, pattern, depth - 1))
        case ir.Call(func=ir.Attr(base=pattern, name="format")):
            return _up_to("{", known_text(evaluator, pattern, depth - 1))
        case ir.Name():
            given = assigned(expr)
            return known_text(evaluator, given, depth - 1)
        case _:
            return _UNKNOWN


def assigned(name: ir.Name) -> ir.Expr | None:
    """The one expression that a name was assigned, or None."""
    binding = name.scope.lookup(name.id)
    definitions = flow.reaching(name, binding) if binding is not None else ()
    if len(definitions) != 1 or definitions[0].kind != "assign" or definitions[0].path:
        return None
    return definitions[0].value


def _joined(evaluator: Evaluator, items: list[ir.Expr], depth: int) -> Text:
    start = ""
    for item in items:
        found = known_text(evaluator, item, depth)
        start += found.start
        if not found.whole:
            return Text(start, False)
    return Text(start, True)


def _up_to(mark: str, found: Text) -> Text:
    before, sign, _ = found.start.partition(mark)
    return Text(before, found.whole and not sign)


def _variable(value: Value) -> str:
    """The environment variable that a value was read from without a default, or ""."""
    origin = value.origin
    name: ir.Expr | None = None
    if value.name == "os.environ" and isinstance(origin, ir.Item):
        name = origin.key
    elif value.name in _VARIABLES and isinstance(origin, ir.Call):
        name = origin.positional(0)
    return name.value if isinstance(name, ir.Const) and isinstance(name.value, str) else ""


def stays_inside(evaluator: Evaluator, address: ir.Expr | None) -> bool:
    """Whether a URL surely stays in the execution environment: an extension, the runtime, a file."""
    sandbox = tables.load("effects")["sandbox"]
    text = known_text(evaluator, address)
    scheme, colon, _ = text.start.partition(":")
    if colon and scheme.lower() in sandbox["schemes"]:
        return True
    found = _HOST.match(text.start)
    # A host that is followed by something unknown may go on.
    return found is not None and bool(found["end"] or text.whole) and found["host"].lower() in sandbox["hosts"]


def is_inside_host(evaluator: Evaluator, host: ir.Expr | None) -> bool:
    """The same for a host, with or without a port."""
    text = known_text(evaluator, host)
    name, colon, _ = text.start.partition(":")
    return bool(colon or text.whole) and name.lower() in tables.load("effects")["sandbox"]["hosts"]

"""Texts that are known at their beginning, and whether such an address leaves the execution environment."""

from __future__ import annotations

import re

from msgspec import Struct

from lambdalint.knowledge import tables
from lambdalint.semantics import classes, flow, ir
from lambdalint.semantics.values import Evaluator, Value, single

_DEPTH = 12  # of names and formats that are looked through
_SOURCES = 60  # expressions in other places that an address may come from
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
    """Whether a URL surely stays in the execution environment: an extension, the runtime, a file.

    Where its text isn't known in its place, all that callers hand over for it, or that methods of its
    object store in the attribute that holds it, has to.
    """
    seen: set[ir.Expr] = set()
    pending: list[ir.Expr | None] = [address]
    while pending:
        expr = pending.pop()
        if expr in seen:
            continue
        if expr is None or len(seen) == _SOURCES:
            return False
        seen.add(expr)
        text = known_text(evaluator, expr)
        if text.start:
            if not _is_inside(text):
                return False
        else:
            pending += _beginnings(evaluator, expr)
    return True


def _is_inside(text: Text) -> bool:
    sandbox = tables.load("effects")["sandbox"]
    scheme, colon, _ = text.start.partition(":")
    if colon and scheme.lower() in sandbox["schemes"]:
        return True
    found = _HOST.match(text.start)
    # A host that is followed by something unknown may go on.
    return found is not None and bool(found["end"] or text.whole) and found["host"].lower() in sandbox["hosts"]


def _beginnings(evaluator: Evaluator, expr: ir.Expr) -> list[ir.Expr | None]:
    """What a text that isn't known in its place may begin with; None among it where that can't be told."""
    match expr:
        case ir.Name():
            given = assigned(expr)
            return [given] if given is not None else _handed_over(evaluator, expr)
        case ir.Attr():
            return _stored(evaluator, expr)
        case ir.Blend(op="fstring" | "Add", items=[first, *_]):
            return [first]
        case _:
            return [None]


def _handed_over(evaluator: Evaluator, name: ir.Name) -> list[ir.Expr | None]:
    """What the callers give for a parameter."""
    binding = name.scope.lookup(name.id)
    definitions = flow.reaching(name, binding) if binding is not None else ()
    if len(definitions) != 1 or definitions[0].kind != "param" or definitions[0].function is None:
        return [None]
    index = definitions[0].index
    edges = evaluator.world.edges_to(definitions[0].function)
    return [None if edge.unsure else edge.bound.get(index) for edge in edges] or [None]


def _stored(evaluator: Evaluator, attr: ir.Attr) -> list[ir.Expr | None]:
    """What the methods of an object's class store in an attribute."""
    found: list[ir.Expr | None] = []
    if any(store.kind == "attribute" for store in evaluator.world.stores(attr.name)):
        return [None]
    for value in evaluator.evaluate(attr.base):
        if value.kind != "instance" or not isinstance(value.origin, ir.Class):
            return [None]
        for ancestor in classes.lineage(evaluator, value.origin):
            stores = ancestor.attributes.get(attr.name, ()) if ancestor is not None else [(None, (), None)]
            found += [None if path else stored for stored, path, _ in stores]
    return found or [None]


def is_inside_host(evaluator: Evaluator, host: ir.Expr | None) -> bool:
    """The same for a host, with or without a port."""
    text = known_text(evaluator, host)
    name, colon, _ = text.start.partition(":")
    return bool(colon or text.whole) and name.lower() in tables.load("effects")["sandbox"]["hosts"]

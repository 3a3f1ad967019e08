"""Abstract values, and the calls that they are seen through."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from lambdalint.semantics import ir

if TYPE_CHECKING:
    from lambdalint.semantics.callgraph import Edge


class Value(Struct, frozen=True):
    """One abstract value.

    kind is one of: "external" (name: dotted name of something imported from
    outside the project), "module" (name: path), "function", "class",
    "instance" (origin: the class; call: what made it, where that is known),
    "super" (origin: the class whose bases are meant; base: the instance),
    "method" (origin: the function; base: the instance), "partial" (origin: the
    call; base: what is called), "generator" (origin: the function), "member" of
    an enumeration (origin: the class), "record" (origin: the call of
    `namedtuple`; call: what made it), "client" and "resource" (name: service;
    base: the session it was asked of), "session", "subresource" (name: Table,
    Bucket, …; base: the resource), "collection" (name; base: whose), "meta"
    (base: whose), "operation" (name; base: what it is called on), "paginator"
    and "waiter" (name; base: the client), "response" (name: operation; base:
    what was asked), "result" (name: the external that was called), "batch" (what
    `batch_writer()` gives), "const", "container", "pair" (an entry of a mapping)
    and "unknown". origin is the expression or definition that it comes from,
    context the calls around it there.
    """

    kind: str
    name: str = ""
    origin: object = None
    base: Value | None = None
    constant: object = None
    call: ir.Call | None = None
    context: Context | None = None

    @property
    def outside(self) -> bool:
        """Whether it is what calling something outside the project gave, or hangs on that."""
        value: Value | None = self
        while value is not None and value.kind in ("operation", "response"):
            value = value.base
        return value is not None and value.kind == "result"

    @property
    def service(self) -> str:
        """The AWS service behind a client, resource or anything made from one."""
        value: Value | None = self
        while value is not None:
            if value.kind in ("client", "resource"):
                return value.name
            value = value.base
        return ""

    def speaks_of(self, gone: set[object]) -> bool:
        """Whether it comes from, or is seen through, anything of `gone`."""
        value: Value | None = self
        while value is not None:
            if value.origin in gone or value.call in gone or value.context in gone:
                return True
            value = value.base
        return False

    @property
    def depth(self) -> int:
        """How many calls it is seen through."""
        own = self.context.depth if self.context is not None else 0
        return max(own, self.base.depth) if self.base is not None else own

    @property
    def alone(self) -> Value:
        """The same with the call that made it, whatever was around that."""
        base = self.base.alone if self.base is not None else None
        return replace(self, base=base, context=None) if self.depth else self

    @property
    def anywhere(self) -> Value:
        """The same wherever it was made."""
        base = self.base.anywhere if self.base is not None else None
        if self.call is None and self.context is None and base is self.base:
            return self
        return replace(self, base=base, call=None, context=None)


class Context(Struct, frozen=True, eq=False):
    """A call whose callee is being looked into; the evaluator keeps one of each.

    The parameters of `function` are the arguments of `edge`, evaluated in
    `outer`; without an edge they are what all callers give. `receiver` is its
    self or cls, `closure` the context of the function around it.
    """

    function: ir.Function
    edge: Edge | None
    outer: Context | None
    receiver: Value | None
    closure: Context | None
    depth: int

    def speaks_of(self, gone: set[object]) -> bool:
        """Whether it is one of anything of `gone`, where that holds all such contexts around it."""
        if self.function in gone or self.outer in gone or self.closure in gone:
            return True
        if self.edge is not None and (self.edge.site in gone or self.edge.callee in gone):
            return True
        return self.receiver is not None and self.receiver.speaks_of(gone)

    def around(self, function: ir.Function) -> Context | None:
        """The context of a function's own names as this one's code sees them, or None."""
        current: Context | None = self
        while current is not None and current.function is not function:
            current = current.closure
        return current


UNKNOWN = Value("unknown")
Values = frozenset[Value]
NOTHING: Values = frozenset()
UNSURE: Values = frozenset({UNKNOWN})
DECORATED = Value("decorated")  # the base of a function or class as its decorators are given it
# Methods that put their arguments into the object they are called on.
MUTATORS = {"append", "add", "extend", "update", "insert", "setdefault", "appendleft", "put", "__setitem__"}
# What is the same thing, as far as it is asked about, wherever it was made.
_ALIKE = {
    *("client", "resource", "session", "subresource", "collection", "meta", "operation"),
    *("paginator", "waiter", "response", "batch"),
}


def union(parts: Iterable[Values]) -> Values:
    merged: set[Value] = set()
    for part in parts:
        merged |= part
    return frozenset(merged)


def in_order(values: Values) -> list[Value]:
    """The values in an order that is the same in every run."""

    def place(value: Value) -> tuple[str, ...]:
        origin = value.origin
        where = (origin.module.path, origin.qualname) if isinstance(origin, (ir.Function, ir.Class)) else ()
        return (value.kind, value.name, *where, *(place(value.base) if value.base is not None else ()))

    return sorted(values, key=place)


def full_name(value: Value) -> str:
    """`fastapi.FastAPI.get` for a method of what an outside constructor gave; "" where there is no such name."""
    match value.kind:
        case "external" | "result":
            return value.name
        case "operation" | "response" if value.base is not None and value.base.kind in ("external", "result"):
            return f"{value.base.name}.{value.name}"
        case _:
            return ""


def is_none(value: Value) -> bool:
    return value.kind == "const" and value.constant is None


def single(values: Values) -> Value | None:
    """The one thing that a value surely is, None constants aside; its origin is None where it has several."""
    merged: Value | None = None
    for value in values:
        if is_none(value):
            continue
        merged = value if merged is None else _alike(merged, value)
        if merged is None or merged.kind == "unknown":
            return None
    return merged


def _alike(one: Value, other: Value) -> Value | None:
    """What two values have in common where they are the same kind of thing, else None."""
    if one == other:
        return one
    if (one.kind, one.name, type(one.constant), one.constant) != (
        *(other.kind, other.name, type(other.constant), other.constant),
    ):
        return None
    same = one.origin is other.origin
    if not same and one.kind not in _ALIKE:
        return None
    base = one.base
    if one.base is not other.base:
        base = _alike(one.base, other.base) if one.base is not None and other.base is not None else None
        if base is None:
            return None
    return Value(one.kind, one.name, one.origin if same else None, base, one.constant)

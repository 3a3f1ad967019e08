"""Classes of the project: their bases, their methods, what runs when they are made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint.semantics import ir

if TYPE_CHECKING:
    from lambdalint.semantics.values import Evaluator, Value

_PROPERTIES = {"property", "cached_property", "functools.cached_property", "reify", "cached.property"}


def lineage(evaluator: Evaluator, cls: ir.Class) -> Iterator[ir.Class | None]:
    """`cls` and its base classes, nearest first; None stands for a base outside the project."""
    seen: set[int] = set()
    queue: list[ir.Class] = [cls]
    while queue:
        current = queue.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        for base in current.bases:
            known = [v for v in evaluator.evaluate(base) if v.kind == "class"]
            if known and isinstance(known[0].origin, ir.Class):
                queue.append(known[0].origin)
            elif not (isinstance(base, ir.Name) and base.id in ("object", "ABC", "Protocol")):
                yield None


def is_property(method: ir.Function) -> bool:
    return any(ir.dotted(decorator) in _PROPERTIES for decorator in method.decorators)


def receiver(value: Value) -> ir.Class | None:
    """The class of the object that is self, or cls, in a method that is called by `value`."""
    if value.kind == "method" and value.base is not None:
        value = value.base
        if value.kind == "class" and isinstance(value.origin, ir.Class):
            return value.origin
    # `super()` finds its methods in a base class, for an object of the class that it stands in.
    owner = value.base.origin if value.kind == "instance" and value.base is not None else value.origin
    return owner if isinstance(owner, ir.Class) else None


def find_method(evaluator: Evaluator, value: Value, name: str) -> ir.Function | None:
    """The method that an instance (or class) of the project has under `name`."""
    if not isinstance(value.origin, ir.Class):
        return None
    for ancestor in lineage(evaluator, value.origin):
        if ancestor is not None and name in ancestor.methods:
            return ancestor.methods[name]
    return None

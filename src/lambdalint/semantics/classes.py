"""Classes of the project: their bases, their methods, their instances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from lambdalint.semantics import ir
from lambdalint.semantics.value import Value, Values

if TYPE_CHECKING:
    from lambdalint.semantics.values import Evaluator

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
            known = [v for v in evaluator.evaluate(_plain(base)) if v.kind == "class"]
            if known and isinstance(known[0].origin, ir.Class):
                queue.append(known[0].origin)
            elif not (isinstance(base, ir.Name) and base.id in ("object", "ABC", "Protocol")):
                yield None


def _plain(base: ir.Expr) -> ir.Expr:
    """The class of `Base[T]`."""
    return base.base if isinstance(base, ir.Item) else base


def foreign(evaluator: Evaluator, cls: ir.Class) -> set[str]:
    """The dotted names of the bases outside the project, and of the decorators, of a class and its bases."""
    found: set[str] = set()
    for ancestor in lineage(evaluator, cls):
        for expr in (*ancestor.bases, *ancestor.decorators) if ancestor is not None else ():
            target = expr.func if isinstance(expr, ir.Call) else _plain(expr)
            found |= {v.name for v in evaluator.evaluate(target) if v.kind == "external"}
    return found


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
    """The method that an instance (or class, or `super()`) of the project has under `name`."""
    for ancestor in search(evaluator, value):
        if ancestor is not None and name in ancestor.methods:
            return ancestor.methods[name]
    return None


def search(evaluator: Evaluator, value: Value) -> Iterator[ir.Class | None]:
    """The classes that an attribute of an instance, a class or `super()` is looked for in, in order."""
    if not isinstance(value.origin, ir.Class):
        return
    if value.kind != "super" or value.base is None or not isinstance(value.base.origin, ir.Class):
        yield from lineage(evaluator, value.origin)
        return
    passed = False
    for ancestor in lineage(evaluator, value.base.origin):
        if passed:
            yield ancestor
        passed = passed or ancestor is value.origin


def instances(evaluator: Evaluator, cls: ir.Class) -> Values:
    """What an instance of a class may be: one of it or of a subclass, of those that the project makes."""
    return frozenset(Value("instance", variant.name, variant) for variant in evaluator.world.variants(cls))


class Kinds(Struct):
    """The project's classes: which are made where (`makers`), and which descend from which."""

    makers: dict[ir.Class, list[ir.Call]] = field(default_factory=dict)
    below: dict[ir.Class, list[ir.Class]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        evaluator: Evaluator,
        found: Iterable[ir.Class],
        made: Iterable[tuple[ir.Function, ir.Call, ir.Class]],
    ) -> Kinds:
        kinds = cls()
        for _, call, made_class in made:
            kinds.makers.setdefault(made_class, []).append(call)
        for descendant in found:
            for ancestor in lineage(evaluator, descendant):
                if ancestor is not None:
                    kinds.below.setdefault(ancestor, []).append(descendant)
        return kinds

    def variants(self, cls: ir.Class) -> Sequence[ir.Class]:
        """The classes that an instance of `cls` may have: those that are made, or all where none is."""
        known = self.below.get(cls, [cls])
        return [variant for variant in known if variant in self.makers] or known

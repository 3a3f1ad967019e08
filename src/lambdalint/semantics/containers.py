"""What the dicts and lists of a project hold, with what is stored into them after they were made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint.semantics import ir

if TYPE_CHECKING:
    from lambdalint.semantics.values import Evaluator, Values

# Methods that put their arguments into the object they are called on.
MUTATORS = {"append", "add", "extend", "update", "insert", "setdefault", "appendleft", "put", "__setitem__"}
# Which argument of such a method is stored as one entry.
_ENTRY = {"append": 0, "add": 0, "appendleft": 0, "put": 0, "insert": 1, "setdefault": 1, "__setitem__": 1}


def refilled(evaluator: Evaluator, container: ir.Expr, key: ir.Expr | None) -> bool:
    """Whether something may be stored under `key` of a named container after it was made."""
    for place in _changes(evaluator, container):
        holder = place.parent
        if not isinstance(holder, ir.Item):
            return True
        # Another constant key leaves this entry alone.
        if not (isinstance(holder.key, ir.Const) and isinstance(key, ir.Const)) or holder.key.value == key.value:
            return True
    return False


def entries(evaluator: Evaluator, container: ir.Map | ir.Seq) -> Values:
    """What a container is seen to be given: at first, and later."""
    first = container.items if isinstance(container, ir.Seq) else [value for _, value in container.entries]
    stored = [entry for place in _changes(evaluator, container) for entry in _stored(place)]
    return evaluator.union(evaluator.evaluate(entry) for entry in (*first, *stored))


def _changes(evaluator: Evaluator, container: ir.Expr) -> list[ir.Expr]:
    """The places that speak of a container and store something into it."""
    known = evaluator.changes.get(id(container))
    if known is None:
        known = evaluator.changes[id(container)] = [place for place in _places(container) if _is_change(place)]
    return known


def _is_change(place: ir.Expr) -> bool:
    holder = place.parent
    if isinstance(holder, ir.Item):
        return holder.store and holder.base is place
    return isinstance(holder, ir.Attr) and holder.name in MUTATORS and isinstance(holder.parent, ir.Call)


def _stored(place: ir.Expr) -> Iterator[ir.Expr]:
    """The single entries that are stored where a container is named."""
    holder = place.parent
    if isinstance(holder, ir.Item) and holder.store:
        stmt = holder.parent
        if isinstance(stmt, ir.Assign) and stmt.value is not None:
            yield stmt.value
    elif isinstance(holder, ir.Attr) and isinstance(holder.parent, ir.Call) and holder.name in _ENTRY:
        given = holder.parent.positional(_ENTRY[holder.name])
        if given is not None:
            yield given
    elif isinstance(holder, ir.Attr) and isinstance(holder.parent, ir.Call) and holder.name in MUTATORS:
        for argument in holder.parent.args:
            if isinstance(argument.value, ir.Map):
                yield from (value for _, value in argument.value.entries)
            elif isinstance(argument.value, ir.Seq):
                yield from argument.value.items
            elif argument.keyword is not None:
                yield argument.value


def _places(container: ir.Expr) -> Iterator[ir.Expr]:
    """Where the code of its module speaks of a container by the name or attribute that it was assigned to."""
    for target in container.parent.targets if isinstance(container.parent, ir.Assign) else []:
        if isinstance(target, ir.Name):
            binding = target.scope.lookup(target.id)
            yield from binding.uses if binding is not None else ()
            if target.scope.kind == "class":
                module = target.scope.function.module
                owners = [cls for cls in module.classes if cls.scope is target.scope]
                yield from (place for cls in owners for place in _attribute_places(cls, target.id))
        elif isinstance(target, ir.Attr) and isinstance(target.base, ir.Name):
            owner = _class_of_self(target.base)
            yield from _attribute_places(owner, target.name) if owner is not None else ()


def _attribute_places(cls: ir.Class, name: str) -> Iterator[ir.Attr]:
    for function in cls.module.functions:
        for attr in function.attributes:
            if attr.name == name and isinstance(attr.base, ir.Name):
                if attr.base.id == cls.name or _class_of_self(attr.base) is cls:
                    yield attr


def _class_of_self(name: ir.Name) -> ir.Class | None:
    """The class whose object (or which itself) a method's first parameter holds."""
    binding = name.scope.lookup(name.id)
    for definition in binding.definitions if binding is not None else ():
        function = definition.function
        if definition.kind == "param" and definition.index == 0 and function is not None and not function.is_static:
            return function.cls
    return None

"""Fields that a generated constructor fills (dataclasses, attrs, named tuples, models), and enumerations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint.knowledge import tables
from lambdalint.semantics import arguments, classes, hints, invoked, ir
from lambdalint.semantics.value import NOTHING, UNSURE, Context, Value, Values, single, union

if TYPE_CHECKING:
    from lambdalint.semantics.values import Evaluator

_DEFAULTS = ("default", "default_factory", "factory")


def given(evaluator: Evaluator, owner: Value, cls: ir.Class, binding: ir.Binding) -> Values | None:
    """What a field of an instance holds; None where the name is no field but a plain class attribute."""
    declared = _declaration(binding)
    if declared is None:
        return None
    assert isinstance(owner.origin, ir.Class)
    if "__init__" in owner.origin.methods:
        return None
    known = {kind for name in classes.foreign(evaluator, owner.origin) if (kind := tables.record_kind(name))}
    if not known:
        # A decorator or a base class that isn't known may make a constructor of it.
        generated = bool(cls.decorators or cls.bases) and declared.value is not None
        typed = hints.values(evaluator, declared.annotation)
        return (evaluator.binding(binding) | (NOTHING if typed else UNSURE)) if generated else None
    by_position = "keyword" not in known
    if owner.call is not None:
        found = _passed(evaluator, owner, owner.call, owner.context, binding.name, by_position)
    else:
        calls = evaluator.world.makers(owner.origin)
        found = union(_passed(evaluator, owner, call, None, binding.name, by_position) for call in calls)
        found = found or _default(evaluator, declared) | UNSURE
    return hints.refine(evaluator, found, declared.annotation)


def _declaration(binding: ir.Binding) -> ir.Definition | None:
    """`name: type` or `name: type = default` in a class body (`name = attr.ib()` too)."""
    for definition in binding.definitions:
        if definition.annotation is not None:
            generic = definition.annotation
            if isinstance(generic, ir.Item):
                generic = generic.base
            return None if ir.dotted(generic).split(".")[-1] == "ClassVar" else definition
        if isinstance(definition.value, ir.Call) and ir.dotted(definition.value.func) in ("attr.ib", "attrs.field"):
            return definition
    return None


def _passed(
    evaluator: Evaluator, owner: Value, call: ir.Call, context: Context | None, name: str, by_position: bool
) -> Values:
    """What one call of the class gives a field."""
    found, sure = arguments.by_name(evaluator, call, name, context)
    if sure:
        return found
    order = list(_order(evaluator, owner)) if by_position else []
    bound = call.positional(order.index(name)) if name in order else None
    if bound is not None:
        return evaluator.evaluate(bound, context)
    declared = next((d for known, d in _fields(evaluator, owner) if known == name), None)
    return found | (_default(evaluator, declared) if declared is not None else UNSURE)


def _order(evaluator: Evaluator, owner: Value) -> Iterator[str]:
    """The fields in the order of the constructor's parameters."""
    for name, declared in _fields(evaluator, owner):
        made = declared.value
        init = made.keyword("init") if isinstance(made, ir.Call) else None
        if not (isinstance(init, ir.Const) and init.value is False):
            yield name


def _fields(evaluator: Evaluator, owner: Value) -> Iterator[tuple[str, ir.Definition]]:
    """The fields of a class and its bases, the bases' first; one declared again keeps its place."""
    assert isinstance(owner.origin, ir.Class)
    found: dict[str, ir.Definition] = {}
    for cls in reversed([c for c in classes.lineage(evaluator, owner.origin) if c is not None]):
        for name, binding in cls.scope.bindings.items():
            declared = _declaration(binding)
            if declared is not None:
                found[name] = declared
    yield from found.items()


def _default(evaluator: Evaluator, declared: ir.Definition) -> Values:
    value = declared.value
    if value is None:
        return UNSURE
    if not isinstance(value, ir.Call):
        return evaluator.evaluate(value)
    made = single(evaluator.evaluate(value.func))
    if made is None or made.kind != "external" or not tables.is_field_maker(made.name):
        return evaluator.evaluate(value)
    for name in _DEFAULTS:
        default = value.keyword(name)
        if default is None:
            continue
        if name == "default":
            return evaluator.evaluate(default)
        # The factory is called without arguments each time; the call stands in for that one.
        return union(invoked.call(evaluator, v, value, None) for v in evaluator.evaluate(default))
    return UNSURE


def of_record(evaluator: Evaluator, value: Value, name: str) -> Values:
    """A field of what a class made by `namedtuple("Name", "a b")` made."""
    if not isinstance(value.origin, ir.Call) or value.call is None:
        return UNSURE
    given_names = value.origin.argument(1, "field_names")
    names: list[object] = []
    if isinstance(given_names, ir.Const) and isinstance(given_names.value, str):
        names = list(given_names.value.replace(",", " ").split())
    elif isinstance(given_names, ir.Seq):
        names = [item.value for item in given_names.items if isinstance(item, ir.Const)]
    if name not in names:
        return UNSURE
    return arguments.argument(evaluator, value.call, names.index(name), name, value.context) or UNSURE


# --- enumerations ------------------------------------------------------------------------


def is_enumeration(evaluator: Evaluator, cls: ir.Class) -> bool:
    return any(name in ("enum.Enum", "enum.IntEnum", "enum.StrEnum") for name in classes.foreign(evaluator, cls))


def enumerated(evaluator: Evaluator, cls: ir.Class, binding: ir.Binding) -> Value:
    """A member of an enumeration; one that mixes in `str` stands for its text as well."""
    text = {"builtins.str", "enum.StrEnum"} & classes.foreign(evaluator, cls)
    value = single(evaluator.binding(binding)) if text else None
    return Value("member", binding.name, cls, constant=value.constant if value is not None else None)


def of_member(evaluator: Evaluator, value: Value, name: str) -> Values:
    """`Color.RED.value` and `Color.RED.name`."""
    assert isinstance(value.origin, ir.Class)
    binding = value.origin.scope.bindings.get(value.name)
    if name == "value" and binding is not None:
        return evaluator.binding(binding)
    return frozenset({Value("const", "str", constant=value.name)}) if name == "name" else UNSURE

"""What a type says: stubs of AWS clients, sessions, classes of the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdalint.knowledge import tables
from lambdalint.semantics import classes, ir
from lambdalint.semantics.value import NOTHING, UNKNOWN, Value, Values, is_none, union

if TYPE_CHECKING:
    from lambdalint.semantics.values import Evaluator

# `Annotated[X, …]` and its like mean X (typing documentation).
_WRAPPERS = {"Annotated", "ClassVar", "Final", "InitVar", "NotRequired", "Optional", "ReadOnly", "Required"}
_NESTED = 20  # brackets within brackets


def refine(evaluator: Evaluator, found: Values, annotation: ir.Expr | None) -> Values:
    """What is known by data flow, or what the type says where that leaves it open."""
    if annotation is None or (UNKNOWN not in found and not all(is_none(v) for v in found)):
        return found
    return values(evaluator, annotation) or found


def values(evaluator: Evaluator, annotation: ir.Expr | None) -> Values:
    """What something of that type is; nothing where the type tells nothing (or is one of several)."""
    return _typed(evaluator, annotation, _NESTED) if annotation is not None else NOTHING


def _typed(evaluator: Evaluator, annotation: ir.Expr, depth: int) -> Values:
    if depth == 0 or isinstance(annotation, ir.Const):
        return NOTHING
    if isinstance(annotation, ir.Blend) and annotation.op == "BitOr":
        return _only(evaluator, annotation.items, depth)
    if isinstance(annotation, ir.Item):
        return _subscripted(evaluator, annotation, depth)
    return union(_named(evaluator, value, annotation) for value in evaluator.evaluate(annotation))


def _subscripted(evaluator: Evaluator, annotation: ir.Item, depth: int) -> Values:
    generic = ir.dotted(annotation.base).split(".")[-1]
    parts = annotation.key.items if isinstance(annotation.key, ir.Seq) else [annotation.key]
    if generic == "Union":
        return _only(evaluator, parts, depth)
    if generic in _WRAPPERS and parts:
        return _typed(evaluator, parts[0], depth - 1)
    if generic in ("Type", "type") and parts:
        inner = _typed(evaluator, parts[0], depth - 1)
        return frozenset(Value("class", v.name, v.origin) for v in inner if v.kind == "instance")
    return NOTHING


def _only(evaluator: Evaluator, parts: list[ir.Expr], depth: int) -> Values:
    """The one type of a union, None aside."""
    others = [part for part in parts if not (isinstance(part, ir.Const) and part.value is None)]
    return _typed(evaluator, others[0], depth - 1) if len(others) == 1 and len(parts) > 1 else NOTHING


def _named(evaluator: Evaluator, value: Value, annotation: ir.Expr) -> Values:
    if value.kind == "class" and isinstance(value.origin, ir.Class):
        return classes.instances(evaluator, value.origin)
    if value.kind != "external":
        return NOTHING
    typed = tables.annotated_type(value.name)
    if typed is None:
        return NOTHING
    kind, service, name = typed
    if kind == "subresource":
        return frozenset({Value(kind, name, annotation, Value("resource", service, annotation))})
    return frozenset({Value(kind, name if kind == "session" else service, annotation)})

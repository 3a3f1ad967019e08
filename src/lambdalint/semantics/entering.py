"""What `with … as name` binds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdalint.semantics import classes, hints, ir
from lambdalint.semantics.value import UNSURE, Value, Values, union

if TYPE_CHECKING:
    from lambdalint.semantics.values import Evaluator


def entered(evaluator: Evaluator, value: Value) -> Values:
    """What entering `value` gives; AWS clients, sessions and what most outside classes make give themselves."""
    if value.kind == "response" and value.name == "batch_writer":
        return frozenset({Value("batch", origin=value.origin, base=value.base)})
    if value.kind == "generator" and isinstance(value.origin, ir.Function):
        return union(evaluator.evaluate(y, value.context) for y in value.origin.yields) or UNSURE
    if value.kind == "instance":
        return _by_method(evaluator, value)
    return UNSURE if value.kind == "operation" else frozenset({value})


def _by_method(evaluator: Evaluator, value: Value) -> Values:
    for name in ("__enter__", "__aenter__"):
        method = classes.find_method(evaluator, value, name)
        if method is not None:
            inner = evaluator.enter(method, receiver=value)
            found = union(evaluator.evaluate(r, inner) for r in method.returns)
            return hints.refine(evaluator, found or UNSURE, method.annotation)
    return UNSURE

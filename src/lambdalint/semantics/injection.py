"""What a framework that runs a function puts into its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdalint.knowledge import frameworks
from lambdalint.knowledge.frameworks import Argument
from lambdalint.semantics import ir
from lambdalint.semantics.value import UNSURE, Value, Values, full_name, union

if TYPE_CHECKING:
    from lambdalint.semantics.values import Evaluator


def argument_at(where: Argument, call: ir.Call) -> ir.Expr | None:
    """What a call gives at a place that the tables tell."""
    if where.index == -2:
        return call.keyword(where.keyword)
    if where.index < 0:
        return call.func.base if isinstance(call.func, ir.Attr) else call
    return call.argument(where.index, where.keyword)


def injected(evaluator: Evaluator, param: ir.Param) -> Values:
    """What a framework that runs a function gives a parameter: `= Depends(f)`, `Annotated[T, Depends(f)]`."""
    marks = [param.default]
    if isinstance(param.annotation, ir.Item) and isinstance(param.annotation.key, ir.Seq):
        marks += param.annotation.key.items[1:]
    for mark in marks:
        for value in evaluator.evaluate(mark.func) if isinstance(mark, ir.Call) else ():
            where = frameworks.registration(full_name(value))
            given = argument_at(where, mark) if where is not None and isinstance(mark, ir.Call) else None
            if where is not None and where.injects and given is not None:
                return union(_result(evaluator, found) for found in evaluator.evaluate(given))
    return UNSURE


def _result(evaluator: Evaluator, value: Value) -> Values:
    """What a dependency gives: what it returns, or yields before it cleans up."""
    if value.kind == "function" and isinstance(value.origin, ir.Function):
        return union(evaluator.evaluate(r) for r in value.origin.yields or value.origin.returns)
    if value.kind == "class":
        return frozenset({Value("instance", value.name, value.origin)})
    return UNSURE

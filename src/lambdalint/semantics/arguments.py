"""Which arguments a call gets by name, those of mappings built beforehand included.

One place for all who ask: parameters of the project's functions, fields of
dataclasses, the service of a client, the conditions of a DynamoDB query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdalint.semantics import containers, ir
from lambdalint.semantics.containers import Entries, Entry
from lambdalint.semantics.value import UNSURE, Context, Value, Values, union

if TYPE_CHECKING:
    from lambdalint.semantics.callgraph import Edge
    from lambdalint.semantics.values import Evaluator


def given(evaluator: Evaluator, call: ir.Call, context: Context | None = None) -> Entries:
    """The keyword arguments of a call; not complete where it may get others."""
    found = Entries()
    for argument in call.args:
        if argument.star == 2:
            found.merge(containers.entries_of(evaluator, argument.value, context, call))
    for argument in call.args:
        if argument.keyword is not None:
            found.put(argument.keyword, Entry(argument.value, context))  # nothing may give it a second time
    return found


def by_name(evaluator: Evaluator, call: ir.Call, name: str, context: Context | None = None) -> tuple[Values, bool]:
    """What a call gives a parameter by its name, UNKNOWN where it may give more; and whether it surely does."""
    found = given(evaluator, call, context)
    entries = found.named.get(name, ())
    values = union(entry.values(evaluator) for entry in entries)
    if any(entry.sure for entry in entries):
        return values, True
    open_ended = not found.complete or found.others or any(a.star == 1 for a in call.args)
    return values | UNSURE if open_ended else values, False


def argument(
    evaluator: Evaluator, call: ir.Call, index: int, name: str, context: Context | None = None
) -> Values | None:
    """What a call gives a parameter, by position or by name; None where it gives nothing."""
    plain = call.positional(index)
    if plain is not None:
        return evaluator.evaluate(plain, context)
    return by_name(evaluator, call, name, context)[0] or None


def collected(edge: Edge, param: ir.Param, outer: Context | None) -> Values:
    """What `**kwargs` of a function holds in one call: a mapping of the arguments without a parameter."""
    if param.kind != "kwargs" or edge.callback or edge.partial or not isinstance(edge.site, ir.Call):
        return UNSURE
    callee = Value("function", edge.callee.name, edge.callee)
    return frozenset({Value("container", "kwargs", edge.site, callee, context=outer)})

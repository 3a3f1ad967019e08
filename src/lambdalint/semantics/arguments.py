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
    handed_on = _handed_on(evaluator, call, index, context)
    if handed_on:
        return handed_on
    return by_name(evaluator, call, name, context)[0] or None


def _handed_on(evaluator: Evaluator, call: ir.Call, index: int, context: Context | None) -> Values:
    """What `f(*args)` in a function with `*args` gives by position: what its callers gave."""
    plain = [argument for argument in call.args if argument.keyword is None and argument.star != 2]
    first = next((place for place, argument in enumerate(plain) if argument.star), None)
    name = plain[first].value if first is not None and first <= index else None
    binding = name.scope.lookup(name.id) if isinstance(name, ir.Name) else None
    if first is None or binding is None or [d.kind for d in binding.definitions] != ["param"]:
        return frozenset()
    function = binding.definitions[0].function
    if function is None or function.params[binding.definitions[0].index].kind != "args":
        return frozenset()
    known = context.edge if context is not None and context.function is function else None
    edges = [known] if known is not None else evaluator.world.edges_to(function)
    outer = context.outer if known is not None and context is not None else None
    return union(_surplus(evaluator, edge, index - first, outer) for edge in edges)


def _surplus(evaluator: Evaluator, edge: Edge, index: int, outer: Context | None) -> Values:
    """What a call gives by position behind the parameters that have names; nothing where it gives none."""
    if edge.callback or edge.partial or edge.unsure or not isinstance(edge.site, ir.Call):
        return UNSURE
    named = sum(param.kind == "plain" for param in edge.callee.params) - edge.callee.bound
    given = edge.site.positional(named + index)
    return evaluator.evaluate(given, outer) if given is not None else frozenset()


def collected(edge: Edge, param: ir.Param, outer: Context | None) -> Values:
    """What `**kwargs` of a function holds in one call: a mapping of the arguments without a parameter."""
    if param.kind != "kwargs" or edge.callback or edge.partial or not isinstance(edge.site, ir.Call):
        return UNSURE
    callee = Value("function", edge.callee.name, edge.callee)
    return frozenset({Value("container", "kwargs", edge.site, callee, context=outer)})

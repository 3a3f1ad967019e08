"""What an invocation of a handler asks of other hosts."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.sequences import groups


class Traffic(Struct, frozen=True):
    """The calls to other hosts that each invocation makes that comes their way, counted where they stand in the code.

    `repeated` of them stand in loops, or in what loops call. `in_a_row` is the length of the longest run of reads
    none of which needs another's answer; 0 where there is none.
    """

    calls: int
    repeated: int
    in_a_row: int


def traffic(model: Core, handler: ir.Function) -> Traffic | None:
    """The traffic of a handler; None for what isn't one, or where it makes no call that is known."""
    running = _running(model, handler)
    repeated = [
        looped or bool(flow.loops_around(call))
        for function, looped in running.items()
        for call in function.calls
        if model.project.effects.network(call) and model.runs_per_invocation(call, hot=True)
    ]
    if not repeated:
        return None
    runs = (length for function in running for length in _runs(model, function))
    return Traffic(len(repeated), sum(repeated), max(runs, default=0))


def _running(model: Core, handler: ir.Function) -> dict[ir.Function, bool]:
    """The functions that an invocation runs, error paths left out, and whether a loop calls them."""
    project = model.project
    numbers = {number for number, one in enumerate(project.handlers) if one.function is handler}
    found: dict[ir.Function, bool] = {}
    stack = [(handler, False)]
    while stack:
        function, looped = stack.pop()
        if numbers.isdisjoint(project.reach.reached_by.get(function, ())):
            continue
        if function in found and (found[function] or not looped):
            continue
        found[function] = looped
        stack += [
            (edge.callee, looped or bool(flow.loops_around(edge.site)))
            for edge in project.edges_from(function)
            if model.runs_per_invocation(edge.site, hot=True)
        ]
    return found


def _runs(model: Core, function: ir.Function) -> Iterator[int]:
    """The lengths of a function's runs of reads that wait for one another for nothing."""
    kept = model.project.modules.for_checking(function.module.path)
    if kept is None:
        return
    own = model if function.module is model.module else Core(model.project, kept.lowering, kept.source, kept.tree)
    for awaited in (False, True) if function.is_async else (False,):
        for group in groups(own, function, awaited=awaited):
            if all(own.runs_per_invocation(step.call, hot=True) for step in group.steps):
                yield len(group.steps)

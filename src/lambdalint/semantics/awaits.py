"""Answers that a coroutine awaits one after the other although none needs another."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.per_item import PerItem, per_item
from lambdalint.semantics.sequences import Group, groups


class InTurn(Struct, frozen=True):
    """Reads that are awaited one after the other: the first of `calls` once per item of its loop, or all in a run."""

    found: PerItem | Group
    calls: tuple[ir.Call, ...]

    @property
    def in_loop(self) -> bool:
        return isinstance(self.found, PerItem)

    @property
    def through(self) -> str:
        """What the function of the project asks for that a loop calls, or ""."""
        return self.found.through if isinstance(self.found, PerItem) else ""


def awaited_in_turn(model: Core, function: ir.Function) -> Iterator[InTurn]:
    """What a coroutine awaits once per item of a loop, then its runs of awaits that no such loop tells of."""
    if not function.is_async:
        return
    told: set[ir.Call] = set()
    for call in function.calls:
        loop = per_item(model, call, awaited=True)
        if loop is not None:
            calls = tuple(one.call for one in loop.all)
            told.update(calls)
            yield InTurn(loop, calls)
    for group in groups(model, function, awaited=True):
        calls = tuple(step.call for step in group.steps)
        hot = all(model.runs_per_invocation(call, hot=True) for call in calls)
        if hot and told.isdisjoint(calls):
            yield InTurn(group, calls)

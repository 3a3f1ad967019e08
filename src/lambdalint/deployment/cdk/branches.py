"""Where a program goes on, and what its variables hold, after a condition that only a deployment can decide."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import NamedTuple

from lambdalint.deployment.cdk.values import Value, merge


class Flow(enum.IntEnum):
    """How a body ends: at its end, or by `continue`, `break` or `return`."""

    ON = 0
    ROUND = 1
    LOOP = 2
    OUT = 3


class _Change(NamedTuple):
    """One key of one dict that a branch wrote: what it held before; `new` where it held nothing."""

    table: dict[str, Value]
    key: str
    old: Value
    new: bool


class Journal:
    """Writes to variables and attributes, kept so that branches can be undone and joined."""

    def __init__(self) -> None:
        self._open: list[dict[tuple[int, str], _Change]] = []

    def write(self, table: dict[str, Value], key: str, value: Value) -> None:
        if self._open:
            change = _Change(table, key, table.get(key), key not in table)
            self._open[-1].setdefault((id(table), key), change)
        table[key] = value

    def replace(self, table: dict[str, Value], entries: dict[str, Value]) -> None:
        for key, value in entries.items():
            self.write(table, key, value)

    def either(self, branches: Sequence[Callable[[], bool]]) -> bool:
        """Follow each branch from the same state, then join what they wrote.

        A branch tells whether its end is reached; what one that isn't wrote is forgotten. The
        result tells whether any is.
        """
        outcomes: list[dict[tuple[int, str], Value]] = []
        touched: dict[tuple[int, str], _Change] = {}
        for branch in branches:
            self._open.append({})
            try:
                reached = branch()
            finally:
                changes = self._open.pop()
            after = {place: change.table[change.key] for place, change in changes.items()}
            for change in changes.values():
                if change.new:
                    del change.table[change.key]
                else:
                    change.table[change.key] = change.old
            if reached:
                outcomes.append(after)
                for place, change in changes.items():
                    touched.setdefault(place, change)
        for place, change in touched.items():
            # A variable that only one branch sets is only used where that branch was taken.
            held = [outcome.get(place, change.old) for outcome in outcomes if place in outcome or not change.new]
            self.write(change.table, change.key, merge(*held))
        return bool(outcomes)

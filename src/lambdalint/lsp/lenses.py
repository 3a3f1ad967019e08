"""The line above a handler: what each invocation asks of other hosts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lsprotocol import types

from lambdalint.engine.invocations import Invocation


def lenses(invocations: Iterable[Invocation]) -> Iterator[types.CodeLens]:
    """One for each handler that asks for something; to be read, not to be clicked."""
    for one in invocations:
        start = types.Position(one.line - 1, 0)
        yield types.CodeLens(types.Range(start, start), types.Command(title=words(one), command=""))


def words(one: Invocation) -> str:
    text = f"{one.calls} network call{'s' * (one.calls > 1)} per invocation"
    if one.repeated:
        text += " (repeated in a loop)" if one.repeated == one.calls else f", {one.repeated} of them in loops"
    return text + (f", {one.in_a_row} in a row" if one.in_a_row else "")

"""What patches libraries for tracing, from the table beside this file."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from lambdalint.knowledge import tables


class PatchesAll(Struct, frozen=True):
    """A call that patches whatever is installed; see the table for what the fields mean."""

    form: str
    by: str
    settled: frozenset[str]
    loads: str


@functools.cache
def _calls() -> dict[str, PatchesAll]:
    rows = tables.load("tracing")["patches_all"]
    return {
        name: PatchesAll(row["form"], row["by"], frozenset(row["settled"]), row["loads"])
        for row in rows
        for name in row["names"]
    }


def patches_all(name: str) -> PatchesAll | None:
    """What calling something outside the project patches, by its dotted name."""
    return _calls().get(name)


def patching() -> Collection[str]:
    """The dotted names of all that patches what is installed."""
    return _calls().keys()


def libraries() -> Mapping[str, Sequence[str]]:
    """The libraries that are patched: by the name that the SDK gives them, their modules."""
    found: Mapping[str, Sequence[str]] = tables.load("tracing")["libraries"]
    return found

"""What needs semaphores or shared memory between processes, by the dotted name it is made under."""

from __future__ import annotations

import functools

from msgspec import Struct

from lambdalint.knowledge import tables


class Needing(Struct, frozen=True):
    """One row of semaphores.toml: `threads` is a pool of threads, `lock` has a keyword to go without."""

    instead: str
    threads: bool = False
    lock: bool = False


@functools.cache
def _needing() -> dict[str, Needing]:
    table = tables.load("semaphores")
    found = {}
    for row in table["object"]:
        kind = Needing(row["instead"], lock=row.get("lock", False))
        found.update({f"{context}.{name}": kind for context in table["contexts"]["names"] for name in row["names"]})
    for row in table["call"]:
        found.update(dict.fromkeys(row["names"], Needing(row["instead"], threads=row.get("threads", False))))
    return found


def needing(name: str) -> Needing | None:
    """What is known of a constructor that can't work without them, or None."""
    return _needing().get(name)

"""Which calls outside the project run a function that they are given, and with what: the table beside this file."""

from __future__ import annotations

import functools
from typing import Literal, cast

from msgspec import Struct

from lambdalint.knowledge import tables

Passes = Literal["rest", "packed", "elements", "element", "folded", "spread", "unseen", "never"]


class Taker(Struct, frozen=True):
    """Where a call is given a function, and how it passes arguments on; the table says what the words mean."""

    function: int
    keyword: str
    passes: Passes
    partly: bool = False
    decorator: bool = False
    args: int = -1
    kwargs: int = -1
    of: int = -1


def taker(name: str) -> Taker | None:
    """How a call of that whole dotted name runs a function it is given, or None where that isn't known."""
    return _takers().get(name)


@functools.cache
def _takers() -> dict[str, Taker]:
    found: dict[str, Taker] = {}
    for row in tables.load("callables")["call"]:
        facts = {key: value for key, value in row.items() if key not in ("names", "source")}
        found.update(dict.fromkeys(cast("list[str]", row["names"]), Taker(**facts)))
    return found

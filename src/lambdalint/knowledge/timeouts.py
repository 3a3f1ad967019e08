"""How long calls wait for another host unless they are told."""

from __future__ import annotations

import functools
from typing import cast

from msgspec import Struct

from lambdalint.knowledge import tables


class Waiting(Struct, frozen=True):
    """One row of timeouts.toml; the table says what the words mean."""

    keyword: str
    limit: float | None = None
    none: bool = False
    position: int = -1
    host: int = -1
    dsn: int = -1
    own: str = ""
    own_position: int = -1
    adapters: bool = False
    cuts: bool = False


_NAMING = ("names", "made_by", "methods", "source")


@functools.cache
def _calls() -> dict[str, Waiting]:
    return {name: _fact(row) for row in tables.load("timeouts")["call"] for name in row["names"]}


@functools.cache
def _methods() -> dict[tuple[str, str], Waiting]:
    rows = tables.load("timeouts")["session"]
    return {(made, method): _fact(row) for row in rows for made in row["made_by"] for method in row["methods"]}


def _fact(row: dict[str, object]) -> Waiting:
    return Waiting(**{key: value for key, value in row.items() if key not in _NAMING})  # type: ignore[arg-type]


def of_call(name: str) -> Waiting | None:
    """How long a function of that dotted name waits, where it waits for another host."""
    return _calls().get(name)


def of_method(made_by: str, method: str) -> Waiting | None:
    """The same for a method of what calling `made_by` gives."""
    return _methods().get((made_by, method))


def is_plain_adapter(name: str) -> bool:
    return name in tables.load("timeouts")["adapters"]["plain"]


def everywhere(what: str) -> str:
    """The word in the code that bounds all "sockets", or all connections of "libpq"."""
    return cast(str, tables.load("timeouts")["everywhere"][what])

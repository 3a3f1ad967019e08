"""What runs coroutines at the same time, and what blocks them: the table beside this file."""

from __future__ import annotations

import functools
from typing import Literal, cast

from lambdalint.knowledge import tables

Takes = Literal["arguments", "iterable"]


@functools.cache
def _joins() -> dict[str, Takes]:
    rows = tables.load("concurrency")["join"]
    return {name: cast("Takes", row["takes"]) for row in rows for name in row["names"]}


@functools.cache
def _names(table: str) -> frozenset[str]:
    return frozenset(tables.load("concurrency")[table]["names"])


def join(name: str) -> Takes | None:
    """How a call is given the coroutines that it waits for together; None for any other call."""
    return _joins().get(name)


def starts_task(name: str) -> bool:
    """Whether a call starts a coroutine as a task and goes on."""
    return name in _names("start")


def runs_in_thread(name: str) -> bool:
    """Whether a call runs the function that it is given in another thread."""
    return name in _names("thread")


def blocks(name: str) -> bool:
    """Whether calling something outside the project, or a method of what it makes, holds up its thread."""
    return any(prefix in _names("blocking") for prefix in tables.prefixes(name))

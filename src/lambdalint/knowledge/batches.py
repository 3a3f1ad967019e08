"""Which operations do for many things what others do for one, and what stands against it."""

from __future__ import annotations

import functools

from msgspec import Struct

from lambdalint.knowledge import tables


class Batch(Struct, frozen=True):
    """One row of batches.toml: `operation` takes up to `limit` things, of `size` bytes together (0: no bound known).

    `entry` are the arguments of the single operation that tell one thing from another, `alone` those
    that keep it from being sent with others.
    """

    operation: str
    limit: int
    size: int = 0
    entry: tuple[str, ...] = ()
    alone: frozenset[str] = frozenset()


@functools.cache
def _batches() -> dict[str, Batch]:
    return {
        row["operation"]: Batch(
            row["batch"],
            row["limit"],
            row.get("bytes", 0),
            tuple(row.get("entry", ())),
            frozenset(row.get("alone", ())),
        )
        for row in tables.load("batches")["batch"]
    }


def batch_of(operation: str) -> Batch | None:
    """The batch form of `service.operation`, where there is one."""
    return _batches().get(operation)


@functools.cache
def _batch_forms() -> frozenset[str]:
    return frozenset(f"{name.partition('.')[0]}.{batch.operation}" for name, batch in _batches().items())


def is_batch(operation: str) -> bool:
    """Whether `service.operation` is itself one that does for many things."""
    return operation in _batch_forms()


@functools.cache
def destinations() -> frozenset[str]:
    """The arguments that say where a request goes."""
    return frozenset(name for row in tables.load("batches")["destination"] for name in row["arguments"])


@functools.cache
def lone_records() -> frozenset[str]:
    """The keys of an event's records that come one at a time."""
    return frozenset(key for row in tables.load("batches")["lone_record"] for key in row["keys"])

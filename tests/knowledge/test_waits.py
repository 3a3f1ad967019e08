"""The tables of what waits without a limit and what needs semaphores: sourced, names once, true to the library."""

from __future__ import annotations

import inspect
import multiprocessing
import multiprocessing.dummy
import multiprocessing.pool
import multiprocessing.synchronize
from collections import Counter
from collections.abc import Callable

import pytest

from lambdalint.knowledge import semaphores, tables, timeouts

SEMAPHORES = tables.load("semaphores")
TIMEOUTS = tables.load("timeouts")
# What fails, and what doesn't, where no semaphore can be made.
MADE: dict[str, Callable[[], object]] = {
    "Pool": lambda: multiprocessing.Pool(1),
    "Queue": multiprocessing.Queue,
    "JoinableQueue": multiprocessing.JoinableQueue,
    "SimpleQueue": multiprocessing.SimpleQueue,
    "Lock": multiprocessing.Lock,
    "RLock": multiprocessing.RLock,
    "Semaphore": multiprocessing.Semaphore,
    "BoundedSemaphore": multiprocessing.BoundedSemaphore,
    "Condition": multiprocessing.Condition,
    "Event": multiprocessing.Event,
    "Barrier": lambda: multiprocessing.Barrier(2),
    "Value": lambda: multiprocessing.Value("i", 0),
    "Array": lambda: multiprocessing.Array("i", 1),
    "pool.ThreadPool": lambda: multiprocessing.pool.ThreadPool(1),
    "dummy.Pool": lambda: multiprocessing.dummy.Pool(1),
    "Pipe": multiprocessing.Pipe,
    "RawValue": lambda: multiprocessing.RawValue("i", 0),
    "RawArray": lambda: multiprocessing.RawArray("i", 1),
    "dummy.Queue": lambda: multiprocessing.dummy.Queue(),
}


@pytest.mark.parametrize("rows", [SEMAPHORES["object"], SEMAPHORES["call"], TIMEOUTS["call"]], ids=str)
def test_rows_name_their_source_and_no_name_comes_twice(rows: list[dict[str, object]]) -> None:
    assert all(row["source"] for row in rows)
    names = Counter(name for row in rows for name in row["names"])  # type: ignore[attr-defined]
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("name", MADE)
def test_what_needs_a_semaphore(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> object:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr("_multiprocessing.SemLock", refuse)
    if semaphores.needing(f"multiprocessing.{name}") is None:
        assert MADE[name]() is not None
    else:
        with pytest.raises(OSError, match="not implemented"):
            MADE[name]()


def test_contexts_make_the_same() -> None:
    assert semaphores.needing("multiprocessing.get_context.Pool") == semaphores.needing("multiprocessing.Pool")
    assert semaphores.needing("multiprocessing.get_context.Process") is None
    assert semaphores.needing("Pool") is None


@pytest.mark.parametrize("table", ["call", "session"])
def test_rows_of_timeouts_are_whole(table: str) -> None:
    for row in TIMEOUTS[table]:
        assert row["source"]
        assert row["keyword"] in ("timeout", "connect_timeout")
        # A default limit is only of interest where None lifts it.
        assert row.get("none", False) or "limit" not in row
        assert not (row.get("adapters", False) and "limit" in row)


def test_positions_are_those_of_the_library() -> None:
    import http.client
    import urllib.request

    for name, function, before in (
        ("urllib.request.urlopen", urllib.request.urlopen, 0),
        ("http.client.HTTPConnection", http.client.HTTPConnection, 0),
    ):
        fact = timeouts.of_call(name)
        assert fact is not None
        assert list(inspect.signature(function).parameters).index("timeout") - before == fact.position


@pytest.mark.parametrize(
    ("made_by", "method", "known"),
    [
        ("requests.Session", "get", True),
        ("requests.Session", "mount", False),
        ("urllib3.PoolManager", "request", True),
        ("aiohttp.ClientSession", "get", False),
    ],
)
def test_methods(made_by: str, method: str, known: bool) -> None:
    assert (timeouts.of_method(made_by, method) is not None) is known

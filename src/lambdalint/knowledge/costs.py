"""Costs in the words of a message, from the measured table beside this file."""

from __future__ import annotations

from lambdalint.knowledge import tables

FULL_VCPU_MB = 1769  # the memory at which a function has one vCPU (Lambda developer guide: memory)


def at_memory(cpu_ms: float, memory: int) -> float:
    """Wall time in ms of `cpu_ms` of work at a function's memory in MB."""
    return cpu_ms * max(FULL_VCPU_MB / memory, 1.0)


def rounded(value: float) -> str:
    """Two significant digits: more would claim what was not measured."""
    if value >= 1000:
        return f"{value / 1000:.1f} s"
    if value >= 100:
        return f"{round(value, -1):.0f} ms"
    return f"{value:.0f} ms" if value >= 2 else f"{value:.1f} ms"


def cpu(cpu_ms: float, memory: int | None, at_128: float | None = None) -> str:
    """`about 15 ms of CPU; about 280 ms at 128 MB`, for the function's memory where it is known."""
    size = memory or 128
    wall = at_128 if at_128 is not None and size == 128 else at_memory(cpu_ms, size)
    return f"about {rounded(cpu_ms)} of CPU; about {rounded(wall)} at {size} MB"


def new_connection(memory: int | None) -> str:
    row = tables.load("costs")["client"]
    return f"a new TLS connection ({cpu(row['tls_cpu_ms'], memory, row['tls_at_128_mb_ms'])})"


def new_session(memory: int | None) -> str:
    row = tables.load("costs")["session"]
    return f"loading the service's model again ({cpu(row['cpu_ms'], memory, row['at_128_mb_ms'])})"


def new_client(memory: int | None) -> str:
    row = tables.load("costs")["client"]
    return f"making the client ({cpu(row['make_cpu_ms'], memory)})"


def lone_session(memory: int | None) -> str:
    row = tables.load("costs")["session"]
    return f"making the session ({cpu(row['alone_cpu_ms'], memory)})"


def first_client(memory: int | None) -> str:
    row = tables.load("costs")["first_client"]
    return f"{cpu(row['cpu_ms'], memory)} or more on each cold start for the first client of a service"

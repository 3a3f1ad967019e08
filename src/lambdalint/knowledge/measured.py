"""What the fixes were measured to gain, in words, from the table beside this file.

benchmarks/effect/run.py makes the table; docs/effect.md has all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lambdalint.knowledge import tables


def effects(code: str) -> list[str]:
    """One line for each measurement of a rule's fix: `get_item in a loop, 1,000: 1000 → 10 requests, …`."""
    return [_line(row) for row in tables.load("measured")["row"] if row["rule"] == code]


def _line(row: dict[str, Any]) -> str:
    parts = []
    if any(row["requests"]):
        parts.append(f"{_pair(row['requests'])} requests")
        parts.append(f"{_times(row['wall_ms'])} at {row['latency_ms']} ms of latency")
    else:
        parts.append(_times(row["wall_ms"]))
    parts.append(f"{_times(row['cpu_ms'])} of CPU")
    if "at_128_mb_ms" in row:
        parts.append(f"{_times(row['at_128_mb_ms'])} {row['at_128_mb_what']}")
    return f"{row['what']}: {', '.join(parts)}"


def _pair(values: Sequence[int]) -> str:
    return f"{values[0]:,} → {values[1]:,}"


def _times(values: Sequence[float]) -> str:
    return " → ".join(map(_ms, values))


def _ms(value: float) -> str:
    """Three significant digits at most; what is next to nothing is said to be under 0.1 ms."""
    if value >= 1000:
        return f"{value / 1000:.3g} s"
    if value < 0.1:
        return "under 0.1 ms"
    return f"{value:.0f} ms" if value >= 99.5 else f"{value:.2g} ms"

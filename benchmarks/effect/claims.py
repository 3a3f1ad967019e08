"""What has been published about these fixes, to be held against the measurements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """A claim, the case and latency that test it, and the ratio of wall times it amounts to.

    A ratio of None claims that no request is left. `note` is what the figure alone doesn't say.
    """

    text: str
    case: str
    latency: int
    ratio: float | None
    note: str


CLAIMS: Sequence[Claim] = (
    Claim(
        "Three reads of 300 ms in threads: 100 ms (3 times)",
        "LMB301",
        100,
        3,
        "This is with warm connections, full CPU and 100 ms of latency; what isn't waiting stays. "
        "Without latency, on the first invocation or at 128 MB the gain shrinks or turns into a loss: see the rows of "
        "LMB301 and LMB301-cold.",
    ),
    Claim(
        "1,000 gets of 1,000 ms in batches: 50 ms (20 times)",
        "LMB401",
        5,
        20,
        "The milliseconds depend on the latency; that a hundred keys go in one request doesn't.",
    ),
    Claim(
        "Scan to query: 10 to 20 times",
        "LMB501-query-paged",
        5,
        10,
        "For 20,000 items of about 400 bytes. It grows with the table, so it is no constant: n pages become one.",
    ),
    Claim(
        "Scan to get: 300 times",
        "LMB501-get-paged",
        5,
        300,
        "As for the query: the ratio is the table's size. A table some times larger would reach it; n pages become one "
        "request is what can be said in general. The after is by hand: the fix queries for this key, one request too.",
    ),
    Claim(
        "A token fetched each time: not fetched at all",
        "LMB105",
        100,
        None,
        "For warm invocations; the first one of each environment, and each after expiry, still fetches it. "
        "The after is by hand.",
    ),
)

"""Gives a call that waits for ever a limit."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.requests import AddArgument, FixRequest
from lambdalint.semantics.core import Core
from lambdalint.semantics.timeouts import Endless

_SECONDS = 10


def seconds(found: Endless) -> int:
    """A limit that ends before the shortest of the functions that wait does."""
    known = [timeout for timeout in found.function_timeouts if timeout]
    return min([_SECONDS, *(max(timeout // 2, 1) for timeout in known)])


def with_timeout(model: Core, found: Endless) -> FixRequest | None:
    """The argument at the end of the call; None where it was switched off on purpose, or would end long queries."""
    node = model.node(found.call)
    if found.told or found.fact.cuts or not isinstance(node, cst.Call):
        return None
    message = f"Wait at most {seconds(found)} s (what takes longer raises from then on)"
    return FixRequest((AddArgument(node, found.fact.keyword, str(seconds(found))),), Safety.UNSAFE, message)

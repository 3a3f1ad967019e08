"""Uses a value itself where a copy by JSON was made of it."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.leftovers import imports_left
from lambdalint.fixing.requests import FixRequest, Replace
from lambdalint.semantics.core import Core
from lambdalint.semantics.round_trips import RoundTrip

# What binds at least as tightly as a call does.
_CLOSED = (cst.Name, cst.Attribute, cst.Subscript, cst.Call, cst.Dict, cst.List)


def without_copy(model: Core, found: RoundTrip) -> FixRequest | None:
    """`json.loads(json.dumps(x))` becomes `x`; None where that would need parentheses."""
    node, value = model.node(found.call), model.node(found.value)
    if node is None or not isinstance(value, _CLOSED):
        return None
    message = "Use the value itself (JSON makes lists of tuples and texts of other keys)"
    changes = (Replace(node, value), *imports_left(model, found.call, kept=found.value))
    # One at a time: the last one takes the import along.
    return FixRequest(changes, Safety.UNSAFE, message, isolation="copies")

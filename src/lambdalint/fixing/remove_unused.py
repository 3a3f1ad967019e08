"""Takes out the assignment of a client that nothing uses."""

from __future__ import annotations

from lambdalint.findings import Safety
from lambdalint.fixing.requests import FixRequest, Remove
from lambdalint.semantics.core import Core
from lambdalint.semantics.unused import Unused


def remove_unused(model: Core, unused: Unused) -> FixRequest | None:
    node = model.node(unused.statement)
    if node is None:
        return None
    message = f"Delete {unused.name} (something outside of the project may import it)"
    return FixRequest((Remove(node),), Safety.UNSAFE, message)

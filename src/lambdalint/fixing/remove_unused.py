"""Takes out the assignment of a client that nothing uses, and the imports that it alone needed."""

from __future__ import annotations

from lambdalint.findings import Safety
from lambdalint.fixing.leftovers import imports_left
from lambdalint.fixing.requests import FixRequest, Remove
from lambdalint.semantics.core import Core
from lambdalint.semantics.unused import Unused


def remove_unused(model: Core, unused: Unused) -> FixRequest | None:
    node = model.node(unused.statement)
    if node is None or unused.statement.value is None:
        return None
    message = f"Delete {unused.name} (something outside of the project may import it)"
    changes = (Remove(node), *imports_left(model, unused.statement.value))
    # One at a time: the last one takes the import along.
    return FixRequest(changes, Safety.UNSAFE, message, isolation="unused clients")

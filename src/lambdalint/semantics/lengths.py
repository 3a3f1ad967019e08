"""Lists of results of which only the number counts, or whether there are any."""

from __future__ import annotations

from collections.abc import Iterable

from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.uses import Use, uses_of, uses_of_all

_DEPTH = 3  # functions that hand a list on to their callers


def compared_with_zero(node: ir.Node) -> bool:
    """Whether a length is only compared with none or one: `len(x) == 0`, `len(x) > 0`, `len(x) < 1`."""
    parent = node.parent
    if isinstance(parent, (ir.Not, ir.If)):
        return True
    if not isinstance(parent, ir.Compare) or len(parent.ops) != 1 or parent.left is not node:
        return False
    right = parent.rights[0]
    value = right.value if isinstance(right, ir.Const) else None
    return (parent.ops[0], value) in (("==", 0), ("!=", 0), (">", 0), ("<", 1), (">=", 1), ("<=", 0))


def asks_existence(node: ir.Expr) -> bool:
    """Whether a number is only compared with none, also by way of a name."""
    if compared_with_zero(node):
        return True
    uses = uses_of(node)
    return uses.only("truth", "compare") and all(
        use.kind == "truth" or (isinstance(use.node, ir.Compare) and compared_with_zero(use.node.left)) for use in uses
    )


def only_counted(model: Core, reads: Iterable[ir.Expr], depth: int = _DEPTH) -> list[Use] | None:
    """How lists are used, where no more than their number is asked; None where more may be."""
    found: list[Use] = []
    for use in uses_of_all(reads):
        if use.kind in ("len", "truth"):
            found.append(use)
        elif use.kind == "escape" and isinstance(use.node, ir.Return):
            handed = _by_callers(model, use.node, depth)
            if handed is None:
                return None
            found += handed
        else:
            return None
    return found


def _by_callers(model: Core, returned: ir.Return, depth: int) -> list[Use] | None:
    """How the callers use what a function returns there."""
    function = model.function(returned)
    if function is None or depth == 0 or function.is_async or function.is_generator or function.decorators:
        return None
    if any(handler.function is function for handler in model.project.handlers):
        return None
    edges = list(model.project.edges_to(function))
    if not edges or any(edge.callback or edge.made is not None for edge in edges):
        return None
    return only_counted(model, [edge.site for edge in edges], depth - 1)

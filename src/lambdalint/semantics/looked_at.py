"""Whether an object, with all that it holds, is only looked at by the code that gets it."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.knowledge import setups
from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.uses import Use, uses_of

_STEPS = 200  # uses that are followed for one question
# Methods of texts, which give something new (Python library reference: str).
_OF_TEXTS = {
    *("count", "index", "format", "lower", "upper", "strip", "lstrip", "rstrip", "split", "splitlines", "startswith"),
    *("endswith", "replace", "encode", "decode", "title", "join", "isdigit", "partition", "rpartition", "keys"),
}
_LOOKS = {"has", "len", "truth", "compare", "show", "call", "ignored"}


def only_looked_at(model: Core, made: ir.Expr, calls: int = 0) -> bool:
    """Whether nothing changes the object that `made` gives, or hands it on to where that can't be seen.

    It is followed through at most `calls` returns and arguments of the project's functions.
    """
    pending = [(made, calls)]
    seen: set[int] = set()
    while pending:
        expr, left = pending.pop()
        if id(expr) in seen:
            continue
        seen.add(id(expr))
        if len(seen) > _STEPS:
            return False
        for use in uses_of(expr):
            further = _further(model, use, expr, left)
            if further is None:
                return False
            pending += further
    return True


def _further(model: Core, use: Use, expr: ir.Expr, left: int) -> list[tuple[ir.Expr, int]] | None:
    """What has to be followed from one use, with the calls left; None where it may change the object."""
    node = use.node
    if use.kind in _LOOKS or (use.kind == "escape" and isinstance(node, ir.Blend)):
        return []
    if use.kind in ("key", "index", "item") and isinstance(node, ir.Expr):
        changes = isinstance(node, ir.Call) and isinstance(node.func, ir.Attr) and node.func.name == "pop"
        return None if changes else [(node, left)]
    if use.kind == "iterate":
        return [(part, left) for part in _elements(node)]
    if use.kind == "method":
        return [] if use.name in _OF_TEXTS else None
    if use.kind != "escape":
        return None
    if isinstance(node, (ir.Map, ir.Seq, ir.Comp)):
        return [(node, left)]  # what holds it
    if isinstance(node, ir.Return):
        return _callers(model, node, left)
    if isinstance(node, ir.Call):
        return _callees(model, node, expr, left)
    return None


def _elements(node: ir.Node) -> Iterator[ir.Expr]:
    """Where the elements of what is iterated over are used."""
    if isinstance(node, ir.Call):
        yield node  # `sorted(…)`, `list(…)`: another list of the same elements
        return
    targets = [node.target] if isinstance(node, ir.For) else []
    targets += [loop.target for loop in node.loops] if isinstance(node, ir.Comp) else []
    for target in targets:
        for part in ir.walk(target):
            binding = part.scope.lookup(part.id) if isinstance(part, ir.Name) else None
            yield from (use for use in (binding.uses if binding is not None else ()) if not use.store)


def _callers(model: Core, node: ir.Return, left: int) -> list[tuple[ir.Expr, int]] | None:
    """The calls of the function that returns it; the runtime, which calls a handler, changes nothing."""
    function = flow.function_of(node)
    edges = model.project.edges_to(function) if function is not None else []
    if function is None or (not edges and model.project.passed(function) is None) or (edges and left == 0):
        return None
    if any(not isinstance(edge.site, ir.Call) or edge.callback for edge in edges):
        return None
    return [(edge.site, left - 1) for edge in edges]


def _callees(model: Core, call: ir.Call, expr: ir.Expr, left: int) -> list[tuple[ir.Expr, int]] | None:
    """The uses of the parameter that it is given to; nothing for functions that only look."""
    if model.qualified(call.func) in setups.names("looking", "names"):
        return []
    edges = model.project.edges_at(call)
    if not edges or left == 0:
        return None
    found: list[tuple[ir.Expr, int]] = []
    for edge in edges:
        # Under which of its names it is given isn't told: whatever is given by a name counts.
        indices = [index for index, given in edge.bound.items() if given is expr or isinstance(given, ir.Name)]
        if not indices or edge.callback:
            return None
        for index in indices:
            binding = edge.callee.scope.bindings[edge.callee.params[index].name]
            found += [(use, left - 1) for use in binding.uses if not use.store]
    return found

"""Whether a pandas frame is only read in, filtered and handed out again, with nothing computed on it."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.knowledge import light
from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.uses import Use, uses_of

_STEPS = 60  # uses that are followed for one frame
_CALLS = 2  # project functions that a frame is followed through
_STAGES = 3  # filters and clean-ups; more of them are an analysis
_LOOKS = {"len", "show", "iterate", "ignored"}


def plain_uses(model: Core, call: ir.Call, name: str) -> dict[str, str] | None:
    """What makes and writes the frame that a call of `name` gives, with the light modules that do the same.

    None where it is computed on; an empty text stands for a builtin.
    """
    source = light.frame_source(name)
    if source is None or not _plain_arguments(call, source):
        return None
    found = {name.rpartition(".")[2]: source.by}
    pending: list[tuple[ir.Expr, int]] = [(call, _CALLS)]
    seen: set[int] = set()
    stages = 0
    while pending:
        expr, calls = pending.pop()
        if id(expr) in seen:
            continue
        seen.add(id(expr))
        if len(seen) > _STEPS:
            return None
        for use in uses_of(expr):
            further = _further(model, use, expr, calls, found)
            if further is None:
                return None
            stages += bool(further) and use.kind != "escape"
            pending += further
    return found if stages <= _STAGES else None


def _plain_arguments(call: ir.Call, source: light.FrameSource) -> bool:
    """Whether a frame is made in a way that a light module knows, of something that is at hand."""
    if call.spreads or call.positional(1) is not None:
        return False
    if any(argument.keyword not in (None, source.argument, *source.options) for argument in call.args):
        return False
    made_of = call.argument(0, source.argument)
    first = made_of.items[0] if isinstance(made_of, ir.Blend) and made_of.items else made_of
    address = isinstance(first, ir.Const) and isinstance(first.value, str) and "://" in first.value
    return made_of is not None and not address


def _further(
    model: Core, use: Use, frame: ir.Expr, calls: int, found: dict[str, str]
) -> list[tuple[ir.Expr, int]] | None:
    """The frames that one use of a frame leads to, with the calls left; None where it computes."""
    known = light.frame_uses()
    node = use.node
    if use.kind == "compare" and isinstance(node, ir.Compare):
        return [] if all(op in ("is", "is not") for op in node.ops) else None
    if use.kind in _LOOKS or (use.kind == "attribute" and use.name in known["looks"]):
        return []
    if use.kind == "key" and isinstance(node, ir.Item):
        return [] if _plain_column(node) else None
    if use.kind == "item" and isinstance(node, ir.Item):
        return [(node, calls)] if _selects(node.key) else None
    if use.kind == "item" and isinstance(node, ir.Call) and isinstance(node.func, ir.Attr):
        return [(node, calls)] if node.func.name in known["keeps"] else None
    if use.kind == "method" and isinstance(node, ir.Call):
        if use.name in known["writes"]:
            found[str(use.name)] = known["writes"][use.name]
            return []
        if use.name in known["keeps"]:
            return [(node, calls)]
        return [] if use.name in known["iterates"] else None
    if use.kind == "escape" and calls:
        handed = list(_handed_to(model, node, frame))
        return [(expr, calls - 1) for expr in handed] if handed else None
    return None


def _selects(key: ir.Expr) -> bool:
    """Whether a key asks for some columns by their names, or for the rows where columns compare so."""
    if isinstance(key, ir.Seq):
        return key.kind == "list" and all(isinstance(item, ir.Const) for item in key.items)
    if isinstance(key, ir.Blend):
        return key.op in ("BitAnd", "BitOr") and all(_selects(item) for item in key.items)
    if not isinstance(key, ir.Compare) or len(key.rights) != 1:
        return False
    plain = isinstance(key.left, ir.Item) and isinstance(key.left.key, ir.Const)
    return plain and isinstance(key.rights[0], (ir.Const, ir.Name, ir.Attr))


def _plain_column(column: ir.Item) -> bool:
    """Whether a column is only listed, gone through, or compared to select rows."""
    for use in uses_of(column):
        listed = use.kind == "method" and use.name in light.frame_uses()["lists"]
        filters = use.kind == "compare" and isinstance(use.node.parent, (ir.Item, ir.Blend))
        if not listed and not filters and use.kind not in ("len", "iterate", "index"):
            return False
    return True


def _handed_to(model: Core, node: ir.Node, frame: ir.Expr) -> Iterator[ir.Expr]:
    """Where a frame goes on to: the calls of the function that returns it, the uses of a parameter it is given to."""
    if isinstance(node, ir.Return):
        function = flow.function_of(node)
        edges = model.project.edges_to(function) if function is not None else []
        if all(isinstance(edge.site, ir.Call) and not edge.callback for edge in edges):
            yield from (edge.site for edge in edges)
    elif isinstance(node, ir.Call):
        for edge in model.project.edges_at(node):
            for index, given in edge.bound.items():
                if given is frame or _holds(given, frame):
                    parameter = edge.callee.scope.bindings[edge.callee.params[index].name]
                    yield from (use for use in parameter.uses if not use.store and not use.annotation)


def _holds(given: ir.Expr | None, frame: ir.Expr) -> bool:
    binding = given.scope.lookup(given.id) if isinstance(given, ir.Name) else None
    return binding is not None and any(d.value is frame and not d.path for d in binding.definitions)

"""A loop of independent calls becomes the `map` of a thread pool."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.lines import only_appended, own_line
from lambdalint.fixing.names import fresh
from lambdalint.fixing.requests import FixRequest, InsertBefore, NeedImport, Remove
from lambdalint.fixing.threads import shares_unsafe
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.per_item import PerItem
from lambdalint.semantics.sequences import traced

_WORKERS = 10  # connections that a client keeps unless told otherwise (botocore reference: max_pool_connections)


def mapped(model: Core, found: PerItem) -> FixRequest | None:
    """`list(pool.map(…))` for `[f(x) for x in xs]` and for a loop that only appends; None for anything else."""
    if traced(model) or len(found.all) != 1 or found.mutates or not _shareable(model, found):
        return None
    if isinstance(found.loop, ir.Comp):
        return _comprehension(model, found.loop)
    return _appending(model, found.loop)


def _shareable(model: Core, found: PerItem) -> bool:
    """Whether threads may share everything that the calls are made with."""
    call = found.first.call
    value = model.operation(call)
    if value is None:
        return not shares_unsafe(model, call)
    return value.base is not None and value.base.kind == "client" and not found.first.receiver_moves


def _comprehension(model: Core, loop: ir.Comp) -> FixRequest | None:
    """`name = [element for x in xs]` and `return [element for x in xs]`."""
    node = model.node(loop)
    stmt = loop.parent
    if not isinstance(node, cst.ListComp) or not isinstance(stmt, (ir.Assign, ir.Return)):
        return None
    plain = len(loop.loops) == 1 and not loop.loops[0].conditions
    line = own_line(model, stmt)
    if not plain or line is None:
        return None
    task = _task(model, loop.loops[0].target, loop.elements[0])
    if task is None:
        return None
    pool = fresh(model, "pool")
    whole = model.tree.code_for_node(line.body[0])
    inner = model.tree.code_for_node(node)
    if whole.count(inner) != 1 or "\n" in whole.replace(inner, ""):
        return None
    source = model.tree.code_for_node(node.for_in.iter).strip()
    statement = whole.replace(inner, f"list({pool}.map({task}, {source}))")
    return _request(pool, statement, line)


def _appending(model: Core, loop: ir.For) -> FixRequest | None:
    """`for x in xs: results.append(element)`."""
    node, found = model.node(loop), only_appended(model, loop)
    if found is None or not isinstance(node, cst.For):
        return None
    results, element = found
    task = _task(model, loop.target, element)
    if task is None:
        return None
    pool = fresh(model, "pool")
    source = model.tree.code_for_node(node.iter).strip()
    return _request(pool, f"{results}.extend({pool}.map({task}, {source}))", node)


def _task(model: Core, target: ir.Expr, element: ir.Expr) -> str | None:
    """What the pool runs per item: the function itself, or a lambda around the element."""
    node = model.node(element)
    if not isinstance(target, ir.Name) or node is None:
        return None
    if any(isinstance(part, (ir.Await, ir.Bind, ir.Yield, ir.Lambda)) for part in ir.walk(element)):
        return None
    if isinstance(element, ir.Call) and len(element.args) == 1:
        only = element.args[0]
        if only.keyword is None and not only.star and isinstance(only.value, ir.Name) and only.value.id == target.id:
            if not any(isinstance(part, ir.Name) and part.id == target.id for part in ir.walk(element.func)):
                return model.text(element.func)
    code = model.tree.code_for_node(node)
    return f"lambda {target.id}: {code}" if "\n" not in code else None


def _request(pool: str, statement: str, replaced: cst.CSTNode) -> FixRequest:
    code = f"with ThreadPoolExecutor(max_workers={_WORKERS}) as {pool}:\n    {statement}\n"
    return FixRequest(
        (NeedImport("concurrent.futures", "ThreadPoolExecutor"), InsertBefore(replaced, code), Remove(replaced)),
        Safety.UNSAFE,
        "Make the calls at the same time (all are made even when one fails)",
        isolation=f"pool {pool}",
    )

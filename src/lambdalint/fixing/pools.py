"""A loop of independent calls becomes the `map` of a thread pool."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.names import fresh
from lambdalint.fixing.requests import FixRequest, InsertBefore, NeedImport, Remove
from lambdalint.fixing.threads import shares_unsafe
from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.per_item import PerItem
from lambdalint.semantics.sequences import traced

_WORKERS = 10  # connections that a client keeps unless told otherwise (botocore reference: max_pool_connections)


def mapped(model: Core, found: PerItem) -> FixRequest | None:
    """`list(pool.map(…))` for `[f(x) for x in xs]` and for a loop that only appends; None for anything else."""
    if traced(model) or len(found.all) != 1 or not _shareable(model, found):
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
    line = _own_line(model, stmt)
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
    node = model.node(loop)
    if not isinstance(node, cst.For) or loop.orelse or len(loop.body) != 1 or node.leading_lines:
        return None
    only = loop.body[0]
    call = only.value if isinstance(only, ir.ExprStmt) else None
    if not isinstance(call, ir.Call) or not isinstance(call.func, ir.Attr) or call.func.name != "append":
        return None
    if not isinstance(call.func.base, ir.Name) or len(call.args) != 1 or call.spreads:
        return None
    if _own_line(model, only) is None:
        return None
    task = _task(model, loop.target, call.args[0].value)
    if task is None or _used_after(loop):
        return None
    pool = fresh(model, "pool")
    source = model.tree.code_for_node(node.iter).strip()
    return _request(pool, f"{call.func.base.id}.extend({pool}.map({task}, {source}))", node)


def _used_after(loop: ir.For) -> bool:
    """Whether anything outside a loop asks for its variable."""
    if not isinstance(loop.target, ir.Name):
        return True
    binding = loop.target.scope.lookup(loop.target.id)
    return binding is None or any(not flow.inside(use, loop) for use in binding.uses)


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


def _own_line(model: Core, stmt: ir.Stmt) -> cst.SimpleStatementLine | None:
    """The line of a statement that stands alone on it, with no comment that would be torn from it."""
    node = model.node(stmt)
    line = model.line_of(node) if isinstance(node, cst.BaseSmallStatement) else None
    if line is None or len(line.body) != 1 or line.trailing_whitespace.comment is not None:
        return None
    return None if any(empty.comment is not None for empty in line.leading_lines) else line


def _request(pool: str, statement: str, replaced: cst.CSTNode) -> FixRequest:
    code = f"with ThreadPoolExecutor(max_workers={_WORKERS}) as {pool}:\n    {statement}\n"
    return FixRequest(
        (NeedImport("concurrent.futures", "ThreadPoolExecutor"), InsertBefore(replaced, code), Remove(replaced)),
        Safety.UNSAFE,
        "Make the calls at the same time (all are made even when one fails)",
        isolation=f"pool {pool}",
    )

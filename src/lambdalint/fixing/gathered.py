"""Awaits that stand side by side, or in a loop, become one `await asyncio.gather(…)`."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.lines import in_place_of, only_appended, own_line, side_by_side
from lambdalint.fixing.requests import Change, FixRequest, NeedImport, Replace
from lambdalint.semantics import ir
from lambdalint.semantics.awaits import InTurn
from lambdalint.semantics.core import Core
from lambdalint.semantics.sequences import Group, traced

_LINE = 100


def gathered(model: Core, turns: InTurn) -> FixRequest | None:
    """One `gather` with the results in source order; None unless the awaits are plain neighbours or all that a
    loop does."""
    found = turns.found
    if traced(model):
        return None
    if isinstance(found, Group):
        return _group(model, found)
    if len(found.all) != 1 or found.mutates:
        return None
    if isinstance(found.loop, ir.Comp):
        return _comprehension(model, found.loop, found.first.call)
    return _appending(model, found.loop, found.first.call)


def _group(model: Core, group: Group) -> FixRequest | None:
    """`a = await f()` and `b = await g()`, one under the other."""
    if not side_by_side(group):
        return None
    names, calls = [], []
    lines: list[cst.SimpleStatementLine] = []
    for step in group.steps:
        stmt, call = step.statement, _code(model, step.call)
        line = own_line(model, stmt, above=not lines)
        if not isinstance(stmt, ir.Assign) or not _is_await_of(stmt.value, step.call) or stmt.annotation is not None:
            return None
        if line is None or not call or len(stmt.targets) != 1 or not isinstance(stmt.targets[0], ir.Name):
            return None
        names.append(stmt.targets[0].id)
        calls.append(call)
        lines.append(line)
    if len(set(names)) < len(names):
        return None
    code = f"{', '.join(names)} = {_gather(calls)}\n"
    return _request([NeedImport("asyncio"), *in_place_of(lines, code)])


def _gather(calls: list[str]) -> str:
    """The call on one line, or with an argument on each where that grows long."""
    line = f"await asyncio.gather({', '.join(calls)})"
    if len(line) < _LINE * 2 // 3:
        return line
    arguments = "".join(f"    {call},\n" for call in calls)
    return f"await asyncio.gather(\n{arguments})"


def _comprehension(model: Core, loop: ir.Comp, call: ir.Call) -> FixRequest | None:
    """`[await f(x) for x in xs]`, assigned or returned."""
    node = model.node(loop)
    if not isinstance(node, cst.ListComp) or not isinstance(loop.parent, (ir.Assign, ir.Return)):
        return None
    if not _is_await_of(loop.elements[0], call) or not isinstance(node.elt, cst.Await):
        return None
    if sum(isinstance(part, ir.Await) for part in ir.walk(loop)) > 1:
        return None
    each = model.tree.code_for_node(node.with_changes(elt=node.elt.expression, lpar=(), rpar=()))
    if "\n" in each:
        return None
    return _request([NeedImport("asyncio"), Replace(node, f"await asyncio.gather(*{each})")])


def _appending(model: Core, loop: ir.For, call: ir.Call) -> FixRequest | None:
    """`for x in xs: results.append(await f(x))`."""
    node, found, made = model.node(loop), only_appended(model, loop), _code(model, call)
    if found is None or not made or not isinstance(node, cst.For) or not _is_await_of(found[1], call):
        return None
    target, source = model.text(node.target), model.tree.code_for_node(node.iter).strip()
    if "\n" in source or any(isinstance(part, ir.Await) for part in ir.walk(loop.iter)):
        return None
    code = f"{found[0]}.extend(await asyncio.gather(*[{made} for {target} in {source}]))\n"
    return _request([NeedImport("asyncio"), *in_place_of([node], code)])


def _is_await_of(expr: ir.Expr | None, call: ir.Call) -> bool:
    return isinstance(expr, ir.Await) and expr.value is call


def _code(model: Core, call: ir.Call) -> str:
    """The code of a call that stands on one line, or ""."""
    node = model.node(call)
    code = model.tree.code_for_node(node).strip() if node is not None else ""
    return "" if "\n" in code or "#" in code else code


def _request(changes: list[Change]) -> FixRequest:
    return FixRequest(
        tuple(changes),
        Safety.UNSAFE,
        "Await the answers together (all are asked for even when one fails, and the first failure in time is raised)",
        isolation="gather",
    )

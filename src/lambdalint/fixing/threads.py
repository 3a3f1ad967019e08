"""Reads that stand side by side go into a thread pool."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.layout import bracketed, depth, indented
from lambdalint.fixing.lines import in_place_of, own_line, side_by_side
from lambdalint.fixing.names import fresh
from lambdalint.fixing.requests import Change, FixRequest, NeedImport
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.sequences import Group

_EXECUTOR = "concurrent.futures"
_UNIT = "    "


def in_threads(model: Core, group: Group) -> FixRequest | None:
    """One `submit` per call and the results in their order; None unless all are plain neighbouring assignments."""
    if not side_by_side(group):
        return None
    taken: list[str] = []

    def unused(wanted: str) -> str:
        name = fresh(model, wanted)
        while name in taken:
            name += "_"
        taken.append(name)
        return name

    pool = unused("pool")
    submits, results = [], []
    removed: list[cst.SimpleStatementLine] = []
    for step in group.steps:
        stmt = step.statement
        line = own_line(model, stmt, above=not removed)
        made = _submit(model, step.call)
        if line is None or made is None or not isinstance(stmt, ir.Assign) or stmt.value is None:
            return None
        if len(stmt.targets) != 1 or stmt.annotation is not None:
            return None
        target = model.text(stmt.targets[0])
        future = unused(f"{target}_future" if target.isidentifier() else "future")
        suffix = _suffix(model, stmt.value, step.call)
        if suffix is None:
            return None
        submits.append(bracketed(f"{future} = {pool}.submit(", made, ")", depth(model, stmt) + len(_UNIT)))
        results.append(f"{target} = {future}.result(){suffix}")
        removed.append(line)
    body = "\n".join([*submits, *results])
    code = f"with ThreadPoolExecutor(max_workers={len(submits)}) as {pool}:\n{_UNIT}{indented(body)}\n"
    changes: list[Change] = [NeedImport(_EXECUTOR, "ThreadPoolExecutor"), *in_place_of(removed, code)]
    message = "Make the reads at the same time (all are made even when one fails)"
    return FixRequest(tuple(changes), Safety.UNSAFE, message, isolation=f"threads {taken[-1]}")


def _suffix(model: Core, value: ir.Expr, call: ir.Call) -> str | None:
    """What stands behind the call: `["Item"]`, `.get("Items", [])`; None for anything else around it."""
    whole = model.node(value)
    node = model.node(call)
    if not isinstance(whole, cst.BaseExpression) or node is None:
        return None
    current: cst.CSTNode = whole
    while current is not node:
        if isinstance(current, (cst.Subscript, cst.Attribute)):
            current = current.value
        elif isinstance(current, cst.Call):
            current = current.func
        else:
            return None
    text = model.tree.code_for_node(whole)
    inner = model.tree.code_for_node(node)
    return text[len(inner) :] if text.startswith(inner) and "\n" not in text[len(inner) :] else None


def _submit(model: Core, call: ir.Call) -> list[str] | None:
    """The arguments of `submit`: the callable, then the call's own."""
    node = model.node(call)
    if not isinstance(node, cst.Call):
        return None
    arguments = [model.tree.code_for_node(a.with_changes(comma=cst.MaybeSentinel.DEFAULT)).strip() for a in node.args]
    if any("\n" in argument or "#" in argument for argument in arguments):
        return None
    value = model.operation(call)
    if value is None:
        return None if shares_unsafe(model, call) else [model.text(node.func), *arguments]
    base = value.base
    assert base is not None
    if base.kind == "client":
        return [model.text(node.func), *arguments]
    if base.kind == "subresource" and base.name == "Table" and isinstance(node.func, cst.Attribute):
        table = model.text(node.func.value)
        if not isinstance(node.func.value, (cst.Name, cst.Attribute)):
            return None
        return [f"{table}.meta.client.{value.name}", f"TableName={table}.name", *arguments]
    return None


def shares_unsafe(model: Core, call: ir.Call) -> bool:
    """Whether a function of the project uses what no thread may share: a resource, a table, an HTTP session.

    So it is with what it changes itself: a variable of the module, or an object that it was given.
    """
    edges = model.project.edges_at(call)
    if not edges:
        return not model.qualified(call.func).startswith(("requests.", "httpx."))
    if any(model.project.effects.of_function(edge.callee).mutates for edge in edges):
        return True
    for function in model.project.functions_behind(call):
        for inner in function.calls:
            value = model.operation(inner)
            if value is not None and value.base is not None and value.base.kind != "client":
                if value.base.name != "urllib3.PoolManager" and model.effect(inner) != "none":
                    return True
    return False

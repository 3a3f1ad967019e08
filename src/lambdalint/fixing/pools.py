"""A loop of independent calls becomes the `map` of a thread pool."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.lines import in_place_of, named_and_appended, only_appended, own_line
from lambdalint.fixing.names import fresh
from lambdalint.fixing.requests import FixRequest, NeedImport
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
    line = own_line(model, stmt, above=True, behind=True)
    if not plain or line is None:
        return None
    task = _task(model, loop.loops[0].target, loop.elements[0])
    if task is None:
        return None
    pool = fresh(model, "pool", loop)
    whole = model.tree.code_for_node(line.body[0])
    inner = model.tree.code_for_node(node)
    if whole.count(inner) != 1 or "\n" in whole.replace(inner, ""):
        return None
    source = model.tree.code_for_node(node.for_in.iter).strip()
    statement = whole.replace(inner, f"list({pool}.map({task}, {source}))")
    return _request(pool, statement, line)


def _appending(model: Core, loop: ir.For) -> FixRequest | None:
    """`for x in xs: results.append(element)`, also where what the element is made of gets a name first."""
    node, found = model.node(loop), only_appended(model, loop)
    named = named_and_appended(model, loop) if found is None else None
    if not isinstance(node, cst.For) or (found is None and named is None):
        return None
    pool = fresh(model, "pool", loop)
    source = model.tree.code_for_node(node.iter).strip()
    if named is not None:
        results, element, stmt = named
        return _of_named(model, loop, (results, element), stmt, (pool, source, node))
    assert found is not None
    results, task = found[0], _task(model, loop.target, found[1])
    return _request(pool, f"{results}.extend({pool}.map({task}, {source}))", node) if task is not None else None


def _of_named(
    model: Core, loop: ir.For, appended: tuple[str, ir.Expr], named: ir.Assign, made: tuple[str, str, cst.For]
) -> FixRequest | None:
    """The elements, each made of an answer: where the answer is used once, in the thread that asked for it."""
    (results, element), (pool, source, node) = appended, made
    name, value, whole = named.targets[0], named.value, model.node(element)
    assert isinstance(name, ir.Name)
    uses = [part for part in ir.walk(element) if isinstance(part, ir.Name)]
    own = [use for use in uses if use.id == name.id]
    place = model.node(own[0]) if own else None
    asked = model.node(value) if value is not None else None
    if value is None or place is None or asked is None or not isinstance(whole, cst.BaseExpression):
        return None
    if not isinstance(value, (ir.Call, ir.Item)) or _unmovable(element):
        return None
    if len(own) == 1 and _surely_used(own[0], element):
        code = model.tree.code_for_node(asked if place is whole else whole.deep_replace(place, asked))
        task = _task(model, loop.target, value if place is whole else element, code)
        return _request(pool, f"{results}.extend({pool}.map({task}, {source}))", node) if task is not None else None
    task = _task(model, loop.target, value)
    if task is None or any(use.id == ir.dotted(loop.target) for use in uses):
        return None
    code = model.tree.code_for_node(whole)
    answers = fresh(model, "answers", loop)
    statement = f"{answers} = {pool}.map({task}, {source})\n    {results}.extend({code} for {name.id} in {answers})"
    return _request(pool, statement, node) if "\n" not in code else None


def _surely_used(use: ir.Name, element: ir.Expr) -> bool:
    """Whether an element asks for a name once, whatever happens: not in a branch or a loop of its own."""
    above: ir.Node | None = use
    while above is not element:
        above = above.parent if above is not None else None
        if not isinstance(above, (ir.Item, ir.Attr, ir.Call, ir.Seq, ir.Map)):
            return False
    return True


def _unmovable(element: ir.Expr) -> bool:
    return any(isinstance(part, (ir.Await, ir.Bind, ir.Yield, ir.Lambda)) for part in ir.walk(element))


def _task(model: Core, target: ir.Expr, element: ir.Expr, code: str = "") -> str | None:
    """What the pool runs per item: the function itself, or a lambda around the element, or around other `code`."""
    node = model.node(element)
    if not isinstance(target, ir.Name) or node is None or _unmovable(element):
        return None
    if isinstance(element, ir.Call) and len(element.args) == 1:
        only = element.args[0]
        if only.keyword is None and not only.star and isinstance(only.value, ir.Name) and only.value.id == target.id:
            if not any(isinstance(part, ir.Name) and part.id == target.id for part in ir.walk(element.func)):
                return model.text(element.func)
    code = code or model.tree.code_for_node(node)
    return f"lambda {target.id}: {code}" if "\n" not in code else None


def _request(pool: str, statement: str, replaced: cst.SimpleStatementLine | cst.For) -> FixRequest:
    code = f"with ThreadPoolExecutor(max_workers={_WORKERS}) as {pool}:\n    {statement}\n"
    return FixRequest(
        (NeedImport("concurrent.futures", "ThreadPoolExecutor"), *in_place_of([replaced], code)),
        Safety.UNSAFE,
        "Make the calls at the same time (all are made even when one fails)",
        isolation=f"pool {pool}",
    )

"""A scan through all pages for the item of one key becomes `get_item`, and its loop goes."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.conditions import Keys, Term
from lambdalint.fixing.fields import field_read
from lambdalint.fixing.requests import FixRequest, Remove, Replace
from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.dynamodb import Read
from lambdalint.semantics.rights import told


def get_paged_item(model: Core, reads: Sequence[Read], keys: Keys, terms: Sequence[Term]) -> FixRequest | None:
    """`get_item` for a filter on the whole key of a `Table`, where the pages are put into one list; else None.

    The shape is that of DynamoDB's own examples: a first call, whose `Items` get a name, and a `while` loop that
    calls again and adds to them.
    """
    if len(reads) != 2 or keys.index or {t.attribute for t in terms} != {*keys.names}:
        return None
    first, second = reads
    key = _key(model, terms)
    stmt, again = first.call.parent, second.call.parent
    node = model.node(first.call)
    if key is None or first.face != "table" or set(first.arguments) != {"FilterExpression"}:
        return None
    if set(second.arguments) != {"FilterExpression", "ExclusiveStartKey"}:
        return None
    if not isinstance(stmt, ir.Assign) or not isinstance(again, ir.Assign) or not isinstance(node, cst.Call):
        return None
    loop, name = again.parent, stmt.targets[0]
    binding = name.scope.lookup(name.id) if isinstance(name, ir.Name) and len(stmt.targets) == 1 else None
    if binding is None or not isinstance(name, ir.Name) or not isinstance(loop, ir.While) or loop.orelse:
        return None
    outside = [use for use in binding.uses if not use.store and not flow.inside(use, loop)]
    listed = field_read(outside[0], "Items") if len(outside) == 1 else None
    whole, lines = model.node(listed) if listed is not None else None, model.node(loop)
    if whole is None or lines is None or listed is None or not _only_adds(loop, again, listed):
        return None
    code = f"{model.text(node.func)[: -len('scan')]}get_item(Key={key})"
    items = f'[{name.id}["Item"]] if "Item" in {name.id} else []'
    limits = told(model, first.call, "dynamodb.scan", "dynamodb.get_item", "an empty key is rejected")
    changes = (Replace(node, code), Replace(whole, items), Remove(lines))
    return FixRequest(changes, Safety.UNSAFE, f"Get the item by its key ({limits})")


def _key(model: Core, terms: Sequence[Term]) -> str | None:
    """The key as a dict's code."""
    parts = []
    for term in terms:
        if term.test != "eq" or term.node is None or len(term.node.args) != 1:
            return None
        code = model.tree.code_for_node(term.node.args[0].value)
        if "\n" in code or "#" in code:
            return None
        parts.append(f'"{term.attribute}": {code}')
    return "{" + ", ".join(parts) + "}"


def _only_adds(loop: ir.While, again: ir.Assign, listed: ir.Expr) -> bool:
    """Whether a loop does nothing but to add the next page's items to a list that was made of the first one's."""
    kept = listed.parent
    target = (
        kept.targets[0] if isinstance(kept, ir.Assign) and kept.value is listed and len(kept.targets) == 1 else None
    )
    if not isinstance(target, ir.Name) or len(loop.body) != 2 or loop.body[0] is not again:
        return False
    adds = loop.body[1]
    if isinstance(adds, ir.AugAssign):
        return ir.dotted(adds.target) == target.id
    call = adds.value if isinstance(adds, ir.ExprStmt) else None
    return isinstance(call, ir.Call) and ir.dotted(call.func) == f"{target.id}.extend"

"""A scan with a filter on a table's key becomes a query with a key condition, in the same loop over its pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import libcst as cst
from msgspec import Struct

from lambdalint.findings import Safety
from lambdalint.fixing.conditions import CONDITIONS, Keys, Term, fitting, terms_of
from lambdalint.fixing.paged_item import get_paged_item
from lambdalint.fixing.requests import AddArgument, Change, FixRequest, NeedImport, Remove, Replace
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.cursors import all_of_one_read
from lambdalint.semantics.dynamodb import Read
from lambdalint.semantics.rights import told

_QUERIED = "items come in order of the sort key, an empty key is rejected"
# Arguments that mean the same on a query.
_SHARED = {
    "FilterExpression", "ExpressionAttributeNames", "ExpressionAttributeValues", "ProjectionExpression", "TableName",
    "ReturnConsumedCapacity", "Select", "ExclusiveStartKey",
}  # fmt: skip


def use_keys(model: Core, read: Read) -> tuple[FixRequest | None, str]:
    """The fix where the table's keys are known, and in any case what to do in words (or "")."""
    table = read.schema
    terms = terms_of(model, read)
    if table is None or terms is None:
        return None, ""
    keys = fitting(table, terms)
    if keys is None:
        return None, ""
    names = [t.attribute for t in terms if t.attribute in keys.names]
    where = f"the index {keys.index}" if keys.index else f"the table {table.table_name or table.name}"
    how = f"query {where} by its key {' and '.join(names)}"
    return _request(model, read, keys, terms), how


def _request(model: Core, read: Read, keys: Keys, terms: Sequence[Term]) -> FixRequest | None:
    """All calls of a read with the key condition; None where one of them can't have it."""
    reads = all_of_one_read(model, read)
    if reads is None or any(_codes(model, terms_of(model, one)) != _codes(model, terms) for one in reads):
        return None
    item = get_paged_item(model, reads, keys, terms)
    if item is not None:
        return item
    places: list[_Place] = []
    changes: list[Change] = []
    for one in reads:
        place, own = _place(model, one), terms_of(model, one)
        if place is None or own is None:
            return None
        operation = _operation(model, one)
        made = _with_condition(model, place, keys, own)
        if operation is None or made is None:
            return None
        changes.append(operation)
        if all(place.value is not known.value for known in places):  # not where calls share a dict of arguments
            changes += made
            places.append(place)
    changes += _imports(model, [place.value for place in places], all(t.attribute in keys.names for t in terms))
    message = f"Query by the key ({told(model, read.call, 'dynamodb.scan', 'dynamodb.query', _QUERIED)})"
    # One at a time: the last one finds that nothing needs `Attr` any more.
    return FixRequest(tuple(changes), Safety.UNSAFE, message, isolation="key conditions")


def _codes(model: Core, terms: Sequence[Term] | None) -> list[str]:
    """What tells filters apart, as far as their code does."""
    return [
        model.tree.code_for_node(term.node) if term.node is not None else f"{term.attribute} {term.text}"
        for term in terms or ()
    ]


def _operation(model: Core, read: Read) -> Replace | None:
    """The change of `scan` into `query`."""
    node = model.node(read.call)
    if read.face != "paginator":
        func = node.func if isinstance(node, cst.Call) else None
        return Replace(func.attr, cst.Name("query")) if isinstance(func, cst.Attribute) else None
    value = model.value(read.call.func)
    made = value.base.origin if value is not None and value.base is not None else None
    receiver = read.call.func.base if isinstance(read.call.func, ir.Attr) else None
    if not isinstance(made, ir.Call) or not isinstance(made.positional(0), ir.Const) or len(made.args) != 1:
        return None
    if receiver is not made:
        binding = receiver.scope.lookup(receiver.id) if isinstance(receiver, ir.Name) else None
        if binding is None or len(binding.definitions) != 1 or sum(not use.store for use in binding.uses) != 1:
            return None  # something else is asked of the paginator as well
    name = model.node(made.args[0].value)
    return Replace(name, _quoted(name, "query")) if isinstance(name, cst.SimpleString) else None


class _Place(Struct, frozen=True):
    """Where a filter is given: the `name`, of an argument of `call` or in a dict, and the `value`."""

    name: cst.Name | cst.SimpleString
    value: cst.BaseExpression
    call: cst.Call | None = None


def _place(model: Core, read: Read) -> _Place | None:
    node, given = model.node(read.call), read.arguments.get("FilterExpression")
    if not isinstance(node, cst.Call) or given is None or not read.complete or set(read.arguments) - _SHARED:
        return None
    for argument in node.args:
        if argument.keyword is not None and argument.keyword.value == "FilterExpression":
            return _Place(argument.keyword, argument.value, node)
    return _in_dict(model, read, given)


def _in_dict(model: Core, read: Read, given: ir.Expr) -> _Place | None:
    """`{"FilterExpression": …}`, in a dict that has a name and is for this read alone."""
    held = given.parent
    stmt = held.parent if isinstance(held, ir.Map) else None
    target = stmt.targets[0] if isinstance(stmt, ir.Assign) and len(stmt.targets) == 1 else None
    binding = target.scope.lookup(target.id) if isinstance(target, ir.Name) else None
    if not isinstance(held, ir.Map) or binding is None or len(binding.definitions) != 1:
        return None
    if not all(use.store or _given_on(model, read, use) for use in binding.uses):
        return None
    name = next((model.node(key) for key, value in held.entries if key is not None and value is given), None)
    value = model.node(given)
    return _Place(name, value) if isinstance(name, cst.SimpleString) and isinstance(value, cst.BaseExpression) else None


def _given_on(model: Core, read: Read, use: ir.Name) -> bool:
    """Whether a dict is handed to the read's method, or gets another argument."""
    parent = use.parent
    if isinstance(parent, ir.Call):
        spread = any(argument.star == 2 and argument.value is use for argument in parent.args)
        return spread and model.text(parent.func) == model.text(read.call.func)
    if not isinstance(parent, ir.Item) or parent.base is not use or not parent.store:
        return False
    return isinstance(parent.key, ir.Const) and parent.key.value != "FilterExpression"


def _with_condition(model: Core, place: _Place, keys: Keys, terms: Sequence[Term]) -> list[Change] | None:
    """The key's terms in a condition of their own, the others left in the filter."""
    for_key = [t for t in terms if t.attribute in keys.names]
    rest = [t for t in terms if t.attribute not in keys.names]
    condition: str | cst.BaseExpression
    remaining: str | cst.BaseExpression
    if isinstance(place.value, cst.SimpleString):
        condition = _quoted(place.value, " AND ".join(t.text for t in for_key))
        remaining = _quoted(place.value, " AND ".join(t.text for t in rest))
    else:
        joined = _joined(model, for_key)
        if joined is None:
            return None
        condition = joined
        remaining = " & ".join(model.tree.code_for_node(t.node) for t in rest if t.node is not None)
    changes: list[Change] = []
    if place.call is None:
        if rest or keys.index:
            return None
        assert isinstance(place.name, cst.SimpleString)
        return [Replace(place.name, _quoted(place.name, "KeyConditionExpression")), Replace(place.value, condition)]
    if rest:
        changes.append(Replace(place.value, remaining))
        changes.append(AddArgument(place.call, "KeyConditionExpression", condition, unless_spread=False))
    else:
        changes.append(Replace(place.name, cst.Name("KeyConditionExpression")))
        changes.append(Replace(place.value, condition))
    if keys.index:
        changes.append(AddArgument(place.call, "IndexName", f'"{keys.index}"', unless_spread=False))
    return changes


def _quoted(like: cst.SimpleString, text: str) -> str:
    return f"{like.quote}{text}{like.quote}"


def _joined(model: Core, terms: Iterable[Term]) -> str | None:
    """The key condition's code."""
    parts = []
    for term in terms:
        node = term.node
        assert node is not None
        func = cst.ensure_type(node.func, cst.Attribute)
        made = cst.ensure_type(func.value, cst.Call)
        if isinstance(made.func, cst.Name):
            made = made.with_changes(func=cst.Name("Key"))
        elif isinstance(made.func, cst.Attribute):
            made = made.with_changes(func=made.func.with_changes(attr=cst.Name("Key")))
        else:
            return None
        changed = node.with_changes(func=func.with_changes(value=made), lpar=(), rpar=())
        parts.append(model.tree.code_for_node(changed))
    return " & ".join(parts)


def _imports(model: Core, values: Sequence[cst.BaseExpression], gone: bool) -> list[Change]:
    """`Key` in the import, in the place of `Attr` where nothing else uses that.

    `gone`: of the values nothing stays as it is.
    """
    exprs = [expr for value in values if (expr := model.expr(value)) is not None]
    inside = {id(part) for expr in exprs for part in ir.walk(expr)}
    names = {part.id for expr in exprs for part in ir.walk(expr) if isinstance(part, ir.Name)}
    if not names & {"Attr", "Key"}:
        return []
    binding = model.module.scope.bindings.get("Attr")
    if binding is not None and len(binding.definitions) == 1 and gone:
        statement = binding.definitions[0].site
        node = model.node(statement) if statement is not None else None
        if not isinstance(node, cst.ImportFrom) or isinstance(node.names, cst.ImportStar):
            return [NeedImport(CONDITIONS, "Key")]
        alone = all(id(use) in inside for use in binding.uses) and "Attr" not in model.module.exports
        for alias in node.names if alone else ():
            if isinstance(alias.name, cst.Name) and alias.name.value == "Attr" and alias.asname is None:
                if "Key" not in model.module.scope.bindings:
                    return [Replace(alias.name, cst.Name("Key"))]
                line = model.line_of(node) if len(node.names) == 1 else alias
                return [NeedImport(CONDITIONS, "Key"), *([Remove(line)] if line is not None else [])]
    return [NeedImport(CONDITIONS, "Key")]

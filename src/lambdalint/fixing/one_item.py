"""A query for one item becomes `get_item`, and what is read of its list becomes what is read of the item."""

from __future__ import annotations

import re
from collections.abc import Mapping

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.fields import field_read, only_name
from lambdalint.fixing.layout import bracketed, depth, one_line, width
from lambdalint.fixing.requests import Change, FixRequest, Remove, Replace
from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.dynamodb import Read
from lambdalint.semantics.pages import conjuncts
from lambdalint.semantics.rights import told
from lambdalint.syntax.driver import walk

_EQUALITY = re.compile(r"\(?\s*(#?\w+)\s*=\s*(:\w+)\s*\)?")
# Arguments that get_item takes as well; those that say how many items, or in which order, go.
_KEPT = ("TableName", "ConsistentRead", "ProjectionExpression", "ReturnConsumedCapacity")
_GONE = ("KeyConditionExpression", "Limit", "ScanIndexForward")
_IN_TEXT = ("ExpressionAttributeValues", "ExpressionAttributeNames")
_MISSING = ("IndexError", "KeyError", "LookupError")
# Comparisons of the number of items, and whether they hold when there is one.
_THERE: dict[tuple[str, object], bool] = {
    ("==", 0): False, ("<", 1): False, ("<=", 0): False,
    ("!=", 0): True, (">", 0): True, (">=", 1): True, ("==", 1): True,
}  # fmt: skip


def get_one_item(model: Core, read: Read) -> FixRequest | None:
    """`get_item` with the key; None where the answer is used in other ways than for its first item."""
    call = read.call
    node = model.node(call)
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute) or _expects_none(call):
        return None
    given = {argument.keyword: argument.value for argument in call.args if argument.keyword is not None}
    key = _key(model, read, given)
    if key is None or len(given) != len(call.args) or set(given) - {*_KEPT, *_GONE, *_IN_TEXT}:
        return None
    if set(given) & set(_IN_TEXT) and "ProjectionExpression" in given:
        return None  # its placeholders stand among the condition's
    kept = {name: one_line(model, value) for name, value in given.items() if name in _KEPT}
    if None in kept.values() or any(isinstance(part, cst.Comment) for part in walk(node)):
        return None
    listed = "{" + ", ".join(f'"{name}": {code}' for name, code in key.items()) + "}"
    arguments = [f"{name}={code}" for name, code in kept.items() if name == "TableName"]
    arguments.append(f"Key={listed}")
    arguments += [f"{name}={code}" for name, code in kept.items() if name != "TableName"]
    code = bracketed(
        f"{model.text(node.func.value)}.get_item(", arguments, ")", depth(model, call) + _beside(call), width(model)
    )
    changes = _changes(model, call, node, code)
    if changes is None:
        return None
    changes += _unneeded(model, call)
    limits = told(model, call, "dynamodb.query", "dynamodb.get_item", "a missing one raises KeyError, not IndexError")
    message = f"Get the item by its key ({limits})"
    return FixRequest(tuple(changes), Safety.UNSAFE, message, isolation="get_one_item")


def _beside(call: ir.Call) -> int:
    """The columns of what stands beside the call on its line: a name, or `return` and the item's key."""
    stmt = call.parent
    return len(ir.dotted(stmt.targets[0])) + 3 if isinstance(stmt, ir.Assign) else len('return ["Item"]')


def _unneeded(model: Core, call: ir.Call) -> list[Change]:
    """The removal of the import of `Key`, where the call's condition was all that used it."""
    condition = call.keyword("KeyConditionExpression")
    for part in ir.walk(condition) if condition is not None else ():
        binding = part.scope.lookup(part.id) if isinstance(part, ir.Name) else None
        if binding is None or binding.scope.kind != "module" or len(binding.definitions) != 1:
            continue
        definition = binding.definitions[0]
        node = model.node(definition.site) if definition.kind == "import" and definition.site is not None else None
        if not isinstance(node, cst.ImportFrom) or not all(flow.inside(use, call) for use in binding.uses):
            continue
        if binding.name in model.module.exports or isinstance(node.names, cst.ImportStar):
            continue
        line = model.line_of(node)
        if len(node.names) == 1 and line is not None:
            return [Remove(line)]
        return [Remove(alias) for alias in node.names if alias.asname is None and alias.evaluated_name == binding.name]
    return []


def _expects_none(call: ir.Call) -> bool:
    """Whether something in the function handles that there is no item."""
    function = flow.function_of(call)
    stmts = ir.statements(function.body) if function is not None else ()
    handlers = [handler for stmt in stmts if isinstance(stmt, ir.Try) for handler in stmt.handlers]
    caught = [part for handler in handlers if handler.type is not None for part in ir.walk(handler.type)]
    return any(isinstance(part, ir.Name) and part.id in _MISSING for part in caught)


def _key(model: Core, read: Read, given: Mapping[str, ir.Expr]) -> dict[str, str] | None:
    """The key's attributes with the code of their values, from a condition that asks each to be equal."""
    condition = read.arguments.get("KeyConditionExpression")
    text = model.constant(condition) if condition is not None else None
    if condition is None or given.get("KeyConditionExpression") is None:
        return None
    values = _values_in_text(read, text) if isinstance(text, str) else _values(model, condition)
    codes = {name: one_line(model, value) for name, value in values.items()} if values else {}
    found = {name: code for name, code in codes.items() if code is not None}
    return found if found and len(found) == len(codes) else None


def _values(model: Core, condition: ir.Expr) -> dict[str, ir.Expr] | None:
    """`Key("a").eq(x) & Key("b").eq(y)`, as it is written in the call itself."""
    found: dict[str, ir.Expr] = {}
    for part in conjuncts(condition):
        made = part.func.base if isinstance(part, ir.Call) and isinstance(part.func, ir.Attr) else None
        if not isinstance(part, ir.Call) or not isinstance(made, ir.Call) or len(part.args) != 1 or len(made.args) != 1:
            return None
        name = model.constant(made.args[0].value)
        if not isinstance(name, str) or name in found:
            return None
        found[name] = part.args[0].value
    return found


def _values_in_text(read: Read, text: str) -> dict[str, ir.Expr] | None:
    given = read.arguments.get("ExpressionAttributeValues")
    if not isinstance(given, ir.Map):
        return None
    by_name = {key.value: value for key, value in given.entries if isinstance(key, ir.Const)}
    placeholders, found = read.placeholders(), dict[str, ir.Expr]()
    for part in re.split(r"\s+and\s+", text.strip(), flags=re.I):
        match = _EQUALITY.fullmatch(part)
        if match is None or match[2] not in by_name:
            return None
        found[placeholders.get(match[1], match[1])] = by_name[match[2]]
    return found if len(by_name) == len(given.entries) == len(found) else None


def _changes(model: Core, call: ir.Call, node: cst.Call, code: str) -> list[Change] | None:
    """What is read of the list, read of the item; None where anything else is."""
    first = _first_of(call)
    if first is not None:
        whole = model.node(first)
        return [Replace(whole, f'{code}["Item"]')] if whole is not None else None
    stmt = call.parent
    binding = only_name(stmt) if isinstance(stmt, ir.Assign) and stmt.value is call else None
    if binding is None:
        return None
    changes: list[Change] = [Replace(node, code)]
    for use in binding.uses:
        if use.store:
            continue
        change = _read_of(model, use, binding.name)
        if change is None:
            return None
        changes.append(change)
    return changes


def _first_of(answer: ir.Expr) -> ir.Item | None:
    """`answer["Items"][0]`."""
    listed = field_read(answer, "Items")
    item = listed.parent if listed is not None else None
    if not isinstance(item, ir.Item) or item.base is not listed or item.store:
        return None
    return item if isinstance(item.key, ir.Const) and item.key.value == 0 else None


def _read_of(model: Core, answer: ir.Name, name: str) -> Replace | None:
    first = _first_of(answer)
    if first is not None:
        whole = model.node(first)
        return Replace(whole, f'{name}["Item"]') if whole is not None else None
    there = _asks_whether(answer)
    asked = model.node(there[0]) if there is not None else None
    if there is None or asked is None:
        return None
    return Replace(asked, f'"Item" {"in" if there[1] else "not in"} {name}')


def _asks_whether(answer: ir.Name) -> tuple[ir.Expr, bool] | None:
    """The expression that asks whether there are any items, and whether it is true when there are."""
    asked: ir.Expr | None = field_read(answer, "Items")
    counted = field_read(answer, "Count")
    if asked is not None and isinstance(asked.parent, ir.Call) and ir.dotted(asked.parent.func) == "len":
        counted = asked.parent
    if counted is not None:
        compare = counted.parent
        if isinstance(compare, ir.Compare) and compare.left is counted and len(compare.ops) == 1:
            right = compare.rights[0]
            there = _THERE.get((compare.ops[0], right.value if isinstance(right, ir.Const) else None))
            return (compare, there) if there is not None else None
        asked = counted
    if asked is None:
        return None
    if isinstance(asked.parent, ir.Not):
        return asked.parent, False
    tested = isinstance(asked.parent, (ir.If, ir.Choice)) and asked.parent.test is asked
    return (asked, True) if tested else None

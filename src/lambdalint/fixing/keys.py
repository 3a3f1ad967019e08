"""A scan with a filter on a table's key becomes a query with a key condition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import libcst as cst

from lambdalint.deployment import DeployedTable
from lambdalint.findings import Safety
from lambdalint.fixing.requests import AddArgument, Change, FixRequest, NeedImport, Replace
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.dynamodb import Read
from lambdalint.semantics.rights import told

_CONDITIONS = "boto3.dynamodb.conditions"
_QUERIED = "items come in order of the sort key, an empty key is rejected"
# What a key condition may ask of a sort key (DynamoDB API reference: KeyConditionExpression).
_RANGE_TESTS = {"eq", "lt", "lte", "gt", "gte", "begins_with", "between"}
_EQUALITY = re.compile(r"^\s*([#A-Za-z_]\w*)\s*=\s*(:\w+)\s*$")
# Arguments that mean the same on a query.
_SHARED = {
    "FilterExpression", "ExpressionAttributeNames", "ExpressionAttributeValues", "ProjectionExpression", "TableName",
    "ReturnConsumedCapacity", "Select",
}  # fmt: skip


@dataclass(frozen=True)
class _Term:
    """One condition of a filter: `attribute` `test` …, with the code that says so."""

    attribute: str
    test: str
    node: cst.BaseExpression | None = None
    text: str = ""


@dataclass(frozen=True)
class _Keys:
    hash_key: str
    range_key: str | None
    index: str = ""


def use_keys(model: Core, read: Read) -> tuple[FixRequest | None, str]:
    """The fix where the table's keys are known, and in any case what to do in words (or "")."""
    table = read.schema
    terms = _terms(model, read)
    if table is None or terms is None:
        return None, ""
    keys = _fitting(table, terms)
    if keys is None:
        return None, ""
    names = [t.attribute for t in terms if t.attribute in (keys.hash_key, keys.range_key)]
    where = f"the index {keys.index}" if keys.index else f"the table {table.table_name or table.name}"
    how = f"query {where} by its key {' and '.join(names)}"
    return _request(model, read, keys, terms), how


def _fitting(table: DeployedTable, terms: Sequence[_Term]) -> _Keys | None:
    """The table's own keys, or an index's that holds whole items, where the filter asks for the hash key."""
    equal = {t.attribute for t in terms if t.test == "eq"}
    candidates = [_Keys(table.hash_key, table.range_key)]
    candidates += [_Keys(i.hash_key, i.range_key, i.name) for i in table.indexes if i.projection == "ALL"]
    for keys in candidates:
        ranged = [t for t in terms if t.attribute == keys.range_key]
        doubled = len([t for t in terms if t.attribute == keys.hash_key]) > 1 or len(ranged) > 1
        if keys.hash_key in equal and not doubled and all(t.test in _RANGE_TESTS for t in ranged):
            return keys
    return None


def _terms(model: Core, read: Read) -> list[_Term] | None:
    """The conditions that the filter joins by "and"; None where it is anything else."""
    given = read.arguments.get("FilterExpression")
    node = model.node(given) if given is not None else None
    if isinstance(node, cst.SimpleString):
        return _text_terms(str(node.evaluated_value), read.placeholders())
    if not isinstance(node, cst.BaseExpression):
        return None
    terms: list[_Term] = []
    stack: list[cst.BaseExpression] = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, cst.BinaryOperation) and isinstance(part.operator, cst.BitAnd):
            stack += [part.right, part.left]
            continue
        term = _condition(model, part)
        if term is None:
            return None
        terms.append(term)
    return terms


def _condition(model: Core, node: cst.BaseExpression) -> _Term | None:
    """`Attr("name").eq(value)`."""
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
        return None
    made = node.func.value
    if not isinstance(made, cst.Call) or len(made.args) != 1:
        return None
    if model.qualified(made.func) not in (f"{_CONDITIONS}.Attr", f"{_CONDITIONS}.Key"):
        return None
    name = model.constant(made.args[0].value)
    return _Term(name, node.func.attr.value, node) if isinstance(name, str) else None


def _text_terms(text: str, placeholders: dict[str, str]) -> list[_Term] | None:
    terms = []
    for part in re.split(r"\s+AND\s+", text.strip(), flags=re.IGNORECASE):
        found = _EQUALITY.match(part)
        if found is None:
            return None
        terms.append(_Term(placeholders.get(found[1], found[1]), "eq", text=part.strip()))
    return terms


def _request(model: Core, read: Read, keys: _Keys, terms: Sequence[_Term]) -> FixRequest | None:
    node = model.node(read.call)
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute) or read.face == "paginator":
        return None
    if not read.complete or set(read.arguments) - _SHARED or any(a.keyword is None for a in node.args):
        return None
    if _paged(model, read):
        return None
    argument = next((a for a in node.args if a.keyword is not None and a.keyword.value == "FilterExpression"), None)
    if argument is None or argument.keyword is None:
        return None
    wanted = (keys.hash_key, keys.range_key)
    for_key = [t for t in terms if t.attribute in wanted]
    rest = [t for t in terms if t.attribute not in wanted]
    changes: list[Change] = [Replace(node.func.attr, cst.Name("query"))]
    if isinstance(argument.value, cst.SimpleString):
        condition: str | cst.BaseExpression = _quoted(argument.value, " AND ".join(t.text for t in for_key))
        remaining: str | cst.BaseExpression = _quoted(argument.value, " AND ".join(t.text for t in rest))
    else:
        joined = _joined(model, for_key)
        if joined is None:
            return None
        condition, imported = joined
        changes += _imports(model, argument.value, bool(rest)) if imported else []
        remaining = " & ".join(model.tree.code_for_node(t.node) for t in rest if t.node is not None)
    if rest:
        changes.append(Replace(argument.value, remaining))
        changes.append(AddArgument(node, "KeyConditionExpression", condition))
    else:
        changes.append(Replace(argument.keyword, cst.Name("KeyConditionExpression")))
        changes.append(Replace(argument.value, condition))
    if keys.index:
        changes.append(AddArgument(node, "IndexName", f'"{keys.index}"'))
    limits = told(model, read.call, "dynamodb.scan", "dynamodb.query", _QUERIED)
    message = f"Query by the key ({limits})"
    return FixRequest(tuple(changes), Safety.UNSAFE, message)


def _paged(model: Core, read: Read) -> bool:
    """Whether the function goes on reading pages: the other calls would have to change too."""
    function = model.function(read.call)
    return function is not None and "ExclusiveStartKey" in (a.keyword for call in function.calls for a in call.args)


def _quoted(like: cst.SimpleString, text: str) -> str:
    return f"{like.quote}{text}{like.quote}"


def _joined(model: Core, terms: Iterable[_Term]) -> tuple[str, bool] | None:
    """The key condition's code, and whether it needs `Key` to be imported."""
    parts = []
    needed = False
    for term in terms:
        node = term.node
        assert isinstance(node, cst.Call)
        assert isinstance(node.func, cst.Attribute)
        made = node.func.value
        assert isinstance(made, cst.Call)
        if isinstance(made.func, cst.Name):
            needed = True
            made = made.with_changes(func=cst.Name("Key"))
        elif isinstance(made.func, cst.Attribute):
            made = made.with_changes(func=made.func.with_changes(attr=cst.Name("Key")))
        else:
            return None
        changed = node.with_changes(func=node.func.with_changes(value=made), lpar=(), rpar=())
        parts.append(model.tree.code_for_node(changed))
    return " & ".join(parts), needed


def _imports(model: Core, value: cst.BaseExpression, still: bool) -> list[Change]:
    """`Key` instead of `Attr` in the import where nothing else uses `Attr`, else beside it."""
    binding = model.module.scope.bindings.get("Attr")
    inside = model.expr(value)
    if binding is not None and len(binding.definitions) == 1 and inside is not None and not still:
        own = {id(part) for part in ir.walk(inside)}
        statement = binding.definitions[0].site
        node = model.node(statement) if statement is not None else None
        if all(id(use) in own for use in binding.uses) and "Key" not in model.module.scope.bindings:
            names = node.names if isinstance(node, cst.ImportFrom) else ()
            for alias in names if not isinstance(names, cst.ImportStar) else ():
                if isinstance(alias.name, cst.Name) and alias.name.value == "Attr" and alias.asname is None:
                    return [Replace(alias.name, cst.Name("Key"))]
    return [NeedImport(_CONDITIONS, "Key")]

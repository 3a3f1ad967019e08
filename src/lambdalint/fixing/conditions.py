"""What a filter asks for, term by term, and the keys of a table or index that could be asked for it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst
from msgspec import Struct

from lambdalint.deployment import DeployedTable
from lambdalint.semantics.core import Core
from lambdalint.semantics.dynamodb import Read

CONDITIONS = "boto3.dynamodb.conditions"
# What a key condition may ask of a sort key (DynamoDB API reference: KeyConditionExpression).
_RANGE_TESTS = {"eq", "lt", "lte", "gt", "gte", "begins_with", "between"}
_EQUALITY = re.compile(r"^\s*([#A-Za-z_]\w*)\s*=\s*(:\w+)\s*$")


class Term(Struct, frozen=True):
    """One condition of a filter: `attribute` `test` …, with the code that says so."""

    attribute: str
    test: str
    node: cst.Call | None = None
    text: str = ""


class Keys(Struct, frozen=True):
    """The attributes of a key, of the table itself or of an `index`."""

    hash_key: str
    range_key: str | None
    index: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.hash_key,) if self.range_key is None else (self.hash_key, self.range_key)


def fitting(table: DeployedTable, terms: Sequence[Term]) -> Keys | None:
    """The table's own keys, or an index's that holds whole items, where the filter asks for the hash key."""
    equal = {t.attribute for t in terms if t.test == "eq"}
    candidates = [Keys(table.hash_key, table.range_key)]
    candidates += [Keys(i.hash_key, i.range_key, i.name) for i in table.indexes if i.projection == "ALL"]
    for keys in candidates:
        ranged = [t for t in terms if t.attribute == keys.range_key]
        doubled = len([t for t in terms if t.attribute == keys.hash_key]) > 1 or len(ranged) > 1
        if keys.hash_key in equal and not doubled and all(t.test in _RANGE_TESTS for t in ranged):
            return keys
    return None


def terms_of(model: Core, read: Read) -> list[Term] | None:
    """The conditions that the filter joins by "and"; None where it is anything else."""
    given = read.arguments.get("FilterExpression")
    node = model.node(given) if given is not None else None
    if isinstance(node, cst.SimpleString):
        return _text_terms(str(node.evaluated_value), read.placeholders())
    if not isinstance(node, cst.BaseExpression):
        return None
    terms: list[Term] = []
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


def _condition(model: Core, node: cst.BaseExpression) -> Term | None:
    """`Attr("name").eq(value)`."""
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
        return None
    made = node.func.value
    if not isinstance(made, cst.Call) or len(made.args) != 1:
        return None
    if model.qualified(made.func) not in (f"{CONDITIONS}.Attr", f"{CONDITIONS}.Key"):
        return None
    name = model.constant(made.args[0].value)
    return Term(name, node.func.attr.value, node) if isinstance(name, str) else None


def _text_terms(text: str, placeholders: dict[str, str]) -> list[Term] | None:
    terms = []
    for part in re.split(r"\s+AND\s+", text.strip(), flags=re.IGNORECASE):
        found = _EQUALITY.match(part)
        if found is None:
            return None
        terms.append(Term(placeholders.get(found[1], found[1]), "eq", text=part.strip()))
    return terms

"""Reads of DynamoDB tables: which operation, on which table, with which arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from lambdalint.deployment import DeployedTable
from lambdalint.semantics import arguments, flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.environment import environment_variable

_READS = {"get_item", "query", "scan", "batch_get_item"}
# Attributes that a time to live is kept in: expired items may still be there, so a filter is right.
_TTL = re.compile(r"ttl|expir|time_?to_?live|deleted_?at", re.I)
_CONDITION = re.compile(r"[A-Za-z_#][\w#.]*|:[\w]+")


class Read(Struct, frozen=True):
    """One `get_item`, `query` or `scan`.

    `face` is "table", "client" or "paginator"; `arguments` are the ones that are
    known by name, those of dicts built beforehand included; `complete` says that
    there are no others; `table` is the expression or literal that names the table.
    """

    model: Core
    call: ir.Call
    operation: str
    face: str
    arguments: dict[str, ir.Expr]
    complete: bool
    table: ir.Expr | None

    def has(self, *names: str) -> bool:
        return any(name in self.arguments for name in names)

    def constant(self, name: str) -> object:
        return self.model.constant(self.arguments.get(name))

    @property
    def label(self) -> str:
        """How a message names it: `table.scan`, `the scan paginator`."""
        if self.face == "paginator":
            return f"the {self.operation} paginator"
        return self.model.text(self.call.func)

    @property
    def continues(self) -> bool:
        """Whether this call asks for a further page of a read that the function began above."""
        return self.has("ExclusiveStartKey") and any(
            other.call is not self.call and _same_table(self, other) and not other.has("ExclusiveStartKey")
            for other in _earlier(self.model, self)
        )

    @property
    def exports(self) -> bool:
        """Whether it pages through the whole table in functions that only a schedule calls."""
        function = self.model.function(self.call)
        if function is None:
            return False
        project = self.model.project
        reached = [project.handlers[i].deployed for i in project.reach.reached_by.get(function, ())]
        pages = self.face == "paginator" or any(
            argument.keyword == "ExclusiveStartKey" for call in function.calls for argument in call.args
        )
        pages = pages or "ExclusiveStartKey" in function.strings
        return pages and bool(reached) and all(d is not None and d.scheduled for d in reached)

    @property
    def segmented(self) -> bool:
        return self.has("Segment", "TotalSegments")

    @property
    def sparse(self) -> bool:
        """Whether it reads an index that the configuration calls sparse."""
        return self.constant("IndexName") in self.model.options.sparse_indexes

    @property
    def filters_expiry(self) -> bool:
        """Whether the filter asks for nothing but a time-to-live attribute."""
        names = set(self.filtered_names())
        return bool(names) and all(_TTL.search(name) for name in names)

    def filtered_names(self) -> Iterator[str]:
        """The attributes that the filter names, as far as they can be read."""
        given = self.arguments.get("FilterExpression")
        if given is None:
            return
        yield from attribute_names(self.model, given)
        text = self.model.constant(given)
        if isinstance(text, str):
            placeholders = self.placeholders()
            for word in _CONDITION.findall(text):
                if word.startswith(":") or word.upper() in ("AND", "OR", "NOT", "BETWEEN", "IN") or "(" in word:
                    continue
                if word in (
                    "contains",
                    "begins_with",
                    "attribute_exists",
                    "attribute_not_exists",
                    "size",
                    "attribute_type",
                ):
                    continue
                yield placeholders.get(word, word)

    def placeholders(self) -> dict[str, str]:
        """`#name` → attribute, from ExpressionAttributeNames."""
        given = self.arguments.get("ExpressionAttributeNames")
        if not isinstance(given, ir.Map):
            return {}
        pairs = ((self.model.constant(k), self.model.constant(v)) for k, v in given.entries if k is not None)
        return {str(k): str(v) for k, v in pairs if isinstance(k, str) and isinstance(v, str)}

    @property
    def schema(self) -> DeployedTable | None:
        """The table's keys, from the configuration or a template, where they are known."""
        return schema_of(self.model, self.table)


def read_of(model: Core, call: ir.Call) -> Read | None:
    """The read that a call makes itself, or None."""
    value = model.value(call.func)
    if value is None or value.kind != "operation" or value.base is None:
        return None
    base, name = value.base, value.name
    if base.kind == "paginator" and name == "paginate" and base.service == "dynamodb" and base.name in _READS:
        operation, face = base.name, "paginator"
    elif base.kind == "client" and base.name == "dynamodb" and name in _READS:
        operation, face = name, "client"
    elif base.kind == "subresource" and base.name == "Table" and name in _READS:
        operation, face = name, "table"
    else:
        return None
    named, complete = arguments_of(model, call)
    table = named.get("TableName") if face != "table" else _table_name(base.origin)
    return Read(model, call, operation, face, named, complete, table)


def _table_name(origin: object) -> ir.Expr | None:
    return origin.argument(0, "name") if isinstance(origin, ir.Call) else None


def arguments_of(model: Core, call: ir.Call) -> tuple[dict[str, ir.Expr], bool]:
    """A call's arguments by name, those that it gets on some ways only included; False where others may be given."""
    given = arguments.given(model.project.evaluator, call)
    complete = given.complete and not given.others and all(a.keyword or a.star == 2 for a in call.args)
    known = ((str(name), entry.expr) for name, entries in given.named.items() for entry in entries)
    return {name: expr for name, expr in known if expr is not None}, complete


def _earlier(model: Core, read: Read) -> Iterator[Read]:
    """The reads of the same operation before this one in its function."""
    function = model.function(read.call)
    for call in function.calls if function is not None else ():
        if call is read.call:
            return
        other = read_of(model, call)
        if other is not None and other.operation == read.operation:
            yield other


def _same_table(one: Read, other: Read) -> bool:
    return one.model.text(one.call.func) == other.model.text(other.call.func)


def attribute_names(model: Core, condition: ir.Expr) -> Iterator[str]:
    """The attributes of a `boto3.dynamodb.conditions` expression: Key("a").eq(…) & Attr("b")…"""
    seen: set[int] = set()
    stack = [condition]
    while stack:
        for part in ir.walk(stack.pop()):
            if id(part) in seen:
                continue
            seen.add(id(part))
            if (
                isinstance(part, ir.Call)
                and part.args
                and model.qualified(part.func)
                in (
                    "boto3.dynamodb.conditions.Attr",
                    "boto3.dynamodb.conditions.Key",
                )
            ):
                name = model.constant(part.args[0].value)
                if isinstance(name, str):
                    yield name
            elif isinstance(part, ir.Name):
                binding = part.scope.lookup(part.id)
                if binding is not None and binding.scope is not None:
                    for definition in flow.reaching(part, binding):
                        if definition.kind in ("assign", "aug") and definition.value is not None:
                            stack.append(definition.value)


def schema_of(model: Core, table: ir.Expr | None) -> DeployedTable | None:
    """The deployed (or configured) table that an expression names, where just one fits.

    A literal is matched with table names; an environment variable with what the
    handlers' deployments give it: a literal name or a reference to the table.
    """
    if table is None:
        return None
    wanted: set[str] = set()
    constant = model.constant(table)
    if isinstance(constant, str):
        wanted.add(constant)
    variable = environment_variable(model, table)
    if variable:
        for function in model.project.inputs.functions:
            for name, value in function.environment:
                if name == variable:
                    wanted.add(value)
    if not wanted:
        return None
    found = []
    for known in model.project.tables():
        if known.table_name in wanted or f"ref:{known.name}" in wanted:
            found.append(known)
    keys = {(t.hash_key, t.range_key) for t in found}
    return found[0] if len(keys) == 1 and found[0].hash_key else None

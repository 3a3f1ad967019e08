"""The names of a table's whole primary key, as far as a template, the configuration or the code itself tells them."""

from __future__ import annotations

from lambdalint.semantics import ir
from lambdalint.semantics.aws import AwsCall, aws_call
from lambdalint.semantics.batchable import table_of
from lambdalint.semantics.core import Core
from lambdalint.semantics.dynamodb import schema_of
from lambdalint.semantics.value import Value

# Requests that are refused unless `Key` is the whole primary key.
_BY_KEY = ("dynamodb.get_item", "dynamodb.update_item", "dynamodb.delete_item")


def key_names(model: Core, on: Value, aws: AwsCall | None = None) -> tuple[str, ...]:
    """The attributes of the key of the table that is called on, or that a client's request names; () if unknown."""
    made = on.origin if on.kind == "subresource" else None
    name = made.argument(0, "name") if isinstance(made, ir.Call) else None
    if name is None and aws is not None:
        name = aws.arguments.get("TableName")
    schema = schema_of(model, name)
    if schema is not None and schema.range_key != "":
        return (schema.hash_key,) if schema.range_key is None else (schema.hash_key, schema.range_key)
    return _of_requests(model, on, aws)


def _of_requests(model: Core, on: Value, aws: AwsCall | None) -> tuple[str, ...]:
    """The key that the module's other requests for the same table give."""
    own = table_of(model, on, aws)
    found: dict[frozenset[str], tuple[str, ...]] = {}
    for function in model.module.functions if own is not None else ():
        for call in function.calls:
            other = aws_call(model, call)
            if other is None or other.name not in _BY_KEY or table_of(model, other.on, other) != own:
                continue
            names = literal_names(model, other.arguments.get("Key"))
            if names:
                found[frozenset(names)] = names
    return next(iter(found.values())) if len(found) == 1 else ()


def literal_names(model: Core, given: ir.Expr | None) -> tuple[str, ...]:
    """The keys of a dict that is written out, all of them constant; () for anything else."""
    if not isinstance(given, ir.Map):
        return ()
    names = [model.constant(key) if key is not None else None for key, _ in given.entries]
    texts = tuple(name for name in names if isinstance(name, str))
    return texts if len(texts) == len(names) else ()

"""What attributes of a known value give: the AWS SDK's objects above all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdalint.knowledge import operations, tables
from lambdalint.semantics import fields, ir, objects
from lambdalint.semantics.value import NOTHING, UNSURE, Context, Value, Values, is_none

if TYPE_CHECKING:
    from lambdalint.semantics.values import Evaluator

# What botocore and boto3 put on every client or resource without any call behind it.
_LOCAL_ATTRIBUTES = {"exceptions", "waiter_names", "waiter_name"}


def attribute(evaluator: Evaluator, value: Value, expr: ir.Attr, context: Context | None) -> Values:
    """What `value.name` may be."""
    name = expr.name
    match value.kind:
        case "external":
            return frozenset({Value("external", tables.canonical(f"{value.name}.{name}"))})
        case "module":
            return evaluator.world.module_attribute(value.name, name)
        case "instance" | "class" | "super":
            return objects.member(evaluator, value, name)
        case "client" | "resource" | "subresource" | "collection":
            return _of_aws(value, expr)
        case "meta":
            if name == "client":
                return frozenset({Value("client", value.service, expr)})
            return UNSURE
        case "function":
            return objects.stored_on(evaluator, value, name) or UNSURE
        case "result":
            stored = objects.stored_on(evaluator, value, name)
            return stored or frozenset({Value("operation", name, expr, value)})
        case "session" | "paginator" | "waiter" | "batch":
            return frozenset({Value("operation", name, expr, value)})
        case "member":
            return fields.of_member(evaluator, value, name)
        case "record":
            return fields.of_record(evaluator, value, name)
        case "operation" | "response" if value.outside:
            return frozenset({Value("operation", name, expr, value)})
        case _ if is_none(value):
            return NOTHING  # what is None at first has no attribute until it is something else
        case _:
            return UNSURE


def _of_aws(value: Value, expr: ir.Attr) -> Values:
    name = expr.name
    if name in _LOCAL_ATTRIBUTES:
        return UNSURE
    if name == "meta":
        return frozenset({Value("meta", base=value)})
    if _is_collection(value, name):
        return frozenset({Value("collection", name, expr, value)})
    return frozenset({Value("operation", name, expr, value)})


def _is_collection(value: Value, name: str) -> bool:
    if value.kind not in ("resource", "subresource"):
        return False
    kind = "ServiceResource" if value.kind == "resource" else value.name
    member = operations.resource_member(value.service, kind, name)
    if member is None:
        return value.kind == "subresource" and tables.is_collection(value.name, name)
    return member.role == "collection"

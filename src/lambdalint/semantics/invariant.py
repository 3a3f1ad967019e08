"""Remote reads that ask the same thing on every invocation."""

from __future__ import annotations

from lambdalint.knowledge import answers, batches, operations
from lambdalint.semantics import fetches, flow, ir
from lambdalint.semantics.accesses import pure, target_of
from lambdalint.semantics.aws import AwsCall, aws_call
from lambdalint.semantics.core import Core
from lambdalint.semantics.effects import READ
from lambdalint.semantics.environment import environment_variable
from lambdalint.semantics.expiry import expiry_compared

_DEPTH = 6  # names that an argument may be handed through


def invariant_read(model: Core, call: ir.Call) -> AwsCall | None:
    """The read that a call makes with arguments that never change, of what the project doesn't write; or None.

    Tokens, secrets and parameters have rules of their own. A read in a `while` may wait for a change,
    as may one that asks for the latest state; a schedule's invocations come too rarely for a cache.
    """
    aws = aws_call(model, call)
    if aws is None or aws.face not in ("client", "resource", "paginator") or not aws.complete:
        return None
    if model.effect(call) != READ or answers.is_volatile(aws.operation) or aws.constant("ConsistentRead") is True:
        return None
    if any(isinstance(loop, ir.While) for loop in flow.loops_around(call)) or fetches.fetch(model, call) is not None:
        return None
    if not target_of(aws) or not all(_fixed(model, value, _DEPTH) for value in aws.arguments.values()):
        return None
    if expiry_compared(model, call) or _only_scheduled(model, call) or _written(aws):
        return None
    return aws


def _fixed(model: Core, expr: ir.Expr, depth: int) -> bool:
    """Whether an expression surely has the same value on every invocation."""
    if model.constant(expr) is not None or environment_variable(model, expr):
        return True
    if depth == 0:
        return False
    match expr:
        case ir.Const():
            return True
        case ir.Name():
            binding = expr.scope.lookup(expr.id)
            definitions = binding.definitions if binding is not None else []
            if len(definitions) != 1 or definitions[0].path or definitions[0].value is None:
                return False
            return definitions[0].kind == "assign" and _fixed(model, definitions[0].value, depth - 1)
        case ir.Seq() | ir.Map() | ir.Blend():
            return all(_fixed(model, part, depth - 1) for part in ir.children(expr))
        case ir.Call() if pure(model, expr):
            receiver = [expr.func.base] if isinstance(expr.func, ir.Attr) and not model.qualified(expr.func) else []
            return all(_fixed(model, part, depth - 1) for part in (*receiver, *(a.value for a in expr.args)))
        case _:
            return False


def _only_scheduled(model: Core, call: ir.Call) -> bool:
    function = model.function(call)
    reached = model.project.reach.reached_by.get(function, ()) if function is not None else ()
    deployed = [model.project.handlers[index].deployed for index in reached]
    return bool(deployed) and all(one is not None and one.scheduled for one in deployed)


def _written(aws: AwsCall) -> bool:
    """Whether the project may write what is read: some call writes the same thing, or one that can't be told.

    Methods are taken by their names alone where what they are called on isn't known.
    """
    for function in aws.model.project.reach.reached_by:
        for call in function.calls:
            name = call.func.name if isinstance(call.func, ir.Attr) else ""
            if not name or not _may_write(aws.service, name):
                continue
            other = aws_call(aws.model, call)
            if other is None:
                value = aws.model.value(call.func)
                if value is not None and value.base is not None and value.base.service not in ("", aws.service):
                    continue
                return True
            if other.service == aws.service and _may_be_same(aws, other):
                return True
    return False


def _may_write(service: str, method: str) -> bool:
    """Whether a method of that name of the service's client, or of one of its resources, writes."""
    if operations.effect(service, method) == "write":
        return True
    kinds = operations.resource_kinds(service)
    return any(operations.resource_effect(service, kind, method) == "write" for kind in kinds)


def _may_be_same(read: AwsCall, write: AwsCall) -> bool:
    """Whether two requests may be about the same thing, by what holds it: a table, a bucket, a queue."""
    one, other = _holder(read), _holder(write)
    return one is None or other is None or one[0] != other[0] or one[1] == other[1]


def _holder(aws: AwsCall) -> tuple[str, object] | None:
    """What tells the table, bucket or queue of a request from others; None where that isn't known."""
    named = next((aws.arguments[name] for name in sorted(batches.destinations()) if name in aws.arguments), None)
    if named is None and aws.face == "resource" and isinstance(aws.on.origin, ir.Call):
        named = aws.on.origin.positional(0) or aws.on.origin.keyword("name")
    return fetches.identity(aws.model, named) if named is not None else None

"""Metrics that a function sends to CloudWatch itself."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.semantics import ir
from lambdalint.semantics.addresses import assigned
from lambdalint.semantics.aws import AwsCall, aws_call
from lambdalint.semantics.core import Core
from lambdalint.semantics.effects import WRITE
from lambdalint.semantics.handlers import Handler

_PUT = "cloudwatch.put_metric_data"
_ADDING = ("append", "extend", "insert")


def metric_call(model: Core, call: ir.Call) -> AwsCall | None:
    """The request that sends metrics beside a function's work, or None; None too where it is that work."""
    found = aws_call(model, call)
    return found if found is not None and found.name == _PUT and not _is_the_work(found) else None


def _is_the_work(found: AwsCall) -> bool:
    """Whether sending metrics is what the function is for: several on a schedule, or all that it does."""
    function = found.model.function(found.call)
    if function is None:
        return False
    project = found.model.project
    reached = [project.handlers[i] for i in project.reach.reached_by.get(function, ())]
    effects = {effect for handler in reached for effect in _effects_beside(found.model, handler)}
    if not effects:
        return True
    several = _metrics(found.arguments.get("MetricData"))
    if several != 1 and all(handler.deployed is not None and handler.deployed.scheduled for handler in reached):
        return bool(reached)
    # Without a schedule metrics that are written out are those of a request; others were gathered.
    return several is None and WRITE not in effects


def _metrics(data: ir.Expr | None) -> int | None:
    """How many metrics are sent; None for what is put together elsewhere."""
    if isinstance(data, ir.Name):
        return None if _grows(data) else _metrics(assigned(data))
    return len(data.items) if isinstance(data, ir.Seq) else None


def _grows(name: ir.Name) -> bool:
    binding = name.scope.lookup(name.id)
    holders = [use.parent for use in binding.uses] if binding is not None else []
    return any(isinstance(holder, ir.Attr) and holder.name in _ADDING for holder in holders)


def _effects_beside(model: Core, handler: Handler) -> Iterator[str]:
    """The effects of the requests that a handler makes for anything else than metrics."""
    index = model.project.handlers.index(handler)
    for function, reached in model.project.reach.reached_by.items():
        for call in function.calls if index in reached else ():
            if model.project.effects.network(call):
                other = aws_call(model, call)
                if other is None or other.name != _PUT:
                    yield model.effect(call)

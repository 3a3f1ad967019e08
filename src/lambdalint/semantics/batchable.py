"""Requests that a loop sends for one item at a time although a batch request takes many."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from lambdalint.knowledge import batches
from lambdalint.semantics import flow, ir
from lambdalint.semantics.aws import AwsCall, aws_call
from lambdalint.semantics.chunks import in_chunks
from lambdalint.semantics.core import Core
from lambdalint.semantics.effects import READ, WRITE
from lambdalint.semantics.fetches import identity
from lambdalint.semantics.loops import LoopCall, calls_inside, loop_call
from lambdalint.semantics.per_item import few_turns
from lambdalint.semantics.turns import follows
from lambdalint.semantics.value import Value

WRITES = ("dynamodb.put_item", "dynamodb.delete_item")
MESSAGES = (
    *("sqs.send_message", "sqs.delete_message", "sns.publish"),
    *("events.put_events", "kinesis.put_record", "firehose.put_record"),
)
OBJECTS = ("s3.delete_object",)

Identity = tuple[str, object]


class Batchable(Struct, frozen=True):
    """A request per item, and the operation that takes up to `batch.limit` of them."""

    found: LoopCall
    batch: batches.Batch

    @property
    def aws(self) -> AwsCall:
        return self.found.aws

    @property
    def through(self) -> str:
        """What a message says of a function of the project that is in between."""
        return f" (it calls {self.aws.operation})" if self.found.helper else ""


def batchable(model: Core, call: ir.Call, wanted: Collection[str]) -> Batchable | None:
    """The request (one of `wanted`) that a call sends once per item, where nothing stands against a batch."""
    found = loop_call(model, call, wanted)
    batch = batches.batch_of(found.aws.name) if found is not None else None
    if found is None or batch is None or found.aws.face not in ("client", "resource"):
        return None
    if not _all_wanted(found) or not _independent(found, wanted) or not _fits(found, batch):
        return None
    return Batchable(found, batch)


def _all_wanted(found: LoopCall) -> bool:
    """Whether all items are known to be asked for, none of them for itself."""
    if found.few or few_turns(found.model, found.loop) or _lone_records(found.loop) or found.sleeps:
        return False
    return not (found.stops_early or found.guarded or found.result_used)


def _independent(found: LoopCall, wanted: Collection[str]) -> bool:
    """Whether nothing else that a turn does could hang on the request, or the request on it."""
    model = found.model
    for other in calls_inside(found.loop):
        if other is found.call or flow.inside(other, found.call) or flow.on_error_path(other):
            continue
        if model.effect(other) == WRITE:
            same = aws_call(model, other)
            if same is None or same.name not in wanted:
                return False
        if found.aws.service == "dynamodb" and reads_table(model, other, table_of(model, found.aws.on, found.aws)):
            return False
    return asks_alone(found)


def asks_alone(found: LoopCall) -> bool:
    """Whether the functions on the way do nothing but ask: others are pieces of work of their own."""
    for inner in found.path[1:]:
        function = flow.function_of(inner)
        beside = function.calls if function is not None else []
        if any(c is not inner and found.model.effect(c) in (READ, WRITE) for c in beside):
            return False
    return True


def reads_table(model: Core, call: ir.Call, own: Identity | None) -> bool:
    """Whether a call may look at the table `own`, where None is any."""
    stack, seen = [call], set[ir.Function]()
    while stack:
        current = stack.pop()
        if model.effect(current) != READ:
            continue
        aws = aws_call(model, current)
        if aws is not None and aws.service == "dynamodb":
            table = table_of(model, aws.on, aws)
            if own is None or table is None or own == table:
                return True
        for edge in model.project.edges_at(current):
            if edge.callee not in seen:
                seen.add(edge.callee)
                stack += edge.callee.calls
    return False


def table_of(model: Core, on: Value, aws: AwsCall | None = None) -> Identity | None:
    """What tells the table that is called on, or that a client's request names, from others."""
    made = on.origin if on.kind == "subresource" else None
    name = made.argument(0, "name") if isinstance(made, ir.Call) else None
    if name is None and aws is not None:
        name = aws.arguments.get("TableName")
    return identity(model, name) if name is not None else None


def _fits(found: LoopCall, batch: batches.Batch) -> bool:
    """Whether the request has its like in a batch, and all of them the same destination."""
    aws = found.aws
    if not aws.complete or aws.has(*batch.alone) or found.moving & batches.destinations():
        return False
    if aws.service == "events" and not _one_entry(aws):
        return False
    if aws.service in ("sqs", "sns", "events", "kinesis", "firehose") and in_chunks(found.model, found.loop):
        return False
    if found.receiver_moves:
        return _same_owner(found)
    return bool(found.moving)


def _one_entry(aws: AwsCall) -> bool:
    entries = aws.arguments.get("Entries")
    value = aws.model.value(entries) if entries is not None else None
    made = value.origin if value is not None and value.kind == "container" else None
    return isinstance(made, ir.Seq) and len(made.items) == 1 and not isinstance(made.items[0], ir.Star)


def _same_owner(found: LoopCall) -> bool:
    """Whether the objects that are called on, one per turn, belong to one bucket."""
    aws, loop = found.aws, found.loop
    if aws.kind not in ("Object", "ObjectSummary") or found.helper:
        return False
    made = aws.on.origin
    if isinstance(made, ir.Call) and isinstance(made.func, ir.Attr) and made.func.name in ("Object", "ObjectSummary"):
        # `bucket.Object(key)`, `s3.Object(bucket_name, key)`
        of_bucket = aws.on.base is not None and aws.on.base.name == "Bucket"
        owner = made.func.base if of_bucket else made.argument(0, "bucket_name")
        return owner is not None and follows(owner, loop, aws.call) is False
    # An object that the loop's own collection gives.
    return isinstance(made, ir.Attr) and follows(made, loop, aws.call) is False


def _lone_records(loop: ir.For | ir.Comp) -> bool:
    """Whether a loop runs over an event's records of a source that sends one at a time."""
    if isinstance(loop, ir.Comp):
        sources, exprs = [part.iter for part in loop.loops], list(loop.elements)
    else:
        sources, exprs = [loop.iter], [e for stmt in ir.statements(loop.body) for e in ir.expressions(stmt)]
    return _holds(sources, {"Records"}) and _holds(exprs, batches.lone_records())


def _holds(exprs: Collection[ir.Expr], texts: Collection[str]) -> bool:
    return any(isinstance(part, ir.Const) and part.value in texts for expr in exprs for part in ir.walk(expr))

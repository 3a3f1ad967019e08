"""`get_item` once per turn of a loop, directly or through functions of the project."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.semantics import dynamodb, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.dynamodb import Read
from lambdalint.semantics.effects import WRITE
from lambdalint.semantics.loops import LoopCall, calls_inside, loop_call
from lambdalint.semantics.turns import follows


class LoopRead(Struct, frozen=True):
    """`call` stands in `loop` and gets one item per turn; `read` is the call of DynamoDB itself.

    `helper` names the function that makes it, where that isn't `call`.
    """

    model: Core
    call: ir.Call
    loop: ir.For | ir.Comp
    read: Read
    helper: str = ""


def loop_read(model: Core, call: ir.Call) -> LoopRead | None:
    """The read of one item per turn that a call in a loop makes, or None."""
    found = loop_call(model, call, {"dynamodb.get_item"})
    if found is None:
        return None
    table = found.receiver_moves or "TableName" in found.moving
    if "Key" not in found.moving or table or found.few or found.stops_early:
        return None
    read = dynamodb.read_of(model, found.aws.call)
    writes = WRITE in (model.effect(call), *found.effects_beside) or _fills_a_batch(found)
    if read is None or _another_table(found.loop, read) or writes:
        return None
    return LoopRead(model, call, found.loop, read, found.helper)


def _fills_a_batch(found: LoopCall) -> bool:
    """Whether a turn also hands something to a `batch_writer()`, which sends it later."""
    entered = map(found.model.operation, calls_inside(found.loop))
    return any(value is not None and value.base is not None and value.base.kind == "batch" for value in entered)


def _another_table(loop: ir.For | ir.Comp, read: Read) -> bool:
    """Whether the table that was made from a name changes with the loop."""
    return read.table is not None and follows(read.table, loop, read.call) is not False

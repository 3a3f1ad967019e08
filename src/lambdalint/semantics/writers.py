"""`batch_writer()` that is opened anew in every turn of a loop."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.semantics import flow, ir
from lambdalint.semantics.batchable import reads_table, table_of
from lambdalint.semantics.chunks import in_chunks
from lambdalint.semantics.core import Core
from lambdalint.semantics.effects import WRITE
from lambdalint.semantics.few import few
from lambdalint.semantics.loops import calls_inside, catches, sleeps, stops_early
from lambdalint.semantics.turns import follows


class LoopWriter(Struct, frozen=True):
    """The call of `batch_writer()`, the `with` that opens it, and the loop that does so in every turn."""

    model: Core
    call: ir.Call
    block: ir.With
    loop: ir.For


def writer_in_loop(model: Core, call: ir.Call) -> LoopWriter | None:
    """The writer that a call opens for the few items of one turn, or None."""
    value = model.operation(call)
    block, loops = call.parent, flow.loops_around(call)
    if value is None or value.name != "batch_writer" or not isinstance(block, ir.With) or not loops:
        return None
    loop = loops[0]
    if not isinstance(loop, ir.For) or few(loop) or stops_early(loop) or in_chunks(model, loop) or sleeps(model, loop):
        return None
    if follows(call.func, loop, call) is not False or _own_failure(model, block, loop):
        return None
    found = LoopWriter(model, call, block, loop)
    return found if _adds_only(found) else None


def _own_failure(model: Core, block: ir.With, loop: ir.For) -> bool:
    """Whether each turn cares for its own failure."""
    return any(catches(model, above) for above in ir.ancestors(block) if flow.inside(above, loop))


def _adds_only(found: LoopWriter) -> bool:
    """Whether a turn hands single items to the writer itself and neither writes elsewhere nor looks at its table."""
    model = found.model
    adds = False
    for stmt in ir.statements(found.block.body):
        if isinstance(stmt, (ir.For, ir.While)):
            return False
        for part in (part for expr in ir.expressions(stmt) for part in ir.walk(expr)):
            if isinstance(part, ir.Comp):
                return False
            adds = adds or (isinstance(part, ir.Call) and adds_to_writer(model, part))
    own = model.operation(found.call)
    table = table_of(model, own.base) if own is not None and own.base is not None else None
    beside = [c for c in calls_inside(found.loop) if c is not found.call and not flow.on_error_path(c)]
    return adds and not any(model.effect(c) == WRITE or reads_table(model, c, table) for c in beside)


def adds_to_writer(model: Core, call: ir.Call) -> bool:
    """Whether a call hands an item to a `batch_writer()`."""
    value = model.operation(call)
    return value is not None and value.base is not None and value.base.kind == "batch"

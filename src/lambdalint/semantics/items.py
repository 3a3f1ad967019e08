"""`get_item` once per turn of a loop, directly or through functions of the project."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lambdalint.semantics import dynamodb, flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.dynamodb import Read
from lambdalint.semantics.effects import WRITE
from lambdalint.semantics.reach import display_name

_DEPTH = 4
_STOPPING = ("next", "any", "all", "builtins.next")


@dataclass(frozen=True)
class LoopRead:
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
    loops = flow.loops_around(call)
    if not loops or not isinstance(loops[0], (ir.For, ir.Comp)):
        return None
    loop = loops[0]
    found = _direct(model, call, loop) or _through(model, call, loop)
    if found is None or _few(loop) or _stops_early(model, loop) or _writes(model, loop):
        return None
    return found


def _direct(model: Core, call: ir.Call, loop: ir.For | ir.Comp) -> LoopRead | None:
    read = dynamodb.read_of(model, call)
    if read is None or read.operation != "get_item" or "Key" not in read.arguments:
        return None
    if read.table is not None and follows(read.table, loop, call) is not False:
        return None
    receiver = call.func.base if isinstance(call.func, ir.Attr) else None
    if receiver is not None and follows(receiver, loop, call) is not False:
        return None
    return LoopRead(model, call, loop, read) if follows(read.arguments["Key"], loop, call) else None


def _through(model: Core, call: ir.Call, loop: ir.For | ir.Comp) -> LoopRead | None:
    """A function of the project that gets the item whose key the loop hands over."""
    for edge in model.project.edges_at(call):
        if edge.callback or edge.made is not None:
            continue
        moving = {index for index, value in edge.bound.items() if follows(value, loop, call)}
        found = _inner(model, edge.callee, moving, _DEPTH) if moving else None
        if found is not None:
            return LoopRead(model, call, loop, found, display_name(edge.callee))
    return None


def _inner(model: Core, function: ir.Function, moving: set[int], depth: int) -> Read | None:
    """The get_item in a function whose key hangs on one of its parameters `moving`, and whose table doesn't."""
    guards = model.project.guards
    if depth == 0 or guards.cached(function):
        return None
    origins = {(function, index) for index in moving}
    dependence = model.project.dependence
    for call in function.calls:
        if guards.guarded(call) or flow.on_error_path(call) or flow.loops_around(call) or _conditional(call):
            continue
        read = dynamodb.read_of(model, call)
        if read is not None and read.operation == "get_item" and "Key" in read.arguments:
            by_key = not origins.isdisjoint(dependence.origins(read.arguments["Key"]))
            by_table = read.table is not None and not origins.isdisjoint(dependence.origins(read.table))
            if by_key and not by_table:
                return read
        for edge in model.project.edges_at(call):
            if edge.callback or edge.made is not None:
                continue
            handed = {i for i, v in edge.bound.items() if not origins.isdisjoint(dependence.origins(v))}
            found = _inner(model, edge.callee, handed, depth - 1) if handed else None
            if found is not None:
                return found
    return None


def _conditional(call: ir.Call) -> bool:
    """Whether a helper may do without a call: a branch around it, or an answer from what it keeps before it."""
    stmt = ir.statement_of(call)
    for member in flow.local_chain(stmt) if stmt is not None else ():
        if isinstance(member, (ir.If, ir.Match)) and member is not stmt:
            return True
        for earlier in flow.block_of(member):
            if earlier is member:
                break
            if isinstance(earlier, ir.If) and flow.leaves(earlier.body):
                if any(isinstance(part, (ir.Attr, ir.Item, ir.Call)) for part in ir.walk(earlier.test)):
                    return True
    return False


def follows(expr: ir.Expr, loop: ir.For | ir.Comp, call: ir.Call) -> bool | None:
    """Whether a value changes with a loop's own variable; None where it hangs on `call`'s own result."""
    seen: set[int] = set()
    stack = [expr]
    moves = False
    while stack:
        for part in ir.walk(stack.pop()):
            if part is call:
                return None
            if not isinstance(part, ir.Name):
                continue
            binding = part.scope.lookup(part.id)
            if binding is None or id(binding) in seen:
                continue
            seen.add(id(binding))
            for definition in binding.definitions:
                if definition.kind == "element" and definition.site is loop:
                    moves = True
                elif definition.site is not None and flow.inside(definition.site, loop):
                    if definition.value is not None:
                        stack.append(definition.value)
    return moves


def _few(loop: ir.For | ir.Comp) -> bool:
    """A loop over one or two things that are written out."""
    source = loop.iter if isinstance(loop, ir.For) else loop.loops[0].iter
    return isinstance(source, ir.Seq) and len(source.items) <= 2


def _stops_early(model: Core, loop: ir.For | ir.Comp) -> bool:
    """Whether a turn's result may end the loop: then not all items are wanted."""
    if isinstance(loop, ir.Comp):
        parent = loop.parent
        lazy = loop.kind == "generator" and isinstance(parent, ir.Call)
        return lazy and isinstance(parent, ir.Call) and ir.dotted(parent.func) in _STOPPING
    for stmt in ir.statements(loop.body):
        if isinstance(stmt, ir.Return) and not flow.on_error_path(stmt):
            return True
        if isinstance(stmt, ir.Simple) and stmt.kind == "break" and _breaks(stmt, loop):
            return True
    return False


def _breaks(stmt: ir.Stmt, loop: ir.For) -> bool:
    for ancestor in ir.ancestors(stmt):
        if isinstance(ancestor, (ir.For, ir.While)):
            return ancestor is loop
    return False


def calls_inside(loop: ir.For | ir.Comp) -> Iterator[ir.Call]:
    """The calls of a loop's repeated part."""
    if isinstance(loop, ir.Comp):
        for part in ir.walk(loop):
            if isinstance(part, ir.Call) and not flow.inside(part, loop.loops[0].iter):
                yield part
        return
    for stmt in ir.statements(loop.body):
        for expr in ir.expressions(stmt):
            for part in ir.walk(expr):
                if isinstance(part, ir.Call):
                    yield part


def _writes(model: Core, loop: ir.For | ir.Comp) -> bool:
    """Whether a turn also writes something remote: the read belongs to that then."""
    return any(model.effect(call) == WRITE or _enters_a_batch(model, call) for call in calls_inside(loop))


def _enters_a_batch(model: Core, call: ir.Call) -> bool:
    value = model.operation(call)
    return value is not None and value.base is not None and value.base.kind == "batch"

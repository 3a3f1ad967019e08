"""Waiting inside of an invocation: polls, and sleeps with the longest time that they may take."""

from __future__ import annotations

from dataclasses import dataclass

from lambdalint.knowledge import operations
from lambdalint.semantics import flow, ir
from lambdalint.semantics.aws import aws_call
from lambdalint.semantics.bounds import bound
from lambdalint.semantics.core import Core
from lambdalint.semantics.effects import READ
from lambdalint.semantics.loops import SLEEPS, calls_inside

_SINGLE, _SUM = 5.0, 10.0  # seconds that a retry may wait: at once, and in all its turns
_SHORT = 1.0


@dataclass(frozen=True)
class Poll:
    """`call` asks again and again; `sleeps` are the waits between, `waiter` says which waiter it is."""

    call: ir.Call
    sleeps: tuple[ir.Call, ...] = ()
    waiter: str = ""


@dataclass(frozen=True)
class Sleep:
    """A wait of at most `seconds`; None where nothing bounds it."""

    call: ir.Call
    seconds: float | None


def poll_of(model: Core, call: ir.Call) -> Poll | None:
    """The poll that a call is: a waiter's wait, or the first read of a loop that sleeps until an answer suits."""
    value = model.operation(call)
    aws = aws_call(model, call)
    if aws is not None and (aws.face == "waiter" or (value is not None and value.name.startswith("wait_until_"))):
        return Poll(call, waiter=aws.label)
    loops = flow.loops_around(call)
    if not loops or isinstance(loops[0], ir.Comp) or not _asks(model, call):
        return None
    loop = loops[0]
    sleeps = tuple(_own_sleeps(model, loop))
    if not sleeps or _changing(call, loop) or not _decides(call, loop, sleeps):
        return None
    earlier = next((c for c in _own_calls(loop) if _asks(model, c) and _decides(c, loop, sleeps)), call)
    return Poll(call, sleeps) if earlier is call else None


def _own_calls(loop: ir.For | ir.While) -> list[ir.Call]:
    found = [part for part in ir.walk(loop.test) if isinstance(part, ir.Call)] if isinstance(loop, ir.While) else []
    return [*found, *(call for call in calls_inside(loop) if flow.loops_around(call)[0] is loop)]


def _own_sleeps(model: Core, loop: ir.For | ir.While) -> list[ir.Call]:
    """The waits between the turns of a loop, those after a failure left out: they belong to a retry."""
    calls = [call for call in _own_calls(loop) if model.qualified(call.func) in SLEEPS]
    return [call for call in calls if not flow.on_error_path(call)]


def _asks(model: Core, call: ir.Call) -> bool:
    """Whether a call reads from AWS, itself or through a function of the project that does nothing else."""
    aws = aws_call(model, call)
    if aws is not None:
        return operations.effect(aws.service, aws.operation) == READ
    if model.effect(call) != READ or model.once(call):
        return False
    seen: set[ir.Function] = set()
    stack = [edge.callee for edge in model.project.edges_at(call) if not edge.callback]
    while stack:
        function = stack.pop()
        if function in seen:
            continue
        seen.add(function)
        for inner in function.calls:
            if aws_call(model, inner) is not None:
                return True
            stack += [edge.callee for edge in model.project.edges_at(inner) if not edge.callback]
    return False


def _changing(call: ir.Call, loop: ir.For | ir.While) -> bool:
    """Whether a call asks for something else in each turn: the next page, the next item."""
    answer = _dirty(call, loop)
    given = [a.value for a in call.args] + ([call.func.base] if isinstance(call.func, ir.Attr) else [])
    for part in (part for expr in given for part in ir.walk(expr)):
        binding = part.scope.lookup(part.id) if isinstance(part, ir.Name) else None
        if binding is None:
            continue
        if binding in answer or any(d.kind == "element" and d.site is loop for d in binding.definitions):
            return True
    return False


def _dirty(call: ir.Call, loop: ir.For | ir.While) -> set[ir.Binding]:
    """The names that a turn gives the answer to, or something made of it."""
    found: set[ir.Binding] = set()
    stmts = [s for s in ir.statements(loop.body) if isinstance(s, (ir.Assign, ir.AugAssign, ir.For))]
    grown = True
    while grown:
        before = len(found)
        for stmt in stmts:
            parts = [part for expr in ir.expressions(stmt) for part in ir.walk(expr)]
            if any(part is call or (isinstance(part, ir.Name) and _binding(part) in found) for part in parts):
                found |= {b for p in parts if isinstance(p, ir.Name) and p.store and (b := _binding(p)) is not None}
        grown = len(found) > before
    return found


def _binding(name: ir.Name) -> ir.Binding | None:
    return name.scope.lookup(name.id)


def _decides(call: ir.Call, loop: ir.For | ir.While, sleeps: tuple[ir.Call, ...]) -> bool:
    """Whether the answer ends the loop, or says whether it sleeps."""
    answer = _dirty(call, loop)

    def tells(test: ir.Expr) -> bool:
        return any(part is call or (isinstance(part, ir.Name) and _binding(part) in answer) for part in ir.walk(test))

    if isinstance(loop, ir.While) and tells(loop.test):
        return True
    for stmt in ir.statements(loop.body):
        if isinstance(stmt, ir.If) and tells(stmt.test):
            if any(flow.inside(sleep, stmt) for sleep in sleeps):
                return True
            if any(_ends(inner) for block in ir.blocks(stmt) for inner in ir.statements(block)):
                return True
    return False


def _ends(stmt: ir.Stmt) -> bool:
    return isinstance(stmt, (ir.Return, ir.Raise)) or (isinstance(stmt, ir.Simple) and stmt.kind == "break")


# --- sleeps ------------------------------------------------------------------------------


def sleep_of(model: Core, call: ir.Call) -> Sleep | None:
    """The wait of a second or more that a call is, where it isn't the short wait of a retry."""
    if model.qualified(call.func) != "time.sleep" or len(call.args) != 1:
        return None
    seconds = bound(model, call.args[0].value)
    if seconds is not None and seconds < _SHORT:
        return None
    retry = _retry(call)
    if retry is None:
        return Sleep(call, seconds)
    seconds = bound(model, call.args[0].value, capped=False)
    if seconds is None:
        return None  # it may well be within the limits
    turns = _turns(model, retry)
    if seconds <= _SINGLE and (turns is None or seconds * turns <= _SUM):
        return None
    return Sleep(call, seconds)


def _retry(call: ir.Call) -> ir.For | ir.While | None:
    """The loop around a wait that ends as soon as something succeeds."""
    loops = flow.loops_around(call)
    loop = loops[0] if loops else None
    if loop is None or isinstance(loop, ir.Comp):
        return None
    if isinstance(loop, ir.While):
        return loop
    return loop if any(_ends(stmt) for stmt in ir.statements(loop.body)) else None


def _turns(model: Core, loop: ir.For | ir.While) -> float | None:
    if not isinstance(loop, ir.For) or not isinstance(loop.iter, ir.Call) or ir.dotted(loop.iter.func) != "range":
        return None
    given = [bound(model, argument.value) for argument in loop.iter.args[:2]]
    if not given or given[-1] is None:
        return None
    return given[-1] - (given[0] or 0 if len(given) == 2 else 0)

"""Waiting inside of an invocation: polls, and sleeps with the longest time that they may take."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from lambdalint.knowledge import operations
from lambdalint.semantics import flow, ir
from lambdalint.semantics.aws import aws_call
from lambdalint.semantics.bounds import bound
from lambdalint.semantics.core import Core
from lambdalint.semantics.effects import READ
from lambdalint.semantics.http import http_read
from lambdalint.semantics.loops import SLEEPS, calls_inside

_SINGLE, _SUM = 5.0, 10.0  # seconds that a retry may wait: at once, and in all its turns
_SHORT = 1.0
# What a page says, by any of the HTTP libraries; the rest of an answer tells how asking for it went.
_BODY = {"json", "text", "content", "data", "read", "readlines", "iter_lines"}
_Tell = Callable[[ir.Expr], bool]


class Poll(Struct, frozen=True):
    """`call` asks again and again; `sleeps` are the waits between, `waiter` says which waiter it is."""

    call: ir.Call
    sleeps: tuple[ir.Call, ...] = ()
    waiter: str = ""


class Sleep(Struct, frozen=True):
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
    if not loops or isinstance(loops[0], ir.Comp):
        return None
    loop = loops[0]
    sleeps = tuple(_own_sleeps(model, loop))
    if sleeps and http_read(model, call) is not None:
        return Poll(call, sleeps) if _polls_page(model, call, loop, sleeps) else None
    if not sleeps or not _asks(model, call) or _changing(call, loop) or not _decides(call, loop, sleeps):
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
    behind = model.project.functions_behind(call, callbacks=False)
    return any(aws_call(model, inner) is not None for function in behind for inner in function.calls)


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


def _polls_page(model: Core, call: ir.Call, loop: ir.For | ir.While, sleeps: tuple[ir.Call, ...]) -> bool:
    """Whether the body of the same page decides how long a loop goes on: its status alone is a retry's."""
    given = [a.value for a in call.args] + ([call.func.base] if isinstance(call.func, ir.Attr) else [])
    if not all(_steady(expr, loop, call) for expr in given) or not _decides(call, loop, sleeps, of_body=True):
        return False
    turns = _turns(model, loop)
    waits = [bound(model, sleep.args[0].value) if sleep.args else None for sleep in sleeps]
    short = all(wait is not None and wait <= _SINGLE and wait * (turns or 0) <= _SUM for wait in waits)
    return not short or turns is None


def _steady(expr: ir.Expr, loop: ir.For | ir.While, call: ir.Call) -> bool:
    """Whether an expression is the same in every turn, as far as its names tell."""
    seen: set[int] = set()
    stack = [expr]
    while stack:
        for part in ir.walk(stack.pop()):
            binding = _binding(part) if isinstance(part, ir.Name) else None
            if part is call:
                return False
            if binding is None or id(binding) in seen:
                continue
            seen.add(id(binding))
            for definition in binding.definitions:
                if definition.site is None or not flow.inside(definition.site, loop):
                    continue
                if definition.kind != "assign" or definition.value is None:
                    return False
                stack.append(definition.value)
    return True


def _dirty(call: ir.Call, loop: ir.For | ir.While) -> set[ir.Binding]:
    """The names that a turn gives the answer to, or something made of it."""
    return _given_on(loop, lambda part, found: part is call or (isinstance(part, ir.Name) and _binding(part) in found))


def _answers(call: ir.Call, loop: ir.For | ir.While) -> _Tell:
    """Whether a part of a turn is (made of) the answer."""
    answer = _dirty(call, loop)
    return lambda part: part is call or (isinstance(part, ir.Name) and _binding(part) in answer)


def _bodies(call: ir.Call, loop: ir.For | ir.While) -> _Tell:
    """Whether a part of a turn is (made of) the body of a page, and not only of how asking for it went."""
    pages = _dirty(call, loop)

    def is_body(part: ir.Expr) -> bool:
        if not isinstance(part, ir.Attr) or part.name not in _BODY:
            return False
        return part.base is call or (isinstance(part.base, ir.Name) and _binding(part.base) in pages)

    told = _given_on(loop, lambda p, found: is_body(p) or (isinstance(p, ir.Name) and _binding(p) in found))
    return lambda part: is_body(part) or (isinstance(part, ir.Name) and _binding(part) in told)


def _given_on(loop: ir.For | ir.While, starts: Callable[[ir.Expr, set[ir.Binding]], bool]) -> set[ir.Binding]:
    """The names that a turn gives something to that is made of what `starts` tells, the names found included."""
    found: set[ir.Binding] = set()
    stmts = [s for s in ir.statements(loop.body) if isinstance(s, (ir.Assign, ir.AugAssign, ir.For, ir.With))]
    grown = True
    while grown:
        before = len(found)
        for stmt in stmts:
            parts = [part for expr in ir.expressions(stmt) for part in ir.walk(expr)]
            if any(starts(part, found) for part in parts):
                found |= {b for p in parts if isinstance(p, ir.Name) and p.store and (b := _binding(p)) is not None}
        grown = len(found) > before
    return found


def _binding(name: ir.Name) -> ir.Binding | None:
    return name.scope.lookup(name.id)


def _decides(call: ir.Call, loop: ir.For | ir.While, sleeps: tuple[ir.Call, ...], *, of_body: bool = False) -> bool:
    """Whether the answer (or the body of a page) ends the loop, or says whether it sleeps."""
    speaks = _bodies(call, loop) if of_body else _answers(call, loop)

    def tells(test: ir.Expr) -> bool:
        return any(speaks(part) for part in ir.walk(test))

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

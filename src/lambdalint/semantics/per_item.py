"""Loops that wait for one answer per item although no item needs another one's answer."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.knowledge import batches, operations, tables
from lambdalint.semantics import flow, ir
from lambdalint.semantics.aws import AwsCall, aws_call
from lambdalint.semantics.blocking import is_waited_for
from lambdalint.semantics.containers import refilled
from lambdalint.semantics.core import Core
from lambdalint.semantics.effects import NONE, READ, WRITE
from lambdalint.semantics.http import http_read
from lambdalint.semantics.loops import Asking, LoopCall, asked_per_item, calls_inside, sleeps, stops_early
from lambdalint.semantics.sequences import runs_already
from lambdalint.semantics.turns import decided_by_answers
from lambdalint.semantics.values import MUTATORS

_FEW = 2  # turns that aren't worth a thread pool


class PerItem(Struct, frozen=True):
    """The first of the calls that ask once per item in a loop, and all of them."""

    first: LoopCall
    all: tuple[LoopCall, ...]

    @property
    def loop(self) -> ir.For | ir.Comp:
        return self.first.loop

    @property
    def through(self) -> str:
        """What the function of the project asks for that the loop calls, or ""."""
        asked = self.first.asked
        if not self.first.helper:
            return ""
        return asked.operation if isinstance(asked, AwsCall) else ir.dotted(asked.call.func)

    @property
    def mutates(self) -> bool:
        """Whether a turn stores into what others see, in an order that may be meant."""
        effects = self.first.model.project.effects
        return any(effects.summary(one.call).mutates for one in self.all)

    @property
    def batch(self) -> batches.Batch | None:
        """The operation that asks for many items at once, where there is one."""
        asked = self.first.asked
        return batches.batch_of(asked.name) if isinstance(asked, AwsCall) else None


def per_item(model: Core, call: ir.Call, *, awaited: bool = False) -> PerItem | None:
    """What a call asks for once per item, where it is the first in its loop and the items are independent.

    `awaited` looks for calls that are awaited, in coroutines; else for those that block.
    """
    if not _candidate(model, call, awaited):
        return None
    loop = flow.loops_around(call)[0]
    assert isinstance(loop, (ir.For, ir.Comp))
    found = model.answer(("per item", loop, awaited), lambda: _of_loop(model, loop, awaited))
    return found if found is not None and found.first.call is call else None


def _of_loop(model: Core, loop: ir.For | ir.Comp, awaited: bool) -> PerItem | None:
    """What is asked for once per item of a loop."""
    if not _open(model, loop):
        return None
    found = tuple(_asked(model, loop, awaited))
    return PerItem(found[0], found) if found and not _interfering(model, loop, found) else None


def _candidate(model: Core, call: ir.Call, awaited: bool) -> bool:
    """Whether a call stands in a loop over items of a function that waits for it itself."""
    function = model.function(call)
    loops = flow.loops_around(call)
    if function is None or not loops or not isinstance(loops[0], (ir.For, ir.Comp)):
        return False
    clauses = loops[0].loops if isinstance(loops[0], ir.Comp) else [loops[0]]
    if any(clause.is_async for clause in clauses):
        return False
    if isinstance(call.parent, ir.Await) != awaited:
        return False
    return not runs_already(model, function)


def _asked(model: Core, loop: ir.For | ir.Comp, awaited: bool) -> Iterator[LoopCall]:
    """The calls of a loop's own turns that ask for something of their own in each of them."""

    def find(call: ir.Call) -> Asking | None:
        asked = model.project.effects.threaded.runs(call) or call
        return _independent_operation(model, asked) or http_read(model, asked)

    for call in calls_inside(loop):
        if flow.loops_around(call)[0] is not loop or not model.runs_per_invocation(call, hot=True):
            continue
        if not is_waited_for(model, call, awaited=awaited):
            continue
        found = asked_per_item(model, call, find)
        if found is None or (found.helper and model.effect(call) != READ):
            continue
        if not decided_by_answers(loop, call) and not _replaced(loop, call):
            yield found


def _replaced(loop: ir.For | ir.Comp, call: ir.Call) -> bool:
    """Whether each answer takes the former one's place before anything looked at that: only the last one is used."""
    stmt = ir.statement_of(call)
    if not isinstance(stmt, ir.Assign) or isinstance(loop, ir.Comp) or not flow.inside(stmt, loop):
        return False
    if len(stmt.targets) != 1 or not isinstance(stmt.targets[0], ir.Name):
        return False
    name = stmt.targets[0]
    binding = name.scope.lookup(name.id)
    looked_at = [flow.inside(use, loop) for use in binding.uses if use is not name] if binding is not None else []
    return bool(looked_at) and not any(looked_at)


def _independent_operation(model: Core, call: ir.Call) -> AwsCall | None:
    """An operation for one thing that reads, or that writes what no other call of it looks at."""
    aws = aws_call(model, call)
    if aws is None or aws.face == "waiter" or batches.is_batch(aws.name):
        return None
    effect = operations.effect(aws.service, aws.operation)
    return aws if effect == READ or tables.is_unordered(aws.name) else None


def _open(model: Core, loop: ir.For | ir.Comp) -> bool:
    """Whether all items of a loop are known before its first turn, and all of them are wanted at once."""
    if any(isinstance(around, ir.While) and sleeps(model, around) for around in flow.loops_around(loop)):
        return False  # each round of a poll asks for what isn't ready yet
    if stops_early(loop) or sleeps(model, loop) or _lazy(loop) or _grows(loop):
        return False
    return not _turns_at_most(model, loop, _FEW)


def _lazy(loop: ir.For | ir.Comp) -> bool:
    """Whether a generator hands each answer on before it asks for the next."""
    if isinstance(loop, ir.Comp):
        return False
    stmts = ir.statements(loop.body)
    return any(isinstance(part, ir.Yield) for s in stmts for e in ir.expressions(s) for part in ir.walk(e))


def _grows(loop: ir.For | ir.Comp) -> bool:
    """Whether the turns add to what the loop runs over."""
    if isinstance(loop, ir.Comp):
        return False
    over = {part.scope.lookup(part.id) for part in ir.walk(loop.iter) if isinstance(part, ir.Name)} - {None}
    for stmt in ir.statements(loop.body):
        for expr in ir.expressions(stmt):
            for part in ir.walk(expr):
                if not isinstance(part, ir.Name) or part.scope.lookup(part.id) not in over:
                    continue
                if part.store or (isinstance(part.parent, ir.Attr) and part.parent.name in MUTATORS):
                    return True
    return False


def _turns_at_most(model: Core, loop: ir.For | ir.Comp, limit: int) -> bool:
    """Whether a loop, with the loops around it, surely has no more turns than that."""
    total = 1
    for around in (loop, *flow.loops_around(loop)):
        most = turns(model, around)
        if most is None:
            return False
        total *= most
    return total <= limit


def turns(model: Core, loop: ir.For | ir.While | ir.Comp) -> int | None:
    """The most turns that a loop over things that are written out has; None where it can't be told."""
    if isinstance(loop, ir.While):
        return None
    sources = [loop.iter] if isinstance(loop, ir.For) else [inner.iter for inner in loop.loops]
    total = 1
    for source in sources:
        most = length(model, source)
        if most is None:
            return None
        total *= most
    return total


def length(model: Core, source: ir.Expr) -> int | None:
    """The most things that are in a list or tuple that is written out; None where it can't be told."""
    lengths = []
    for value in model.values(source):
        origin = value.origin
        if value.kind != "container" or not isinstance(origin, ir.Seq) or refilled(model.project.evaluator, value):
            return None
        if any(isinstance(item, ir.Star) for item in origin.items):
            return None
        lengths.append(len(origin.items))
    return max(lengths, default=None)


def _interfering(model: Core, loop: ir.For | ir.Comp, found: tuple[LoopCall, ...]) -> bool:
    """Whether anything else that a turn does may change what the next one finds."""
    asked = {id(one.call) for one in found}
    if any(_writes(model, one) for one in found) and _of_records(loop):
        return True
    for call in calls_inside(loop):
        if id(call) in asked or _failed(call, loop):
            continue
        if not harmless(model, call):
            return True
    return False


def harmless(model: Core, call: ir.Call) -> bool:
    """Whether a call surely writes nothing remotely, as far as the project's own code goes."""
    seen: set[ir.Function] = set()
    stack = [call]
    while stack:
        current = stack.pop()
        effect = model.effect(current)
        if effect in (READ, NONE):
            continue
        callees = [edge.callee for edge in model.project.edges_at(current) if not edge.callback]
        if effect == WRITE or not (callees or _of_library(model, current)):
            return False
        for callee in callees:
            if callee not in seen:
                seen.add(callee)
                stack += callee.calls
    return True


def _writes(model: Core, one: LoopCall) -> bool:
    return model.effect(one.call) == WRITE


def _failed(call: ir.Call, loop: ir.For | ir.Comp) -> bool:
    """Whether a call of a turn is only made when something failed."""
    return flow.on_error_path(call) and any(
        isinstance(a, (ir.ExceptHandler, ir.Raise, ir.If, ir.Case)) and flow.inside(a, loop) for a in ir.ancestors(call)
    )


def _of_library(model: Core, call: ir.Call) -> bool:
    """Whether what is called comes from outside the project: what it does to this service is its own matter."""
    value = model.value(call.func)
    return value is not None and (value.kind == "external" or (value.kind == "operation" and not value.service))


def _of_records(loop: ir.For | ir.Comp) -> bool:
    """Whether a loop runs over an event's records: their source has an order, and counts failures by them."""
    sources = [loop.iter] if isinstance(loop, ir.For) else [inner.iter for inner in loop.loops]
    for source in sources:
        for part in ir.walk(source):
            if isinstance(part, ir.Const) and part.value == "Records":
                return True
    return False


def few_turns(model: Core, loop: ir.For | ir.Comp) -> bool:
    """Whether a loop, with the loops around it, surely has so few turns that one request each is as good."""
    return _turns_at_most(model, loop, _FEW)

"""Remote calls that a loop makes once per item, itself or through functions of the project."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Protocol

from msgspec import Struct

from lambdalint.semantics import flow, ir, remote
from lambdalint.semantics.aws import AwsCall, aws_call
from lambdalint.semantics.callgraph import Edge
from lambdalint.semantics.core import Core
from lambdalint.semantics.few import few
from lambdalint.semantics.reach import display_name
from lambdalint.semantics.turns import follows
from lambdalint.semantics.uses import uses_of

_DEPTH = 4
SLEEPS = ("time.sleep", "asyncio.sleep")
_STOPPING = ("next", "any", "all", "builtins.next")


class Asking(Protocol):
    """A call that itself asks something remote, with what it is given."""

    @property
    def call(self) -> ir.Call: ...

    @property
    def arguments(self) -> Mapping[str, ir.Expr]: ...

    @property
    def receiver(self) -> ir.Expr | None: ...


Find = Callable[[ir.Call], "Asking | None"]


class LoopCall(Struct, frozen=True):
    """`call` stands in `loop` and asks for `asked` in every turn.

    `helper` names the function of the project that asks, where it isn't `call` itself; `moving`
    are the names of the arguments that change with the loop's variable, `receiver_moves` whether
    the object called on does. `path` are the calls from `call` to the one that asks.
    """

    model: Core
    call: ir.Call
    loop: ir.For | ir.Comp
    asked: Asking
    moving: frozenset[str]
    receiver_moves: bool = False
    helper: str = ""
    path: tuple[ir.Call, ...] = ()

    @property
    def aws(self) -> AwsCall:
        """The operation, where it is one of AWS that is asked for."""
        assert isinstance(self.asked, AwsCall)
        return self.asked

    @property
    def few(self) -> bool:
        """Whether the loop runs over one or two things that are written out."""
        return few(self.loop)

    @property
    def stops_early(self) -> bool:
        """Whether a turn's result may end the loop: then not all items are wanted."""
        return stops_early(self.loop)

    @property
    def guarded(self) -> bool:
        """Whether each turn cares for its own failure, inside the loop or in the functions that it calls."""
        around = (a for a in ir.ancestors(self.call) if flow.inside(a, self.loop))
        inner = (a for call in self.path[1:] for a in _within(call))
        return any(catches(self.model, a) for a in (*around, *inner))

    @property
    def conditional(self) -> bool:
        """Whether a turn may do without the call."""
        stmt = ir.statement_of(self.call)
        around = list(flow.local_chain(stmt)) if stmt is not None else []
        return any(isinstance(a, (ir.If, ir.Match)) and flow.inside(a, self.loop) for a in around)

    @property
    def result_used(self) -> bool:
        """Whether anything looks at the answer of the call that asks, in the loop or on the way there."""
        for call in reversed(self.path):
            uses = [use for use in uses_of(call) if use.kind != "ignored"]
            if not uses:
                return False
            if any(not isinstance(use.node, ir.Return) for use in uses) and call is not self.call:
                return True
        if isinstance(self.loop, ir.Comp):
            return not isinstance(self.loop.parent, ir.ExprStmt)
        return not uses_of(self.call).only("ignored") and bool(uses_of(self.call).all)

    @property
    def effects_beside(self) -> list[str]:
        """The effects of the other calls in a turn."""
        others = (c for c in calls_inside(self.loop) if c is not self.call and not flow.inside(c, self.call))
        return [self.model.effect(other) for other in others]

    @property
    def sleeps(self) -> bool:
        """Whether a turn waits on purpose."""
        return sleeps(self.model, self.loop)


def loop_call(model: Core, call: ir.Call, wanted: Collection[str] = ()) -> LoopCall | None:
    """The operation that a call in a loop asks for once per item of the loop, or None.

    `wanted` are the operations to look for, as `service.operation`; without any, all are.
    """

    def find(inner: ir.Call) -> AwsCall | None:
        aws = aws_call(model, inner)
        return aws if aws is not None and (not wanted or aws.name in wanted) else None

    return asked_per_item(model, call, find)


def asked_per_item(model: Core, call: ir.Call, find: Find) -> LoopCall | None:
    """What a call in a loop asks for once per item of the loop, among the calls that `find` tells of.

    None where the loop isn't one over items, where the call's arguments don't change with them,
    and where they hang on the call's own answer (a chain of keys, pages).
    """
    loops = flow.loops_around(call)
    if not loops or not isinstance(loops[0], (ir.For, ir.Comp)):
        return None
    loop = loops[0]
    return _direct(model, call, loop, find) or _through(model, call, loop, find)


def asked_by(model: Core, call: ir.Call, find: Find) -> Asking | None:
    """What a call always asks for with its own arguments, itself or through functions of the project."""
    asked = find(call)
    if asked is not None:
        return asked
    for edge in _run_by(model, call):
        if edge.bound:
            found = _inner(model, edge.callee, set(edge.bound), find, _DEPTH)
            if found is not None:
                return found[0]
    return None


def asks_surely(model: Core, call: ir.Call) -> bool:
    """Whether a call always asks for something remote, itself or through functions of the project."""
    seen: set[ir.Function] = set()
    stack = [call]
    while stack:
        current = stack.pop()
        edges = list(_run_by(model, current))
        handed_on = isinstance(current.parent, ir.Return) and asks_later(model, current)
        if not edges and not handed_on and model.project.effects.network(current):
            return True
        for edge in edges:
            if edge.callee in seen or model.project.guards.cached(edge.callee):
                continue
            seen.add(edge.callee)
            stack += [inner for inner in edge.callee.calls if _always_made(model, inner)]
    return False


def asks_later(model: Core, call: ir.Call) -> bool:
    """`pages = paginator.paginate(…)`, `return orders.find(…)`: whoever iterates what it gives asks."""
    if not isinstance(call.parent, (ir.Assign, ir.Return)) or not isinstance(call.func, ir.Attr):
        return False
    value = model.value(call.func)
    member = remote.member(model.facts, value) if value is not None else None
    return call.func.name == "paginate" or (member is not None and member.kind.asks_later(member.path))


def _always_made(model: Core, call: ir.Call) -> bool:
    return not (model.project.guards.guarded(call) or flow.on_error_path(call) or dispensable(call))


def _direct(model: Core, call: ir.Call, loop: ir.For | ir.Comp, find: Find) -> LoopCall | None:
    asked = find(call)
    if asked is None:
        return None
    moves = {name: follows(value, loop, call) for name, value in asked.arguments.items()}
    on = follows(asked.receiver, loop, call) if asked.receiver is not None else False
    if on is None or None in moves.values():
        return None
    moving = frozenset(name for name, moved in moves.items() if moved)
    return LoopCall(model, call, loop, asked, moving, on, path=(call,)) if moving or on else None


def _through(model: Core, call: ir.Call, loop: ir.For | ir.Comp, find: Find) -> LoopCall | None:
    """A function of the project that is handed something of the loop's and asks with it."""
    for edge in _run_by(model, call):
        moves = {index: follows(value, loop, call) for index, value in edge.bound.items()}
        if None in moves.values():
            return None
        moving = {index for index, moved in moves.items() if moved}
        found = _inner(model, edge.callee, moving, find, _DEPTH) if moving else None
        if found is not None:
            asked, names, on, path = found
            return LoopCall(model, call, loop, asked, names, on, display_name(edge.callee), (call, *path))
    return None


def _run_by(model: Core, call: ir.Call) -> Iterator[Edge]:
    """The functions of the project that a call surely runs, in another thread perhaps, constructors left out."""
    threaded = model.project.effects.threaded.runs(call) is not None
    return (e for e in model.project.edges_at(call) if e.made is None and (threaded or not e.callback))


def _inner(
    model: Core, function: ir.Function, moving: set[int], find: Find, depth: int
) -> tuple[Asking, frozenset[str], bool, tuple[ir.Call, ...]] | None:
    """The one thing that a function always asks for with what it was handed as parameters `moving`, and the way."""
    guards = model.project.guards
    if depth == 0 or guards.cached(function):
        return None
    origins = {(function, index) for index in moving}
    dependence = model.project.dependence

    def moved(expr: ir.Expr | None) -> bool:
        return expr is not None and not origins.isdisjoint(dependence.origins(expr))

    for call in function.calls:
        if flow.loops_around(call) or not _always_made(model, call):
            continue
        asked = find(call)
        if asked is not None:
            names = frozenset(name for name, value in asked.arguments.items() if moved(value))
            on = moved(asked.receiver)
            if names or on:
                return asked, names, on, (call,)
        for edge in _run_by(model, call):
            handed = {i for i, v in edge.bound.items() if moved(v)}
            found = _inner(model, edge.callee, handed, find, depth - 1) if handed else None
            if found is not None:
                return (*found[:3], (call, *found[3]))
    return None


def _within(call: ir.Call) -> Iterator[ir.Node]:
    """What is around a call in its function."""
    for above in ir.ancestors(call):
        if isinstance(above, (ir.FunctionDef, ir.Lambda)):
            return
        yield above


def catches(model: Core, node: ir.Node) -> bool:
    """Whether a statement catches what is raised in it."""
    if isinstance(node, ir.With):
        return any(
            isinstance(context, ir.Call) and model.qualified(context.func) == "contextlib.suppress"
            for context, _ in node.items
        )
    return isinstance(node, ir.Try) and bool(node.handlers)


def dispensable(call: ir.Call) -> bool:
    """Whether a function may do without a call: a branch around it, or an answer from what it keeps before it."""
    stmt = ir.statement_of(call)
    for member in flow.local_chain(stmt) if stmt is not None else ():
        if isinstance(member, (ir.If, ir.Match)) and member is not stmt:
            return True
        for earlier in flow.block_of(member):
            if earlier is member:
                break
            if isinstance(earlier, ir.If) and flow.leaves(earlier.body):
                if any(
                    isinstance(part, (ir.Attr, ir.Item, ir.Call)) or _looks_up(part) for part in ir.walk(earlier.test)
                ):
                    return True
    return False


def _looks_up(part: ir.Expr) -> bool:
    return isinstance(part, ir.Compare) and part.ops[0] in ("in", "not in")


def sleeps(model: Core, loop: ir.For | ir.While | ir.Comp) -> bool:
    """Whether a turn waits on purpose."""
    return any(model.qualified(call.func) in SLEEPS for call in calls_inside(loop))


def stops_early(loop: ir.For | ir.Comp) -> bool:
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


def calls_inside(loop: ir.For | ir.While | ir.Comp) -> Iterator[ir.Call]:
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

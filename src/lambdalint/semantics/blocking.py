"""Calls that hold up the event loop: they wait for the network, or the clock, in the loop's own thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from lambdalint.knowledge import concurrency, tables
from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.effects import READ, WRITE
from lambdalint.semantics.reach import display_name
from lambdalint.semantics.tasks import runs_beside
from lambdalint.semantics.values import Value


class Blocking(Struct, frozen=True):
    """`call` stands in a coroutine and blocks; `held` is what waits in the end, `helper` the function that makes it."""

    call: ir.Call
    held: ir.Call
    helper: str = ""

    sleeps: bool = False

    @property
    def asked(self) -> str:
        """What the function of the project waits for, as it is written there."""
        return ir.dotted(self.held.func) or ir.last_name(self.held.func)


def blocking_call(model: Core, call: ir.Call) -> Blocking | None:
    """What a call in a coroutine holds up, where others run beside that coroutine."""
    function = model.function(call)
    if function is None or not function.is_async or not model.runs_per_invocation(call, hot=True):
        return None
    found = held_up(model, call)
    return found if found is not None and runs_beside(model, function) else None


def held_up(model: Core, call: ir.Call) -> Blocking | None:
    """What a call surely waits for in the thread that makes it, itself or through a function of the project."""
    if blocks(model, call):
        return Blocking(call, call, sleeps=tables.is_pause(model.qualified(call.func)))
    for edge in model.project.edges_at(call):
        if edge.callback or edge.callee.is_async or edge.callee.is_generator:
            continue
        held = next((inner for inner in _calls_below(model, edge.callee, _hot) if blocks(model, inner)), None)
        if held is not None:
            return Blocking(call, held, display_name(edge.callee))
    return None


def blocks(model: Core, call: ir.Call) -> bool:
    """Whether a call itself surely waits for something in the thread that makes it."""
    if isinstance(call.parent, ir.Await) or model.project.edges_at(call):
        return False
    values = model.values(call.func)
    if not values or not all(concurrency.blocks(_maker(model, value)) for value in values):
        return False
    return all(tables.is_pause(v.name) for v in values) or model.effect(call) in (READ, WRITE)


def is_waited_for(model: Core, call: ir.Call, *, awaited: bool) -> bool:
    """Whether the code around a call has its answer before it goes on: since it awaits it without blocking others
    (`awaited`), or since the call itself returns only then. A coroutine that is made but not awaited isn't."""
    if isinstance(call.parent, ir.Await) != awaited:
        return False
    if awaited:
        return _waits_without_blocking(model, call)
    function = model.function(call)
    return function is None or not function.is_async or held_up(model, call) is not None


def _waits_without_blocking(model: Core, awaited: ir.Call) -> bool:
    """Whether all that an awaited call asks for leaves the event loop free meanwhile."""
    edges = model.project.edges_at(awaited)
    if not edges:
        return True
    if model.project.effects.threaded.runs(awaited) is not None:
        return True
    calls = (inner for edge in edges if not edge.callback for inner in _calls_below(model, edge.callee, _any))
    return all(_is_asynchronous(model, inner) for inner in calls if model.project.effects.network(inner))


def _is_asynchronous(model: Core, call: ir.Call) -> bool:
    """Whether a request is one of an asynchronous library: awaited itself, entered or run through by `async`."""
    parent = call.parent
    if isinstance(parent, ir.Call):
        return model.qualified(parent.func).startswith("asyncio.") and not blocks(model, call)
    if isinstance(parent, (ir.With, ir.For)):
        return parent.is_async
    return isinstance(parent, ir.Await)


def _maker(model: Core, value: Value) -> str:
    """The name of what made the object that a value hangs on, or of the function that it is."""
    root = value
    while root.base is not None and root.kind not in ("session", "result"):
        root = root.base
    if root.kind in ("client", "resource") and isinstance(root.origin, ir.Call):
        return tables.canonical(model.qualified(root.origin.func))
    return tables.canonical(root.name) if root.kind in ("external", "result", "session") else ""


Kept = Callable[[Core, ir.Call], bool]


def _calls_below(model: Core, function: ir.Function, kept: Kept) -> Iterator[ir.Call]:
    """The calls of a function and of those that it runs in its own thread, as far as `kept` lets through."""
    seen = {function}
    stack = [function]
    while stack:
        current = stack.pop()
        if model.project.guards.cached(current):
            continue
        for call in current.calls:
            if not kept(model, call):
                continue
            yield call
            for edge in model.project.edges_at(call):
                if not edge.callback and edge.callee not in seen:
                    seen.add(edge.callee)
                    stack.append(edge.callee)


def _any(model: Core, call: ir.Call) -> bool:
    return True


def _hot(model: Core, call: ir.Call) -> bool:
    """Whether a call is made again and again, and not only where something failed."""
    return not (model.project.guards.guarded(call) or flow.on_error_path(call) or model.project.runtime.never(call))

"""What a call does to the world outside: reads it, writes it, nothing, or can't be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from lambdalint.knowledge import operations, tables
from lambdalint.semantics import ir
from lambdalint.semantics.callgraph import Edge
from lambdalint.semantics.containers import MUTATORS
from lambdalint.semantics.once import Guards
from lambdalint.semantics.values import Evaluator, Value

READ, WRITE, NONE, UNKNOWN = "read", "write", "none", "unknown"
_ORDER = (NONE, READ, UNKNOWN, WRITE)
_DEPTH = 100  # of functions that call each other; deeper ones can't be told


class World(Protocol):
    evaluator: Evaluator
    guards: Guards

    def edges_at(self, call: ir.Expr) -> list[Edge]: ...

    def edges_from(self, function: ir.Function) -> list[Edge]: ...


@dataclass(frozen=True, slots=True)
class Summary:
    """What running a function does; `raises` says that it may raise by its own decision."""

    effect: str
    raises: bool = False
    mutates: bool = False


def worst(effects: list[str]) -> str:
    return max(effects, key=_ORDER.index) if effects else NONE


class Effects:
    def __init__(self, world: World) -> None:
        self.world = world
        self.memo: dict[ir.Function, Summary] = {}
        self.active: set[ir.Function] = set()
        self.cut = False  # whether an answer had to do without one that is still being looked for
        self.partial: list[ir.Function] = []

    # --- calls -----------------------------------------------------------------------

    def of_call(self, call: ir.Call) -> str:
        """ "read", "write", "none" or "unknown"; a call of a project function is what that reaches."""
        edges = [e for e in self.world.edges_at(call) if not e.callback]
        if edges:
            return worst([self.of_function(edge.callee).effect for edge in edges])
        values = self.world.evaluator.evaluate(call.func)
        if not values:
            return UNKNOWN
        return worst([self.of_value(value, call) for value in values])

    def network(self, call: ir.Call) -> bool:
        """Whether a call itself (not a project function it may run) leaves the process."""
        return not self.world.edges_at(call) and self.of_call(call) in (READ, WRITE)

    def of_value(self, value: Value, call: ir.Call) -> str:
        match value.kind:
            case "external":
                if value.name in ("requests.request", "httpx.request", "urllib3.request"):
                    return _by_http_method(call, 0)
                return tables.call_effect(value.name) or UNKNOWN
            case "operation":
                return self._operation(value, call)
            case "class":
                return NONE  # its constructor, where it has one, is an edge
            case "unknown":
                return self._by_method(call)
            case _:
                return UNKNOWN

    def _operation(self, value: Value, call: ir.Call) -> str:
        base, name = value.base, value.name
        assert base is not None
        match base.kind:
            case "client":
                return operations.effect(base.name, name) or UNKNOWN
            case "session":
                return NONE
            case "resource" | "subresource" | "collection":
                return _of_resource(base, name)
            case "paginator":
                return operations.effect(base.service, base.name) or UNKNOWN if name == "paginate" else NONE
            case "waiter":
                return UNKNOWN
            case "batch":
                return WRITE
            case "result":
                methods = tables.session_effects().get(base.name)
                if methods is not None:
                    return _by_http_method(call, 0) if name == "request" else methods.get(name, UNKNOWN)
                if tables.call_effect(base.name) == NONE or tables.is_local_method(name):
                    return NONE
                return UNKNOWN
            case _:
                return UNKNOWN

    def _by_method(self, call: ir.Call) -> str:
        if isinstance(call.func, ir.Attr) and tables.is_local_method(call.func.name):
            return NONE
        return UNKNOWN

    # --- functions ---------------------------------------------------------------------

    def of_function(self, function: ir.Function) -> Summary:
        known = self.memo.get(function)
        if known is not None:
            return known
        if function in self.active:
            self.cut = True
            return Summary(NONE)
        if len(self.active) >= _DEPTH:
            self.cut = True
            return Summary(UNKNOWN, raises=True, mutates=True)
        self.active.add(function)
        try:
            found = self.memo[function] = self._summary(function)
        finally:
            self.active.discard(function)
        if self.cut:
            self.partial.append(function)
        if not self.active:
            # What calls in circles gave is whole for the function that was asked about, but for no other.
            for other in self.partial:
                self.memo.pop(other)
            self.partial.clear()
            self.cut = False
            self.memo[function] = found
        return found

    def _summary(self, function: ir.Function) -> Summary:
        if self.world.guards.cached(function):
            return Summary(NONE)
        effects: list[str] = []
        raises = False
        for call in function.calls:
            if self.world.guards.guarded(call):
                continue
            effects.append(self.of_call(call))
            for edge in self.world.edges_at(call):
                inner = self.of_function(edge.callee)
                raises = raises or inner.raises
        for stmt in ir.statements(function.body):
            if isinstance(stmt, ir.Raise):
                raises = raises or not _reraises(stmt)
        return Summary(worst(effects), raises, _mutates(function))


def _by_http_method(call: ir.Call, index: int) -> str:
    """The effect of `request("GET", url)`, by the literal method (RFC 9110, safe methods)."""
    given = call.argument(index, "method")
    if not isinstance(given, ir.Const) or not isinstance(given.value, str):
        return UNKNOWN
    return READ if given.value.upper() in ("GET", "HEAD", "OPTIONS") else WRITE


def _reraises(stmt: ir.Raise) -> bool:
    """`raise` in an `except` body only passes on what the call below raised."""
    return any(isinstance(a, ir.ExceptHandler) for a in ir.ancestors(stmt))


def _mutates(function: ir.Function) -> bool:
    """Whether a function stores into something that it was given or that outlives it."""
    for stmt in ir.statements(function.body):
        targets: list[ir.Expr] = []
        if isinstance(stmt, ir.Assign):
            targets = stmt.targets
        elif isinstance(stmt, ir.AugAssign):
            targets = [stmt.target]
        elif isinstance(stmt, ir.Delete):
            targets = stmt.targets
        if any(_outlives(target, function) for target in targets):
            return True
    # What a method of that name is called on is changed, whatever stands there.
    receivers = (c.func for c in function.calls if isinstance(c.func, ir.Attr) and c.func.name in MUTATORS)
    return any(_outlives(receiver, function) for receiver in receivers)


def _outlives(target: ir.Expr, function: ir.Function) -> bool:
    """Whether storing there changes what a function was given, or what was there before it."""
    root = ir.root_name(target)
    binding = root.scope.lookup(root.id) if root is not None else None
    if binding is None:
        return False
    if binding.scope.function is not function:
        return True
    return not isinstance(target, ir.Name) and any(d.kind == "param" for d in binding.definitions)


def _of_resource(base: Value, name: str) -> str:
    if tables.is_maker(name):
        return NONE
    service = base.service
    if base.kind == "collection":
        return READ if name in ("all", "filter", "limit", "page_size", "pages") else WRITE
    kind = base.name if base.kind == "subresource" else "ServiceResource"
    return operations.resource_effect(service, kind, name) or UNKNOWN

"""What a call does to the world outside: reads it, writes it, nothing, or can't be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

from msgspec import Struct

from lambdalint.knowledge import objects, operations, tables
from lambdalint.semantics import addresses, behaviour, flow, ir, remote, requests, statements
from lambdalint.semantics.callgraph import Edge, callees
from lambdalint.semantics.once import Guards
from lambdalint.semantics.plain import NO, Plain
from lambdalint.semantics.solving import Solver
from lambdalint.semantics.threaded import Threaded
from lambdalint.semantics.values import UNKNOWN as NO_VALUE
from lambdalint.semantics.values import Context, Evaluator, Value

READ, WRITE, NONE, UNKNOWN = "read", "write", "none", "unknown"
_ORDER = (NONE, READ, UNKNOWN, WRITE)
_DEPTH = 100  # of functions that call each other; deeper ones can't be told
_CALLERS = 40  # calls of one function that are looked at with their own arguments


class World(Protocol):
    evaluator: Evaluator
    guards: Guards

    def edges_at(self, call: ir.Expr) -> list[Edge]: ...

    def edges_from(self, function: ir.Function) -> list[Edge]: ...

    def edges_to(self, function: ir.Function) -> Sequence[Edge]: ...

    def passed(self, function: ir.Function) -> int | None: ...


class Summary(Struct, frozen=True):
    """What running something does.

    `raises`: it may raise by its own decision; `mutates`: it stores into what it was
    given or what outlives it; `ordered`: it can't run beside others of its kind, since
    it waits, asks again and again, or speaks over one connection or batch.
    """

    effect: str
    raises: bool = False
    mutates: bool = False
    ordered: bool = False


_UNTOLD = Summary(UNKNOWN, raises=True, mutates=True, ordered=True)


def worst(effects: list[str]) -> str:
    return max(effects, key=_ORDER.index) if effects else NONE


class Effects:
    def __init__(self, world: World) -> None:
        self.world = world
        self.plain = Plain(world)
        self.threaded = Threaded(world.evaluator)
        self._solver = Solver(_DEPTH - 1, world.evaluator.grounds)
        self.seen: dict[ir.Function, set[Context]] = {}
        self.higher: dict[ir.Function, bool] = {}

    # --- calls -----------------------------------------------------------------------

    def of_call(self, call: ir.Call) -> str:
        """ "read", "write", "none" or "unknown"; a call of a project function is what that reaches."""
        return self.summary(call).effect

    def network(self, call: ir.Call) -> bool:
        """Whether a call itself (not a project function it may run) leaves the process."""
        return not self.world.edges_at(call) and self.of_call(call) in (READ, WRITE)

    def of_access(self, attr: ir.Attr) -> str:
        """The effect of asking for an attribute: some of an AWS resource are loaded on first use."""
        return worst([_lazy(value) for value in self.world.evaluator.evaluate(attr)])

    def summary(self, call: ir.Call, context: Context | None = None) -> Summary:
        """What a call does, with all that it runs."""
        key = (call, context)
        known = self._solver.known(key)
        if known is not None:
            return cast(Summary, known)
        before = self._solver.begin()
        found = self._of_call(call, context)
        self._solver.end(before, key, found)
        return found

    def _of_call(self, call: ir.Call, context: Context | None) -> Summary:
        values = self.world.evaluator.evaluate(call.func, context)
        edges = self.world.edges_at(call)
        if context is not None and NO_VALUE not in values and _given(call.func, context.function):
            # With this call's arguments, fewer functions may be meant than with all.
            meant = {callee for value in values for callee, _ in callees(self.world.evaluator, value)}
            edges = [edge for edge in edges if edge.callback or edge.callee in meant]
        inner = [self.of_function(edge.callee, self._entered(edge, context)) for edge in edges]
        asked = self.threaded.runs(call) or call
        if asked is not call:
            values = self.world.evaluator.evaluate(asked.func, context)
        # What runs a function of the project is an edge already.
        outside = [value for value in values if not any(callees(self.world.evaluator, value))]
        effects = [self.of_value(value, asked) for value in outside]
        if not edges and len(outside) < len(values):
            effects.append(UNKNOWN)  # a wrapper's call of what it was put around is no edge
        if not values and not any(not edge.callback for edge in edges):
            effects.append(self._by_receiver(asked))
        return Summary(
            worst([*effects, *(found.effect for found in inner)]),
            any(found.raises for found in inner),
            any(found.mutates for found in inner),
            any(found.ordered for found in inner) or any(self._is_ordered(value, asked) for value in outside),
        )

    def of_value(self, value: Value, call: ir.Call) -> str:
        match value.kind:
            case "external":
                return self._external(tables.canonical(value.name), call)
            case "operation":
                return self._operation(value, call)
            case "class":
                return NONE  # its constructor, where it has one, is an edge
            case "result" | "response" if remote.kind_of(self.world.evaluator.facts, value) == objects.DATA:
                return NONE
            case "unknown":
                return self._by_receiver(call)
            case _:
                return UNKNOWN

    def _external(self, name: str, call: ir.Call) -> str:
        evaluator = self.world.evaluator
        form = evaluator.facts.call_effect(name) or UNKNOWN
        if name == "builtins.next" and call.args:
            given = call.args[0].value
            return NONE if isinstance(given, ir.Comp) or self.plain.level(given) != NO else UNKNOWN
        if form in (READ, WRITE, "http", "urlopen"):
            if addresses.stays_inside(evaluator, requests.address_of(evaluator, name, call)):
                return NONE
        if form == "http":
            return requests.by_method(evaluator, call)
        if form == "sql":
            return statements.sql_effect(evaluator, _first(call))
        return requests.urlopen(evaluator, call) if form == "urlopen" else form

    def _operation(self, value: Value, call: ir.Call) -> str:
        base, name = value.base, value.name
        assert base is not None
        match base.kind:
            case "client":
                return self._of_client(base, name, call)
            case "session":
                return NONE
            case "resource" | "subresource" | "collection":
                return _of_resource(base, name)
            case "paginator":
                return operations.effect(base.service, base.name) or UNKNOWN if name == "paginate" else NONE
            case "waiter":
                return READ if name == "wait" else UNKNOWN
            case "batch":
                return NONE if operations.resource_effect("dynamodb", "BatchWriter", name) == NONE else UNKNOWN
            case _:
                found = remote.member(self.world.evaluator.facts, value)
                return self._of_member(found, call) if found is not None else self._by_receiver(call)

    def _of_client(self, client: Value, name: str, call: ir.Call) -> str:
        statement = tables.statement_argument(client.name, name)
        if statement:
            return statements.sql_effect(self.world.evaluator, call.keyword(statement))
        return operations.effect(client.name, name) or UNKNOWN

    def _of_member(self, member: remote.Member, call: ir.Call) -> str:
        evaluator = self.world.evaluator
        form = member.form
        match form:
            case "sql":
                return statements.sql_effect(evaluator, _first(call))
            case "graphql":
                return statements.graphql_effect(evaluator, call.argument(0, "document"))
            case "pipeline":
                return statements.pipeline_effect(evaluator, call.argument(0, "pipeline"))
        if member.kind.name.startswith("HTTP") and form != NONE:
            if requests.through(evaluator, member.owner, call, form):
                return NONE
        return requests.by_method(evaluator, call) if form == "http" else form

    def _by_receiver(self, call: ir.Call) -> str:
        """A method of something that the evaluator doesn't know: by what its object surely is."""
        if not isinstance(call.func, ir.Attr):
            return UNKNOWN
        if self.plain.level(call.func.base) != NO:
            return NONE
        found = []
        for owner in self.world.evaluator.evaluate(call.func.base):
            kind = remote.modelled(self.world.evaluator, owner)
            found.append(kind.form(call.func.name) if kind is not None else UNKNOWN)
        return worst(found) if found else UNKNOWN

    def _is_ordered(self, value: Value, call: ir.Call) -> bool:
        """Whether a call only waits, or belongs to what others of its kind wait for."""
        if value.kind == "external":
            # What is behind a function that sends SQL isn't known; it may be one connection.
            sends = self.world.evaluator.facts.sends_sql(tables.canonical(value.name))
            return sends or (tables.is_pause(value.name) and not flow.on_error_path(call))
        if value.kind != "operation" or value.base is None:
            return False
        if value.base.kind in ("waiter", "batch"):
            return True
        member = remote.member(self.world.evaluator.facts, value)
        return member is not None and member.kind.serial

    # --- functions ---------------------------------------------------------------------

    def _entered(self, edge: Edge, outer: Context | None) -> Context | None:
        """A call to look into with its own arguments, where what it does hangs on them."""
        if edge.callback or not self._higher_order(edge.callee):
            return None
        context = self.world.evaluator.enter(edge.callee, outer, edge=edge, receiver=edge.receiver)
        seen = self.seen.setdefault(edge.callee, set())
        if context not in seen and len(seen) >= _CALLERS:
            return None
        seen.add(context)
        return context

    def _higher_order(self, function: ir.Function) -> bool:
        """Whether a function calls, or calls upon, what it was given, or hands it on to one that may."""
        known = self.higher.get(function)
        if known is None:
            known = self.higher[function] = any(
                _given(call.func, function) or (self.world.edges_at(call) and _hands_on(call, function))
                for call in function.calls
            )
        return known

    def of_function(self, function: ir.Function, context: Context | None = None) -> Summary:
        return self._solver.solve((function, context), lambda: self._summary(function, context), Summary(NONE), _UNTOLD)

    def _summary(self, function: ir.Function, context: Context | None) -> Summary:
        if self.world.guards.cached(function):
            return Summary(NONE)
        guarded = self.world.guards.guarded
        inner = [self.summary(call, context) for call in function.calls if not guarded(call)]
        attributes = [attr for attr in function.attributes if _is_read(attr) and not guarded(attr)]
        inner += [self.of_function(edge.callee) for attr in attributes for edge in self.world.edges_at(attr)]
        loaded = worst([self.of_access(attr) for attr in attributes])
        return Summary(
            worst([*(found.effect for found in inner), loaded]),
            behaviour.raises(function) or any(found.raises for found in inner),
            behaviour.mutates(function),
            # What the first access loads is there for the next.
            loaded != NONE or any(found.ordered for found in inner),
        )


def _is_read(attr: ir.Attr) -> bool:
    """Whether an attribute is asked for, and not stored into or called."""
    return not attr.store and not (isinstance(attr.parent, ir.Call) and attr.parent.func is attr)


def _lazy(value: Value) -> str:
    """The effect of an attribute of an AWS resource."""
    base = value.base
    if value.kind != "operation" or base is None or base.kind != "subresource":
        return NONE
    member = operations.resource_member(base.service, base.name, value.name)
    return READ if member is not None and member.role == "lazy" else NONE


def _given(expr: ir.Expr, function: ir.Function) -> bool:
    """Whether an expression is (a member of) a parameter of the function, `self` aside."""
    root = ir.root_name(expr)
    binding = root.scope.lookup(root.id) if root is not None else None
    first = 1 if function.cls is not None and not function.is_static else 0
    return binding is not None and any(
        d.kind == "param" and d.function is function and d.index >= first for d in binding.definitions
    )


def _first(call: ir.Call) -> ir.Expr | None:
    """The first argument, where that is one."""
    return next((argument.value for argument in call.args[:1] if not argument.star), None)


def _hands_on(call: ir.Call, function: ir.Function) -> bool:
    return any(isinstance(a.value, (ir.Name, ir.Attr)) and _given(a.value, function) for a in call.args)


def _of_resource(base: Value, name: str) -> str:
    if name == "batch_writer":
        return WRITE  # what is entered into it is sent when it is left
    if tables.is_maker(name):
        return NONE
    service = base.service
    if base.kind == "collection":
        return READ if name in ("all", "filter", "limit", "page_size", "pages") else WRITE
    kind = base.name if base.kind == "subresource" else "ServiceResource"
    return operations.resource_effect(service, kind, name) or UNKNOWN

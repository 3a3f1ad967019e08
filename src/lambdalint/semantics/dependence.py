"""What values depend on: followed to the parameters they come from, through names, containers, calls and attributes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Protocol

from lambdalint.semantics import carried, classes, flow, ir
from lambdalint.semantics.callgraph import Edge
from lambdalint.semantics.solving import Solver
from lambdalint.semantics.values import DISPATCHED, MUTATORS, Evaluator

# A parameter of a function, or LOOP: a value that changes from iteration to iteration.
Origin = tuple[object, int]
Origins = frozenset[Origin]
NONE: Origins = frozenset()
LOOP: Origin = ("loop", -1)
EVENT: Origin = ("event", -1)  # what a framework keeps of the event, wherever it is asked for
_DEPTH = 100  # deeper nesting is taken to depend on the event

# The same for every invocation of a function (Lambda context object, AWS documentation).
ENVIRONMENT = {
    "function_name",
    "function_version",
    "invoked_function_arn",
    "memory_limit_in_mb",
    "log_group_name",
    "log_stream_name",
}


# Where Powertools and Chalice keep the event of the running invocation (their API references).
CURRENT = {"current_event", "current_request", "lambda_context"}


# Methods that put their arguments into the object they are called on, `ContextVar.set` and caches' included.
_STORING = MUTATORS | {"set"}


class World(Protocol):
    evaluator: Evaluator

    def calls_at(self, site: ir.Expr) -> Sequence[Edge]: ...


class Dependence:
    """Symbolic: the parameters that a value may depend on.

    Can go on with another world that has the same evaluator: answers note the facts that they rest on.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._grounds = world.evaluator.grounds
        self._solver = Solver(_DEPTH - 1, self._grounds)
        self.forget = self._solver.forget
        self.memo = self._solver.memo
        self.stores: dict[ir.Class, dict[str, list[ir.Attr]]] = {}

    def go_on(self, world: World) -> None:
        """Answer for another world from now on."""
        self.world = world

    def drop(self, gone: set[object]) -> None:
        """Let go of nodes, names and classes that are no more."""
        self._solver.drop(gone.__contains__)
        self.stores = {cls: places for cls, places in self.stores.items() if cls not in gone}

    def origins(self, expr: ir.Expr) -> Origins:
        return self._solver.solve(expr, lambda: self._origins(expr), NONE, frozenset({EVENT}))

    def _origins(self, expr: ir.Expr) -> Origins:
        match expr:
            case ir.Const():
                return NONE
            case ir.Name():
                binding = expr.scope.lookup(expr.id)
                return self.binding(binding, expr) if binding is not None else NONE
            case ir.Attr(base=base, name=name):
                if name in ENVIRONMENT and _is_context(base):
                    return NONE
                if name in CURRENT:
                    return frozenset({EVENT})
                stored = self._attribute(expr)
                return self.origins(base) if stored is None else stored
            case ir.Call():
                return self._call(expr)
            case ir.Lambda():
                return NONE
            case ir.Each(value=value):
                return self.origins(value) | {LOOP}
            case _:
                return self.merge(_parts(expr))

    def merge(self, parts: Iterable[ir.Expr]) -> Origins:
        merged: set[Origin] = set()
        for part in parts:
            merged |= self.origins(part)
        return frozenset(merged)

    # --- names -----------------------------------------------------------------------

    def binding(self, binding: ir.Binding, use: ir.Name) -> Origins:
        found: set[Origin] = set()
        definitions = flow.reaching(use, binding)
        for definition in definitions:
            found |= self._definition(definition, binding)
            if len(definitions) > 1:
                found |= self._conditions(flow.definition_statement(definition))
        if carried.varies(use, binding):
            found.add(LOOP)
        return frozenset(found) | self._mutations(binding)

    def _definition(self, definition: ir.Definition, binding: ir.Binding) -> set[Origin]:
        match definition.kind:
            case "param":
                function = definition.function
                assert function is not None
                return {(function, definition.index)}
            case "assign" | "enter" | "aug" | "pattern":
                value = definition.value
                for step in definition.path:
                    if not isinstance(value, ir.Seq) or any(isinstance(i, ir.Star) for i in value.items):
                        break
                    if step is None or step >= len(value.items):
                        break
                    value = value.items[step]
                return set(self.origins(value)) if value is not None else set()
            case "element":
                return {LOOP, *(self.origins(definition.value) if definition.value is not None else ())}
            case _:
                return set()

    def _conditions(self, stmt: ir.Stmt | None, shared: Collection[int] = ()) -> set[Origin]:
        """One of several values was chosen by these conditions, those around `shared` statements aside."""
        found: set[Origin] = set()
        for ancestor in ir.ancestors(stmt) if stmt is not None else ():
            if isinstance(ancestor, (ir.FunctionDef, ir.Lambda)) or id(ancestor) in shared:
                break
            if isinstance(ancestor, (ir.If, ir.While)):
                found |= self.origins(ancestor.test)
            elif isinstance(ancestor, ir.For):
                found |= self.origins(ancestor.iter)
            elif isinstance(ancestor, ir.Match):
                found |= self.origins(ancestor.subject)
        return found

    def _mutations(self, binding: ir.Binding) -> Origins:
        """What was stored into the object that a name holds."""
        return self._solver.solve(binding, lambda: self._mutated(binding), NONE, frozenset({EVENT}))

    def _mutated(self, binding: ir.Binding) -> Origins:
        found: set[Origin] = set()
        shared = _around_definitions(binding)
        for use in self._uses(binding):
            found |= self._put_into(use, shared)
        return frozenset(found)

    def _uses(self, binding: ir.Binding) -> Sequence[ir.Name]:
        if binding.scope.kind == "module":
            self._grounds.rest_on(("used", binding))
        return binding.uses

    def _put_into(self, holder: ir.Expr, shared: Collection[int] = ()) -> set[Origin]:
        """What is stored where an expression stands into the object that it gives, or into a part of it.

        What decided that it is stored counts too, as far as the object wasn't made under the same conditions.
        """
        found: set[Origin] = set()
        current: ir.Node = holder
        parent = holder.parent
        while isinstance(parent, (ir.Item, ir.Attr)) and parent.base is current:
            if parent.store:
                stmt = ir.statement_of(parent)
                found |= self.origins(parent.key) if isinstance(parent, ir.Item) else NONE
                if isinstance(stmt, (ir.Assign, ir.AugAssign)) and stmt.value is not None:
                    found |= self.origins(stmt.value)
                found |= self._conditions(stmt, shared)
            current, parent = parent, parent.parent
            if isinstance(current, ir.Attr) and isinstance(parent, ir.Call) and parent.func is current:
                if current.name not in _STORING:
                    return found
                found |= self.merge(a.value for a in parent.args) | self._conditions(ir.statement_of(parent), shared)
                current, parent = parent, parent.parent
        if current is holder and isinstance(parent, ir.Assign) and parent.value is holder:
            for target in parent.targets:
                alias = target.scope.lookup(target.id) if isinstance(target, ir.Name) else None
                found |= self._mutations(alias) if alias is not None else NONE
        if current is holder and isinstance(parent, ir.Call) and parent.func is not holder:
            if self._sets_attribute(parent, holder):
                found |= self.merge(a.value for a in parent.args[1:])
            edges = self.world.calls_at(parent)
            for edge in edges if len(edges) <= DISPATCHED else ():
                for index, given in edge.bound.items():
                    if given is holder and not edge.callback:
                        inner = edge.callee.scope.bindings[edge.callee.params[index].name]
                        found |= self._through(self._mutations(inner), edge, parent)
        return found

    def _sets_attribute(self, call: ir.Call, holder: ir.Expr) -> bool:
        """Whether a call is `setattr(holder, name, value)`."""
        values = self.world.evaluator.evaluate(call.func)
        return call.positional(0) is holder and any(v.name == "builtins.setattr" for v in values)

    # --- attributes and calls --------------------------------------------------------------

    def _attribute(self, expr: ir.Attr) -> Origins | None:
        """An attribute of an object of the project depends on what was stored in it."""
        values = self.world.evaluator.evaluate(expr.base)
        if not values or any(v.kind not in ("instance", "class") for v in values):
            return None
        found: set[Origin] = set()
        for value in values:
            assert isinstance(value.origin, ir.Class)
            known = False
            for ancestor in classes.lineage(self.world.evaluator, value.origin):
                if ancestor is None:
                    continue
                method = ancestor.methods.get(expr.name)
                if method is not None:
                    if not classes.is_property(method):
                        return None
                    known = True
                    returned = self.merge(method.returns)
                    found |= {o for o in returned if o[0] is not method}
                    if len(found) < len(returned):
                        found |= self.origins(expr.base)
                    break
                for stored, _, _ in ancestor.attributes.get(expr.name, ()):
                    known = True
                    if stored is not None:
                        found |= self.origins(stored)
                for place in self._self_attributes(ancestor, expr.name):
                    found |= self._put_into(place)
                binding = ancestor.scope.bindings.get(expr.name)
                if binding is not None:
                    known = True
                    for definition in binding.definitions:
                        if definition.kind == "assign" and definition.value is not None:
                            found |= self.origins(definition.value)
                        if definition.annotation is not None and (ancestor.bases or ancestor.decorators):
                            known = False  # a dataclass field: what its maker was given
            if not known:
                return None
        if isinstance(expr.base, ir.Name):
            holder = expr.base.scope.lookup(expr.base.id)
            for use in self._uses(holder) if holder is not None else ():
                around = use.parent
                if isinstance(around, ir.Call) or (
                    isinstance(around, ir.Attr) and around.store and around.name == expr.name
                ):
                    found |= self._put_into(use)
        return frozenset(found)

    def _self_attributes(self, cls: ir.Class, name: str) -> list[ir.Attr]:
        """Where the methods of a class speak of `self.name`."""
        places = self.stores.get(cls)
        if places is None:
            places = self.stores[cls] = {}
            for method in cls.methods.values():
                for attr in method.attributes:
                    if isinstance(attr.base, ir.Name) and method.params and attr.base.id == method.params[0].name:
                        places.setdefault(attr.name, []).append(attr)
        return places.get(name, [])

    def _call(self, call: ir.Call) -> Origins:
        edges = [e for e in self.world.calls_at(call) if not e.callback]
        if not edges or len(edges) > DISPATCHED:
            receiver = self.origins(call.func.base) if isinstance(call.func, ir.Attr) else self.origins(call.func)
            return frozenset({*receiver, *self.merge(a.value for a in call.args)})
        found: set[Origin] = set()
        for edge in edges:
            if edge.made is not None:
                found |= self.merge(a.value for a in call.args)
                continue
            callee = edge.callee
            results = callee.yields if callee.is_generator else callee.returns
            returned = set(self.merge(results))
            for result in results:
                returned |= self._conditions(ir.statement_of(result))
            found |= self._through(returned, edge, call)
        return frozenset(found)

    def _through(self, origins: Iterable[Origin], edge: Edge, call: ir.Call) -> set[Origin]:
        """The origins in a callee, as those of the arguments that a call gives it."""
        found: set[Origin] = set()
        callee = edge.callee
        for origin in origins:
            owner, index = origin
            if owner is not callee:
                found.add(origin)
            elif index in edge.bound:
                found |= self.origins(edge.bound[index])
            elif not edge.unsure and (default := callee.params[index].default) is not None:
                found |= self.origins(default)
            elif edge.unsure or callee.params[index].kind in ("args", "kwargs"):
                found |= self.merge(a.value for a in call.args)
            elif index == 0 and callee.cls is not None and isinstance(call.func, ir.Attr):
                found |= self.origins(call.func.base)
        return found


def _parts(expr: ir.Expr) -> Iterator[ir.Expr]:
    """What an operation is made of, with the operations inside it taken apart too: they may be long chains."""
    stack = [expr]
    while stack:
        current = stack.pop()
        if current is not expr and not isinstance(current, (ir.Blend, ir.Choice, ir.Compare)):
            yield current
        else:
            stack.extend(ir.children(current))


def _is_context(expr: ir.Expr) -> bool:
    """Whether an expression reads as the context that Lambda hands over."""
    name = expr.id if isinstance(expr, ir.Name) else expr.name if isinstance(expr, ir.Attr) else ""
    return any(part in name.lower() for part in ("context", "ctx", "contx", "cntxt"))


def _around_definitions(binding: ir.Binding) -> set[int]:
    """The statements, by identity, that stand around every definition of a name."""
    around = [
        {id(a) for a in ir.ancestors(stmt)}
        for definition in binding.definitions
        if (stmt := flow.definition_statement(definition)) is not None
    ]
    return set.intersection(*around) if around else set()

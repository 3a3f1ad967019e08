"""What depends on the event: followed through names, containers, calls and attributes.

`origins` says which parameters a value may depend on; `Taint` knows which of
those parameters may carry the event, from the handlers and the call graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from lambdalint.semantics import classes, flow, ir
from lambdalint.semantics.callgraph import Edge
from lambdalint.semantics.values import MUTATORS, Evaluator

# A parameter of a function, or LOOP: a value that changes from iteration to iteration.
Origin = tuple[object, int]
Origins = frozenset[Origin]
NONE: Origins = frozenset()
LOOP: Origin = ("loop", -1)

# The same for every invocation of a function (Lambda context object, AWS documentation).
ENVIRONMENT = {
    "function_name",
    "function_version",
    "invoked_function_arn",
    "memory_limit_in_mb",
    "log_group_name",
    "log_stream_name",
}


class World(Protocol):
    evaluator: Evaluator

    def edges_at(self, call: ir.Expr) -> list[Edge]: ...


class Dependence:
    """Symbolic: the parameters that a value may depend on."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.memo: dict[int, Origins] = {}
        self.active: set[int] = set()

    def origins(self, expr: ir.Expr) -> Origins:
        known = self.memo.get(id(expr))
        if known is not None:
            return known
        if id(expr) in self.active or len(self.active) > 400:
            return NONE
        self.active.add(id(expr))
        try:
            found = self._origins(expr)
        finally:
            self.active.discard(id(expr))
        self.memo[id(expr)] = found
        return found

    def _origins(self, expr: ir.Expr) -> Origins:
        match expr:
            case ir.Const():
                return NONE
            case ir.Name():
                binding = expr.scope.lookup(expr.id)
                return self.binding(binding, expr) if binding is not None else NONE
            case ir.Attr(base=base, name=name):
                if name in ENVIRONMENT:
                    return NONE
                stored = self._attribute(expr)
                return self.origins(base) if stored is None else stored
            case ir.Call():
                return self._call(expr)
            case ir.Lambda():
                return NONE
            case _:
                return self.merge(ir.children(expr))

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
                found |= self._conditions(definition)
        if binding.scope.kind != "module" and id(binding) not in self.active:
            self.active.add(id(binding))
            found |= self._mutations(binding)
            self.active.discard(id(binding))
        return frozenset(found)

    def _definition(self, definition: ir.Definition, binding: ir.Binding) -> set[Origin]:
        match definition.kind:
            case "param":
                function = definition.function
                assert function is not None
                return {(function, definition.index)}
            case "assign" | "enter" | "aug" | "pattern":
                return set(self.origins(definition.value)) if definition.value is not None else set()
            case "element":
                return {LOOP, *(self.origins(definition.value) if definition.value is not None else ())}
            case _:
                return set()

    def _conditions(self, definition: ir.Definition) -> set[Origin]:
        """One of several values was chosen by these conditions."""
        found: set[Origin] = set()
        stmt = flow.definition_statement(definition)
        for ancestor in ir.ancestors(stmt) if stmt is not None else ():
            if isinstance(ancestor, ir.FunctionDef):
                break
            if isinstance(ancestor, ir.If):
                found |= self.origins(ancestor.test)
            elif isinstance(ancestor, ir.Match):
                found |= self.origins(ancestor.subject)
        return found

    def _mutations(self, binding: ir.Binding) -> set[Origin]:
        """What was stored into the object that a name holds."""
        found: set[Origin] = set()
        for use in binding.uses:
            holder: ir.Node | None = use.parent
            if isinstance(holder, (ir.Item, ir.Attr)) and holder.store:
                if isinstance(holder, ir.Item):
                    found |= self.origins(holder.key)
                stmt = ir.statement_of(holder)
                if isinstance(stmt, (ir.Assign, ir.AugAssign)) and stmt.value is not None:
                    found |= self.origins(stmt.value)
            elif isinstance(holder, ir.Attr) and holder.name in MUTATORS:
                if isinstance(holder.parent, ir.Call):
                    found |= self.merge(a.value for a in holder.parent.args)
        return found

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
                for stored, _, _ in ancestor.attributes.get(expr.name, ()):
                    known = True
                    if stored is not None:
                        found |= self.origins(stored)
                binding = ancestor.scope.bindings.get(expr.name)
                if binding is not None:
                    known = True
                    for definition in binding.definitions:
                        if definition.kind == "assign" and definition.value is not None:
                            found |= self.origins(definition.value)
                        elif definition.kind == "declare":
                            known = False  # a dataclass field: what its maker was given
            if not known:
                return None
        return frozenset(found)

    def _call(self, call: ir.Call) -> Origins:
        edges = [e for e in self.world.edges_at(call) if not e.callback]
        if not edges:
            receiver = self.origins(call.func.base) if isinstance(call.func, ir.Attr) else self.origins(call.func)
            return frozenset({*receiver, *self.merge(a.value for a in call.args)})
        found: set[Origin] = set()
        for edge in edges:
            if edge.made is not None:
                found |= self.merge(a.value for a in call.args)
                continue
            callee = edge.callee
            results = callee.yields if callee.is_generator else callee.returns
            for origin in self.merge(results):
                owner, index = origin
                if owner is not callee:
                    found.add(origin)
                elif index in edge.bound:
                    found |= self.origins(edge.bound[index])
                elif edge.unsure:
                    found |= self.merge(a.value for a in call.args)
                elif index == 0 and callee.cls is not None and isinstance(call.func, ir.Attr):
                    found |= self.origins(call.func.base)
        return frozenset(found)


class Taint:
    """Which parameters may carry the event, or change with a loop of a caller."""

    def __init__(self, dependence: Dependence) -> None:
        self.dependence = dependence
        self.event: set[Origin] = set()
        self.loop: set[Origin] = {LOOP}

    def spread(self, seeds: Iterable[Origin], edges: list[Edge]) -> None:
        """Follow the seeds through all edges until nothing changes."""
        self.event |= set(seeds)
        hand_over: list[tuple[Origin, Origins]] = []
        for edge in edges:
            params = edge.callee.params
            if edge.callback:
                given = self.dependence.merge(edge.siblings)
                hand_over += [((edge.callee, i), given) for i in range(len(params))]
                if edge.siblings:
                    self.loop |= {(edge.callee, i) for i in range(len(params))}
                continue
            for index, expr in edge.bound.items():
                hand_over.append(((edge.callee, index), self.dependence.origins(expr)))
            if edge.unsure and isinstance(edge.site, ir.Call):
                given = self.dependence.merge(a.value for a in edge.site.args)
                hand_over += [((edge.callee, i), given) for i in range(len(params)) if i not in edge.bound]
            if edge.callee.cls is not None and edge.made is None and isinstance(edge.site, ir.Call):
                if isinstance(edge.site.func, ir.Attr) and params and 0 not in edge.bound:
                    hand_over.append(((edge.callee, 0), self.dependence.origins(edge.site.func.base)))
        changed = True
        while changed:
            changed = False
            for target, origins in hand_over:
                for known in (self.event, self.loop):
                    if target not in known and not known.isdisjoint(origins):
                        known.add(target)
                        changed = True

    def on_event(self, expr: ir.Expr) -> bool:
        return not self.event.isdisjoint(self.dependence.origins(expr))

    def on_loop(self, expr: ir.Expr) -> bool:
        return not self.loop.isdisjoint(self.dependence.origins(expr))

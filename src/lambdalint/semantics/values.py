"""What an expression may evaluate to, followed through names, attributes and calls.

`Evaluator.evaluate` answers with the set of abstract values an expression may
have. UNKNOWN in the set says that there may be others. Nothing is ever told
from a name alone: a value comes from an import, a definition, an assignment, an
argument of a call in the project, a return, an attribute of a known class, or
an annotation.
"""

from __future__ import annotations

import builtins
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol, cast

from lambdalint.knowledge.facts import Facts
from lambdalint.semantics import arguments, containers, entering, flow, hints, injection, invoked, ir, members, objects
from lambdalint.semantics.solving import Grounds, Solver
from lambdalint.semantics.value import (
    DECORATED,
    MUTATORS,
    NOTHING,
    UNKNOWN,
    UNSURE,
    Context,
    Value,
    Values,
    is_none,
    single,
    union,
)

if TYPE_CHECKING:
    from lambdalint.semantics.callgraph import Edge

__all__ = ["MUTATORS", "NOTHING", "UNKNOWN", "UNSURE", "Context", "Evaluator", "Value", "Values", "single"]

_LIMIT = 24  # more alternatives than this tell nothing
_FUNCTIONS = 200  # the same for functions and classes, as large tables of routes hold them
_CALLABLE = {"function", "method", "class", "instance", "partial", "unknown"}
# What one of more functions gives or changes isn't looked into: the work would grow with each call behind it.
DISPATCHED = 8
_DEPTH = 50  # of questions that hang on each other
_NESTING = 4  # calls looked into with their own arguments
_WAYS = 100  # in which one function is looked into with the calls around its caller
_MOST_WAYS = 400  # and with objects told apart by the call that made them


class World(Protocol):
    """What the evaluator needs to know of the rest of the project."""

    facts: Facts

    def imported(self, module: ir.Module, name: str) -> Values: ...

    def module_attribute(self, path: str, name: str) -> Values: ...

    def star_imported(self, module: ir.Module, name: str) -> Values: ...

    def stores(self, name: str) -> Sequence[ir.Store]: ...

    def definitions(self, path: str) -> list[str]: ...

    def edges_to(self, function: ir.Function) -> Sequence[Edge]: ...

    def edges_inside(self, function: ir.Function) -> Sequence[Edge]: ...

    def passed(self, function: ir.Function) -> int | None: ...

    def variants(self, cls: ir.Class) -> Sequence[ir.Class]: ...

    def makers(self, cls: ir.Class) -> Sequence[ir.Call]: ...


class Evaluator:
    def __init__(self, world: World) -> None:
        self.world = world
        self.facts = world.facts
        self.grounds = Grounds()
        self._solver = Solver(_DEPTH, self.grounds, keeps_deep=True)
        self.solve = self._solver.solve
        self.once = self._solver.once
        self.memo = self._solver.memo
        self._because = self._solver.because
        self.edges: dict[tuple[object, ...], Edge] = {}
        self.merged: dict[tuple[object, ir.Call], ir.Call] = {}  # calls of partials, with all their arguments
        self._contexts: dict[tuple[object, ...], Context] = {}
        self._entered: Counter[ir.Function] = Counter()
        self._reaching: dict[ir.Name, Sequence[ir.Definition]] = {}

    # --- entry -------------------------------------------------------------------

    def evaluate(self, expr: ir.Expr, context: Context | None = None) -> Values:
        key = (expr, context)
        known = self.memo.get(key)  # as `Solver.known`, without another call: nothing is done as often
        if known is not None:
            below = self._because.get(key)
            if below is not None:
                self.grounds.below |= below
            return cast(Values, known)
        return self.solve(key, lambda: self._limited(expr, context), NOTHING, UNSURE)

    def forget(self, facts: int) -> None:
        """Answer anew what rests on some facts: the calls, or what is stored where, are known better now."""
        self._solver.forget(facts)

    def redefined(self, bindings: Iterable[ir.Binding]) -> None:
        """Other definitions reach the uses of some names."""
        for binding in bindings:
            for use in binding.uses:
                self._reaching.pop(use, None)

    def settle(self) -> None:
        """What is known now stays so."""
        self.grounds.settle()
        self._solver.settle()

    def drop(self, gone: set[object]) -> None:
        """Let go of what is known of nodes, functions and classes that are no more; what rested on them is forgotten.

        Calls and contexts that go with them are added to `gone`.
        """
        for partial, call in list(self.merged):
            if partial in gone or call in gone:
                gone.add(self.merged.pop((partial, call)))
        for key, context in list(self._contexts.items()):  # those around it were made before it
            if context.speaks_of(gone):
                del self._contexts[key]
                gone.add(context)
        self._entered = Counter(context.function for context in self._contexts.values())
        for key in list(self.edges):
            if key[0] in gone or key[1] in gone:
                del self.edges[key]
        for name in [name for name in self._reaching if name in gone]:
            del self._reaching[name]

        def about(key: Hashable) -> bool:
            assert isinstance(key, tuple)
            return any(part.speaks_of(gone) if type(part) is Value else part in gone for part in key)

        self._solver.drop(about)

    def _limited(self, expr: ir.Expr, context: Context | None) -> Values:
        found = self._evaluate(expr, context)
        if len(found) > _LIMIT:
            found = frozenset(value.anywhere for value in found)
        most = _FUNCTIONS if all(value.kind in _CALLABLE for value in found) else _LIMIT
        return found if len(found) <= most else UNSURE

    def _evaluate(self, expr: ir.Expr, context: Context | None) -> Values:
        match expr:
            case ir.Name():
                return self.name(expr, context)
            case ir.Attr():
                return union(members.attribute(self, v, expr, context) for v in self.evaluate(expr.base, context))
            case ir.Call():
                called = self.evaluate(expr.func, context)
                if len(called) > DISPATCHED:
                    called = frozenset(value.anywhere for value in called)
                if len(called) > DISPATCHED:
                    return UNSURE
                return union(invoked.call(self, v, expr, context) for v in called)
            case ir.Item():
                return union(containers.item(self, v, expr, context) for v in self.evaluate(expr.base, context))
            case ir.Const(value=value):
                return frozenset({Value("const", type(value).__name__, constant=value)})
            case ir.Choice(kind=kind, items=items):
                found = union(self.evaluate(item, context) for item in items)
                return frozenset(v for v in found if not is_none(v)) if kind == "or" else found
            case ir.Await(value=value) | ir.Bind(value=value):
                return self.evaluate(value, context)
            case ir.Lambda(function=function):
                return frozenset({Value("function", "<lambda>", function, context=context)})
            case ir.Each(value=value):
                return union(containers.elements(self, v) for v in self.evaluate(value, context))
            case ir.Ref(definition=ir.Class() as cls):
                return frozenset({Value("class", cls.name, cls, DECORATED)})
            case ir.Ref(definition=ir.Function() as function):
                return frozenset({Value("function", function.name, function, DECORATED, context=context)})
            case ir.Seq() | ir.Map() | ir.Comp():
                return frozenset({Value("container", origin=expr, context=context)})
            case ir.Blend(op="BitOr", items=items):
                known = all(v.kind == "container" for item in items for v in self.evaluate(item, context))
                return frozenset({Value("container", origin=expr, context=context)}) if known else UNSURE
            case _:
                return UNSURE

    # --- contexts ------------------------------------------------------------------

    def enter(
        self,
        function: ir.Function,
        outer: Context | None = None,
        *,
        edge: Edge | None = None,
        receiver: Value | None = None,
        closure: Context | None = None,
    ) -> Context:
        """The context of a function's body: one call deeper, with what its first parameter is.

        Too deep, or where a function is looked into in too many ways, only the innermost call
        counts: its arguments are what all callers of the caller give.
        """
        depth = 1 + max(
            outer.depth if outer is not None else 0,
            closure.depth if closure is not None else 0,
            receiver.depth if receiver is not None else 0,
        )
        key = (function, edge, receiver, outer, closure)
        known = self._contexts.get(key)
        if known is not None:
            return known
        ways = self._entered[function]
        if depth > 1 and (depth > _NESTING or ways >= _WAYS):
            return self.enter(function, edge=edge, receiver=receiver.alone if receiver is not None else None)
        if ways >= _MOST_WAYS and receiver is not None and receiver is not receiver.anywhere:
            return self.enter(function, edge=edge, receiver=receiver.anywhere)
        self._entered[function] += 1
        return self._contexts.setdefault(key, Context(function, edge, outer, receiver, closure, depth))

    def edge(self, callee: ir.Function, site: ir.Call, value: Value) -> Edge:
        """The one edge by which a call of `value` runs `callee`."""
        from lambdalint.semantics.callgraph import Edge

        key = (site, callee, value.kind, value.origin if value.kind == "partial" else None)
        known = self.edges.get(key)
        if known is None:
            known = self.edges[key] = Edge.of_call(callee, site, value)
        return known

    # --- names ---------------------------------------------------------------------

    def name(self, expr: ir.Name, context: Context | None) -> Values:
        binding = expr.scope.lookup(expr.id)
        if binding is None:
            found = self.world.star_imported(expr.scope.function.module, expr.id)
            builtin = hasattr(builtins, expr.id)
            return found or (frozenset({Value("external", f"builtins.{expr.id}")}) if builtin else UNSURE)
        reaching = self._reaching.get(expr)
        if reaching is None:
            reaching = self._reaching[expr] = flow.reaching(expr, binding)
        inner = context.around(binding.scope.function) if context is not None else None
        found = union(self.definition(binding, definition, inner) for definition in reaching)
        if binding.scope.kind == "module" and expr.scope.function is not binding.scope.function:
            found |= objects.stored_on_module(self, binding.scope.function.module.path, binding.name)
        return found

    def binding(self, binding: ir.Binding, context: Context | None = None) -> Values:
        return union(self.definition(binding, d, context) for d in binding.definitions)

    def definition(self, binding: ir.Binding, definition: ir.Definition, context: Context | None) -> Values:
        """What one definition gives a name; `context` is that of the function it stands in."""
        module = binding.scope.function.module
        match definition.kind:
            case "declare":
                return hints.values(self, definition.annotation)
            case "assign" | "enter":
                if definition.value is None:
                    return hints.values(self, definition.annotation) or UNSURE
                found = self.evaluate(definition.value, context)
                if definition.kind == "enter":
                    found = union(entering.entered(self, v) for v in found)
                found = containers.unpack(self, found, definition.path)
                return hints.refine(self, found, definition.annotation)
            case "element":
                assert definition.value is not None
                found = union(containers.elements(self, v) for v in self.evaluate(definition.value, context))
                return containers.unpack(self, found, definition.path)
            case "pattern" if not definition.path and definition.value is not None:
                return self.evaluate(definition.value, context)
            case "import":
                assert definition.imported is not None
                return self.world.imported(module, definition.imported)
            case "def":
                assert definition.function is not None
                self.grounds.rest_on(("defined", binding))
                return frozenset({Value("function", definition.function.name, definition.function, context=context)})
            case "class":
                assert definition.cls is not None
                self.grounds.rest_on(("defined", binding))
                return frozenset({Value("class", definition.cls.name, definition.cls)})
            case "param":
                return self.parameter(definition, context)
            case "delete":
                return NOTHING
            case _:
                return UNSURE

    # --- parameters ----------------------------------------------------------------

    def parameter(self, definition: ir.Definition, context: Context | None) -> Values:
        function = definition.function
        assert function is not None
        edge = context.edge if context is not None and context.function is function else None
        if definition.index == 0 and function.bound and (edge is None or 0 not in edge.bound):
            receiver = context.receiver if context is not None and context.function is function else None
            return objects.receivers(self, function, receiver)
        if edge is not None and context is not None:
            found = self.argument(edge, definition.index, context.outer)
        else:
            found = self._from_callers(function, definition.index)
        return hints.refine(self, found, definition.annotation)

    def _from_callers(self, function: ir.Function, index: int) -> Values:
        """What all calls of a function in the project, or Lambda itself, give a parameter.

        A wrapper around the function that doesn't hand on what it was given there decides alone.
        """
        inside = [edge for edge in self.world.edges_inside(function) if not edge.passes_through(index)]
        if inside:
            return union(self.argument(edge, index, None) for edge in inside)
        edges = self.world.edges_to(function)
        found = union(self.argument(edge, index, None) for edge in edges)
        passed = self.world.passed(function)
        if passed is not None:
            param = function.params[index]
            kept = param.default if index >= passed else None
            found |= self.evaluate(kept) if kept is not None else injection.injected(self, param)
        return found or (NOTHING if edges else UNSURE)

    def argument(self, edge: Edge, index: int, outer: Context | None) -> Values:
        """What one call gives a parameter."""
        bound = edge.bound.get(index)
        if bound is not None:
            return self.evaluate(bound, outer)
        param = edge.callee.params[index]
        if param.kind in ("args", "kwargs"):
            return arguments.collected(edge, param, outer)
        default = self.evaluate(param.default) if param.default is not None else UNSURE
        if not edge.unsure:
            return default
        if edge.callback or edge.partial or not isinstance(edge.site, ir.Call):
            return UNSURE
        found, sure = arguments.by_name(self, edge.site, param.name, outer)
        return found if sure else found | default

"""Which function a call runs, and what it hands over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lambdalint.knowledge.callables import Taker
from lambdalint.semantics import classes, flow, handing, ir
from lambdalint.semantics.decorating import Decorations
from lambdalint.semantics.values import Evaluator, Value, in_order


@dataclass(eq=False, slots=True)
class Edge:
    """`caller` runs `callee` at `site`.

    `bound` holds the argument expression of each parameter by index; `unsure`
    says that others may be given (`*args`); a `callback` is handed to code
    outside the project, which calls it, and is given some of `siblings` where
    the arguments aren't known. `receiver` is the class of the object that a
    method is called on.
    """

    caller: ir.Function
    callee: ir.Function
    site: ir.Expr
    bound: dict[int, ir.Expr] = field(default_factory=dict)
    unsure: bool = False
    callback: bool = False
    made: ir.Class | None = None
    siblings: list[ir.Expr] = field(default_factory=list)
    receiver: ir.Class | None = None

    @classmethod
    def of_call(cls, callee: ir.Function, call: ir.Call, value: Value, caller: ir.Function | None = None) -> Edge:
        """A call of `value` in the project."""
        edge = cls(caller or callee, callee, call)
        edge.give(call.args, value)
        return edge

    @classmethod
    def of_callback(
        cls, callee: ir.Function, site: ir.Call, value: Value, caller: ir.Function, given: list[ir.Argument] | None
    ) -> Edge:
        """`value` handed to a call outside the project, which runs it with `given` (None: with what isn't seen)."""
        edge = cls(caller, callee, site, callback=True, unsure=given is None)
        edge.give(given or [], value)
        return edge

    def give(self, given: list[ir.Argument], value: Value) -> None:
        """Bind the arguments with which `value`, the callee or something bound to it, is called."""
        if value.kind == "partial" and value.base is not None and isinstance(value.origin, ir.Call):
            given = [*value.origin.args[1:], *given]
            value = value.base
        self.receiver = classes.receiver(value)
        skip = 1 if value.kind in ("method", "class") and not self.callee.is_static else 0
        if value.kind == "method" and value.base is not None and value.base.kind == "class":
            skip = 1 if self.callee.is_classmethod else 0  # `Base.__init__(self, x)` hands self over itself
        _bind(self, given, skip)


def _bind(edge: Edge, arguments: list[ir.Argument], skip: int) -> None:
    params = edge.callee.params
    plain = [i for i, p in enumerate(params) if p.kind == "plain"][skip:]
    position = 0
    for argument in arguments:
        if argument.star:
            edge.unsure = True
        elif argument.keyword is not None:
            index = edge.callee.param_index(argument.keyword)
            if index >= 0:
                edge.bound[index] = argument.value
        elif not edge.unsure:
            if position < len(plain):
                edge.bound[plain[position]] = argument.value
            position += 1


def _main_guarded(node: ir.Node) -> bool:
    return any(isinstance(a, ir.If) and flow.is_main_guard(a) for a in ir.ancestors(node))


class Calls:
    """Finds the edges that leave a function, with the evaluator's help."""

    def __init__(self, evaluator: Evaluator, decorations: Decorations) -> None:
        self.evaluator = evaluator
        self.decorations = decorations
        self.made: list[tuple[ir.Function, ir.Call, ir.Class]] = []  # where instances are made
        self.inner: list[Edge] = []  # from wrappers to the functions that they were put around

    def edges(self, function: ir.Function) -> Iterator[Edge]:
        for call in function.calls:
            if function.is_module and _main_guarded(call):
                continue
            yield from self.of_call(function, call)
        for attr in function.attributes:
            if not attr.store and not (isinstance(attr.parent, ir.Call) and attr.parent.func is attr):
                yield from self._properties(function, attr)
        for stmt in ir.statements(function.body):
            if isinstance(stmt, ir.With) and not (function.is_module and _main_guarded(stmt)):
                for context, _ in stmt.items:
                    yield from self._entered(function, context)
            elif isinstance(stmt, ir.FunctionDef):
                yield from self._decorated(function, stmt.function)
            elif isinstance(stmt, ir.ClassDef):
                yield from self._decorated(function, stmt.cls)
                yield from self._subclassed(function, stmt)
        for decorator in function.decorators:
            yield from self._wrappers(function, decorator)

    def of_call(self, function: ir.Function, call: ir.Call) -> Iterator[Edge]:
        values = self.evaluator.evaluate(call.func)
        inside = False
        for value in in_order(values):
            if value.kind == "class" and isinstance(value.origin, ir.Class):
                self.made.append((function, call, value.origin))
            for edge in self._run(function, call, value):
                inside = inside or value.kind != "instance"
                if self.decorations.is_inner(call, value):
                    # A wrapper is one function for all that it is put around: no way leads through it.
                    self.inner.append(edge)
                else:
                    yield edge
        taker = handing.taker_of(values)
        if not inside and (taker is None or not taker.decorator):
            yield from self._callbacks(function, call, taker)

    def _run(self, function: ir.Function, call: ir.Call, value: Value) -> Iterator[Edge]:
        """What a call of `value` runs in the project."""
        for callee, target in self._callees(value):
            edge = Edge.of_call(callee, call, target, function)
            if value.kind == "class" and isinstance(value.origin, ir.Class):
                edge.made = value.origin
            yield edge

    def _callees(self, value: Value) -> Iterator[tuple[ir.Function, Value]]:
        if value.kind in ("function", "method") and isinstance(value.origin, ir.Function):
            yield value.origin, value
        elif value.kind == "partial" and value.base is not None and isinstance(value.base.origin, ir.Function):
            yield value.base.origin, value
        elif value.kind == "class":
            for name in ("__init__", "__post_init__", "__new__"):
                method = classes.find_method(self.evaluator, value, name)
                if method is not None:
                    yield method, value
        elif value.kind == "instance":
            method = classes.find_method(self.evaluator, value, "__call__")
            if method is not None:
                yield method, Value("method", "__call__", method, value)

    def _callbacks(self, function: ir.Function, call: ir.Call, taker: Taker | None) -> Iterator[Edge]:
        """Functions handed to code outside the project: it is taken to call them."""
        given = [a.value for a in call.args]
        arguments = handing.passed(taker, call) if taker is not None else None
        for expr in handing.handed(taker, call):
            if isinstance(expr, (ir.Const, ir.Call, ir.Blend, ir.Compare)) and taker is None:
                continue
            for value in in_order(self.evaluator.evaluate(expr)):
                if value.kind not in ("function", "method", "partial"):
                    continue
                for callee, target in self._callees(value):
                    edge = Edge.of_callback(callee, call, target, function, arguments)
                    edge.unsure = edge.unsure or (taker is not None and taker.partly)
                    edge.siblings = [g for g in given if g is not expr]
                    yield edge

    def _properties(self, function: ir.Function, attr: ir.Attr) -> Iterator[Edge]:
        for value in self.evaluator.evaluate(attr.base):
            if value.kind == "instance":
                method = classes.find_method(self.evaluator, value, attr.name)
                if method is not None and classes.is_property(method):
                    yield Edge(function, method, attr, receiver=classes.receiver(value))

    def _entered(self, function: ir.Function, context: ir.Expr) -> Iterator[Edge]:
        for value in self.evaluator.evaluate(context):
            if value.kind == "instance":
                for name in ("__enter__", "__exit__", "__aenter__", "__aexit__"):
                    method = classes.find_method(self.evaluator, value, name)
                    if method is not None:
                        yield Edge(function, method, context, receiver=classes.receiver(value))

    # --- decorators and subclasses -------------------------------------------------------

    def _decorated(self, function: ir.Function, definition: ir.Function | ir.Class) -> Iterator[Edge]:
        """A definition runs its decorators, where it stands."""
        for decorator in definition.decorators:
            call = self.decorations.call(definition, decorator)
            for value in in_order(self.evaluator.evaluate(decorator)):
                yield from self._run(function, call, value)

    def _subclassed(self, function: ir.Function, stmt: ir.ClassDef) -> Iterator[Edge]:
        """The definition of a class runs the hook that its bases have for that."""
        for base in stmt.cls.bases:
            for value in self.evaluator.evaluate(base):
                hook = classes.find_method(self.evaluator, value, "__init_subclass__")
                if hook is not None:
                    yield Edge(function, hook, base, receiver=stmt.cls, unsure=True)

    def _wrappers(self, function: ir.Function, decorator: ir.Expr) -> Iterator[Edge]:
        """What a decorator puts around the function runs when the function is called."""
        for wrapper in self.decorations.wrappers(function, decorator):
            yield Edge(function, wrapper, decorator, unsure=True, callback=True)
        if isinstance(decorator, ir.Call):
            taker = handing.taker_of(self.evaluator.evaluate(decorator.func))
            if taker is not None and taker.decorator:
                yield from self._callbacks(function, decorator, taker)

"""Which function a call runs, and what it hands over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lambdalint.knowledge import tables
from lambdalint.semantics import classes, flow, ir
from lambdalint.semantics.value import Value, in_order
from lambdalint.semantics.values import Evaluator

# Names under which a framework keeps a function that it was given, to run it per event.
_CALLABLE = ("function", "method", "class", "instance")


@dataclass(eq=False, slots=True)
class Edge:
    """`caller` runs `callee` at `site`.

    `bound` holds the argument expression of each parameter by index; `unsure`
    says that others may be given (`*args`); a `callback` is handed to code
    outside the project, which calls it with arguments that aren't seen.
    """

    caller: ir.Function
    callee: ir.Function
    site: ir.Expr
    bound: dict[int, ir.Expr] = field(default_factory=dict)
    unsure: bool = False
    callback: bool = False
    made: ir.Class | None = None
    partial: bool = False  # some arguments were given beforehand, by `functools.partial`
    receiver: Value | None = None  # the instance, or the class, that a method is called on
    siblings: list[ir.Expr] = field(default_factory=list)

    @classmethod
    def of_call(cls, callee: ir.Function, call: ir.Call, value: Value, caller: ir.Function | None = None) -> Edge:
        given = call.args
        if value.kind == "partial" and value.base is not None and isinstance(value.origin, ir.Call):
            given = [*value.origin.args[1:], *call.args]
            value = value.base
        skip = 1 if value.kind in ("method", "class") and not callee.is_static else 0
        if value.kind == "method" and value.base is not None and value.base.kind == "class":
            skip = 1 if callee.is_classmethod else 0  # `Base.__init__(self, x)` hands self over itself
        edge = cls(caller or callee, callee, call)
        edge.partial = given is not call.args
        edge.receiver = value.base if value.kind == "method" else None
        _bind(edge, given, skip)
        return edge


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


def callees(evaluator: Evaluator, value: Value) -> Iterator[tuple[ir.Function, Value]]:
    """The functions of the project that calling a value runs, each with what it is called as."""
    if value.kind in ("function", "method") and isinstance(value.origin, ir.Function):
        yield value.origin, value
    elif value.kind == "partial" and value.base is not None and isinstance(value.base.origin, ir.Function):
        yield value.base.origin, value
    elif value.kind == "class":
        for name in ("__init__", "__post_init__", "__new__"):
            method = classes.find_method(evaluator, value, name)
            if method is not None:
                yield method, value
    elif value.kind == "instance":
        method = classes.find_method(evaluator, value, "__call__")
        if method is not None:
            yield method, Value("method", "__call__", method, value)


class Calls:
    """Finds the edges that leave a function, with the evaluator's help."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.made: list[tuple[ir.Function, ir.Call, ir.Class]] = []  # where instances are made

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
        for decorator in function.decorators:
            yield from self._wrappers(function, decorator)

    def of_call(self, function: ir.Function, call: ir.Call) -> Iterator[Edge]:
        values = in_order(self.evaluator.evaluate(call.func))
        inside = False
        seen: set[tuple[object, ...]] = set()
        for value in values:
            if value.kind == "class" and isinstance(value.origin, ir.Class):
                self.made.append((function, call, value.origin))
            for callee, target in callees(self.evaluator, value):
                inside = inside or value.kind != "instance"
                # The same function on several objects, or seen through several calls, is one edge.
                told = target.origin if value.kind == "partial" else target.base if callee.is_classmethod else None
                same = (callee, value.kind, told.origin if isinstance(told, Value) else told)
                if same in seen:
                    continue
                seen.add(same)
                edge = Edge.of_call(callee, call, target, function)
                if value.kind == "class" and isinstance(value.origin, ir.Class):
                    edge.made = value.origin
                yield edge
        if not inside:
            yield from self._callbacks(function, call)

    def _callbacks(self, function: ir.Function, call: ir.Call) -> Iterator[Edge]:
        """Functions handed to code outside the project: it is taken to call them."""
        given = [a.value for a in call.args]
        for argument in call.args:
            expr = argument.value
            if isinstance(expr, (ir.Const, ir.Call, ir.Blend, ir.Compare)):
                continue
            for value in in_order(self.evaluator.evaluate(expr)):
                if value.kind == "partial" and value.base is not None:
                    value = value.base
                if value.kind in ("function", "method") and isinstance(value.origin, ir.Function):
                    edge = Edge(function, value.origin, call, unsure=True, callback=True)
                    edge.siblings = [g for g in given if g is not expr]
                    yield edge

    def _properties(self, function: ir.Function, attr: ir.Attr) -> Iterator[Edge]:
        for method in self._found(attr.base, attr.name):
            if classes.is_property(method):
                yield Edge(function, method, attr)
        for value in in_order(self.evaluator.evaluate(attr.base)):
            if value.kind == "result" and tables.is_proxy(value.name) and isinstance(value.origin, ir.Call):
                for argument in value.origin.args[:1]:
                    for made in in_order(self.evaluator.evaluate(argument.value)):
                        if made.kind in ("function", "method") and isinstance(made.origin, ir.Function):
                            yield Edge(function, made.origin, attr)

    def _entered(self, function: ir.Function, context: ir.Expr) -> Iterator[Edge]:
        for name in ("__enter__", "__exit__", "__aenter__", "__aexit__"):
            for method in self._found(context, name):
                yield Edge(function, method, context)

    def _found(self, expr: ir.Expr, name: str) -> Iterator[ir.Function]:
        """The methods of that name that the instances have which an expression may give."""
        seen: set[ir.Function] = set()
        for value in in_order(self.evaluator.evaluate(expr)):
            method = classes.find_method(self.evaluator, value, name) if value.kind == "instance" else None
            if method is not None and method not in seen:
                seen.add(method)
                yield method

    def _wrappers(self, function: ir.Function, decorator: ir.Expr) -> Iterator[Edge]:
        """What a decorator of the project puts around the function runs when the function is called."""
        target = decorator.func if isinstance(decorator, ir.Call) else decorator
        for value in self.evaluator.evaluate(target):
            if value.kind != "function" or not isinstance(value.origin, ir.Function):
                continue
            pending = [value.origin]
            for maker in pending:
                for returned in maker.returns:
                    for inner in self.evaluator.evaluate(returned):
                        if inner.kind == "function" and isinstance(inner.origin, ir.Function):
                            if inner.origin.outer is maker and inner.origin not in pending:
                                pending.append(inner.origin)
            # The outermost makers ran at import; the innermost one runs per call.
            for wrapper in pending[1:]:
                if not any(other.outer is wrapper for other in pending):
                    edge = Edge(function, wrapper, decorator, unsure=True, callback=True)
                    yield edge

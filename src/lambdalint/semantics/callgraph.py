"""Which function a call runs, and what it hands over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from lambdalint.knowledge import tables
from lambdalint.knowledge.callables import Taker
from lambdalint.semantics import classes, flow, handing, ir
from lambdalint.semantics.decorating import Decorations
from lambdalint.semantics.solving import Solver
from lambdalint.semantics.value import DECORATED, Value, in_order
from lambdalint.semantics.values import Evaluator


class Edge(Struct, eq=False):
    """`caller` runs `callee` at `site`.

    `bound` holds the argument expression of each parameter by index; `unsure`
    says that others may be given (`*args`); a `callback` is handed to code
    outside the project, which calls it, and is given some of `siblings` where
    the arguments aren't known.
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
    called_on: set[ir.Class] = field(default_factory=set)  # the classes of the objects that a method is called on
    siblings: list[ir.Expr] = field(default_factory=list)

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
            self.partial = True
            given = [*value.origin.args[1:], *given]
            value = value.base
        skip = 1 if value.kind in ("method", "class") and not self.callee.is_static else 0
        if value.kind == "method" and value.base is not None and value.base.kind == "class":
            skip = 1 if self.callee.is_classmethod else 0  # `Base.__init__(self, x)` hands self over itself
        self.receiver = value.base if value.kind == "method" else None
        self.called_on |= _owner(value)
        _bind(self, given, skip)

    def says_the_same(self, other: Edge) -> bool:
        """Whether another edge tells the same of the same call."""
        return self is other or (
            self.caller is other.caller
            and self.callee is other.callee
            and self.site is other.site
            and self.made is other.made
            and (self.unsure, self.callback, self.partial) == (other.unsure, other.callback, other.partial)
            and self.bound.keys() == other.bound.keys()
            and all(given is other.bound[index] for index, given in self.bound.items())
            and self.receiver == other.receiver
            and self.called_on == other.called_on
            and len(self.siblings) == len(other.siblings)
            and all(one is same for one, same in zip(self.siblings, other.siblings, strict=True))
        )

    def passes_through(self, index: int) -> bool:
        """Whether a wrapper hands the function inside what it was itself given at the same place."""
        given = self.bound.get(index)
        if self.unsure or not isinstance(given, ir.Name):
            return self.unsure
        binding = given.scope.lookup(given.id)
        return binding is not None and [(d.kind, d.index) for d in binding.definitions] == [("param", index)]


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


def _owner(value: Value) -> set[ir.Class]:
    """The class of the object that calling a method, or a class, runs code on, where it is known."""
    if value.kind == "partial" and value.base is not None:
        value = value.base
    if value.kind == "method" and value.base is not None and value.base.kind == "instance":
        value = value.base
    elif value.kind != "class":
        return set()
    return {value.origin} if isinstance(value.origin, ir.Class) else set()


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


Made = tuple[ir.Function, ir.Call, ir.Class]  # an instance: in which function, by which call, of which class


class Leaving(Struct):
    """What a function runs: by the edges that leave it, and, as a wrapper, the functions `inner` to it."""

    edges: list[Edge] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    inner: list[Edge] = field(default_factory=list)


class Calls:
    """Finds the edges that leave a function, with the evaluator's help."""

    def __init__(self, evaluator: Evaluator, decorations: Decorations) -> None:
        self.evaluator = evaluator
        self.decorations = decorations
        self._solver = Solver(0, evaluator.grounds)
        self._made: list[Made] = []
        self._inner: list[Edge] = []

    def leaving(self, function: ir.Function) -> Leaving:
        return self._solver.once(function, lambda: self._leaving(function))

    def forget(self, facts: int) -> None:
        """Look again at the functions whose calls rest on some facts."""
        self._solver.forget(facts)

    def settle(self) -> None:
        """No function will be looked at again."""
        self._solver.memo.clear()
        self._solver.settle()

    def drop(self, gone: set[object]) -> None:
        """Let go of functions that are no more."""
        self._solver.drop(gone.__contains__)

    def _leaving(self, function: ir.Function) -> Leaving:
        self._made, self._inner = [], []
        return Leaving(list(self._edges(function)), self._made, self._inner)

    def _edges(self, function: ir.Function) -> Iterator[Edge]:
        for call in function.calls:
            if function.is_module and _main_guarded(call):
                continue
            yield from self._of_call(function, call)
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

    def _of_call(self, function: ir.Function, call: ir.Call) -> Iterator[Edge]:
        values = in_order(self.evaluator.evaluate(call.func))
        inside = False
        for value, edge in self._run(function, call, values):
            inside = inside or value.kind != "instance"
            if self.decorations.is_inner(call, value):
                # A wrapper is one function for all that it is put around: no way leads through it.
                self._inner.append(edge)
            else:
                yield edge
        taker = handing.taker_of(values)
        if not inside and (taker is None or not taker.decorator):
            yield from self._callbacks(function, call, taker)

    def _run(self, function: ir.Function, call: ir.Call, values: Iterable[Value]) -> Iterator[tuple[Value, Edge]]:
        """What a call of one of these values runs in the project."""
        seen: dict[tuple[object, ...], Edge] = {}
        for value in values:
            made = value.origin if value.kind == "class" and isinstance(value.origin, ir.Class) else None
            if made is not None:
                self._made.append((function, call, made))
            for callee, target in callees(self.evaluator, value):
                # The same function on several objects, or seen through several calls, is one edge.
                told = target.origin if value.kind == "partial" else target.base if callee.is_classmethod else None
                same = (callee, value.kind, value.base is DECORATED, told.origin if isinstance(told, Value) else told)
                if same in seen:
                    seen[same].called_on |= _owner(target)
                    continue
                edge = seen[same] = Edge.of_call(callee, call, target, function)
                edge.made = made
                yield value, edge

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
                for callee, target in callees(self.evaluator, value):
                    edge = Edge.of_callback(callee, call, target, function, arguments)
                    edge.unsure = edge.unsure or (taker is not None and taker.partly)
                    edge.siblings = [g for g in given if g is not expr]
                    yield edge

    def _properties(self, function: ir.Function, attr: ir.Attr) -> Iterator[Edge]:
        for method, owners in self._found(attr.base, attr.name).items():
            if classes.is_property(method):
                yield Edge(function, method, attr, called_on=owners)
        for value in in_order(self.evaluator.evaluate(attr.base)):
            if value.kind == "result" and tables.is_proxy(value.name) and isinstance(value.origin, ir.Call):
                for argument in value.origin.args[:1]:
                    for made in in_order(self.evaluator.evaluate(argument.value)):
                        if made.kind in ("function", "method") and isinstance(made.origin, ir.Function):
                            yield Edge(function, made.origin, attr)

    def _entered(self, function: ir.Function, context: ir.Expr) -> Iterator[Edge]:
        for name in ("__enter__", "__exit__", "__aenter__", "__aexit__"):
            for method, owners in self._found(context, name).items():
                yield Edge(function, method, context, called_on=owners)

    def _found(self, expr: ir.Expr, name: str) -> dict[ir.Function, set[ir.Class]]:
        """The methods of that name that the instances have which an expression may give, with their classes."""
        found: dict[ir.Function, set[ir.Class]] = {}
        for value in in_order(self.evaluator.evaluate(expr)):
            method = classes.find_method(self.evaluator, value, name) if value.kind == "instance" else None
            if method is not None and isinstance(value.origin, ir.Class):
                found.setdefault(method, set()).add(value.origin)
        return found

    # --- decorators and subclasses -------------------------------------------------------

    def _decorated(self, function: ir.Function, definition: ir.Function | ir.Class) -> Iterator[Edge]:
        """A definition runs its decorators, where it stands."""
        for decorator in definition.decorators:
            call = self.decorations.call(definition, decorator)
            for _, edge in self._run(function, call, in_order(self.evaluator.evaluate(decorator))):
                yield edge

    def _subclassed(self, function: ir.Function, stmt: ir.ClassDef) -> Iterator[Edge]:
        """The definition of a class runs the hook that its bases have for that."""
        made = Value("class", stmt.cls.name, stmt.cls)
        for base in stmt.cls.bases:
            for value in in_order(self.evaluator.evaluate(base)):
                hook = classes.find_method(self.evaluator, value, "__init_subclass__")
                if hook is not None:
                    yield Edge(function, hook, base, receiver=made, unsure=True)

    def _wrappers(self, function: ir.Function, decorator: ir.Expr) -> Iterator[Edge]:
        """What a decorator puts around the function runs when the function is called."""
        for wrapper in self.decorations.wrappers(function, decorator):
            yield Edge(function, wrapper, decorator, unsure=True, callback=True)
        if isinstance(decorator, ir.Call):
            taker = handing.taker_of(in_order(self.evaluator.evaluate(decorator.func)))
            if taker is not None and taker.decorator:
                yield from self._callbacks(function, decorator, taker)

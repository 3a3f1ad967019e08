"""Where a value may be kept between two invocations, and what code asks of it or stores in it.

A slot names such a place: the owner first (a module, a class, the instances of a
class, a function object, a variable of a closure), then the attributes and keys
that lead on from it. Two slots are compared by `overlap`, so that one can tell
whether what a condition asks is what the code behind it stores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from lambdalint.semantics import classes, flow, ir
from lambdalint.semantics.disk import Disk
from lambdalint.semantics.values import Evaluator, Value

Slot = tuple[object, ...]
Slots = frozenset[Slot]
NO_SLOTS: Slots = frozenset()

ANY = ("any key",)  # a key that isn't a literal
FOLLOWED = 4  # names of names, parameters of parameters, functions that ask for others
_DEEP = 40  # subscripts and attributes in one chain
_READING = {"get", "pop", "setdefault"}
_OWNERS = {"module", "class", "instance", "function", "method", "external"}  # kinds of values with attributes
_PROCESS_WIDE = {"os.environ", "sys.modules"}  # the mappings of the interpreter that outlive an invocation


class Lifetimes(Struct, frozen=True):
    """What outlives an invocation: `instances` of a class (all of them), what a call of a function made."""

    instances: Callable[[ir.Class], bool]
    calls: Callable[[ir.Function], bool]


def overlap(one: Slot, other: Slot) -> bool:
    """Whether two slots may be the same place, or one a part of the other."""
    return all(a == b or a is ANY or b is ANY for a, b in zip(one, other, strict=False))


def meet(some: Iterable[Slot], others: Iterable[Slot]) -> bool:
    others = list(others)
    return any(overlap(one, other) for one in some for other in others)


class Places:
    """Finds the slot of an expression; `depth` bounds how many names it follows."""

    def __init__(self, evaluator: Evaluator, lifetimes: Lifetimes) -> None:
        self.evaluator = evaluator
        self.lifetimes = lifetimes
        self.disk = Disk(evaluator)
        self._known: dict[tuple[int, int], Slot | None] = {}

    # --- one expression --------------------------------------------------------------------

    def slot(self, expr: ir.Expr, depth: int = FOLLOWED) -> Slot | None:
        """The place that an expression names, if that outlives the invocation."""
        key = (id(expr), depth)
        if key not in self._known:
            self._known[key] = None  # what hangs on itself is no place
            self._known[key] = self._slot(expr, depth)
        return self._known[key]

    def _slot(self, expr: ir.Expr, depth: int) -> Slot | None:
        steps: list[object] = []
        for _ in range(_DEEP):
            owner = self._owner(expr, depth)
            if owner is not None:
                return (*owner, *reversed(steps))
            match expr:
                case ir.Attr(base=base, name=name):
                    steps.append(name)
                case ir.Item(base=base, key=key):
                    steps.append(key_of(key))
                case ir.Await(value=base) | ir.Bind(value=base):
                    pass
                case _:
                    return None
            expr = base
        return None

    def _owner(self, expr: ir.Expr, depth: int) -> Slot | None:
        match expr:
            case ir.Name():
                return self._named(expr, depth)
            case ir.Attr():
                return self._member(expr.base, expr.name, depth)
            case ir.Call():
                return self._called(expr, depth)
            case ir.Item() if ir.dotted(expr.base) == "sys.modules" and ir.dotted(expr.key) == "__name__":
                return _module_of(expr)
        return None

    def _called(self, call: ir.Call, depth: int) -> Slot | None:
        """`globals()`, `vars(x)`, `getattr(x, "name")` and `x.get(key)`."""
        name = ir.dotted(call.func)
        given = call.positional(0)
        if name == "globals":
            return _module_of(call)
        if name == "vars" and given is not None:
            return self._member(given, "__dict__", depth)
        if name in ("getattr", "hasattr", "setattr") and given is not None:
            attribute = call.positional(1)
            if isinstance(attribute, ir.Const) and isinstance(attribute.value, str):
                return self._member(given, attribute.value, depth) or self.part(given, attribute.value, depth)
            return self.part(given, ANY, depth)
        if isinstance(call.func, ir.Attr) and call.func.name in _READING and not self.is_own(call):
            return self.part(call.func.base, key_of(given) if given is not None else ANY, depth)
        return self.disk.asked(call)

    def is_own(self, call: ir.Call) -> bool:
        """Whether a call runs a method of the project: what that looks at and stores stands in its body."""
        return any(isinstance(value.origin, ir.Function) for value in self.evaluator.evaluate(call.func))

    def part(self, base: ir.Expr, step: object, depth: int) -> Slot | None:
        slot = self.slot(base, depth)
        return (*slot, step) if slot is not None else None

    # --- names -----------------------------------------------------------------------------

    def _named(self, name: ir.Name, depth: int) -> Slot | None:
        binding = name.scope.lookup(name.id)
        if binding is None:
            return None
        kinds = {definition.kind for definition in binding.definitions}
        if binding.scope.kind == "module":
            if kinds <= {"import"}:
                return self._imported(name)
            if kinds & {"def", "class"} or self._of_a_context(name):
                return None
            return ("module", binding.scope.function.module.path, binding.name)
        if binding.scope.kind == "class":
            return ("class", _class_around(binding.scope), binding.name)
        if self._of_a_closure(name, binding):
            return ("closure", binding)
        if "param" in kinds:
            return self._parameter(binding, depth)
        return self._alias(name, binding, depth)

    def _of_a_closure(self, name: ir.Name, binding: ir.Binding) -> bool:
        """Whether it is a variable of a function around this one, whose call made this one to be kept."""
        outer = binding.scope.kind == "function" and binding.scope is not _function_scope(name.scope)
        return outer and self.lifetimes.calls(binding.scope.function)

    def _imported(self, name: ir.Name) -> Slot | None:
        """The variable of a project's module behind `from state import CACHE`; the interpreter's own mappings."""
        values = self.evaluator.evaluate(name)
        value = next(iter(values)) if len(values) == 1 else None
        if value is None:
            return None
        if value.kind == "external":
            return ("process", value.name) if value.name in _PROCESS_WIDE else None
        holder = value.origin.parent if isinstance(value.origin, ir.Expr) else None
        target = holder.targets[0] if isinstance(holder, ir.Assign) else None
        binding = target.scope.lookup(target.id) if isinstance(target, ir.Name) else None
        if binding is None or binding.scope.kind != "module":
            return None
        return ("module", binding.scope.function.module.path, binding.name)

    def _of_a_context(self, name: ir.Name) -> bool:
        """Whether it is a `ContextVar` in a coroutine: `asyncio.run` copies the context, and drops the copy."""
        function = flow.function_of(name)
        return (
            function is not None
            and function.is_async
            and any(v.kind == "result" and v.name == "contextvars.ContextVar" for v in self.evaluator.evaluate(name))
        )

    def _parameter(self, binding: ir.Binding, depth: int) -> Slot | None:
        """A parameter whose default is kept with the function, or that every caller gives something kept."""
        definition = next(d for d in binding.definitions if d.kind == "param")
        function = definition.function
        if function is None or depth == 0 or (definition.index == 0 and _is_method(function)):
            return None
        edges = self.evaluator.world.edges_to(function)
        given = [edge.bound.get(definition.index) for edge in edges]
        given = [expr for expr in given if not _is_use_of(expr, binding)]  # a function that calls itself
        if any(edge.unsure for edge in edges):
            return None
        if all(expr is None for expr in given):
            default = function.params[definition.index].default
            if isinstance(default, (ir.Map, ir.Seq, ir.Call)):
                kept = function.outer is None or self.lifetimes.calls(function.outer)
                return ("default", binding) if kept else None
            return self.slot(default, depth - 1) if default is not None else None
        slots = {self.slot(expr, depth - 1) if expr is not None else None for expr in given}
        return None if None in slots else slots.pop() if len(slots) == 1 else ("parameter", binding)

    def _alias(self, name: ir.Name, binding: ir.Binding, depth: int) -> Slot | None:
        """A local name for an object that is kept: `cache = STATE["clients"]`."""
        if depth == 0 or name.store:
            return None
        slots = set()
        for definition in flow.reaching(name, binding):
            if definition.kind != "assign" or definition.path or definition.value is None:
                return None
            slots.add(self.slot(definition.value, depth - 1))
        return slots.pop() if len(slots) == 1 else None

    # --- attributes ------------------------------------------------------------------------

    def _member(self, base: ir.Expr, name: str, depth: int) -> Slot | None:
        """`base.name`, where base is a module, a class, an object or a function of the project."""
        if name == "__class__":
            return None
        cls = self._class_named(base)
        if cls is not None:
            return self._of_class(cls, name)
        found = {
            self._of_value(value, base, name, depth)
            for value in self.evaluator.evaluate(base)
            if value.kind in _OWNERS and (value.kind != "external" or f"{value.name}.{name}" in _PROCESS_WIDE)
        }
        return found.pop() if len(found) == 1 else None

    def _of_value(self, value: Value, base: ir.Expr, name: str, depth: int) -> Slot | None:
        steps = (name,) if name != "__dict__" else ()  # `vars(x)["name"]` is `x.name`
        match value:
            case Value(kind="module", name=path):
                return ("module", path, *steps)
            case Value(kind="class", origin=ir.Class() as cls):
                return self._of_class(cls, name)
            case Value(kind="instance", origin=ir.Class() as cls):
                return self._of_instance(base, cls, name, depth)
            case Value(kind="function" | "method", origin=ir.Function() as function):
                outer = function.outer
                return ("function", function, *steps) if outer is None or self.lifetimes.calls(outer) else None
            case Value(kind="external", name=module):
                return ("process", f"{module}.{name}")
        return None

    def _class_named(self, expr: ir.Expr) -> ir.Class | None:
        """The class behind `type(x)` and `x.__class__`."""
        inner: ir.Expr | None = None
        if isinstance(expr, ir.Call) and ir.dotted(expr.func) == "type":
            inner = expr.positional(0)
        elif isinstance(expr, ir.Attr) and expr.name == "__class__":
            inner = expr.base
        if inner is None:
            return None
        found = {v.origin for v in self.evaluator.evaluate(inner) if v.kind == "instance"}
        only = found.pop() if len(found) == 1 else None
        return only if isinstance(only, ir.Class) else None

    def _of_class(self, cls: ir.Class, name: str) -> Slot:
        lineage = [ancestor for ancestor in classes.lineage(self.evaluator, cls) if ancestor is not None]
        owner = next((ancestor for ancestor in lineage if name in ancestor.scope.bindings), cls)
        return ("class", owner, name)

    def _of_instance(self, base: ir.Expr, cls: ir.Class, name: str, depth: int) -> Slot | None:
        lineage = [ancestor for ancestor in classes.lineage(self.evaluator, cls) if ancestor is not None]
        own = any(
            not function.is_classmethod for ancestor in lineage for _, _, function in ancestor.attributes.get(name, ())
        )
        if not own and any(name in ancestor.scope.bindings for ancestor in lineage):
            return self._of_class(cls, name)
        kept = self.lifetimes.instances(cls) or (not is_self(base) and self.slot(base, depth) is not None)
        steps = (name,) if name != "__dict__" else ()
        return ("instance", lineage[-1], *steps) if kept else None


def _is_use_of(expr: ir.Expr | None, binding: ir.Binding) -> bool:
    return isinstance(expr, ir.Name) and expr.scope.lookup(expr.id) is binding


def key_of(expr: ir.Expr) -> object:
    return expr.value if isinstance(expr, ir.Const) and isinstance(expr.value, (str, int, bytes)) else ANY


def _module_of(expr: ir.Expr) -> Slot | None:
    function = flow.function_of(expr)
    return ("module", function.module.path) if function is not None else None


def _class_around(scope: ir.Scope) -> object:
    found = (cls for cls in scope.function.module.classes if cls.scope is scope)
    return next(found, scope)


def _function_scope(scope: ir.Scope) -> ir.Scope:
    while scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    return scope


def _is_method(function: ir.Function) -> bool:
    return function.cls is not None and not function.is_static


def is_self(expr: ir.Expr) -> bool:
    """Whether an expression is the first parameter of the method around it."""
    binding = expr.scope.lookup(expr.id) if isinstance(expr, ir.Name) else None
    for definition in binding.definitions if binding is not None else ():
        if definition.kind == "param" and definition.index == 0 and definition.function is not None:
            return _is_method(definition.function)
    return False

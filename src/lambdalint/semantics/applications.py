"""Web applications that are served from Lambda: which of their functions run per request.

An application is a value like what `FastAPI()` gives; it is known again by the call that
made it. What an adapter (`Mangum(app)`) or a deployment serves, with the routers and
blueprints that it includes, makes entry points of the functions registered with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from lambdalint.knowledge import frameworks
from lambdalint.knowledge.frameworks import Argument
from lambdalint.semantics import classes, ir, modules
from lambdalint.semantics.closures import closure
from lambdalint.semantics.injection import argument_at
from lambdalint.semantics.modules import Modules
from lambdalint.semantics.value import Value, Values, full_name
from lambdalint.semantics.values import Evaluator

Entry = tuple[ir.Function, str]  # a function that runs per request, and what makes it so


class World(Protocol):
    evaluator: Evaluator
    modules: Modules


def adapted(world: World, module: ir.Module) -> Iterator[Value]:
    """The applications that the adapters called in a module serve."""
    if modules.packages_of(module).isdisjoint(frameworks.adapter_packages()):
        return
    for call in _calls(module):
        for value in world.evaluator.evaluate(call.func):
            found = frameworks.adapter(full_name(value))
            if found is not None:
                yield from _given(world, found, value, call)


def named(world: World, values: Values) -> Iterator[Value]:
    """The applications behind a name that a deployment serves: an adapter's result, or the application itself."""
    for value in values:
        if value.kind == "operation" and value.base is not None:
            value = value.base  # `Mangum(app).handler`
        found = frameworks.adapter(full_name(value))
        if found is not None and isinstance(value.origin, ir.Call):
            for maker in world.evaluator.evaluate(value.origin.func):
                yield from _given(world, found, maker, value.origin)
        elif value.kind == "result":
            yield from _bare(world, value)


def entries(world: World, application: Value, path: str) -> list[Entry]:
    """What runs per request of an application that is served from the file at `path`."""
    files = closure([path], lambda importer: _imported(world.modules, importer))
    listed = frameworks.listed(application.name)
    files += [p for p in (world.modules.named(listed) if listed else ()) if p not in files]
    loaded = (world.modules.load(p) for p in files)
    return _Registry(world, [m for m in loaded if m is not None]).entries(application)


class _Registry:
    """What the modules of an application register, by the object it is registered with."""

    def __init__(self, world: World, found: list[ir.Module]) -> None:
        self.world = world
        # By the constructor call of an application or router (0: with none), what is registered with it.
        self.entries_of: dict[int, list[Entry]] = {}
        self.parts_of: dict[int, list[Value]] = {}
        for module in found:
            for call in _calls(module):
                for value in world.evaluator.evaluate(call.func):
                    self._called(value, call)
            definitions: list[ir.Function | ir.Class] = [*module.functions, *module.classes]
            for definition in definitions:
                for decorator in definition.decorators:
                    self._decorated(decorator, definition)

    def entries(self, application: Value) -> list[Entry]:
        found = list(self.entries_of.get(0, ()))
        seen: set[int] = set()
        pending = [application, *self.parts_of.get(0, ())]
        while pending:
            key = id(pending.pop().origin)
            if key not in seen:
                seen.add(key)
                found += self.entries_of.get(key, ())
                pending += self.parts_of.get(key, ())
        return found

    def _called(self, value: Value, call: ir.Call) -> None:
        name = full_name(value)
        made = frameworks.extension(name)
        if made is not None:
            holder = value.base.origin if value.base is not None else call
            for owner in _given(self.world, made, value, call):
                self.parts_of.setdefault(id(owner.origin), []).append(Value("result", name, holder))
        found = frameworks.registration(name)
        given = argument_at(found, call) if found is not None else None
        if found is None or given is None:
            return
        key = id(value.base.origin) if value.base is not None else 0
        evidence = f"{found.role} {ir.dotted(call.func)}"
        for expr in _items(given):
            for inner in self.world.evaluator.evaluate(_viewed(expr)):
                if inner.kind == "result":
                    self.parts_of.setdefault(key, []).extend(_bare(self.world, inner))
                for function in _functions(self.world.evaluator, inner, found.methods):
                    self.entries_of.setdefault(key, []).append((function, evidence))

    def _decorated(self, decorator: ir.Expr, definition: ir.Function | ir.Class) -> None:
        target = decorator.func if isinstance(decorator, ir.Call) else decorator
        for value in self.world.evaluator.evaluate(target):
            role = frameworks.decorator(full_name(value))
            if role is None:
                continue
            if isinstance(definition, ir.Function):
                found = [definition]
            else:
                found = list(_methods(self.world.evaluator, definition, role.methods))
            key = id(value.base.origin) if value.base is not None else 0
            evidence = f"{role.name} {ir.dotted(target)}"
            self.entries_of.setdefault(key, []).extend((function, evidence) for function in found)


def registered(world: World, module: ir.Module) -> Iterator[Entry]:
    """What a module registers with applications that are handlers themselves."""
    if modules.packages_of(module).isdisjoint(frameworks.handler_packages()):
        return
    for call in _calls(module):
        for value in world.evaluator.evaluate(call.func):
            found = frameworks.registration(full_name(value))
            if found is None or found.served:
                continue
            given = argument_at(found, call)
            for expr in _items(given) if given is not None else ():
                for inner in world.evaluator.evaluate(expr):
                    for function in _functions(world.evaluator, inner, found.methods):
                        yield function, f"{found.role} {ir.dotted(call.func)}"


def _functions(evaluator: Evaluator, value: Value, methods: tuple[str, ...]) -> Iterator[ir.Function]:
    """What of a value that is registered runs per request."""
    if value.kind in ("function", "method") and isinstance(value.origin, ir.Function):
        yield value.origin
    elif value.kind == "class" and isinstance(value.origin, ir.Class):
        yield from _methods(evaluator, value.origin, methods)
    elif value.kind == "instance" and isinstance(value.origin, ir.Class):
        # It was made already; where a function may stand, it is called.
        names = ["__call__" if name == "__init__" else name for name in methods]
        yield from _methods(evaluator, value.origin, tuple(names))


def _methods(evaluator: Evaluator, cls: ir.Class, names: tuple[str, ...]) -> Iterator[ir.Function]:
    for name in names:
        method = classes.find_method(evaluator, Value("class", cls.name, cls), name)
        if method is not None:
            yield method


def _items(expr: ir.Expr) -> list[ir.Expr]:
    return expr.items if isinstance(expr, ir.Seq) else [expr]


def _calls(module: ir.Module) -> Iterator[ir.Call]:
    for function in (module.main, *module.functions):
        yield from function.calls


def _given(world: World, where: Argument, value: Value, call: ir.Call) -> Iterator[Value]:
    """The applications that `call` of `value` is given."""
    given = argument_at(where, call)
    if given is call:
        yield Value("result", full_name(value), call)
    elif given is not None:
        for found in world.evaluator.evaluate(given):
            yield from _bare(world, found)


def _bare(world: World, value: Value, depth: int = 8) -> Iterator[Value]:
    """An application without what is put around it (`ProxyFix(app.wsgi_app)`)."""
    if value.kind == "operation" and value.base is not None:
        value = value.base
    if value.kind != "result" or not depth:
        return
    yield value
    around = frameworks.wrapper(value.name)
    given = argument_at(around, value.origin) if around is not None and isinstance(value.origin, ir.Call) else None
    for inner in world.evaluator.evaluate(given) if given is not None else ():
        yield from _bare(world, inner, depth - 1)


def _viewed(expr: ir.Expr) -> ir.Expr:
    """The class of `Users.as_view("users")`, as Flask's and Django's views are registered."""
    if isinstance(expr, ir.Call) and isinstance(expr.func, ir.Attr) and expr.func.name == "as_view":
        return expr.func.base
    return expr


def _imported(found: Modules, path: str) -> list[str]:
    """The project files that a file may import, also late: factories import their blueprints themselves."""
    module = found.load(path)
    if module is None:
        return []
    statements = (s for s, _ in module.imports if not modules.in_type_checking(s))
    return list(dict.fromkeys(target for s in statements for target in found.targets(path, s)))

"""Caching decorators, classes with one instance, and what makes a cache useless."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from lambdalint.knowledge import tables
from lambdalint.semantics import classes, flow, ir
from lambdalint.semantics.slots import Lifetimes
from lambdalint.semantics.values import Evaluator, Value

_WHOLE = {"dumps", "str", "repr", "hash", "frozenset", "tuple", "sorted", "items"}  # still all of the event


class Cache(Struct, frozen=True):
    """A caching decorator. `keeps` is where its results are: with the "function" object that the decorator
    makes, in the "argument" that it was given, in the "instance", or "elsewhere" (on disk)."""

    decorator: ir.Expr
    keeps: str
    own_key: bool = False  # a function of the project's own says what makes two calls equal


class Memo:
    """`guarded` says whether a guard keeps a node from running twice."""

    def __init__(self, evaluator: Evaluator, lifetimes: Lifetimes, guarded: Callable[[ir.Node], bool]) -> None:
        self.evaluator = evaluator
        self.lifetimes = lifetimes
        self.guarded = guarded
        self._memoises: dict[ir.Function | ir.Class, bool] = {}
        self._single: dict[ir.Class, bool] = {}
        self._deciding = False

    # --- decorators --------------------------------------------------------------------------

    def caches(self, decorated: ir.Function | ir.Class) -> Iterator[Cache]:
        for decorator in decorated.decorators:
            keeps = self._keeps(decorator)
            if keeps:
                own_key = isinstance(decorator, ir.Call) and decorator.keyword("key") is not None
                yield Cache(decorator, keeps, own_key)

    def _keeps(self, decorator: ir.Expr) -> str:
        target = decorator.func if isinstance(decorator, ir.Call) else decorator
        if ir.dotted(target).split(".")[-1] == "cached_property":
            return "instance"  # whoever defines it: the standard library, Django, Werkzeug, botocore, …
        for value in sorted(self.evaluator.evaluate(target), key=lambda v: (v.kind, v.name)):
            name = value.name
            if value.kind == "operation" and value.base is not None:
                name = f"{value.base.name}.{name}"
            if value.kind in ("external", "operation") and tables.cache_keeps(name):
                return tables.cache_keeps(name)
            if isinstance(value.origin, (ir.Function, ir.Class)) and self._memoising(value.origin):
                return "function"
        return ""

    def _memoising(self, maker: ir.Function | ir.Class) -> bool:
        """Whether a decorator of the project only calls what it decorates where a guard lets it."""
        known = self._memoises.get(maker)
        if known is None:
            self._memoises[maker] = False  # while it is looked into
            calls = list(_calls_of_decorated(maker))
            known = self._memoises[maker] = bool(calls) and all(self.guarded(call) for call in calls)
        return known

    # --- what is in vain -----------------------------------------------------------------------

    def survives(self, function: ir.Function) -> bool:
        """Whether a caching decorator keeps a function's results between invocations."""
        return any(not self.defeat(function, cache) for cache in self.caches(function))

    def defeat(self, function: ir.Function, cache: Cache) -> str:
        """Why a cache can't help the next invocation: "nested", "instance", "event", or "" where it can."""
        if cache.keeps == "elsewhere":
            return ""
        if self._own_cache(cache) and not _outlives(function, self.lifetimes):
            return "nested"
        if function.cls is not None and not function.is_static and not function.is_classmethod:
            by_self = cache.keeps == "instance" or not (cache.own_key or self._compared_by_value(function.cls))
            if by_self and not self.lifetimes.instances(function.cls):
                return "instance"
        if not cache.own_key and next(self.keyed_by_event(function), None) is not None:
            return "event"
        return ""

    def _own_cache(self, cache: Cache) -> bool:
        """Whether the results are in an object that was made together with the function."""
        if cache.keeps != "argument":
            return True
        decorator = cache.decorator
        given = decorator.argument(0, "cache") if isinstance(decorator, ir.Call) else None
        return isinstance(given, (ir.Call, ir.Map))

    def _compared_by_value(self, cls: ir.Class) -> bool:
        """Whether two instances may be equal, and so be one key of a cache."""
        if cls.decorators:
            return True
        lineage = list(classes.lineage(self.evaluator, cls))
        return None in lineage or any("__eq__" in base.methods for base in lineage if base is not None)

    def keyed_by_event(self, function: ir.Function) -> Iterator[ir.Expr]:
        """The calls that hand the whole event, which never comes twice, to a function."""
        for edge in self.evaluator.world.edges_to(function):
            if any(self._whole_event(given) for given in edge.bound.values()):
                yield edge.site

    def _whole_event(self, expr: ir.Expr) -> bool:
        """Whether an expression may be the event or context of a handler, or all of it in another form."""
        seen: set[int] = set()
        stack = [expr]
        while stack:
            current = stack.pop()
            if id(current) in seen:
                continue
            seen.add(id(current))
            if isinstance(current, ir.Call) and ir.dotted(current.func).split(".")[-1] in _WHOLE:
                first = current.positional(0)
                stack += [first] if first is not None else ir.children(current.func)
            binding = current.scope.lookup(current.id) if isinstance(current, ir.Name) else None
            if binding is None or not isinstance(current, ir.Name):
                continue
            for definition in flow.reaching(current, binding):
                if self._is_given(definition):
                    return True
                stack += self._handed_on(definition)
        return False

    def _is_given(self, definition: ir.Definition) -> bool:
        """Whether it is the event or the context of a handler."""
        function = definition.function
        if definition.kind != "param" or function is None or self.evaluator.world.passed(function) is None:
            return False
        own = 1 if function.cls is not None and not function.is_static else 0
        return definition.index - own in (0, 1)

    def _handed_on(self, definition: ir.Definition) -> Iterator[ir.Expr]:
        """What a name was assigned, or a parameter given."""
        if definition.kind == "assign" and definition.value is not None and not definition.path:
            yield definition.value
        elif definition.kind == "param" and definition.function is not None:
            for edge in self.evaluator.world.edges_to(definition.function):
                if definition.index in edge.bound:
                    yield edge.bound[definition.index]

    # --- classes ---------------------------------------------------------------------------------

    def kept(self, cls: ir.Class) -> bool:
        """Whether calling a class makes, and sets up, an instance only the first time."""
        if any(cache.keeps == "function" for cache in self.caches(cls)):
            return True
        for ancestor in classes.lineage(self.evaluator, cls):
            if ancestor is not None and ancestor.metaclass is not None:
                for value in self.evaluator.evaluate(ancestor.metaclass):
                    made = classes.find_method(self.evaluator, value, "__call__")
                    if made is not None and self._guards_all(made, "__call__"):
                        return True
        return False

    def single(self, cls: ir.Class) -> bool:
        """Whether all instances share their state: `__new__` gives the first one, or `__dict__` is shared."""
        known = self._single.get(cls)
        if known is not None or self._deciding:
            return bool(known)  # one class at a time: what hangs on another such class isn't told
        self._deciding = True
        maker = classes.find_method(self.evaluator, Value("class", cls.name, cls), "__new__")
        known = maker is not None and self._guards_all(maker, "__new__")
        self._single[cls] = known = known or self._shares_state(cls)
        self._deciding = False
        return known

    def _guards_all(self, method: ir.Function, name: str) -> bool:
        calls = [call for call in method.calls if isinstance(call.func, ir.Attr) and call.func.name == name]
        return bool(calls) and all(self.guarded(call) for call in calls)

    def _shares_state(self, cls: ir.Class) -> bool:
        """`self.__dict__ = self._shared`, with `_shared = {}` in the class body."""
        for ancestor in classes.lineage(self.evaluator, cls):
            if ancestor is None:
                continue
            for stored, _, _ in ancestor.attributes.get("__dict__", ()):
                if isinstance(stored, ir.Attr) and stored.name in ancestor.scope.bindings:
                    return True
        return False


def _outlives(function: ir.Function, lifetimes: Lifetimes) -> bool:
    """Whether a function object is made in the init phase."""
    outer = function.outer
    while outer is not None:
        if not lifetimes.calls(outer):
            return False
        outer = outer.outer
    return True


def _calls_of_decorated(maker: ir.Function | ir.Class) -> Iterator[ir.Call]:
    """Where a decorator calls what it was given: `function(…)` in a wrapper, `self.function(…)` in `__call__`."""
    if isinstance(maker, ir.Class):
        call = maker.methods.get("__call__")
        for inner in call.calls if call is not None else ():
            if isinstance(inner.func, ir.Attr) and _from_first(maker.attributes.get(inner.func.name, ())):
                yield inner
        return
    for function in maker.module.functions:
        if _is_within(function, maker):
            for inner in function.calls:
                if _closed_over(inner.func, function, maker):
                    yield inner


def _is_within(function: ir.Function, outer: ir.Function) -> bool:
    current = function.outer
    while current is not None:
        if current is outer:
            return True
        current = current.outer
    return False


def _closed_over(expr: ir.Expr, function: ir.Function, maker: ir.Function) -> bool:
    """Whether a name is the first parameter of a function around `function`, `maker` at the outermost."""
    binding = expr.scope.lookup(expr.id) if isinstance(expr, ir.Name) else None
    for definition in binding.definitions if binding is not None else ():
        giver = definition.function
        if definition.kind == "param" and definition.index == 0 and giver is not None and giver is not function:
            return giver is maker or _is_within(giver, maker)
    return False


def _from_first(stored: object) -> bool:
    """Whether an attribute holds the first argument that the constructor was given."""
    for value, _, function in stored:  # type: ignore[attr-defined]
        binding = value.scope.lookup(value.id) if isinstance(value, ir.Name) else None
        for definition in binding.definitions if binding is not None else ():
            if definition.kind == "param" and definition.index == 1 and function.name == "__init__":
                return True
    return False

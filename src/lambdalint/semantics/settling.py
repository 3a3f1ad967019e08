"""Which function runs which, found in rounds until it settles.

What a call runs hangs on what its names stand for, which hangs on the calls that are known: each round
knows those of the one before. Only what rests on something that turned out otherwise is looked at again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from msgspec import Struct, field

from lambdalint.checkpoints import checkpoint
from lambdalint.knowledge.layout import is_test_path
from lambdalint.semantics import ir
from lambdalint.semantics.callgraph import Calls, Edge, Leaving, Made
from lambdalint.semantics.classes import Kinds
from lambdalint.semantics.decorating import Decorations
from lambdalint.semantics.entrypoints import EntryPoints
from lambdalint.semantics.modules import Modules
from lambdalint.semantics.values import Evaluator

Subject = TypeVar("Subject")
_ROUNDS = 4  # parameters' values and the calls they lead to settle in two or three
_PASSED = 2  # the event and the context


class World(Protocol):
    evaluator: Evaluator
    decorations: Decorations
    entry_points: EntryPoints
    modules: Modules


class Known(Struct):
    """What one round found, which the next one takes for granted."""

    outgoing: dict[ir.Function, list[Edge]] = field(default_factory=dict)
    incoming: dict[ir.Function, list[Edge]] = field(default_factory=lambda: defaultdict(list))
    inside: dict[ir.Function, list[Edge]] = field(default_factory=lambda: defaultdict(list))
    at: dict[ir.Expr, list[Edge]] = field(default_factory=lambda: defaultdict(list))
    made: list[Made] = field(default_factory=list)
    inner: list[Edge] = field(default_factory=list)

    def add(self, function: ir.Function, leaving: Leaving) -> None:
        """Take what was found in one function."""
        self.outgoing[function] = leaving.edges
        for edge in leaving.edges:
            self.incoming[edge.callee].append(edge)
            self.at[edge.site].append(edge)
        self.made += leaving.made
        for edge in leaving.inner:
            self.inside[edge.callee].append(edge)
            self.inner.append(edge)


class Connections:
    """The calls of one project, and what its objects are: what the evaluator takes for granted."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.known = Known()
        self._calls = Calls(world.evaluator, world.decorations)
        self._kinds = Kinds()
        self._stores: dict[str, list[ir.Store]] = {}
        self._grounds = world.evaluator.grounds
        self._passed: dict[ir.Function, int | None] = {}
        self._old: list[ir.Module] = []  # that others stand for now

    # --- the facts that answers rest on ------------------------------------------------------

    def to(self, function: ir.Function) -> Sequence[Edge]:
        self._grounds.rest_on(("to", function))
        return self.known.incoming.get(function, ())

    def inside(self, function: ir.Function) -> Sequence[Edge]:
        self._grounds.rest_on(("inside", function))
        return self.known.inside.get(function, ())

    def stores(self, name: str) -> Sequence[ir.Store]:
        self._grounds.rest_on(("stores", name))
        return self._stores.get(name, ())

    def variants(self, cls: ir.Class) -> Sequence[ir.Class]:
        self._grounds.rest_on(("variants", cls))
        return self._kinds.variants(cls)

    def makers(self, cls: ir.Class) -> Sequence[ir.Call]:
        self._grounds.rest_on(("makers", cls))
        return self._kinds.makers.get(cls, ())

    def passed(self, function: ir.Function) -> int | None:
        """How many parameters Lambda, or a router for it, fills; None for what isn't a handler."""
        self._grounds.rest_on(("passed", function))
        found = self._passed[function] = self._passed_now(function)
        return found

    def _passed_now(self, function: ir.Function) -> int | None:
        entry_points = self.world.entry_points
        if function not in entry_points:
            return None
        return len(function.params) if function in entry_points.routed else _PASSED + function.bound

    # --- other modules -----------------------------------------------------------------------

    def replace(self, replaced: Mapping[str, ir.Module | None], world: World) -> None:
        """Take what is known over to a project in which some modules (by path, as they were) are others."""
        self.world = world
        old = [module for module in replaced.values() if module is not None]
        self._old = [*self._old, *old]
        changed = self._forget({"module": lambda path: path not in replaced})
        if not changed and not any(function.module in old for function in self.known.outgoing):
            return  # nobody asked for anything of them
        run = {(function.module.path, function.qualname) for function in self.known.outgoing if function.module in old}
        modules = [module for path in sorted(replaced) if (module := world.modules.load(path)) is not None]
        new = [one for module in modules for one in (module.main, *module.functions)]
        functions = [function for function in self.known.outgoing if function.module not in old]
        functions += [function for function in new if (function.module.path, function.qualname) in run]
        found = Known()
        for function in functions:
            found.add(function, self._calls.leaving(function))
        self._compare(found)

    def close(self) -> None:
        """No module will be replaced: what is only held to tell what would have to be looked at again goes."""
        self.world.evaluator.settle()
        self._calls.settle()

    def tidy(self) -> None:
        """Let go of the modules that were replaced."""
        if not self._old:
            return
        evaluator, decorations = self.world.evaluator, self.world.decorations
        gone: set[object] = {node for module in self._old for node in ir.everything(module)}
        gone.update(decorations.drop(gone))
        facts = 0
        for (_, subject), bit in self._grounds.facts():
            if subject in gone:
                facts |= bit
        evaluator.forget(facts)
        self._calls.forget(facts)
        evaluator.drop(gone)
        self._calls.drop(gone)
        self._grounds.drop(facts)
        self._passed = {function: passed for function, passed in self._passed.items() if function not in gone}
        self._old = []

    # --- rounds --------------------------------------------------------------------------------

    def settle(self) -> None:
        """Find all calls from the handlers and the modules they load."""
        for _ in range(_ROUNDS):
            if not self._round():
                break

    def _round(self) -> bool:
        """Find the calls as far as is known; whether that gave anything new."""
        loaded = self._loaded()
        passed, self._passed = self._passed, {function: self._passed_now(function) for function in self._passed}
        changed = self._forget({"passed": lambda function: passed[function] == self._passed[function]})
        self._know(loaded)
        made = self.known.made
        changed |= self._compare(self._found())
        return changed or made != self.known.made or len(loaded) != len(self._loaded())

    def _compare(self, found: Known) -> bool:
        """Go on with what was found; whether anything rests on what was known otherwise."""
        before, self.known = self.known, found
        return self._forget(
            {
                "to": lambda function: _same(before.incoming.get(function, ()), found.incoming.get(function, ())),
                "inside": lambda function: _same(before.inside.get(function, ()), found.inside.get(function, ())),
            }
        )

    def _found(self) -> Known:
        found = Known()
        queue = self.world.entry_points.starts()
        modules = self.world.modules
        mains: set[str] = set()
        while queue:
            function = queue.pop()
            if function in found.outgoing:
                continue
            checkpoint()
            leaving = self._calls.leaving(function)
            found.add(function, leaving)
            queue += [edge.callee for edge in leaving.edges]
            path = function.module.path
            if path not in mains:
                mains.add(path)
                queue.append(function.module.main)
                imported = (modules.load(target) for target in modules.imports_of(path))
                queue += [module.main for module in imported if module is not None]
        return found

    def _loaded(self) -> list[ir.Module]:
        """The modules that were read so far, tests aside."""
        loaded = self.world.modules.loaded.items()
        return [module for path, module in loaded if module is not None and not is_test_path(path)]

    def _know(self, loaded: Sequence[ir.Module]) -> None:
        """What some modules put into objects, and which classes the last round saw made."""
        stores: dict[str, list[ir.Store]] = defaultdict(list)
        for module in loaded:
            for name, own in module.stores.items():
                stores[name] += own
        stored, self._stores = self._stores, stores
        self._forget({"stores": lambda name: _identical(stored.get(name, ()), stores.get(name, ()))})
        known = self._kinds
        found = [cls for module in loaded for cls in module.classes]
        kinds = self._kinds = Kinds.of(self.world.evaluator, found, self.known.made)
        self._forget(
            {
                "variants": lambda cls: _identical(known.variants(cls), kinds.variants(cls)),
                "makers": lambda cls: _identical(known.makers.get(cls, ()), kinds.makers.get(cls, ())),
            }
        )

    def _forget(self, same: Mapping[str, Callable[..., bool]]) -> bool:
        """Answer anew what rests on facts that aren't the `same` (by their kind) any more; whether there are any."""
        changed = 0
        for (kind, subject), bit in self._grounds.facts():
            if kind in same and not same[kind](subject):
                changed |= bit
        if changed:
            self.world.evaluator.forget(changed)
            self._calls.forget(changed)
        return bool(changed)


def _identical(one: Sequence[object], other: Sequence[object]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def _same(some: Sequence[Edge], others: Sequence[Edge]) -> bool:
    """Whether two rounds found the same edges, in whatever order."""
    if len(some) != len(others):
        return False
    pairs = zip(some, others, strict=True)
    if all(one.says_the_same(other) for one, other in pairs):
        return True
    pairs = zip(sorted(some, key=_place), sorted(others, key=_place), strict=True)
    return all(one.says_the_same(other) for one, other in pairs)


def _place(edge: Edge) -> tuple[int, ...]:
    return id(edge.site), id(edge.caller), edge.callback, edge.partial

"""What runs on each invocation: the ways from the handlers through the call graph."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from lambdalint.checkpoints import checkpoint
from lambdalint.semantics import classes, flow, ir
from lambdalint.semantics.callgraph import Edge
from lambdalint.semantics.closures import bits, spread
from lambdalint.semantics.decorating import is_decoration
from lambdalint.semantics.handlers import Handler
from lambdalint.semantics.once import Guards
from lambdalint.semantics.runtime import Runtime
from lambdalint.semantics.slots import Lifetimes, Slot, Slots, is_self
from lambdalint.semantics.storage import Storage
from lambdalint.semantics.values import Evaluator


def display_name(function: ir.Function) -> str:
    """How a message names a function: a class for its constructor, `Class.method`, else the name."""
    if function.cls is not None:
        if function.name in ("__init__", "__post_init__", "__new__"):
            return function.cls.name
        return f"{function.cls.name}.{function.name}"
    if function.is_lambda and function.outer is not None:
        return "lambda"
    return function.name


class Ways(Mapping[ir.Function, tuple[str, ...]]):
    """The names on the way to each function, from where it begins; put together when asked for."""

    def __init__(self) -> None:
        self._callers: dict[ir.Function, ir.Function | None] = {}

    def add(self, function: ir.Function, caller: ir.Function | None) -> None:
        """Note by which function another one was first reached."""
        self._callers.setdefault(function, caller)

    def __getitem__(self, function: ir.Function) -> tuple[str, ...]:
        names: list[str] = []
        current: ir.Function | None = function
        while current is not None:
            names.append(display_name(current))
            current = self._callers[current]
        return tuple(reversed(names))

    def __contains__(self, function: object) -> bool:
        return function in self._callers

    def __iter__(self) -> Iterator[ir.Function]:
        return iter(self._callers)

    def __len__(self) -> int:
        return len(self._callers)


class Reach(Struct):
    """`ways` maps each function on the path to the names from a handler to it; `hot` leaves out
    error paths and handlers that only a deployment calls; `handlers` counts who reaches it."""

    ways: Ways
    hot: Ways
    reached_by: dict[ir.Function, frozenset[int]] = field(default_factory=dict)


# A function on the path, with the class of the object that its method is called on where that is known:
# what a base class calls on itself is the method of that class, not of all of them.
_Step = tuple[ir.Function, "ir.Class | None"]


def _next_steps(step: _Step, edges: dict[ir.Function, list[Edge]]) -> Iterator[_Step]:
    function, cls = step
    known: set[int] = set()  # calls of the object on itself whose method for an object of `cls` is known
    if cls is not None:
        known = {id(e.site) for e in edges.get(function, ()) if cls in e.called_on and _on_itself(function, e)}
    for edge in edges.get(function, ()):
        if id(edge.site) in known:
            if cls in edge.called_on or not edge.called_on:
                yield edge.callee, cls
        else:
            yield from ((edge.callee, owner) for owner in sorted(edge.called_on, key=_place) or (None,))


def _place(cls: ir.Class) -> tuple[str, str]:
    return cls.module.path, cls.name


def _on_itself(function: ir.Function, edge: Edge) -> bool:
    """Whether a method calls a method of its own object: `self.x()`, `super().x()`, a property of `self`."""
    called = edge.site.func if isinstance(edge.site, ir.Call) else edge.site
    if not isinstance(called, ir.Attr) or function.cls is None or edge.callee.cls is None:
        return False
    return is_self(called.base) or (isinstance(called.base, ir.Call) and ir.dotted(called.base.func) == "super")


def _follow(seeds: Iterable[ir.Function], edges: dict[ir.Function, list[Edge]]) -> Ways:
    ways = Ways()
    queue: deque[_Step] = deque()
    seen: set[_Step] = set()
    for seed in seeds:
        if seed not in ways:
            ways.add(seed, None)
            queue.append((seed, None))
    while queue:
        step = queue.popleft()
        for following in _next_steps(step, edges):
            if following not in seen:
                seen.add(following)
                queue.append(following)
                ways.add(following[0], step[0])
    return ways


def compute(
    handlers: Sequence[Handler],
    outgoing: dict[ir.Function, list[Edge]],
    made: Sequence[tuple[ir.Function, ir.Call, ir.Class]],
    evaluator: Evaluator,
    runtime: Runtime,
) -> tuple[Reach, Guards]:
    """Follow the calls from the handlers, over edges that no once-guard holds back.

    Whether `self.x`, or a variable of a closure, outlives an invocation depends on what
    runs per invocation, which depends on the guards: begin with nothing that does, and
    go on until nothing further turns up there.
    """
    dropped = _Dropped(handlers, outgoing)
    makers = {function.outer for function in outgoing if function.outer is not None and not function.outer.is_module}
    classes_made: set[ir.Class] = set()
    calls_made: set[ir.Function] = set()
    seeds = [handler.function for handler in handlers]
    for _ in range(10):
        checkpoint()
        guards = Guards(evaluator, _outside(classes_made, calls_made), dropped.on_the_way_to)
        live, hot = _open_edges(outgoing, guards, runtime)
        ways = _follow(seeds, live)
        running = {function for function in makers & _called(seeds, ways, live) if not guards.cached(function)}
        found = {
            ancestor
            for function, call, cls in made
            if function in ways and not guards.cached(function) and not guards.guarded(call) and not guards.kept(cls)
            if not is_decoration(call)
            for ancestor in classes.lineage(evaluator, cls)
            if ancestor is not None
        }
        if found <= classes_made and running <= calls_made:
            break
        classes_made, calls_made = classes_made | found, calls_made | running
    reach = Reach(ways, _follow((h.function for h in handlers if not h.deploy_time), hot))
    reach.reached_by = _reached_by(handlers, live)
    return reach, guards


def _reached_by(handlers: Sequence[Handler], edges: dict[ir.Function, list[Edge]]) -> dict[ir.Function, frozenset[int]]:
    """By function, the numbers of the handlers that reach it."""
    starts: dict[_Step, int] = defaultdict(int)
    for index, handler in enumerate(handlers):
        if not handler.deploy_time:
            starts[handler.function, None] |= 1 << index
    found: dict[ir.Function, int] = defaultdict(int)
    for (function, _), reached in spread(starts, lambda step: _next_steps(step, edges)).items():
        found[function] |= reached
    sets = {reached: frozenset(bits(reached)) for reached in set(found.values())}
    return {function: sets[reached] for function, reached in found.items()}


def _called(
    seeds: Iterable[ir.Function], ways: Iterable[ir.Function], live: dict[ir.Function, list[Edge]]
) -> set[ir.Function]:
    """What is called per invocation, by Lambda or by code; to be put around a function as its decorator is no call."""
    return {*seeds, *(e.callee for function in ways for e in live.get(function, ()) if not is_decoration(e.site))}


def _outside(made: set[ir.Class], run: set[ir.Function]) -> Lifetimes:
    return Lifetimes(lambda cls: cls not in made, lambda function: function not in run)


class _Dropped:
    """What the handlers empty at the start of each invocation, for the functions that they reach."""

    def __init__(self, handlers: Sequence[Handler], outgoing: dict[ir.Function, list[Edge]]) -> None:
        self.handlers = handlers
        self.outgoing = outgoing
        self.reached: dict[ir.Function, set[ir.Function]] = {}
        self._storage: Storage | None = None
        self._dropping: list[tuple[ir.Function, Slots]] = []

    def on_the_way_to(self, function: ir.Function, storage: Storage) -> Slots:
        if storage is not self._storage:
            self._storage = storage
            dropped = ((handler.function, storage.dropped(handler.function)) for handler in self.handlers)
            self._dropping = [(handler, slots) for handler, slots in dropped if slots]
        found: set[Slot] = set()
        for handler, slots in self._dropping:
            if function in self._reached_from(handler):
                found |= slots
        return frozenset(found)

    def _reached_from(self, handler: ir.Function) -> set[ir.Function]:
        known = self.reached.get(handler)
        if known is None:
            known = self.reached[handler] = _closure(handler, self.outgoing)
        return known


def _open_edges(
    outgoing: dict[ir.Function, list[Edge]], guards: Guards, runtime: Runtime
) -> tuple[dict[ir.Function, list[Edge]], dict[ir.Function, list[Edge]]]:
    """The edges that run per invocation, and those of them that aren't on an error path."""
    live: dict[ir.Function, list[Edge]] = {}
    hot: dict[ir.Function, list[Edge]] = {}
    for function, edges in outgoing.items():
        if function.is_module or guards.cached(function):
            continue
        live[function] = [
            edge
            for edge in edges
            if not guards.guarded(edge.site) and not _made_once(edge, guards) and not runtime.never(edge.site)
        ]
        hot[function] = [edge for edge in live[function] if not flow.on_error_path(edge.site)]
    return live, hot


def _made_once(edge: Edge, guards: Guards) -> bool:
    """Whether it is a constructor's, of a class that only makes its first instance."""
    return edge.made is not None and guards.kept(edge.made)


def _closure(start: ir.Function, edges: dict[ir.Function, list[Edge]]) -> set[ir.Function]:
    seen: set[_Step] = {(start, None)}
    stack: list[_Step] = [(start, None)]
    while stack:
        for following in _next_steps(stack.pop(), edges):
            if following not in seen:
                seen.add(following)
                stack.append(following)
    return {function for function, _ in seen}

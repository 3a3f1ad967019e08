"""Caches that can't help the next invocation, although nothing else asks them twice in this one."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.knowledge import tables
from lambdalint.semantics import classes, creation, fetches, flow, ir
from lambdalint.semantics.core import Core, handed_on
from lambdalint.semantics.effects import READ


class Defeated(Struct, frozen=True):
    """`place` is what to change and `what` its name in a message; `keeps` is what it would keep, where known.

    kind: "nested" and "instance" (a decorator whose results go with the function or the object), "event"
    (a call whose arguments never come twice), "object" and "holder" (what is made per invocation), "forced".
    """

    kind: str
    place: ir.Node
    what: str
    keeps: str = ""


def of_function(model: Core, function: ir.Function) -> Defeated | None:
    """A caching decorator whose results the invocation takes with it."""
    memo = model.project.guards.memo
    defeated = [(cache, memo.defeat(function, cache)) for cache in memo.caches(function)]
    if not defeated or function not in model.project.reach.hot:
        return None
    cache, kind = defeated[0]
    if kind not in ("nested", "instance") or classes.is_property(function) or model.project.guards.cached(function):
        return None
    if not _asked_once(model, function, function.outer if kind == "nested" else None):
        return None
    return None if _other_cause(model, function) else Defeated(kind, cache.decorator, _name(function))


def of_call(model: Core, call: ir.Call) -> Defeated | None:
    """A cache that a call makes anew, passes by, or asks for what never comes twice."""
    if not model.runs_per_invocation(call, hot=True):
        return None
    return _forced(model, call) or _object(model, call) or _keyed_by_event(model, call) or _holder(model, call)


def around(model: Core, node: ir.Node) -> Defeated | None:
    """The defeated cache whose function holds a node."""
    function = flow.function_of(node)
    if function is None or not function.decorators:
        return None
    found = of_function(model, function)
    if found is not None:
        return found
    calls = [site for site in model.project.guards.memo.keyed_by_event(function) if isinstance(site, ir.Call)]
    keyed = (_keyed_by_event(model, call) for call in calls)
    held = (_holder(model, call) for call in _makers(model, function))
    return next((defeated for defeated in (*keyed, *held) if defeated is not None), None)


def _makers(model: Core, method: ir.Function) -> Iterator[ir.Call]:
    """Where the invocation path makes the objects that have a property."""
    if method.cls is None or not classes.is_property(method):
        return
    for _, call, cls in model.project.made:
        if method.cls in classes.lineage(model.project.evaluator, cls) and model.runs_per_invocation(call, hot=True):
            yield call


def made_for(model: Core, call: ir.Call) -> bool:
    """Whether what a call makes is handed straight to a cache that is made per invocation itself."""
    return isinstance(call.parent, ir.Call) and call.parent.func is not call and _object(model, call.parent) is not None


# --- forms ---------------------------------------------------------------------------------


def _forced(model: Core, call: ir.Call) -> Defeated | None:
    """`force_fetch=True` for a name of the event; for a fixed one that is LMB106's cause."""
    fetch = fetches.forced(model, call)
    if fetch is None or fetch.written or (fetch.static and fetches.fetch(model, call) is not None):
        return None
    return Defeated("forced", call, f"{model.text(call.func)}(…)", f"{fetch.kind}s")


def _object(model: Core, call: ir.Call) -> Defeated | None:
    known = tables.cache_object(model.qualified(call.func))
    if known is None or _in_decorator(call) or creation.varies(model, call):
        return None
    if not model.runs_per_invocation(call, hot=True) or (known["memo"] and not _used_once(model, call)):
        return None
    return Defeated("object", call, f"{model.text(call.func)}(…)", known["what"])


def _keyed_by_event(model: Core, call: ir.Call) -> Defeated | None:
    memo = model.project.guards.memo
    for edge in model.project.edges_at(call):
        function = edge.callee
        kinds = [memo.defeat(function, cache) for cache in memo.caches(function)]
        if not kinds or kinds[0] != "event" or model.project.guards.cached(function):
            continue
        if any(site is call for site in memo.keyed_by_event(function)) and _asked_once(model, function, None):
            if not _other_cause(model, function):
                return Defeated("event", call, _name(function))
    return None


def _holder(model: Core, call: ir.Call) -> Defeated | None:
    """An object of the project whose `cached_property` reads the same from outside on each invocation."""
    value = model.value(call.func)
    if value is None or value.kind != "class" or not isinstance(value.origin, ir.Class) or creation.varies(model, call):
        return None
    guards = model.project.guards
    if guards.kept(value.origin) or guards.memo.single(value.origin):
        return None
    for ancestor in classes.lineage(model.project.evaluator, value.origin):
        for method in ancestor.methods.values() if ancestor is not None else ():
            if classes.is_property(method) and any(cache.keeps == "instance" for cache in guards.memo.caches(method)):
                if _reads_the_same(model, method) and _asked_once(model, method, None):
                    return Defeated("holder", call, f"{value.origin.name}(…)", method.name)
    return None


def _reads_the_same(model: Core, method: ir.Function) -> bool:
    """Whether a cached property asks the outside for what no event changes, and no other rule speaks of it."""
    project = model.project
    if method not in project.reach.hot or project.effects.of_function(method).effect != READ:
        return False
    return not any(model.depends_on_event(result) for result in method.returns) and not _other_cause(model, method)


# --- how often ---------------------------------------------------------------------------------


def _asked_once(model: Core, function: ir.Function, owner: ir.Function | None) -> bool:
    """Whether a function surely runs at most once for each call of `owner`, or for each invocation."""
    seen: set[ir.Function] = set()
    while function not in seen:
        seen.add(function)
        edges = model.project.edges_to(function)
        if function is owner or (owner is None and not edges and model.project.passed(function) is not None):
            return True
        if len(edges) != 1 or edges[0].callback or flow.loops_around(edges[0].site):
            return False
        function = edges[0].caller
    return False


def _used_once(model: Core, call: ir.Call) -> bool:
    """Whether a cache object serves no loop and no function that runs more than once for it."""
    target = call.parent.targets[0] if isinstance(call.parent, ir.Assign) else None
    if isinstance(target, ir.Name):
        binding = target.scope.lookup(target.id)
        uses = [use for use in binding.uses if not use.store] if binding is not None else []
        here = flow.function_of(call)
        return bool(uses) and all(
            flow.function_of(use) is here and not handed_on(use) and not flow.loops_around(use) for use in uses
        )
    function = flow.function_of(call)
    if not isinstance(target, ir.Attr) or function is None or function.cls is None:
        return False
    for method in function.cls.methods.values():
        for attr in method.attributes:
            if attr.name == target.name and attr is not target:
                if handed_on(attr) or flow.loops_around(attr) or not _asked_once(model, method, None):
                    return False
    return True


# --- whose cause it is -------------------------------------------------------------------------


def _other_cause(model: Core, function: ir.Function) -> bool:
    """Whether a rule speaks of what is made or fetched in there: a client, a session, a secret (LMB101, 102, 106)."""
    return any(_spoken_of(model, call) for inner in _reached_from(model, function) for call in inner.calls)


def _spoken_of(model: Core, call: ir.Call) -> bool:
    made = creation.created(model, call, "client", "resource", "session") or creation.asked_for(model, call)
    if made is not None and made.static:
        return True
    fetch = fetches.fetch(model, call)
    return fetch is not None and fetch.kind not in ("token", "signing keys") and fetch.static and not fetch.written


def _reached_from(model: Core, function: ir.Function) -> Iterator[ir.Function]:
    seen = {function}
    stack = [function]
    while stack:
        current = stack.pop()
        yield current
        for edge in model.project.edges_from(current):
            if edge.callee not in seen and not model.project.guards.guarded(edge.site):
                seen.add(edge.callee)
                stack.append(edge.callee)


def _in_decorator(call: ir.Call) -> bool:
    """Whether it is an argument of a decorator: then the function under it is what is reported."""
    below: ir.Node = call
    for ancestor in ir.ancestors(call):
        if isinstance(ancestor, ir.FunctionDef):
            return any(decorator is below for decorator in ancestor.function.decorators)
        below = ancestor
    return False


def _name(function: ir.Function) -> str:
    return f"{function.cls.name}.{function.name}()" if function.cls is not None else f"{function.name}()"

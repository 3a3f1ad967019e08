"""Calls that wait for another host for as long as that takes."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.knowledge import tables, timeouts
from lambdalint.knowledge.timeouts import Waiting
from lambdalint.semantics import arguments, dsn, flow, ir, remote, requests
from lambdalint.semantics.addresses import is_inside_host, stays_inside
from lambdalint.semantics.core import Core
from lambdalint.semantics.value import Value, is_none

# What sends the requests of the library's functions, and of a session's methods.
_SENDERS = ("request", "send")


class Endless(Struct, frozen=True):
    """A call that waits without a limit; `told` says that it is given None for one."""

    model: Core
    call: ir.Call
    fact: Waiting
    told: bool

    @property
    def label(self) -> str:
        return f"{self.model.text(self.call.func)}(…)"

    @property
    def function_timeouts(self) -> set[int | None]:
        """The timeouts of the deployed functions that come here; None where one isn't known."""
        function = self.model.function(self.call)
        reached = self.model.project.reach.reached_by.get(function, ()) if function is not None else ()
        deployed = [self.model.project.handlers[index].deployed for index in reached]
        return {found.timeout if found is not None else None for found in deployed}


def endless(model: Core, call: ir.Call) -> Endless | None:
    """The wait without a limit that a call on the invocation path is, or None."""
    value = model.value(call.func)
    if value is None:
        return None
    asked = remote.member(model.facts, value)
    if value.kind == "external":
        fact = timeouts.of_call(tables.canonical(value.name))
    elif asked is not None and value.base is asked.owner:
        fact = timeouts.of_method(tables.canonical(asked.owner.name), asked.path)
    else:
        fact = None
    if fact is None or not _on_the_path(model, call) or _bounded_everywhere(model, fact):
        return None
    owner = asked.owner if asked is not None else None
    if _stays_inside(model, call, fact, value, owner) or _bounded_before(model, fact, owner):
        return None
    told = _told(model, call, fact)
    return Endless(model, call, fact, told) if told is not None else None


def _told(model: Core, call: ir.Call, fact: Waiting) -> bool | None:
    """Whether a call is given None for a limit; None where it is given another one, or may be."""
    found = arguments.given(model.project.evaluator, call)
    entries = found.named.get(fact.keyword, ())
    exprs = [entry.expr for entry in entries] or [call.positional(fact.position)]
    if any(argument.star == 1 for argument in call.args) or not found.complete or found.others:
        return None
    if exprs != [None]:
        values = [value for expr in exprs if expr is not None for value in model.values(expr)]
        return True if fact.none and None not in exprs and values and all(map(is_none, values)) else None
    if fact.limit is not None or not call.args:
        return None
    given = call.argument(fact.dsn, "dsn") if fact.dsn >= 0 else None
    if "service" in found.named or (given is not None and not dsn.without_timeout(model, given)):
        return None
    return False


def _on_the_path(model: Core, call: ir.Call) -> bool:
    """Whether invocations come by, be it only the first one: what a guard or a cache does once can hang as well."""
    function = model.function(call)
    if function is None or flow.on_error_path(call) or model.project.runtime.never(call):
        return False
    hot = model.project.reach.hot
    if function in hot:
        return True
    callers = model.project.edges_to(function)
    return any(edge.caller in hot and not flow.on_error_path(edge.site) for edge in callers)


def _bounded_everywhere(model: Core, fact: Waiting) -> bool:
    """Whether the project, or the environment that it is deployed with, sets a default for such waits."""
    mentions = model.project.inputs.mentions
    if fact.dsn < 0:
        return timeouts.everywhere("sockets") in mentions
    variable = timeouts.everywhere("libpq")
    functions = model.project.inputs.functions
    return variable in mentions or any(name == variable for f in functions for name, _ in f.environment)


def _stays_inside(model: Core, call: ir.Call, fact: Waiting, value: Value, owner: Value | None) -> bool:
    """Whether what answers is in the execution environment itself."""
    evaluator = model.project.evaluator
    if owner is not None:
        return requests.through(evaluator, owner, call, "http" if value.name in ("request", "urlopen") else "")
    if fact.dsn >= 0 or fact.host >= 0:
        return is_inside_host(evaluator, call.argument(fact.host, "host"))
    return stays_inside(evaluator, requests.address_of(evaluator, tables.canonical(value.name), call))


# --- limits that were set beforehand ------------------------------------------------------


def _bounded_before(model: Core, fact: Waiting, owner: Value | None) -> bool:
    """Whether something may have set a limit on the session, or on what sends for it, beforehand."""
    if owner is None:
        return fact.adapters and any(_replaced(model, None))
    made = owner.origin
    if not isinstance(made, ir.Call):
        return True
    if fact.own:
        return made.spreads or made.argument(fact.own_position, fact.own) is not None
    if fact.limit is not None:
        return False
    return any(_replaced(model, owner)) or not all(map(_is_plain, _mounted(model, owner)))


def _replaced(model: Core, owner: Value | None) -> Iterator[ir.Store]:
    """Where the project puts something in the place of what sends: of a session, or of the library."""
    for name in _SENDERS:
        for store in model.project.stores(name):
            if store.kind == "attribute":
                holders = model.project.evaluator.evaluate(store.holder)
                if any(_is_library(v) or (owner is not None and v.origin is owner.origin) for v in holders):
                    yield store


def _is_library(value: Value) -> bool:
    return value.kind == "external" and value.name.partition(".")[0] == "requests"


def _mounted(model: Core, owner: Value) -> Iterator[Value | None]:
    """The adapters that a session is given, None for one that isn't known."""
    for function in model.project.connected:
        for call in function.calls:
            if isinstance(call.func, ir.Attr) and call.func.name == "mount":
                holders = model.project.evaluator.evaluate(call.func.base)
                if any(holder.origin is owner.origin for holder in holders):
                    adapter = call.argument(1, "adapter")
                    yield model.value(adapter) if adapter is not None else None


def _is_plain(adapter: Value | None) -> bool:
    return adapter is not None and adapter.kind == "result" and timeouts.is_plain_adapter(adapter.name)

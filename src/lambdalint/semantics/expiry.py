"""Whether the code around something that expires compares a time or an expiry."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.semantics import ir
from lambdalint.semantics.core import Core

_CLOCKS = {
    "time.time",
    "time.monotonic",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
}
_EXPIRY = ("expir", "valid_until", "not_after", "ttl", "max_age", "refresh_at", "renew", "is_valid", "stale")
_REFRESHING = ("RefreshableCredentials", "DeferredRefreshableCredentials", "AssumeRoleCredentialFetcher")
_HANDED_ON = 3  # callers of callers that a token is followed to
_EXPIRING = ("TTLCache", "TLRUCache")  # of cachetools: they forget what is too old


def expiry_compared(model: Core, call: ir.Call) -> bool:
    """Whether the code around a fetch, or around those who get what it fetched, compares a time or an expiry.

    That is the class, else the module, of the function that fetches; of its callers the class, else they alone.
    """
    function = model.function(call)
    if function is not None and any(_forgets(model, decorator) for decorator in function.decorators):
        return True
    bodies = [*_around(model, function), *(body for taker in _takers(model, function) for body in _of_class(taker))]
    for body in bodies:
        for stmt in ir.statements(body):
            for expr in ir.expressions(stmt):
                for part in ir.walk(expr):
                    if isinstance(part, (ir.Name, ir.Attr)) and _last(part) in (*_REFRESHING, *_EXPIRING):
                        return True
                    if isinstance(part, ir.Compare) and _about_time(model, part):
                        return True
            if isinstance(stmt, (ir.If, ir.While)) and _mentions_expiry(stmt.test):
                return True
    return False


def _takers(model: Core, function: ir.Function | None) -> list[ir.Function]:
    """The functions that a function hands on to what it fetched."""
    found: list[ir.Function] = []
    level = [function] if function is not None else []
    for _ in range(_HANDED_ON):
        callers = [edge.caller for callee in level if callee.returns for edge in model.project.edges_to(callee)]
        level = [caller for caller in dict.fromkeys(callers) if caller not in found]
        found += level
    return found


def _around(model: Core, function: ir.Function | None) -> Iterator[list[ir.Stmt]]:
    """The code of the function's class, else of its module."""
    if function is None or function.cls is None:
        yield from (other.body for other in model.module.functions)
    else:
        yield from _of_class(function)
    yield model.module.main.body


def _of_class(function: ir.Function) -> Iterator[list[ir.Stmt]]:
    """The bodies of a method's class; a plain function's own."""
    for other in function.module.functions:
        own = other.cls or (other.outer.cls if other.outer is not None else None)
        if other is function or (own is not None and own is function.cls):
            yield other.body


def _forgets(model: Core, decorator: ir.Expr) -> bool:
    """Whether a caching decorator has a time to live: `ttl_cache`, `cached(TTLCache(1, 300))`, `cached(ttl=300)`."""
    if _mentions_expiry(decorator):
        return True
    for argument in decorator.args if isinstance(decorator, ir.Call) else ():
        if argument.keyword and any(word in argument.keyword for word in _EXPIRY):
            return True
        if any(value.name.rpartition(".")[2] in _EXPIRING for value in model.values(argument.value)):
            return True
    return False


def _about_time(model: Core, compare: ir.Compare) -> bool:
    if _mentions_expiry(compare):
        return True
    return any(isinstance(part, ir.Call) and model.qualified(part.func) in _CLOCKS for part in ir.walk(compare))


def _last(expr: ir.Name | ir.Attr) -> str:
    return expr.id if isinstance(expr, ir.Name) else expr.name


def _mentions_expiry(expr: ir.Expr) -> bool:
    for part in ir.walk(expr):
        name = part.id if isinstance(part, ir.Name) else part.name if isinstance(part, ir.Attr) else ""
        if isinstance(part, ir.Const) and isinstance(part.value, str) and len(part.value) < 40:
            name = part.value
        if any(word in name.lower() for word in _EXPIRY):
            return True
    return False

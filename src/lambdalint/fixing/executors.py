"""A `ThreadPool` of multiprocessing becomes a `ThreadPoolExecutor`."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.leftovers import imports_left
from lambdalint.fixing.requests import Change, FixRequest, NeedImport, Remove, Replace
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.processes import Failing

_EXECUTOR = "ThreadPoolExecutor"


def with_executor(model: Core, found: Failing) -> FixRequest | None:
    """The pool and all that is done with it, where that is `map` of one iterable, `close` and `join`; else None."""
    made = _executor(model, found)
    used = _used(model, found.call)
    if made is None or used is None:
        return None
    changes: list[Change] = [NeedImport("concurrent.futures", _EXECUTOR), made]
    for name in used:
        change = _instead(model, name)
        if change is None:
            return None
        changes.append(change)
    changes += imports_left(model, found.call.func)
    message = "Use a ThreadPoolExecutor (where a task fails, those that have begun run to their end)"
    # One at a time: the next one finds the import there.
    return FixRequest(tuple(changes), Safety.UNSAFE, message, isolation=_EXECUTOR)


def _executor(model: Core, found: Failing) -> Replace | None:
    """`ThreadPoolExecutor(max_workers=n)` in place of the pool."""
    call = found.call
    node = model.node(call)
    if not found.fact.threads or node is None or len(call.args) > 1 or call.spreads:
        return None
    if not call.args:
        return Replace(node, f"{_EXECUTOR}()")
    workers = call.argument(0, "processes")
    return Replace(node, f"{_EXECUTOR}(max_workers={model.text(workers)})") if workers is not None else None


def _used(model: Core, call: ir.Call) -> list[ir.Name] | None:
    """All uses of the one name that holds the pool, in its own function; None where there may be others."""
    made = call.parent
    target: ir.Expr | None = None
    if isinstance(made, ir.Assign) and len(made.targets) == 1 and made.value is call:
        target = made.targets[0]
    elif isinstance(made, ir.With):
        target = next((name for context, name in made.items if context is call), None)
    binding = target.scope.lookup(target.id) if isinstance(target, ir.Name) else None
    if binding is None or len(binding.definitions) != 1 or model.function(call) is None:
        return None
    uses = [use for use in binding.uses if not use.store]
    return uses if uses and all(model.function(use) is model.function(call) for use in uses) else None


def _instead(model: Core, use: ir.Name) -> Change | None:
    """What becomes of one use of the pool."""
    method = use.parent
    call = method.parent if isinstance(method, ir.Attr) else None
    node = model.node(call) if call is not None else None
    if not isinstance(method, ir.Attr) or not isinstance(call, ir.Call) or call.func is not method or node is None:
        return None
    if method.name == "map" and len(call.args) == 2 and all(a.keyword is None and not a.star for a in call.args):
        return Replace(node, cst.Call(cst.Name("list"), [cst.Arg(cst.ensure_type(node, cst.Call))]))
    if method.name in ("close", "join") and not call.args and isinstance(call.parent, ir.ExprStmt):
        if method.name == "close":
            return Replace(node, f"{use.id}.shutdown()")
        line = model.node(call.parent)
        return Remove(line) if line is not None else None
    return None

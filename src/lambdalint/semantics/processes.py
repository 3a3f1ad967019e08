"""What code shares between processes, where Lambda can't."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.knowledge import semaphores
from lambdalint.knowledge.semaphores import Needing
from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.value import full_name

# What a handler that expects the failure catches (the call raises OSError).
_EXPECTED = {"OSError", "IOError", "EnvironmentError", "ImportError", "NotImplementedError", "PermissionError"}


class Failing(Struct, frozen=True):
    """A call that makes something out of semaphores; `fact` says what serves instead."""

    model: Core
    call: ir.Call
    fact: Needing


def failing(model: Core, call: ir.Call) -> Failing | None:
    """What a call makes that fails on Lambda, where Lambda comes there and nothing expects it to fail."""
    value = model.value(call.func)
    fact = semaphores.needing(full_name(value)) if value is not None else None
    if fact is None or not _runs(model, call) or _expected(call):
        return None
    return Failing(model, call, fact) if not fact.lock or _with_lock(model, call) else None


def _with_lock(model: Core, call: ir.Call) -> bool:
    given = call.keyword("lock")
    return not call.spreads and (given is None or model.constant(given) is True)


def _runs(model: Core, call: ir.Call) -> bool:
    """Whether an invocation, or the import of what it needs, comes by."""
    function = model.function(call)
    project = model.project
    if project.runtime.never(call) or flow.on_error_path(call):
        return False
    if function is None:
        return model.imported_by_handler and not any(
            isinstance(around, ir.If) and flow.is_main_guard(around) for around in ir.ancestors(call)
        )
    return function in project.reach.hot or (function in project.connected and function not in project.reach.ways)


def _expected(call: ir.Call) -> bool:
    """Whether a `try` around a call is there for its failure."""
    below: ir.Node = call
    for around in ir.ancestors(call):
        if isinstance(around, (ir.FunctionDef, ir.Lambda)):
            return False
        if isinstance(around, ir.Try) and any(stmt is below for stmt in around.body):
            caught = [handler.type for handler in around.handlers if handler.type is not None]
            if any(ir.last_name(part) in _EXPECTED for one in caught for part in ir.walk(one)):
                return True
        below = around
    return False

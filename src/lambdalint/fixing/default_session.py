"""A session of its own gives way to boto3's default session."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.hoist import conditional, hoist
from lambdalint.fixing.requests import Change, FixRequest, Remove, Replace
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.creation import Creation
from lambdalint.semantics.defaults import default_changes
from lambdalint.semantics.sequences import in_a_pool


def use_default_session(model: Core, session: Creation) -> FixRequest | None:
    """`boto3.Session().client(x)` becomes `boto3.client(x)`, by name as well; other sessions are moved as a whole."""
    call = session.call
    if session.value.name != "boto3.Session":
        return None
    module = _boto3_name(call.func)
    uses = _asked_for_clients(call) if not call.args else None
    statement = call.parent
    removed = _removed(model, statement) if isinstance(statement, ir.Assign) else []
    if not uses or module is None or removed is None or _hidden(module, call, uses):
        return hoist(model, session)
    reason = ""
    if model.boto3_patched:
        reason = "the project's tests patch boto3"
    elif (function := model.function(call)) is not None and in_a_pool(model, function):
        reason = "it runs in threads, and making clients of the default session is not thread-safe"
    elif "setup_default_session" in model.project.inputs.mentions:
        reason = "something sets up another default session"
    elif default_changes(model):
        reason = "a function changes the environment, which the default session reads when it is made"
    elif isinstance(statement, ir.Assign) and conditional(statement):
        reason = "the session stands in a condition, a loop or a try"
    message = f"Use {module}'s default session" + (f" ({reason})" if reason else "")
    safety = Safety.UNSAFE if reason else Safety.SAFE
    nodes = [node for use in uses if (node := model.node(use)) is not None]
    return FixRequest((*removed, *(Replace(node, cst.Name(module)) for node in nodes)), safety, message)


def _removed(model: Core, statement: ir.Assign) -> list[Change] | None:
    """The removal of a statement; None where a comment at its end would go with it."""
    node = model.node(statement)
    line = model.line_of(node) if isinstance(node, cst.BaseSmallStatement) else None
    return None if node is None or line is None or line.trailing_whitespace.comment is not None else [Remove(node)]


def _asked_for_clients(call: ir.Call) -> Sequence[ir.Expr] | None:
    """A session itself or all uses of its name, where it is only asked for clients and resources; else None."""
    uses: Sequence[ir.Expr] = [call]
    statement = call.parent
    if isinstance(statement, ir.Assign):
        target = statement.targets[0] if len(statement.targets) == 1 and statement.annotation is None else None
        binding = _binding(target)
        if binding is None or binding.scope.kind != "function" or len(binding.definitions) != 1:
            return None
        uses = [use for use in binding.uses if not use.store]
    for use in uses:
        method = use.parent
        if not isinstance(method, ir.Attr) or method.name not in ("client", "resource"):
            return None
        if not isinstance(method.parent, ir.Call) or method.parent.func is not method:
            return None
    return uses


def _hidden(module: str, call: ir.Call, uses: Sequence[ir.Expr]) -> bool:
    """Whether the module's name means something else where a session is used."""
    names = [part for use in uses for part in ir.walk(use) if isinstance(part, ir.Name)]
    return any(name.scope.lookup(module) is not _binding(call.func) for name in names)


def _binding(expr: ir.Expr | None) -> ir.Binding | None:
    while isinstance(expr, ir.Attr):
        expr = expr.base
    return expr.scope.lookup(expr.id) if isinstance(expr, ir.Name) else None


def _boto3_name(func: ir.Expr) -> str | None:
    """The name under which the code has boto3 itself: `boto3` of `boto3.Session` and `boto3.session.Session`."""
    while isinstance(func, ir.Attr):
        func = func.base
    if not isinstance(func, ir.Name):
        return None
    binding = func.scope.lookup(func.id)
    imported = {d.imported for d in binding.definitions} if binding is not None else set()
    return func.id if imported == {"boto3"} else None

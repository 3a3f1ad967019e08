"""Sends a request through a session of the module instead of over a connection of its own."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.hoist import movable, named
from lambdalint.fixing.requests import AddTopLevel, Change, FixRequest, Replace
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.loose import LooseRequest
from lambdalint.semantics.sequences import in_a_pool

_NAMES = {"requests.Session": "_session", "httpx.Client": "_client"}


def through_session(model: Core, request: LooseRequest) -> FixRequest | None:
    """`requests.get(…)` becomes `_session.get(…)`; None where the session can't do the same, or is used by threads."""
    func, fact = request.call.func, request.fact
    node = model.node(func)
    function = model.function(request.call)
    if not fact.method or not isinstance(func, ir.Attr) or not isinstance(func.base, ir.Name) or node is None:
        return None
    if not movable(model, func.base) or function is None or in_a_pool(model, function):
        return None
    if any(request.call.keyword(keyword) is not None for keyword in fact.keywords):
        return None
    code = f"{func.base.id}.{fact.session.rpartition('.')[2]}()"
    name, known = named(model, _NAMES[fact.session], code)
    if known and _set_up(model, name):
        return None  # its headers or credentials are meant for somebody else
    changes: list[Change] = [Replace(node, cst.Attribute(cst.Name(name), cst.Name(func.name)))]
    if not known:
        changes.append(AddTopLevel(f"{name} = {code}\n", name))
    message = "Send it through a session of the module (it keeps cookies, and is not for several threads)"
    return FixRequest(tuple(changes), Safety.UNSAFE, message, isolation="" if known else name)


def _set_up(model: Core, name: str) -> bool:
    """Whether anything but requests is done with a session of the module."""
    binding = model.module.scope.bindings.get(name)
    uses = [use for use in binding.uses if not use.store] if binding is not None else []
    return any(
        not isinstance(use.parent, ir.Attr)
        or not isinstance(use.parent.parent, ir.Call)
        or use.parent.parent.func is not use.parent
        for use in uses
    )

"""Clients and connections that are made, and that nothing in the project ever uses."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.semantics import creation, flow, ir, setups
from lambdalint.semantics.core import Core
from lambdalint.semantics.handed_out import looked_up_by_text, named_elsewhere

_GROUPS = ("connection", "http")


class Unused(Struct, frozen=True):
    """`statement` assigns a client that no code uses to `name`; `what` names the call that makes it."""

    statement: ir.Assign
    name: str
    what: str
    at_import: bool


def unused(model: Core, call: ir.Call) -> Unused | None:
    """The client, resource or connection that a call makes for a name that is never read."""
    made = creation.created(model, call, "client", "resource")
    other = next((s for group in _GROUPS if (s := setups.setup(model, call, group)) is not None), None)
    found = made or other
    if found is None:
        return None
    statement = found.whole.parent
    if not isinstance(statement, ir.Assign) or len(statement.targets) != 1:
        return None
    target = statement.targets[0]
    binding = target.scope.lookup(target.id) if isinstance(target, ir.Name) else None
    if binding is None or len(binding.definitions) != 1 or not binding.name.strip("_"):
        return None
    if binding.name in binding.scope.globals | binding.scope.nonlocals or any(not use.store for use in binding.uses):
        return None
    if looked_up_by_text(model.module, binding) or not _runs(model, call, binding):
        return None
    return Unused(statement, binding.name, found.label, binding.scope.kind == "module")


def _runs(model: Core, call: ir.Call, binding: ir.Binding) -> bool:
    if binding.scope.kind == "function":
        return model.runs_per_invocation(call, hot=True)
    if binding.scope.kind != "module" or flow.function_of(call) is not None or not model.imported_by_handler:
        return False
    module = model.module
    if binding.name in module.exports or module.path.endswith("__init__.py"):
        return False
    return not named_elsewhere(model.project, model.module, binding.name)

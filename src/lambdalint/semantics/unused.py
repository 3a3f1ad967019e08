"""Clients and connections that are made, and that nothing in the project ever uses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lambdalint.semantics import creation, flow, ir, setups
from lambdalint.semantics.core import Core

_GROUPS = ("connection", "http")
_STAR = re.compile(rb"\bimport\s*\(?\s*\*")
# What may look at a name without naming it (Python library reference: built-in functions).
_BY_TEXT = {"globals", "locals", "vars", "eval", "exec", "getattr"}


@dataclass(frozen=True)
class Unused:
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
    if _looked_up_by_text(model, binding) or not _runs(model, call, binding):
        return None
    return Unused(statement, binding.name, found.label, binding.scope.kind == "module")


def _looked_up_by_text(model: Core, binding: ir.Binding) -> bool:
    functions = model.module.functions if binding.scope.kind == "module" else ()
    around = (binding.scope.function, *functions)
    return any(ir.dotted(call.func) in _BY_TEXT for function in around for call in function.calls)


def _runs(model: Core, call: ir.Call, binding: ir.Binding) -> bool:
    if binding.scope.kind == "function":
        return model.runs_per_invocation(call, hot=True)
    if binding.scope.kind != "module" or flow.function_of(call) is not None or not model.imported_by_handler:
        return False
    module = model.module
    if binding.name in module.exports or module.path.endswith("__init__.py"):
        return False
    return not _named_elsewhere(model, binding.name)


def _named_elsewhere(model: Core, name: str) -> bool:
    """Whether another file of the project, a test above all, imports or patches the module's name."""
    word = re.compile(rb"\b" + re.escape(name.encode()) + rb"\b")
    try:
        # A star hands it on under whatever name the importing module goes by.
        return any(word.search(data) or _STAR.search(data) for data in model.mentioning_module)
    except OSError:
        return True  # a file that can't be read may be the one

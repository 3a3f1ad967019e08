"""Naming the libraries that tracing patches."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.requests import AddArgument, Change, FixRequest, NeedImport, Replace
from lambdalint.semantics.core import Core
from lambdalint.semantics.patching import PatchedForNothing


def name_libraries(model: Core, found: PatchedForNothing) -> FixRequest | None:
    """Patch those libraries alone that the handler imports; None where they aren't surely known."""
    call = model.node(found.call)
    if not found.exact or not isinstance(call, cst.Call):
        return None
    names = ", ".join(f'"{name}"' for name in found.used)
    libraries = f"({names},)" if len(found.used) == 1 else f"({names})"
    message = f"Patch {names} alone (other libraries that the package holds are no longer traced)"
    changes: tuple[Change, ...]
    if found.how.form == "argument":
        changes = (AddArgument(call, found.how.by, cst.parse_expression(libraries)),)
    elif isinstance(call.func, cst.Attribute):
        changes = (Replace(call, f"{model.text(call.func.value)}.{found.how.by}({libraries})"),)
    elif found.how.by not in model.module.scope.bindings:
        changes = (*_bound(model, call, found.how.by), Replace(call, f"{found.how.by}({libraries})"))
    else:
        return None
    return FixRequest(changes, Safety.UNSAFE, message)


def _bound(model: Core, call: cst.Call, name: str) -> tuple[Change, ...]:
    """Import `name` from where the called function comes from: in its place, where nothing else uses that one."""
    need = NeedImport(model.qualified(call.func).rpartition(".")[0], name)
    binding = model.binding(call.func)
    if binding is None or len(binding.uses) != 1 or len(binding.definitions) != 1:
        return (need,)
    site = binding.definitions[0].site
    statement = model.node(site) if site is not None else None
    if not isinstance(statement, cst.ImportFrom) or isinstance(statement.names, cst.ImportStar):
        return (need,)
    for alias in statement.names:
        if isinstance(alias.name, cst.Name) and alias.name.value == binding.name and alias.asname is None:
            return (Replace(alias.name, cst.Name(name)),)
    return (need,)

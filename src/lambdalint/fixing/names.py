"""Names that clash with nothing."""

from __future__ import annotations

import builtins
import keyword

from lambdalint.semantics.core import Core

_TAKEN = set(dir(builtins)) | set(keyword.kwlist)


def used_names(model: Core) -> set[str]:
    """Every name that any scope of the module binds or asks for."""
    names = {name.id for name in model.module.names}
    scopes = [model.module.scope]
    scopes += [function.scope for function in model.module.functions]
    scopes += [cls.scope for cls in model.module.classes]
    for scope in scopes:
        names.update(scope.bindings)
    return names | _TAKEN


def fresh(model: Core, wanted: str) -> str:
    """`wanted`, or `wanted_2`, `wanted_3`, … where the file has that name in any scope."""
    taken = used_names(model)
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name

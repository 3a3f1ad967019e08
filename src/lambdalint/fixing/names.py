"""Names that clash with nothing."""

from __future__ import annotations

import builtins
import keyword

from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core

_TAKEN = set(dir(builtins)) | set(keyword.kwlist)


def used_names(model: Core) -> set[str]:
    """Every name that any scope of the module binds or asks for."""
    return model.answer("used names", lambda: _used_names(model))


def _used_names(model: Core) -> set[str]:
    names = {name.id for name in model.module.names}
    scopes = [model.module.scope]
    scopes += [function.scope for function in model.module.functions]
    scopes += [cls.scope for cls in model.module.classes]
    for scope in scopes:
        names.update(scope.bindings)
    return names | _TAKEN


def fresh(model: Core, wanted: str, at: ir.Node | None = None) -> str:
    """`wanted`, or `wanted_2`, `wanted_3`, … where the file has that name in any scope.

    With `at`, for a name of the function around it: other functions' own names don't count.
    """
    function = flow.function_of(at) if at is not None else None
    taken = used_names(model) if function is None else _seen_from(model, function)
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name


def place(model: Core, at: ir.Node) -> str:
    """What tells the function around a node from the file's others."""
    function = flow.function_of(at)
    return next((str(i) for i, one in enumerate(model.module.functions) if one is function), "the module")


def _seen_from(model: Core, function: ir.Function) -> set[str]:
    """The names that a function, or one inside it, uses, and those of the scopes around it."""
    names = set(_TAKEN)
    around: ir.Scope | None = function.scope
    while around is not None:
        names.update(around.bindings)
        around = around.parent
    return names | {name.id for name in model.module.names if _within(name.scope, function.scope)}


def _within(scope: ir.Scope | None, outer: ir.Scope) -> bool:
    while scope is not None and scope is not outer:
        scope = scope.parent
    return scope is outer

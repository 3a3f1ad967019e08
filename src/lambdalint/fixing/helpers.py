"""Functions that a fix writes at module scope: once for each module, in the module's own manner."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst
from msgspec import Struct

from lambdalint.fixing.layout import same_code
from lambdalint.fixing.names import used_names
from lambdalint.fixing.requests import AddTopLevel, Change, NeedImport
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core

_TRIES = 3  # names that are looked at before a helper is given up


class Helper(Struct, frozen=True):
    """A function to write: `body` are its statements from column 0, its docstring included.

    `parameters` are (name, type) or (name, type, default).
    """

    name: str
    parameters: tuple[tuple[str, ...], ...]
    returns: str
    body: str
    imports: tuple[NeedImport, ...] = ()

    def code(self, name: str, typed: bool) -> str:
        given = ", ".join(_parameter(typed, *parameter) for parameter in self.parameters)
        lines = (f"    {line}" if line else "" for line in self.body.splitlines())
        returns = f" -> {self.returns}" if typed else ""
        return "\n".join([f"def {name}({given}){returns}:", *lines]) + "\n"


def _parameter(typed: bool, name: str, of: str, default: str = "") -> str:
    if typed:
        return f"{name}: {of} = {default}" if default else f"{name}: {of}"
    return f"{name}={default}" if default else name


def helper(model: Core, wanted: Helper) -> tuple[str, list[Change]] | None:
    """The helper's name in the module, and what it takes to have it; one that is there already is used again."""
    typed = annotates(model)
    for number in range(1, _TRIES + 1):
        name = wanted.name if number == 1 else f"{wanted.name}_{number}"
        known = next((f for f in model.module.functions if f.name == name and f.outer is model.module.main), None)
        if known is not None:
            node = model.node(known.site) if known.site is not None else None
            text = model.tree.code_for_node(node).strip() if node is not None else ""
            if any(same_code(text, wanted.code(name, annotated)) for annotated in (False, True)):
                return name, []
        elif name not in used_names(model):
            changes: list[Change] = list(wanted.imports)
            if typed and any("Any" in parameter[1] for parameter in wanted.parameters):
                changes.append(NeedImport("typing", "Any"))
            return name, [*changes, AddTopLevel(wanted.code(name, typed), name)]
    return None


def annotates(model: Core) -> bool:
    """Whether the functions of a module say what they take."""
    return model.answer("annotates", lambda: _all(model, _annotated))


def describes(model: Core) -> bool:
    """Whether the functions of a module have docstrings."""
    return model.answer("describes", lambda: _all(model, _documented))


def _all(model: Core, has: Callable[[Core, ir.Function], bool]) -> bool:
    """Whether the module has functions, and all of them have something."""
    own = [f for f in model.module.functions if not f.is_lambda and isinstance(f.site, ir.FunctionDef)]
    return bool(own) and all(has(model, f) for f in own)


def _annotated(model: Core, function: ir.Function) -> bool:
    return function.annotation is not None or any(param.annotation for param in function.params)


def _documented(model: Core, function: ir.Function) -> bool:
    node = model.node(function.site) if function.site is not None else None
    return isinstance(node, cst.FunctionDef) and node.get_docstring() is not None

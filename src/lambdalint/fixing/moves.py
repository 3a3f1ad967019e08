"""Imports that go, or go somewhere else."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.leftovers import import_parts
from lambdalint.fixing.lines import commented
from lambdalint.fixing.requests import Change, FixRequest, InsertAfter, NeedImport, Remove, Replace
from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.importing import Imported

# What modules read while they are loaded, and the methods that only look at it.
_READ_BY_IMPORTS = ("os.environ", "sys.path", "sys.modules")
_LOOKING = ("get", "items", "keys", "values", "copy")


def remove_import(model: Core, imported: Imported) -> FixRequest | None:
    """Delete an import that nothing uses; under `if TYPE_CHECKING:` where annotations do.

    The latter only where annotations are never evaluated.
    """
    parts = import_parts(model, imported.statement, imported.bound)
    if parts is None:
        return None
    _, part = parts
    if not imported.annotated:
        return FixRequest((Remove(part),), Safety.SAFE, f"Delete the import of {imported.label}")
    if not imported.lazy_annotations or not imported.only_unread_annotations:
        return None
    code = _import_code(model, imported)
    if code is None:
        return None
    changes: list[Change] = [Remove(part)]
    guard = _guard(model)
    if guard is None:
        last = _last_import(model)
        if last is None:
            return None
        guarded = f"if TYPE_CHECKING:\n    {code}\n"
        if last is part and any(line.comment is None for line in parts[0].leading_lines):
            changes = [Replace(part, guarded)]  # it stands apart already
        else:
            changes.append(InsertAfter(last, guarded, blank_lines=1))
        changes.append(NeedImport("typing", "TYPE_CHECKING"))
    else:
        changes.append(InsertAfter(guard, f"{code}\n"))
    return FixRequest(tuple(changes), Safety.SAFE, "Import it for type checkers alone", isolation="TYPE_CHECKING")


def _import_code(model: Core, imported: Imported) -> str | None:
    suffix = ""
    statement = imported.statement
    for name, bound in statement.names:
        if bound == imported.bound:
            if statement.is_from:
                suffix = f" as {bound}" if bound != name else ""
                return f"from {statement.module} import {name}{suffix}"
            suffix = f" as {bound}" if bound != name.split(".")[0] else ""
            return f"import {name}{suffix}"
    return None


def _guard(model: Core) -> cst.CSTNode | None:
    """The last statement in the module's own `if TYPE_CHECKING:`."""
    for statement in model.module.main.body:
        if isinstance(statement, ir.If) and ir.dotted(statement.test).split(".")[-1] == "TYPE_CHECKING":
            last = model.node(statement.body[-1])
            return model.line_of(last) if isinstance(last, cst.BaseSmallStatement) else last
    return None


def _last_import(model: Core) -> cst.CSTNode | None:
    """The line of the last import of the module's leading imports."""
    last: cst.CSTNode | None = None
    for statement in model.module.main.body:
        if isinstance(statement, ir.Import):
            node = model.node(statement)
            last = model.line_of(node) if isinstance(node, cst.BaseSmallStatement) else None
        elif not isinstance(statement, ir.ExprStmt):
            break
    return last


def move_to_top(model: Core, imported: Imported) -> FixRequest | None:
    """Import at module scope what a function imports each time; None where a comment says why it stands there."""
    parts = import_parts(model, imported.statement, imported.bound)
    statement = imported.statement
    if parts is None or commented(parts[0]) or _prepared(model, statement) or _bound_again(imported):
        return None
    for name, bound in statement.names:
        if bound == imported.bound:
            if statement.is_from:
                need = NeedImport(statement.module, name, bound if bound != name else "")
            else:
                need = NeedImport(name, "", bound if bound != name.split(".")[0] else "")
            message = "Import it at module scope (it is loaded, and may fail, at init instead)"
            return FixRequest((need, Remove(parts[1])), Safety.UNSAFE, message)
    return None


def _bound_again(imported: Imported) -> bool:
    """Whether the function binds the name a second time: then it stays the function's own, and is missing before."""
    function = flow.function_of(imported.statement)
    binding = function.scope.bindings.get(imported.bound) if function is not None else None
    return binding is None or len(binding.definitions) != 1


def _prepared(model: Core, statement: ir.Import) -> bool:
    """Whether the code above an import sets what the module may read while it is loaded: the environment, the path."""
    for earlier in ir.statements(flow.block_of(statement)):
        if earlier is statement:
            return False
        for expr in ir.expressions(earlier):
            for part in ir.walk(expr):
                if isinstance(part, ir.Attr) and model.qualified(part) in _READ_BY_IMPORTS and _changes(part):
                    return True
    return False


def _changes(holder: ir.Attr) -> bool:
    """Whether a use of the environment, or of the path, is a store into it or a call that may change it."""
    part = holder.parent
    if isinstance(part, ir.Item):
        return part.store
    return isinstance(part, ir.Attr) and isinstance(part.parent, ir.Call) and part.name not in _LOOKING

"""Imports that go, or go somewhere else."""

from __future__ import annotations

import re

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.requests import Change, FixRequest, InsertAfter, NeedImport, Remove, Replace
from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.importing import Imported

# A blanket suppression, or one of "imported but unused"; our own codes are for the engine to judge.
_SIDE_EFFECTS = re.compile(r"noqa(?!\s*:)|noqa\s*:.*\bF401\b", re.IGNORECASE)

# What modules read while they are loaded, and the methods that only look at it.
_READ_BY_IMPORTS = ("os.environ", "sys.path", "sys.modules")
_LOOKING = ("get", "items", "keys", "values", "copy")


def _parts(model: Core, imported: Imported) -> tuple[cst.SimpleStatementLine, cst.CSTNode] | None:
    """The import's line, and what of it binds the name: the line itself, or one of its aliases."""
    node = model.node(imported.statement)
    if not isinstance(node, (cst.Import, cst.ImportFrom)) or isinstance(node.names, cst.ImportStar):
        return None
    line = model.line_of(node)
    if line is None:
        return None
    if len(node.names) == 1:
        return line, node if len(line.body) > 1 else line
    for alias in node.names:
        bound: cst.BaseExpression = alias.asname.name if alias.asname is not None else alias.name
        while isinstance(bound, cst.Attribute):
            bound = bound.value
        if isinstance(bound, cst.Name) and bound.value == imported.bound:
            return line, alias
    return None


def kept_on_purpose(model: Core, statement: ir.Import) -> bool:
    """Whether a comment on an import's line says that it stays."""
    node = model.node(statement)
    line = model.line_of(node) if isinstance(node, cst.BaseSmallStatement) else None
    comment = line.trailing_whitespace.comment if line is not None else None
    return comment is not None and _SIDE_EFFECTS.search(comment.value) is not None


def remove_import(model: Core, imported: Imported) -> FixRequest | None:
    """Delete an import that nothing uses; under `if TYPE_CHECKING:` where annotations do.

    The latter only where annotations are never evaluated.
    """
    parts = _parts(model, imported)
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
    """Import at module scope what a function imports each time."""
    parts = _parts(model, imported)
    statement = imported.statement
    if parts is None or _commented(parts[0]) or _prepared(model, statement):
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


def _commented(line: cst.SimpleStatementLine) -> bool:
    """Whether a comment stands behind a line, from which it would be torn."""
    return line.trailing_whitespace.comment is not None


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

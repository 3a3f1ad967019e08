"""Imports that nothing needs any more once a fix has taken code away."""

from __future__ import annotations

import re

import libcst as cst

from lambdalint.fixing.requests import Change, Remove
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core

# A blanket suppression, or one of "imported but unused"; our own codes are for the engine to judge.
_SIDE_EFFECTS = re.compile(r"noqa(?!\s*:)|noqa\s*:.*\bF401\b", re.IGNORECASE)


def import_parts(
    model: Core, statement: ir.Import, bound: str
) -> tuple[cst.SimpleStatementLine, cst.SimpleStatementLine | cst.BaseSmallStatement | cst.ImportAlias] | None:
    """The import's line, and what of it binds the name: the line itself, or one of its aliases."""
    node = model.node(statement)
    if not isinstance(node, (cst.Import, cst.ImportFrom)) or isinstance(node.names, cst.ImportStar):
        return None
    line = model.line_of(node)
    if line is None:
        return None
    if len(node.names) == 1:
        return line, node if len(line.body) > 1 else line
    for alias in node.names:
        name: cst.BaseExpression = alias.asname.name if alias.asname is not None else alias.name
        while isinstance(name, cst.Attribute):
            name = name.value
        if isinstance(name, cst.Name) and name.value == bound:
            return line, alias
    return None


def kept_on_purpose(model: Core, statement: ir.Import) -> bool:
    """Whether a comment on an import's line says that it stays."""
    node = model.node(statement)
    line = model.line_of(node) if isinstance(node, cst.BaseSmallStatement) else None
    comment = line.trailing_whitespace.comment if line is not None else None
    return comment is not None and _SIDE_EFFECTS.search(comment.value) is not None


def imports_left(model: Core, gone: ir.Expr, kept: ir.Expr | None = None) -> list[Change]:
    """The removal of the module's imports that only an expression which goes, but for `kept` in it, has used.

    An import stays where it may be wanted for its side effects, or where another file asks this module for the name.
    """
    stays = {id(part) for part in ir.walk(kept)} if kept is not None else set()
    going = [part for part in ir.walk(gone) if id(part) not in stays]
    inside = {id(part) for part in going}
    bindings = {part.id: part.scope.lookup(part.id) for part in going if isinstance(part, ir.Name)}
    changes: list[Change] = []
    for binding in bindings.values():
        if binding is None or binding.scope.kind != "module" or len(binding.definitions) != 1:
            continue
        statement = binding.definitions[0].site
        if not isinstance(statement, ir.Import) or statement.parent is not None or kept_on_purpose(model, statement):
            continue
        if any(id(use) not in inside for use in binding.uses if not use.store) or _asked_for(model, binding.name):
            continue
        parts = import_parts(model, statement, binding.name)
        if parts is not None:
            changes.append(Remove(parts[1]))
    return changes


def _asked_for(model: Core, name: str) -> bool:
    """Whether a file that speaks of this module says `….name`, as a patch does, or imports the name."""
    if name in model.module.exports or model.module.path.endswith("__init__.py"):
        return True
    word = re.escape(name.encode())
    asked = re.compile(rb"\." + word + rb"\b|\bfrom\b[^\n]*\bimport\b[^\n]*\b" + word + rb"\b|\bimport\s*\(?\s*\*")
    try:
        return any(asked.search(text.data) for text in model.project.mentioning(model.module))
    except OSError:
        return True  # a file that can't be read may be the one

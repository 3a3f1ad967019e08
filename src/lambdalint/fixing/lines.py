"""Statements that a fix may take away or put together with their neighbours."""

from __future__ import annotations

import libcst as cst

from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.sequences import Group


def own_line(model: Core, stmt: ir.Stmt) -> cst.SimpleStatementLine | None:
    """The line of a statement that stands alone on it, with no comment that would be torn from it."""
    node = model.node(stmt)
    line = model.line_of(node) if isinstance(node, cst.BaseSmallStatement) else None
    return None if line is None or len(line.body) != 1 or commented(line) else line


def commented(line: cst.SimpleStatementLine) -> bool:
    """Whether a comment stands above a line, or at its end."""
    above = any(empty.comment is not None for empty in line.leading_lines)
    return above or line.trailing_whitespace.comment is not None


def line_around(model: Core, node: ir.Node) -> cst.CSTNode | None:
    """The whole line (or compound statement) that holds a node, where it stands alone on it."""
    statement = ir.statement_of(node)
    found = model.node(statement) if statement is not None else None
    if isinstance(found, cst.BaseSmallStatement):
        parent = model.line_of(found)
        return parent if parent is not None and len(parent.body) == 1 else None
    if isinstance(found, (cst.For, cst.While, cst.With, cst.If, cst.Try)):
        return None if model.is_elif(found) else found
    return None


def side_by_side(group: Group) -> bool:
    """Whether the statements of a group follow one another in their block, one read each."""
    block = flow.block_of(group.steps[0].statement)
    places = [next((i for i, s in enumerate(block) if s is step.statement), -1) for step in group.steps]
    return places[0] >= 0 and places == list(range(places[0], places[0] + len(places)))


def only_appended(model: Core, loop: ir.For) -> tuple[str, ir.Expr] | None:
    """The list and the element of `for x in xs: results.append(element)`; None for any other loop."""
    node = model.node(loop)
    if not isinstance(node, cst.For) or loop.orelse or len(loop.body) != 1 or node.leading_lines:
        return None
    only = loop.body[0]
    call = only.value if isinstance(only, ir.ExprStmt) else None
    if not isinstance(call, ir.Call) or not isinstance(call.func, ir.Attr) or call.func.name != "append":
        return None
    if not isinstance(call.func.base, ir.Name) or len(call.args) != 1 or call.spreads:
        return None
    if own_line(model, only) is None or _used_after(loop):
        return None
    return call.func.base.id, call.args[0].value


def _used_after(loop: ir.For) -> bool:
    """Whether anything outside a loop asks for its variable."""
    if not isinstance(loop.target, ir.Name):
        return True
    binding = loop.target.scope.lookup(loop.target.id)
    return binding is None or any(not flow.inside(use, loop) for use in binding.uses)

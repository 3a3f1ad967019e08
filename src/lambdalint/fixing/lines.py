"""Statements that a fix may take away or put together with their neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lambdalint.fixing.fields import only_name
from lambdalint.fixing.requests import Change, Remove, Replace
from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.sequences import Group


def own_line(
    model: Core, stmt: ir.Stmt, *, above: bool = False, behind: bool = False
) -> cst.SimpleStatementLine | None:
    """The line of a statement that stands alone on it, with no comment that would be torn from it.

    Comments `above` it, or `behind` it on the line, may stand where they do for what takes its place.
    """
    node = model.node(stmt)
    line = model.line_of(node) if isinstance(node, cst.BaseSmallStatement) else None
    if line is None or len(line.body) != 1:
        return None
    torn = (not above and _above(line)) or (not behind and line.trailing_whitespace.comment is not None)
    return None if torn else line


def commented(line: cst.SimpleStatementLine) -> bool:
    """Whether a comment stands above a line, or at its end."""
    return _above(line) or line.trailing_whitespace.comment is not None


def in_place_of(lines: Sequence[cst.SimpleStatementLine | cst.For], code: str) -> list[Change]:
    """The code for several statements where the first of them stood, below its comments."""
    return [Replace(lines[0], code), *(Remove(line) for line in lines[1:])]


def _above(line: cst.SimpleStatementLine) -> bool:
    return any(empty.comment is not None for empty in line.leading_lines)


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
    return appended(model, loop, loop.body[0]) if len(loop.body) == 1 else None


def named_and_appended(model: Core, loop: ir.For) -> tuple[str, ir.Expr, ir.Assign] | None:
    """The list, the element and the first statement of `for x in xs: a = …; results.append(… a …)`.

    The name is for this alone.
    """
    named = loop.body[0]
    if len(loop.body) != 2 or not isinstance(named, ir.Assign) or own_line(model, named) is None:
        return None
    binding = only_name(named)
    if binding is None or any(not flow.inside(use, loop) for use in binding.uses):
        return None
    found = appended(model, loop, loop.body[1])
    return (*found, named) if found is not None else None


def appended(model: Core, loop: ir.For, only: ir.Stmt) -> tuple[str, ir.Expr] | None:
    """The list and the element of `results.append(element)`, a statement of a loop whose variable is for it alone."""
    if not isinstance(model.node(loop), cst.For) or loop.orelse:
        return None
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

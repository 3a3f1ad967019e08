"""One parse instead of several: reuse an object, or parse in front of a loop."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing import names
from lambdalint.fixing.lines import line_around
from lambdalint.fixing.names import fresh
from lambdalint.fixing.requests import Change, FixRequest, InsertBefore, Remove, Replace
from lambdalint.semantics import flow, ir
from lambdalint.semantics.changes import kept_besides
from lambdalint.semantics.core import Core
from lambdalint.semantics.parses import Parse, Repeat

_SHARED = "the object is handed on, and both names would share it"
_KEPT = "something keeps what holds the text, and may change it in between"
_EARLIER = "the parse comes before what stands in front of it in its statement"


def reuse_parse(model: Core, repeat: Repeat) -> FixRequest | None:
    """Put the first result in place of the later parse; None where the first may not have run."""
    first, later = repeat.first, repeat.parse
    node = model.node(later.call)
    if not repeat.dominated or repeat.caller or not isinstance(node, cst.Call):
        return None
    reason = "" if first.only_read and later.only_read else _SHARED
    if not reason and kept_besides(model, first.text, first.call, later.call):
        reason = _KEPT
    changes: list[Change] = []
    target = first.target
    if target is not None:
        name = target.id
        binding = target.scope.lookup(name)
        if binding is None or binding.scope.kind != "function" or len(binding.definitions) != 1:
            return None
    else:
        name = fresh(model, "parsed", first.call)
        statement = line_around(model, first.call)
        first_node = model.node(first.call)
        if statement is None or not isinstance(first_node, cst.Call):
            return None
        code = model.tree.code_for_node(first_node.with_changes(lpar=(), rpar=()))
        changes += [InsertBefore(statement, f"{name} = {code}\n"), Replace(first_node, cst.Name(name))]
        reason = reason or ("" if _evaluated_first(first.call) else _EARLIER)
    changes.append(Replace(node, cst.Name(name)))
    message = f"Use {name}, which holds the parsed object" + (f" ({reason})" if reason else "")
    safety = Safety.UNSAFE if reason else Safety.SAFE
    isolation = "" if target is not None else _group(model, first.call)
    return FixRequest(tuple(changes), safety, message, isolation)


def hoist_parse(model: Core, parse: Parse, loop: ir.For | ir.While | ir.Comp) -> FixRequest | None:
    """Parse in front of the loop; the assignment moves as it is where it is one."""
    node = model.node(parse.call)
    outer = loop if isinstance(loop, ir.Stmt) else ir.statement_of(loop)
    before = line_around(model, outer) if outer is not None else None
    if before is None or not isinstance(node, cst.Call) or (parse.only_read is False and parse.target is None):
        return None
    code = model.tree.code_for_node(node.with_changes(lpar=(), rpar=()))
    target = parse.target
    statement = ir.statement_of(parse.call)
    line = line_around(model, statement) if statement is not None else None
    changes: tuple[Change, ...]
    if target is not None and line is not None and _moves(target, loop, statement):
        changes = (InsertBefore(before, _with_comment(line, f"{target.id} = {code}")), Remove(line))
    else:
        name = fresh(model, "parsed", parse.call)
        changes = (InsertBefore(before, f"{name} = {code}\n"), Replace(node, cst.Name(name)))
    safe = parse.sure and parse.only_read
    reason = "" if safe else " (a loop without a turn would parse as well, and fail on bad text)"
    if parse.sure and not safe:
        reason = f" ({_SHARED})"
    safety = Safety.SAFE if safe else Safety.UNSAFE
    message = f"Parse once in front of the loop{reason}"
    return FixRequest(changes, safety, message, isolation=_group(model, parse.call))


def _group(model: Core, call: ir.Call) -> str:
    """What fixes share that give new names in one function, or move what others name."""
    return f"parsed in {names.place(model, call)}"


def _with_comment(line: cst.CSTNode, code: str) -> str:
    """The code of a line that moves, with the comment behind it; those above stay where they are."""
    behind = line.trailing_whitespace.comment if isinstance(line, cst.SimpleStatementLine) else None
    return f"{code}  {behind.value}\n" if behind is not None else f"{code}\n"


def _evaluated_first(call: ir.Call) -> bool:
    """Whether nothing of its statement runs before a call, and it always runs."""
    below: ir.Node = call
    for ancestor in ir.ancestors(call):
        if isinstance(ancestor, ir.Stmt):
            return isinstance(ancestor, (ir.Assign, ir.Return, ir.ExprStmt)) or (
                isinstance(ancestor, ir.If) and ancestor.test is below
            )
        if isinstance(ancestor, (ir.Choice, ir.Comp, ir.Lambda)):
            return False
        if next(iter(ir.children(ancestor)), None) is not below:
            return False
        below = ancestor
    return False


def _moves(target: ir.Name, loop: ir.Node, statement: ir.Stmt | None) -> bool:
    """Whether the assignment itself can move: nothing in front of the loop has the name, and it stands in its body."""
    binding = target.scope.lookup(target.id)
    if binding is None or len(binding.definitions) != 1 or statement is None:
        return False
    if any(not flow.inside(use, loop) for use in binding.uses) or statement.parent is not loop:
        return False
    return isinstance(loop, (ir.For, ir.While)) and len(loop.body) > 1

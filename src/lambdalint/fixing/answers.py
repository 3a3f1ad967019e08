"""What a loop asks for one at a time is asked for together in front of it; its body goes on with the answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import libcst as cst
from msgspec import Struct

from lambdalint.findings import Safety
from lambdalint.fixing.helpers import Helper, helper
from lambdalint.fixing.layout import depth, one_line, width
from lambdalint.fixing.names import fresh
from lambdalint.fixing.requests import FixRequest, InsertBefore, Remove, Replace
from lambdalint.semantics import flow, ir
from lambdalint.semantics.changes import stays_as_long, untouched_before
from lambdalint.semantics.core import Core
from lambdalint.semantics.values import single


class Question(Struct, frozen=True):
    """A call that asks for one thing in every turn of a loop, and how to ask for all of them.

    `key` is what it asks with; `fields` are all that may be read of its answer; `helper` is called with
    `given`, the keys, and `options`; `keys` is what a list of keys is called.
    """

    call: ir.Call
    loop: ir.For | ir.Comp
    key: ir.Expr
    fields: Collection[str]
    helper: Helper
    given: Sequence[str]
    options: Sequence[str] = ()
    keys: str = "keys"
    message: str = ""


def ask_together(model: Core, question: Question) -> FixRequest | None:
    """The loop over answers that were asked for together; None where the body can't go on as before."""
    loop = question.loop
    if not stays_as_long(loop.iter if isinstance(loop, ir.For) else loop.loops[0].iter, loop):
        return None
    if not untouched_before(question.key, loop, question.call) or not _independent(question.key, loop):
        return None
    if isinstance(question.loop, ir.For):
        return _in_for(model, question, question.loop)
    return _in_comprehension(model, question, question.loop)


def _independent(key: ir.Expr, loop: ir.For | ir.Comp) -> bool:
    """Whether a key is made of the loop's own variable and of what doesn't change in it, without calls."""
    for part in ir.walk(key):
        if isinstance(part, (ir.Call, ir.Await, ir.Bind, ir.Lambda)) and not _conversion(part):
            return False
        if isinstance(part, ir.Name):
            binding = part.scope.lookup(part.id)
            if binding is None:
                continue
            for definition in binding.definitions:
                inside = definition.site is not None and flow.inside(definition.site, loop)
                if inside and not (definition.kind == "element" and definition.site is loop):
                    return False
    return True


def _conversion(part: ir.Expr) -> bool:
    return isinstance(part, ir.Call) and ir.dotted(part.func) in ("str", "int", "Decimal")


def _in_for(model: Core, question: Question, loop: ir.For) -> FixRequest | None:
    node, stmt, call = model.node(loop), ir.statement_of(question.call), model.node(question.call)
    if not isinstance(node, cst.For) or node.asynchronous is not None or call is None or loop.orelse:
        return None
    if not isinstance(stmt, (ir.Assign, ir.AugAssign, ir.ExprStmt)) or stmt.parent is not loop:
        return None
    named = _named(stmt, question)
    if not _surely_asked(question) or not (named or _asks(question.call, question.fields)) or _skipped(loop, stmt):
        return None
    line = model.node(stmt)
    whole = model.line_of(line) if isinstance(line, cst.BaseSmallStatement) else None
    if whole is None or (named and (len(whole.body) != 1 or whole.trailing_whitespace.comment is not None)):
        return None
    made, key, over = helper(model, question.helper), one_line(model, question.key), _source(model, loop.iter)
    if made is None or key is None or over is None:
        return None
    name, changes = made
    source, twice = over
    lines = ""
    if not twice:
        pending = fresh(model, "pending", loop)
        lines = f"{pending} = list({source})\n"
        source = pending
    variable, inner = _target(model, node.target)
    response = named or fresh(model, "response", loop)
    keys = source
    if key != variable:
        keys = fresh(model, question.keys, loop)
        lines += f"{keys} = [{key} for {variable} in {source}]\n"
    answers = _asked(name, question, keys)
    if depth(model, loop) + len(f"for {inner}, {response} in zip({source}, {answers}):") > width(model):
        kept = fresh(model, "answers", loop)
        lines += f"{kept} = {answers}\n"
        answers = kept
    if lines:
        changes.append(InsertBefore(node, lines, below_comments=True))
    changes += [
        Replace(node.target, f"{inner}, {response}"),
        Replace(node.iter, f"zip({source}, {answers})"),
        Remove(whole) if named else Replace(call, cst.Name(response)),
    ]
    return FixRequest(tuple(changes), Safety.UNSAFE, question.message, isolation=name)


def _named(stmt: ir.Assign | ir.AugAssign | ir.ExprStmt, question: Question) -> str:
    """The name that a statement gives the whole answer to, where nothing else of it is used than the fields; or ""."""
    if not isinstance(stmt, ir.Assign) or stmt.value is not question.call or len(stmt.targets) != 1:
        return ""
    target = stmt.targets[0]
    binding = target.scope.lookup(target.id) if isinstance(target, ir.Name) else None
    if binding is None or len(binding.definitions) != 1:
        return ""
    return binding.name if all(_asks(use, question.fields) for use in binding.uses if not use.store) else ""


def _skipped(loop: ir.For, stmt: ir.Stmt) -> bool:
    """Whether a turn may go on to the next before it comes to a statement of the loop."""
    for earlier in loop.body:
        if earlier is stmt:
            break
        if any(isinstance(s, ir.Simple) and s.kind == "continue" for s in ir.statements([earlier])):
            return True
    return False


def _surely_asked(question: Question) -> bool:
    """Whether nothing within its statement decides whether the call is made."""
    for above in ir.ancestors(question.call):
        if above is question.loop or isinstance(above, ir.Stmt):
            return True
        if isinstance(above, (ir.Choice, ir.Lambda, ir.Comp)):
            return False
    return True


def _asks(expr: ir.Expr, fields: Collection[str]) -> bool:
    """`x["Item"]`, `x.get("Item", …)`, `"Item" in x`."""
    parent = expr.parent
    if isinstance(parent, ir.Item):
        return parent.base is expr and isinstance(parent.key, ir.Const) and parent.key.value in fields
    if isinstance(parent, ir.Attr) and parent.name == "get" and isinstance(parent.parent, ir.Call):
        given = parent.parent.positional(0)
        return isinstance(given, ir.Const) and given.value in fields
    return (
        isinstance(parent, ir.Compare)
        and isinstance(parent.left, ir.Const)
        and parent.left.value in fields
        and parent.ops in (["in"], ["not in"])
    )


def _source(model: Core, iterable: ir.Expr) -> tuple[str, bool] | None:
    """The iterable's code, and whether it can be gone through twice."""
    value, code = single(model.values(iterable)), one_line(model, iterable)
    if code is None:
        return None
    if value is not None and value.kind == "container":
        origin = value.origin
        return code, not (isinstance(origin, ir.Comp) and origin.kind == "generator")
    return code, isinstance(iterable, ir.Item)


def _target(model: Core, node: cst.BaseExpression) -> tuple[str, str]:
    """The code of a loop's variable, and that with brackets where it is made of several."""
    if isinstance(node, cst.Tuple):
        code = model.tree.code_for_node(node.with_changes(lpar=(), rpar=()))
        return code, f"({code})"
    return model.text(node), model.text(node)


def _asked(name: str, question: Question, keys: str) -> str:
    return f"{name}({', '.join([*question.given, keys, *question.options])})"


def _in_comprehension(model: Core, question: Question, loop: ir.Comp) -> FixRequest | None:
    node, call = model.node(loop), model.node(question.call)
    if len(loop.loops) != 1 or loop.loops[0].conditions or not _asks(question.call, question.fields):
        return None
    if not isinstance(node, (cst.ListComp, cst.SetComp, cst.DictComp)) or not _surely_asked(question):
        return None
    over, key = _source(model, loop.loops[0].iter), one_line(model, question.key)
    made = helper(model, question.helper)
    if over is None or not over[1] or call is None or key is None or made is None:
        return None
    name, changes = made
    source = over[0]
    response = fresh(model, "response", loop)
    variable, inner = _target(model, node.for_in.target)
    keys = source if key == variable else f"[{key} for {variable} in {source}]"
    stmt = ir.statement_of(loop)
    small = model.node(stmt) if stmt is not None else None
    line = model.line_of(small) if isinstance(small, cst.BaseSmallStatement) else None
    ask = _asked(name, question, keys)
    if line is not None and _evaluated_first(loop):
        kept, answers = fresh(model, question.keys, loop), fresh(model, "answers", loop)
        lines = f"{kept} = {keys}\n" if key != variable else ""
        lines += f"{answers} = {_asked(name, question, kept if lines else keys)}\n"
        changes.append(InsertBefore(line, lines))
        ask = answers
    alone = _names_only_in(loop, question.call)
    changes += [
        Replace(call, cst.Name(response)),
        Replace(node.for_in.target, cst.Name(response) if alone else f"{inner}, {response}"),
        Replace(node.for_in.iter, ask if alone else f"zip({source}, {ask})"),
    ]
    return FixRequest(tuple(changes), Safety.UNSAFE, question.message, isolation=name)


def _evaluated_first(loop: ir.Comp) -> bool:
    """Whether a statement evaluates the comprehension before anything else: its keys may be made in front."""
    return isinstance(loop.parent, (ir.Assign, ir.Return))


def _names_only_in(loop: ir.Comp, call: ir.Call) -> bool:
    """Whether the loop's own variable is used for the read alone."""
    inside = {id(part) for part in ir.walk(call)}
    for element in loop.elements:
        for part in ir.walk(element):
            if isinstance(part, ir.Name) and id(part) not in inside:
                if part.scope.lookup(part.id) in loop.scope.bindings.values():
                    return False
    return True

"""All pages of a read in place of the first."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.layout import WIDTH, bracketed, depth
from lambdalint.fixing.lines import line_around
from lambdalint.fixing.names import fresh
from lambdalint.fixing.requests import FixRequest, InsertBefore, Replace
from lambdalint.semantics import ir
from lambdalint.semantics.model import Model
from lambdalint.semantics.pages import FirstPage
from lambdalint.syntax.driver import walk

_MESSAGE = "Ask for all pages"
_NO_SPACE = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
_RESULT = ".build_full_result()"


def all_pages(model: Model, found: FirstPage) -> FixRequest | None:
    """Ask the operation's paginator and put the pages together; None where the code can't show how.

    botocore's `build_full_result` joins the fields that hold results; of the other fields only a
    few are kept, so nothing else of the answer may be read. A `Table` asks through its client,
    which keeps plain values. The paginator gets a name where one line doesn't hold all.
    """
    aws = found.aws
    node = model.node(aws.call)
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
        return None
    if not aws.uses.keys <= set(found.paging.result_keys):
        return None
    client: cst.BaseExpression = node.func.value
    if aws.face == "resource":
        if aws.kind != "Table" or not isinstance(client, cst.Name):
            return None
        node = _with_table(node, client)
        client = cst.Attribute(cst.Attribute(client, cst.Name("meta")), cst.Name("client"))
    ask = cst.Call(cst.Attribute(client, cst.Name("get_paginator")), [cst.Arg(cst.SimpleString(f'"{aws.operation}"'))])
    return _in_place(model, aws.call, node, ask) or _named(model, aws.call, node, ask)


def _with_table(node: cst.Call, table: cst.Name) -> cst.Call:
    """The call with the table's name as its first argument, laid out like the others."""
    name = cst.Arg(cst.Attribute(table, cst.Name("name")), keyword=cst.Name("TableName"), equal=_NO_SPACE)
    if not node.args:
        return node.with_changes(args=[name])
    before = node.whitespace_before_args
    if not isinstance(before, cst.ParenthesizedWhitespace) or _commented(before) or _in_a_row(node):
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        return node.with_changes(args=[name.with_changes(comma=comma), *node.args])
    first = name.with_changes(comma=cst.Comma(whitespace_after=before))
    return node.with_changes(args=[first, *node.args[:-1], _with_comma(node.args[-1])])


def _with_comma(last: cst.Arg) -> cst.Arg:
    """The last of several arguments on lines of their own, with the comma that formatters want there."""
    after = last.whitespace_after_arg
    if isinstance(last.comma, cst.Comma) or not isinstance(after, cst.ParenthesizedWhitespace):
        return last
    return last.with_changes(comma=cst.Comma(whitespace_after=after), whitespace_after_arg=cst.SimpleWhitespace(""))


def _in_a_row(node: cst.Call) -> bool:
    """Whether all arguments of a call stand on one line."""
    gaps = [argument.comma.whitespace_after for argument in node.args if isinstance(argument.comma, cst.Comma)]
    return len(node.args) > 1 and all(isinstance(gap, cst.SimpleWhitespace) for gap in gaps)


def _commented(node: cst.CSTNode) -> bool:
    return any(isinstance(part, cst.Comment) for part in walk(node))


def _asked(node: cst.Call, paginator: cst.BaseExpression) -> cst.Call:
    """`<paginator>.paginate(…).build_full_result()` with the call's own arguments as they stand."""
    pages = node.with_changes(func=cst.Attribute(paginator, cst.Name("paginate")))
    return cst.Call(cst.Attribute(pages, cst.Name("build_full_result")))


def _in_place(model: Model, call: ir.Call, node: cst.Call, ask: cst.Call) -> FixRequest | None:
    """All of it where the call stands; None where that doesn't fit on its line, and a name can be given."""
    whole = _asked(node, ask)
    code = model.tree.code_for_node(whole)
    if _line_before(model, call) is not None and ("\n" in code or _length(model, call, code) > WIDTH):
        return None
    return FixRequest((Replace(_original(model, call), whole),), Safety.UNSAFE, _MESSAGE)


def _named(model: Model, call: ir.Call, node: cst.Call, ask: cst.Call) -> FixRequest | None:
    """`paginator = …` in front of the statement."""
    line = _line_before(model, call)
    if line is None:
        return None
    name = fresh(model, "paginator", call)
    whole = _asked(node, cst.Name(name))
    changes = (
        InsertBefore(line, f"{name} = {model.tree.code_for_node(ask)}\n"),
        Replace(_original(model, call), _laid_out(model, call, node, name) or whole),
    )
    return FixRequest(changes, Safety.UNSAFE, _MESSAGE, isolation=name)


def _laid_out(model: Model, call: ir.Call, node: cst.Call, name: str) -> str | None:
    """The code on one line, or an argument to a line; None where the layout of the arguments has to stay."""
    parts = [model.tree.code_for_node(a.with_changes(comma=cst.MaybeSentinel.DEFAULT)).strip() for a in node.args]
    trailing = bool(node.args) and isinstance(node.args[-1].comma, cst.Comma)
    if trailing or _commented(node) or any("\n" in part for part in parts):
        return None
    line = f"{name}.paginate({', '.join(parts)}){_RESULT}"
    if _length(model, call, line) <= WIDTH:
        return line
    if node.args == _original(model, call).args and "\n" in model.tree.code_for_node(node):
        return None
    return bracketed(f"{name}.paginate(", parts, f"){_RESULT}", WIDTH)


def _original(model: Model, call: ir.Call) -> cst.Call:
    return cst.ensure_type(model.node(call), cst.Call)


def _length(model: Model, call: ir.Call, code: str) -> int:
    """How long the line of a call grows when `code` stands in its place."""
    statement = ir.statement_of(call)
    node = model.node(statement) if statement is not None else None
    if statement is None or node is None:
        return WIDTH + 1
    whole = model.tree.code_for_node(node).strip()
    changed = whole.replace(model.tree.code_for_node(_original(model, call)), code, 1)
    line = next((line for line in changed.split("\n") if code in line), code)
    return depth(model, statement) + len(line.strip())


def _line_before(model: Model, call: ir.Call) -> cst.CSTNode | None:
    """The statement around a call, where what the call is made on can be asked for a paginator in front of it."""
    below: ir.Node = call
    for above in ir.ancestors(call):
        if isinstance(above, (ir.Assign, ir.AugAssign, ir.Return, ir.ExprStmt)):
            return line_around(model, above)
        if isinstance(above, ir.For):
            return line_around(model, above) if above.iter is below else None
        if isinstance(above, (ir.Stmt, ir.Choice, ir.Comp, ir.Lambda)):
            return None
        below = above
    return None

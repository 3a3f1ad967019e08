"""All pages of a read in place of the first."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.layout import WIDTH, bracketed, depth, same_code, width
from lambdalint.fixing.lines import line_around
from lambdalint.fixing.names import fresh, place
from lambdalint.fixing.requests import FixRequest, InsertBefore, Replace
from lambdalint.semantics import flow, ir
from lambdalint.semantics.model import Model
from lambdalint.semantics.pages import FirstPage
from lambdalint.semantics.parses import dominates
from lambdalint.syntax.driver import walk

_MESSAGE = "Ask for all pages (which may be many requests, and more than the first page held)"
_NO_SPACE = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
_RESULT = ".build_full_result()"
_NAME = "paginator"


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
    """All of it where the call stands; None where that doesn't fit on its line."""
    whole = _asked(node, ask)
    code = model.tree.code_for_node(whole)
    nameable = _line_before(model, call) is not None
    most = min(width(model), WIDTH) if nameable else width(model)
    if _length(model, call, code) > most or ("\n" in code and nameable):
        return None
    return FixRequest((Replace(_original(model, call), whole),), Safety.UNSAFE, _MESSAGE)


def _named(model: Model, call: ir.Call, node: cst.Call, ask: cst.Call) -> FixRequest | None:
    """`paginator = …` in front of the statement, unless the function has the very same one already."""
    line = _line_before(model, call)
    if line is None:
        return None
    code = model.tree.code_for_node(ask)
    known = _at_hand(model, call, code)
    name = known or _name(model, call)
    changed = Replace(_original(model, call), _laid_out(model, call, node, name) or _asked(node, cst.Name(name)))
    changes = (changed,) if known else (InsertBefore(line, f"{name} = {code}\n", below_comments=True), changed)
    return FixRequest(changes, Safety.UNSAFE, _MESSAGE, isolation=f"{_NAME} in {place(model, call)}")


def _paginators(model: Model, call: ir.Call) -> Iterator[tuple[ir.Binding, ir.Definition]]:
    """What the function around a call binds to paginators."""
    function = model.function(call)
    for binding in function.scope.bindings.values() if function is not None else ():
        for definition in binding.definitions:
            made = definition.value
            if definition.kind == "assign" and isinstance(made, ir.Call) and ir.last_name(made.func) == "get_paginator":
                yield binding, definition


def _at_hand(model: Model, call: ir.Call, code: str) -> str:
    """The name of a paginator made by the same code on the way to a call, or ""."""
    for binding, definition in _paginators(model, call):
        made = definition.value
        root = ir.root_name(made.func) if isinstance(made, ir.Call) else None
        client = root.scope.lookup(root.id) if root is not None else None
        if made is None or client is None or len(client.definitions) != 1 or len(binding.definitions) != 1:
            continue
        if dominates(made, call) and same_code(model.text(made), code):
            return binding.name
    return ""


def _name(model: Model, call: ir.Call) -> str:
    """A name for the paginator: the same again where the last one of that name is used up."""
    used_up = [
        binding for binding, definition in _paginators(model, call) if binding.name == _NAME and _used_at_once(binding)
    ]
    if used_up:
        return _NAME
    name = fresh(model, _NAME, call)
    return name if name == _NAME else fresh(model, f"{ir.last_name(call.func)}_{_NAME}", call)


def _used_at_once(binding: ir.Binding) -> bool:
    """Whether a local name is only read in the statement behind the one that binds it."""
    if binding.scope.kind != "function" or any(use.scope is not binding.scope for use in binding.uses):
        return False
    places = []
    for definition in binding.definitions:
        site = ir.statement_of(definition.site) if definition.site is not None else None
        block = flow.block_of(site) if site is not None else []
        index = next((i for i, one in enumerate(block) if one is site), len(block))
        if definition.kind != "assign" or index + 1 >= len(block):
            return False
        places.append(block[index + 1])
    return all(use.store or any(flow.inside(use, stmt) for stmt in places) for use in binding.uses)


def _laid_out(model: Model, call: ir.Call, node: cst.Call, name: str) -> str | None:
    """The code on one line, or an argument to a line; None where the layout of the arguments has to stay."""
    parts = [model.tree.code_for_node(a.with_changes(comma=cst.MaybeSentinel.DEFAULT)).strip() for a in node.args]
    trailing = bool(node.args) and isinstance(node.args[-1].comma, cst.Comma)
    if trailing or _commented(node) or any("\n" in part for part in parts):
        return None
    line = f"{name}.paginate({', '.join(parts)}){_RESULT}"
    if _length(model, call, line) <= width(model):
        return line
    if node.args == _original(model, call).args and "\n" in model.tree.code_for_node(node):
        return None
    return bracketed(f"{name}.paginate(", parts, f"){_RESULT}", width(model), 0)


def _original(model: Model, call: ir.Call) -> cst.Call:
    return cst.ensure_type(model.node(call), cst.Call)


def _length(model: Model, call: ir.Call, code: str) -> int:
    """How long the line of a call grows when `code` stands in its place."""
    statement = ir.statement_of(call)
    node = model.node(statement) if statement is not None else None
    if statement is None or node is None:
        return width(model) + 1
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
        if isinstance(above, (ir.Stmt, ir.Choice, ir.Lambda)):
            return None
        # What a comprehension goes through first is asked for once, in front of everything else in it.
        if isinstance(above, ir.Comp) and above.loops[0].iter is not below:
            return None
        below = above
    return None

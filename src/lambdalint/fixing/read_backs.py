"""The item that a write tells of, in place of a read that asks for it again."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.fields import field_read, only_name
from lambdalint.fixing.names import fresh
from lambdalint.fixing.requests import AddArgument, Change, FixRequest, NameValue, Remove, Replace
from lambdalint.semantics import flow, ir
from lambdalint.semantics.aws import AwsCall
from lambdalint.semantics.changes import after
from lambdalint.semantics.core import Core
from lambdalint.semantics.rereads import Reread
from lambdalint.semantics.settled import changes

_READ = {"Key", "TableName", "ConsistentRead"}
_TEXTS = ("str", "repr", "format", "hex")
_TEXT_METHODS = ("isoformat", "strftime", "hexdigest", "format", "join", "decode", "lower", "upper", "strip")


def take_from_write(model: Core, reread: Reread) -> FixRequest | None:
    """The write's own answer, or the item that was written, for the read; None where these may differ."""
    write, read = reread.first.aws, reread.later.aws
    if not reread.first.direct or not reread.later.direct or not write.complete or not read.complete:
        return None
    items = _items(read)
    if set(read.arguments) - _READ or items is None:
        return None
    if write.operation == "update_item":
        return _from_update(model, write, read, items)
    return _from_put(model, write, read, items)


def _items(read: AwsCall) -> list[ir.Expr] | None:
    """The expressions that are the item that was read, where nothing else of the answer is used."""
    holders: list[ir.Expr] = [read.call]
    stmt = read.call.parent
    if isinstance(stmt, ir.Assign) and stmt.value is read.call:
        binding = only_name(stmt)
        if binding is None:
            return None
        holders = [use for use in binding.uses if not use.store]
    found = [field_read(holder, "Item") for holder in holders]
    return [item for item in found if item is not None] if found and None not in found else None


def _from_update(model: Core, write: AwsCall, read: AwsCall, items: list[ir.Expr]) -> FixRequest | None:
    stmt, node = write.call.parent, model.node(write.call)
    line = model.node(stmt) if isinstance(stmt, ir.ExprStmt) else None
    if not isinstance(node, cst.Call) or not isinstance(line, cst.Expr) or write.has("ReturnValues"):
        return None
    if any(argument.keyword is None for argument in write.call.args):
        return None
    steps: list[Change] = [AddArgument(node, "ReturnValues", '"ALL_NEW"')]
    kept = read.call.parent
    name = fresh(model, "response", read.call)
    if isinstance(kept, ir.Assign) and kept.value is read.call:
        target = kept.targets[0]
        assert isinstance(target, ir.Name)
        name = target.id
        gone = _line(model, kept)
        if gone is None:
            return None
        steps.append(Remove(gone))
    steps.append(NameValue(line, name))
    replaced = _replaced(model, items, f'{name}["Attributes"]')
    if replaced is None:
        return None
    message = 'Take the item from the write, with ReturnValues="ALL_NEW" (what others wrote since isn\'t seen)'
    return FixRequest((*steps, *replaced), Safety.UNSAFE, message)


def _from_put(model: Core, write: AwsCall, read: AwsCall, items: list[ir.Expr]) -> FixRequest | None:
    """The written item itself, where it is a dict of texts that nobody touches any more."""
    given = write.arguments.get("Item")
    binding = given.scope.lookup(given.id) if isinstance(given, ir.Name) else None
    if not isinstance(given, ir.Name) or binding is None or len(binding.definitions) != 1:
        return None
    made = binding.definitions[0]
    if binding.scope.kind != "function" or made.kind != "assign" or not isinstance(made.value, ir.Map):
        return None
    typed = write.face == "client"
    if not all(_typed_text(v) if typed else _comes_back(v) for _, v in made.value.entries):
        return None
    if any(key is None for key, _ in made.value.entries) or _touched(model, binding, made, write.call, read.call):
        return None
    steps: list[Change] = []
    kept = read.call.parent
    if isinstance(kept, ir.Assign) and kept.value is read.call:
        gone = _line(model, kept)
        if gone is None:
            return None
        steps.append(Remove(gone))
    replaced = _replaced(model, items, given.id)
    if replaced is None:
        return None
    message = f"Use {given.id}, which is what was written (what others wrote since isn't seen)"
    return FixRequest((*steps, *replaced), Safety.UNSAFE, message)


def _comes_back(value: ir.Expr) -> bool:
    """Whether a value is surely read as it was written: a text, yes or no, nothing, or a dict or list of these.

    Numbers come back as Decimal, bytes as Binary.
    """
    match value:
        case ir.Const():
            return value.value is None or isinstance(value.value, (str, bool))
        case ir.Blend(op="fstring") | ir.Compare() | ir.Not():
            return True
        case ir.Map():
            return all(key is not None and _comes_back(of) for key, of in value.entries)
        case ir.Seq(kind="list"):
            return all(not isinstance(item, ir.Star) and _comes_back(item) for item in value.items)
        case ir.Call(func=ir.Name(id=name)):
            return name in _TEXTS
        case ir.Call(func=ir.Attr(name=name)):
            return name in _TEXT_METHODS
    return False


def _typed_text(value: ir.Expr) -> bool:
    """`{"S": …}`, `{"BOOL": …}`: a type whose values have one spelling."""
    if not isinstance(value, ir.Map) or len(value.entries) != 1:
        return False
    kind = value.entries[0][0]
    return isinstance(kind, ir.Const) and kind.value in ("S", "BOOL", "NULL")


def _touched(model: Core, binding: ir.Binding, made: ir.Definition, write: ir.Call, read: ir.Call) -> bool:
    """Whether an item may change after it is made, or is used for something else when it was read."""
    end = ir.statement_of(read)
    if end is None or made.site is None or flow.loops_around(read) != flow.loops_around(made.site):
        return True
    for use in binding.uses:
        stmt = ir.statement_of(use)
        if use.store or flow.inside(use, write) or flow.inside(use, read):
            continue
        if stmt is None or flow.function_of(use) is not flow.function_of(read) or changes(model, use):
            return True
        if stmt is end or after(end, stmt):
            return True
    return False


def _line(model: Core, stmt: ir.Assign) -> cst.SimpleStatementLine | None:
    """The line of a statement that stands alone on it, with no comment at its end."""
    node = model.node(stmt)
    line = model.line_of(node) if isinstance(node, cst.BaseSmallStatement) else None
    if line is None or len(line.body) != 1 or line.trailing_whitespace.comment is not None:
        return None
    return line


def _replaced(model: Core, items: list[ir.Expr], code: str) -> list[Change] | None:
    nodes = [model.node(item) for item in items]
    if any(node is None for node in nodes):
        return None
    return [Replace(node, code) for node in nodes if node is not None]

"""`get_item` per turn of a loop becomes one helper that asks for a hundred keys at a time."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.names import fresh, used_names
from lambdalint.fixing.requests import (
    AddTopLevel,
    Change,
    FixRequest,
    InsertBefore,
    NeedImport,
    Remove,
    Replace,
)
from lambdalint.semantics import flow, ir
from lambdalint.semantics.changes import stays_as_long, untouched_before
from lambdalint.semantics.core import Core
from lambdalint.semantics.items import LoopRead
from lambdalint.semantics.values import single

_HELPER = '''\
def {name}(client, table_name, keys):
    """The answers that get_item gives for `keys`, in their order, asked for 100 at a time."""
    keys = list(keys)

    def identity(item):
        return tuple({value} for name in sorted(keys[0]))

    wanted = list({{identity(key): key for key in keys}}.values())
    items = {{}}
    for start in range(0, len(wanted), 100):
        request = {{table_name: {{"Keys": wanted[start : start + 100]}}}}
        for attempt in range(8):
            response = client.batch_get_item(RequestItems=request)
            for item in response["Responses"].get(table_name, []):
                items[identity(item)] = item
            request = response.get("UnprocessedKeys")
            if not request:
                break
            time.sleep(min(0.05 * 2**attempt, 2))
        else:
            raise RuntimeError(f"DynamoDB left keys of {{table_name}} unprocessed")
    return [{{"Item": dict(items[identity(key)])}} if identity(key) in items else {{}} for key in keys]
'''
_PLAIN, _TYPED = "item[name]", "tuple(item[name].items())"


def batch_get(model: Core, found: LoopRead) -> FixRequest | None:
    """The loop over answers that were asked for together; None where the body can't go on as before."""
    read = found.read
    if found.helper or read.face not in ("table", "client") or read.call is not found.call:
        return None
    if not read.complete or set(read.arguments) - {"Key", "TableName"}:
        return None
    key = read.arguments["Key"]
    if not untouched_before(key, found.loop, found.call) or not _same_turns(found.loop):
        return None
    if not _independent(key, found.loop) or (read.face == "client" and not _text_key(key)):
        return None
    if read.face == "client" and not isinstance(read.table, (ir.Name, ir.Const, ir.Attr)):
        return None
    return _in_for(model, found, key) if isinstance(found.loop, ir.For) else _in_comprehension(model, found, key)


def _same_turns(loop: ir.For | ir.Comp) -> bool:
    """Whether a loop has the turns that can be told in front of it."""
    iterable = loop.iter if isinstance(loop, ir.For) else loop.loops[0].iter
    return stays_as_long(iterable, loop)


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


def _text_key(key: ir.Expr) -> bool:
    """A typed key of strings or bytes: numbers come back in another spelling."""
    if not isinstance(key, ir.Map):
        return False
    for _, value in key.entries:
        if not isinstance(value, ir.Map) or len(value.entries) != 1:
            return False
        kind = value.entries[0][0]
        if not isinstance(kind, ir.Const) or kind.value not in ("S", "B"):
            return False
    return True


def _helper(model: Core, face: str) -> tuple[str, list[Change]]:
    """The helper's name, and what it takes to have it; one that is there already is used again."""
    value = _PLAIN if face == "table" else _TYPED
    for name in ("_get_items", "_get_items_2", "_get_items_3"):
        code = _HELPER.format(name=name, value=value)
        known = next((f for f in model.module.functions if f.name == name and f.outer is model.module.main), None)
        if known is None:
            if name in used_names(model):
                continue
            return name, [NeedImport("time"), AddTopLevel(code, name)]
        node = model.node(known.site) if known.site is not None else None
        if node is not None and model.tree.code_for_node(node).strip() == code.strip():
            return name, []
    return "", []


def _client(model: Core, found: LoopRead) -> tuple[str, str] | None:
    """The code of the client and of the table's name."""
    node = model.node(found.call)
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
        return None
    receiver = node.func.value
    if not isinstance(receiver, (cst.Name, cst.Attribute)):
        return None
    code = model.text(receiver)
    if found.read.face == "table":
        return f"{code}.meta.client", f"{code}.name"
    table = found.read.table
    return (code, model.text(table)) if table is not None else None


def _source(model: Core, iterable: ir.Expr) -> tuple[str, bool]:
    """The iterable's code, and whether it can be gone through twice."""
    value = single(model.values(iterable))
    if value is not None and value.kind == "container":
        origin = value.origin
        return model.text(iterable), not (isinstance(origin, ir.Comp) and origin.kind == "generator")
    return model.text(iterable), isinstance(iterable, ir.Item)


def _in_for(model: Core, found: LoopRead, key: ir.Expr) -> FixRequest | None:
    loop = found.loop
    assert isinstance(loop, ir.For)
    node, stmt = model.node(loop), ir.statement_of(found.call)
    places = _client(model, found)
    if not isinstance(node, cst.For) or node.asynchronous is not None or places is None or loop.orelse:
        return None
    if not isinstance(stmt, ir.Assign) or stmt.parent is not loop or len(stmt.targets) != 1:
        return None
    target = stmt.targets[0]
    if not isinstance(target, ir.Name) or not _only_item(model, stmt, found.call, target):
        return None
    for earlier in loop.body:
        if earlier is stmt:
            break
        if any(isinstance(s, ir.Simple) and s.kind == "continue" for s in ir.statements([earlier])):
            return None
    line = model.node(stmt)
    whole = model.line_of(line) if isinstance(line, cst.BaseSmallStatement) else None
    if whole is None or len(whole.body) != 1 or whole.trailing_whitespace.comment is not None:
        return None
    name, changes = _helper(model, found.read.face)
    if not name:
        return None
    source, twice = _source(model, loop.iter)
    lines = ""
    if not twice:
        pending = fresh(model, "pending")
        lines = f"{pending} = list({source})\n"
        source = pending
    variable = (
        model.tree.code_for_node(node.target.with_changes(lpar=(), rpar=()))
        if isinstance(node.target, cst.Tuple)
        else model.text(node.target)
    )
    inner = f"({variable})" if isinstance(node.target, cst.Tuple) else variable
    response = target.id if stmt.value is found.call else fresh(model, "response")
    keys = fresh(model, "keys")
    changes.append(InsertBefore(node, f"{lines}{keys} = [{model.text(key)} for {variable} in {source}]\n"))
    ask = f"{name}({places[0]}, {places[1]}, {keys})"
    changes += [
        Replace(node.target, f"{inner}, {response}"),
        Replace(node.iter, f"zip({source}, {ask})"),
    ]
    if stmt.value is found.call:
        changes.append(Remove(whole))
    else:
        call = model.node(found.call)
        assert call is not None
        changes.append(Replace(call, cst.Name(response)))
    return _request(changes, name)


def _only_item(model: Core, stmt: ir.Assign, call: ir.Call, target: ir.Name) -> bool:
    """Whether nothing of the answer is used but its item."""
    if stmt.value is not call:
        return _asks_item(call)
    binding = target.scope.lookup(target.id)
    if binding is None or len(binding.definitions) != 1:
        return False
    return all(_asks_item(use) for use in binding.uses)


def _asks_item(expr: ir.Expr) -> bool:
    """`x["Item"]`, `x.get("Item", …)`, `"Item" in x`."""
    parent = expr.parent
    if isinstance(parent, ir.Item):
        return parent.base is expr and isinstance(parent.key, ir.Const) and parent.key.value == "Item"
    if isinstance(parent, ir.Attr) and parent.name == "get" and isinstance(parent.parent, ir.Call):
        given = parent.parent.positional(0)
        return isinstance(given, ir.Const) and given.value == "Item"
    return (
        isinstance(parent, ir.Compare)
        and isinstance(parent.left, ir.Const)
        and parent.left.value == "Item"
        and parent.ops in (["in"], ["not in"])
    )


def _in_comprehension(model: Core, found: LoopRead, key: ir.Expr) -> FixRequest | None:
    loop = found.loop
    assert isinstance(loop, ir.Comp)
    node = model.node(loop)
    places = _client(model, found)
    if len(loop.loops) != 1 or loop.loops[0].conditions or places is None or not _asks_item(found.call):
        return None
    if not isinstance(node, (cst.ListComp, cst.SetComp, cst.DictComp)):
        return None
    source, twice = _source(model, loop.loops[0].iter)
    call = model.node(found.call)
    name, changes = _helper(model, found.read.face)
    if not twice or call is None or not name:
        return None
    response = fresh(model, "response")
    variable = model.text(node.for_in.target)
    inner = f"({variable})" if isinstance(node.for_in.target, cst.Tuple) else variable
    keys = f"[{model.text(key)} for {variable} in {source}]"
    stmt = ir.statement_of(loop)
    small = model.node(stmt) if stmt is not None else None
    line = model.line_of(small) if isinstance(small, cst.BaseSmallStatement) else None
    if line is not None and _evaluated_first(loop):
        name_of_keys = fresh(model, "keys")
        changes.append(InsertBefore(line, f"{name_of_keys} = {keys}\n"))
        keys = name_of_keys
    ask = f"{name}({places[0]}, {places[1]}, {keys})"
    alone = _names_only_in(loop, found.call)
    changes += [
        Replace(call, cst.Name(response)),
        Replace(node.for_in.target, cst.Name(response) if alone else f"{inner}, {response}"),
        Replace(node.for_in.iter, ask if alone else f"zip({source}, {ask})"),
    ]
    return _request(changes, name)


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


def _request(changes: list[Change], name: str) -> FixRequest:
    message = "Ask for all items together (needs dynamodb:BatchGetItem; all are read before the first turn)"
    return FixRequest(tuple(changes), Safety.UNSAFE, message, isolation=name)

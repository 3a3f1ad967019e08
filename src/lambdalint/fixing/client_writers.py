"""Writes of single items through a client are collected in their loop, and written together when it is done."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.collected import collected
from lambdalint.fixing.helpers import Helper, helper
from lambdalint.fixing.layout import bracketed, depth
from lambdalint.fixing.names import fresh
from lambdalint.fixing.requests import FixRequest, InsertAfter, NeedImport
from lambdalint.semantics import ir
from lambdalint.semantics.aws import aws_call
from lambdalint.semantics.batchable import WRITES, Batchable
from lambdalint.semantics.core import Core
from lambdalint.semantics.loops import calls_inside
from lambdalint.semantics.rights import told
from lambdalint.semantics.settled import deferrable, settled, steady
from lambdalint.semantics.table_keys import key_names, literal_names

_BODY = '''\
"""{doc}"""
wanted = {{tuple(str({one}[name]) for name in names): {one} for {one} in {things}}}
requests = [{{"{request}": {{"{given}": {one}}}}} for {one} in wanted.values()]
for start in range(0, len(requests), 25):
    end = start + 25
    batch = {{table_name: requests[start:end]}}
    for attempt in range(8):
        response = client.batch_write_item(RequestItems=batch)
        batch = response.get("UnprocessedItems")
        if not batch:
            break
        time.sleep(min(0.05 * 2**attempt, 2))
    else:
        raise RuntimeError(f"{{table_name}}: items stay unprocessed")
'''
_PUT = _BODY.format(
    doc="Put items, 25 in a request: of two with one key (`names`) the later.",
    one="item", things="items", request="PutRequest", given="Item",
)  # fmt: skip
_DELETE = _BODY.format(
    doc="Delete items by their keys, made of `names`, 25 in a request.",
    one="key", things="keys", request="DeleteRequest", given="Key",
)  # fmt: skip
_LATER = "items are stored when the loop is done; of a batch that is refused nothing is stored"


def _helper(name: str, things: str, body: str) -> Helper:
    parameters = (("client", "Any"), ("table_name", "str"), ("names", "list[str]"), (things, "list[dict[str, Any]]"))
    return Helper(name, parameters, "None", body, (NeedImport("time"),))


# By operation: the argument that is collected, the list's name, and the helper.
_HOW = {
    "put_item": ("Item", "items", _helper("_put_items", "items", _PUT)),
    "delete_item": ("Key", "keys", _helper("_delete_items", "keys", _DELETE)),
}


def through_client(model: Core, found: Batchable) -> FixRequest | None:
    """The loop that collects, and one call that writes; None where items might get lost, or stored otherwise.

    The key has to consist of texts: two spellings of one number are the same key.
    """
    loop, aws, call = found.found.loop, found.aws, found.found.call
    stmt, node, receiver = ir.statement_of(call), model.node(loop), aws.receiver
    if found.found.helper or not isinstance(loop, ir.For) or not isinstance(node, cst.For):
        return None
    if not isinstance(stmt, ir.ExprStmt) or stmt.value is not call or not isinstance(receiver, (ir.Name, ir.Attr)):
        return None
    argument, things, wanted = _HOW[aws.operation]
    given = {a.keyword: a.value for a in call.args}
    if set(given) != {"TableName", argument} or sum(_writes(model, other) for other in calls_inside(loop)) != 1:
        return None
    item, table = given[argument], given["TableName"]
    names = key_names(model, aws.on, aws) if argument == "Item" else literal_names(model, item)
    if not names or not _has_texts(model, item, names):
        return None
    if not isinstance(table, (ir.Name, ir.Attr, ir.Const)) or not steady(model, table, loop):
        return None
    if not steady(model, receiver, loop) or not deferrable(model, loop, call) or not settled(model, [item], loop, call):
        return None
    made = helper(model, wanted)
    kept = fresh(model, things, loop)
    changes = collected(model, loop, call, {argument: item}, kept, whole=True)
    if made is None or changes is None:
        return None
    name, needed = made
    listed = "[" + ", ".join(f'"{key}"' for key in names) + "]"
    send = bracketed(f"{name}(", [model.text(receiver), model.text(table), listed, kept], ")", depth(model, loop))
    limits = told(model, call, aws.name, "dynamodb.batch_write_item", _LATER)
    message = f"Write them together with batch_write_item, 25 items a request ({limits})"
    all_changes = (*needed, *changes, InsertAfter(node, f"{send}\n"))
    return FixRequest(all_changes, Safety.UNSAFE, message, isolation=name)


def _writes(model: Core, call: ir.Call) -> bool:
    aws = aws_call(model, call)
    return aws is not None and aws.name in WRITES


def _has_texts(model: Core, item: ir.Expr, names: tuple[str, ...]) -> bool:
    """Whether an item is written out, with a text for each attribute of the key."""
    known = literal_names(model, item)
    if not isinstance(item, ir.Map) or len({*known}) != len(known) or not {*names} <= {*known}:
        return False
    for key, value in item.entries:
        if key is None or model.constant(key) not in names:
            continue
        if not isinstance(value, ir.Map) or literal_names(model, value) != ("S",):
            return False
    return True

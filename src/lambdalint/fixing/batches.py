"""`get_item` per turn of a loop becomes one helper that asks for a hundred keys at a time."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.answers import Question, ask_together
from lambdalint.fixing.helpers import Helper
from lambdalint.fixing.requests import FixRequest, NeedImport
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.items import LoopRead
from lambdalint.semantics.rights import told

_BODY = '''\
"""The answers of get_item for `keys`, asked for 100 at a time."""
keys = list(keys)

def identity(item):
    return tuple({value} for name in sorted(keys[0]))

wanted = list({{identity(key): key for key in keys}}.values())
items = {{}}
for start in range(0, len(wanted), 100):
    end = start + 100
    request = {{table_name: {{"Keys": wanted[start:end]}}}}
    for attempt in range(8):
        response = client.batch_get_item(RequestItems=request)
        for item in response["Responses"].get(table_name, []):
            items[identity(item)] = item
        request = response.get("UnprocessedKeys")
        if not request:
            break
        time.sleep(min(0.05 * 2**attempt, 2))
    else:
        raise RuntimeError(f"{{table_name}}: keys stay unprocessed")
found = [items.get(identity(key)) for key in keys]
if len(wanted) < len(keys):
    found = [copy.deepcopy(item) for item in found]
return [{{"Item": item}} if item else {{}} for item in found]
'''
_BATCH = "dynamodb.batch_get_item"
_PLAIN, _TYPED = "item[name]", "tuple(item[name].items())"
_PARAMETERS = (("client", "Any"), ("table_name", "str"), ("keys", "list[dict[str, Any]]"))


def batch_get(model: Core, found: LoopRead) -> FixRequest | None:
    """The loop over answers that were asked for together; None where the body can't go on as before."""
    read = found.read
    if found.helper or read.face not in ("table", "client") or read.call is not found.call:
        return None
    if not read.complete or set(read.arguments) - {"Key", "TableName"}:
        return None
    key, places = read.arguments["Key"], _client(model, found)
    if (read.face == "client" and not _text_key(key)) or places is None:
        return None
    if read.face == "client" and not isinstance(read.table, (ir.Name, ir.Const, ir.Attr)):
        return None
    body = _BODY.format(value=_PLAIN if read.face == "table" else _TYPED)
    made = Helper("_get_items", _PARAMETERS, "list[dict[str, Any]]", body, (NeedImport("copy"), NeedImport("time")))
    limits = told(model, found.call, "dynamodb.get_item", _BATCH, "all are read before the first turn")
    message = f"Ask for all items together ({limits})"
    return ask_together(model, Question(found.call, found.loop, key, ("Item",), made, places, message=message))


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

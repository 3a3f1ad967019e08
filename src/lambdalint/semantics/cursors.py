"""Which calls read the pages of one answer: each begins where another one ended."""

from __future__ import annotations

from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.dynamodb import Read, read_of

_FIRST, _LAST = "ExclusiveStartKey", "LastEvaluatedKey"


def all_of_one_read(model: Core, read: Read) -> list[Read] | None:
    """A read with the calls of its function that go on with it; None where a page may be asked for in another way.

    That is where a page's beginning comes from elsewhere: from the event, say, or by way of a helper.
    """
    found = [read]
    function = model.function(read.call)
    for call in function.calls if function is not None else ():
        other = read_of(model, call)
        if call is read.call or other is None:
            if other is None and call.keyword(_FIRST) is not None:
                return None
            continue
        same = other.operation == read.operation and model.text(call.func) == model.text(read.call.func)
        if same and other.has(_FIRST):
            found.append(other)
        elif same and len(found) > 1:
            return None  # which of the two goes on isn't known
    cursors = [one.arguments[_FIRST] for one in found if one.has(_FIRST)]
    return found if all(_end_of_page(cursor) for cursor in cursors) else None


def _end_of_page(expr: ir.Expr) -> bool:
    """`page["LastEvaluatedKey"]`, `page.get("LastEvaluatedKey")`, or a name that is nothing else but None."""
    if not isinstance(expr, ir.Name):
        return _is_last_key(expr)
    binding = expr.scope.lookup(expr.id)
    if binding is None or binding.scope.kind != "function" or not binding.definitions:
        return False
    values = [one.value if one.kind == "assign" else None for one in binding.definitions]
    return all(value is not None and (_is_none(value) or _is_last_key(value)) for value in values)


def _is_none(expr: ir.Expr) -> bool:
    return isinstance(expr, ir.Const) and expr.value is None


def _is_last_key(expr: ir.Expr) -> bool:
    if isinstance(expr, ir.Item):
        return isinstance(expr.key, ir.Const) and expr.key.value == _LAST
    if isinstance(expr, ir.Call) and isinstance(expr.func, ir.Attr) and expr.func.name == "get":
        given = expr.positional(0)
        return isinstance(given, ir.Const) and given.value == _LAST
    return False

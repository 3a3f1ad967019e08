"""One row in place of the first of all."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.requests import FixRequest, Replace
from lambdalint.semantics import ir
from lambdalint.semantics.fetched import Fetched
from lambdalint.semantics.model import Model

# Drivers that may leave rows behind: what they haven't read is dropped with the next statement.
# MySQL Connector/Python raises "Unread result found" there.
_DRIVERS = ("psycopg", "psycopg2", "pymysql", "MySQLdb", "pg8000", "redshift_connector")
_MISSING = ("IndexError", "LookupError")


def first_row(model: Model, found: Fetched) -> FixRequest | None:
    """`fetchone()` for `fetchall()[0]`, `first()` of an SQLAlchemy result; None where that isn't surely the same."""
    item = found.call.parent
    node = model.node(found.call)
    if found.used != "first" or not isinstance(item, ir.Item) or not found.alone or _expects_none(item):
        return None
    whole = model.node(item)
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute) or whole is None or node.args:
        return None
    if found.cursor.kind.name == "SQL cursor":
        if found.cursor.owner.name.partition(".")[0] not in _DRIVERS:
            return None
        method = "fetchone"
    else:
        method = "first"
    call = node.with_changes(func=node.func.with_changes(attr=cst.Name(method)))
    message = f"Use {method}() (without a row it gives None, where [0] raises IndexError)"
    return FixRequest((Replace(whole, call),), Safety.UNSAFE, message)


def _expects_none(item: ir.Item) -> bool:
    """Whether something around handles that there is no row."""
    handlers = [h for a in ir.ancestors(item) if isinstance(a, ir.Try) for h in a.handlers]
    caught = [part for h in handlers if h.type is not None for part in ir.walk(h.type)]
    return any(isinstance(part, ir.Name) and part.id in _MISSING for part in caught)

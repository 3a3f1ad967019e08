"""Rows that are all fetched although only one of them, or their number, is used."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.semantics import ir, queries, remote
from lambdalint.semantics.core import Core
from lambdalint.semantics.remote import Member
from lambdalint.semantics.sql import SqlCall, sql_call
from lambdalint.semantics.uses import Uses, uses_of

_KINDS = ("SQL cursor", "SQLAlchemy result")
_FETCHES = ("fetchone", "fetchall", "fetchmany")


class Fetched(Struct, frozen=True):
    """`call` fetches all rows; `used` is "first" or "count"; `cursor` is what it is asked of."""

    model: Core
    call: ir.Call
    cursor: Member
    uses: Uses

    @property
    def used(self) -> str:
        if self.uses.only("index", "truth") and all(use.name == 0 for use in self.uses.of("index")):
            return "first" if self.uses.of("index") else ""
        return "count" if self.uses.only("len", "truth") and self.uses.of("len") else ""

    @property
    def receiver(self) -> ir.Expr:
        assert isinstance(self.call.func, ir.Attr)
        return self.call.func.base

    @property
    def alone(self) -> bool:
        """Whether nothing else surely fetches rows of the same statement."""
        name, function = ir.dotted(self.receiver), self.model.function(self.call)
        if isinstance(self.receiver, ir.Call):
            return True
        if not name or function is None:
            return False
        walked = any(u.parent is not None and isinstance(u.parent, (ir.For, ir.Comp)) for u in _names(self.receiver))
        asked = [c.func.name for c in function.calls if isinstance(c.func, ir.Attr) and ir.dotted(c.func.base) == name]
        return not walked and sum(method in _FETCHES for method in asked) <= len(_sent(self))


def all_for_some(model: Core, call: ir.Call) -> Fetched | None:
    """The `fetchall` of a call whose rows are used for the first, or for their number, alone."""
    value = model.operation(call)
    member = remote.member(model.facts, value) if value is not None else None
    if member is None or member.kind.name not in _KINDS or member.path != "fetchall":
        return None
    found = Fetched(model, call, member, uses_of(call))
    return found if found.used and not any(queries.gives_one_row(sent.text) for sent in _sent(found)) else None


def _sent(found: Fetched) -> list[SqlCall]:
    """The statements whose rows may be meant: those that the function sends over the same cursor."""
    if isinstance(found.receiver, ir.Call):
        sent = sql_call(found.model, found.receiver)
        return [sent] if sent is not None else []
    function = found.model.function(found.call)
    sends = [sql_call(found.model, call) for call in function.calls] if function is not None else []
    name = ir.dotted(found.receiver)
    return [sent for sent in sends if sent is not None and name in (sent.receiver, _kept_as(sent))]


def _kept_as(sent: SqlCall) -> str:
    """The name that a statement's result is given: `result = connection.execute(…)`."""
    parent = sent.call.parent
    return ir.dotted(parent.targets[0]) if isinstance(parent, ir.Assign) and parent.value is sent.call else ""


def _names(expr: ir.Expr) -> list[ir.Name]:
    binding = expr.scope.lookup(expr.id) if isinstance(expr, ir.Name) else None
    return binding.uses if binding is not None else []

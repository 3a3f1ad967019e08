"""Calls that send an HTTP request: through a library's functions, or a session of it."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.semantics import ir, remote
from lambdalint.semantics.aws import aws_call
from lambdalint.semantics.core import Core
from lambdalint.semantics.effects import READ


class HttpCall(Struct, frozen=True):
    """One request that a call itself sends."""

    model: Core
    call: ir.Call

    @property
    def arguments(self) -> dict[str, ir.Expr]:
        """What the request is made of, by name or position."""
        return {argument.keyword or str(index): argument.value for index, argument in enumerate(self.call.args)}

    @property
    def receiver(self) -> ir.Expr | None:
        """The session that is called on, where it is one."""
        on_session = self.model.operation(self.call) is not None
        return self.call.func.base if on_session and isinstance(self.call.func, ir.Attr) else None


def http_read(model: Core, call: ir.Call) -> HttpCall | None:
    """The request that a call sends, where it is one that changes nothing remotely."""
    if aws_call(model, call) is not None:
        return None
    if not model.project.effects.network(call) or model.effect(call) != READ:
        return None
    return HttpCall(model, call) if _speaks_http(model, call) else None


def _speaks_http(model: Core, call: ir.Call) -> bool:
    """Whether a call is a request library's function, or a method of its session: a database answers in turn."""
    value = model.value(call.func)
    if value is None or value.kind == "external":
        return value is not None
    asked = remote.member(model.facts, value)
    return asked is not None and asked.kind.name.startswith("HTTP")

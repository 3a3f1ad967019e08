"""Calls that send an HTTP request: through a library's functions, or a session of it."""

from __future__ import annotations

from dataclasses import dataclass

from lambdalint.semantics import ir
from lambdalint.semantics.aws import aws_call
from lambdalint.semantics.core import Core
from lambdalint.semantics.effects import READ


@dataclass(frozen=True)
class HttpCall:
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
    return HttpCall(model, call)

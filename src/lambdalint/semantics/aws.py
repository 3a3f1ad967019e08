"""Calls of the AWS SDK: which operation of which service, asked how, with which arguments."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

from lambdalint.knowledge import operations
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.dynamodb import arguments_of
from lambdalint.semantics.uses import Uses, uses_of
from lambdalint.semantics.values import Value


class AwsCall(Struct, frozen=True, dict=True):
    """One call of an operation.

    `operation` is the client's method (`get_item`), also where a resource's action or a paginator
    asks for it. `face` is "client", "resource", "paginator", "waiter" or "collection"; `on` is the
    value that the method is called on. For a waiter `operation` is the waiter's name.
    """

    model: Core
    call: ir.Call
    service: str
    operation: str
    face: str
    on: Value

    @property
    def kind(self) -> str:
        """The kind of resource object that is called on (`Table`, `Queue`), or ""."""
        return self.on.name if self.face == "resource" else ""

    @property
    def name(self) -> str:
        """`dynamodb.get_item`: how the tables of facts name it."""
        return f"{self.service}.{self.operation}"

    @property
    def receiver(self) -> ir.Expr | None:
        """The expression that the method is called on."""
        return self.call.func.base if isinstance(self.call.func, ir.Attr) else None

    @cached_property
    def _given(self) -> tuple[dict[str, ir.Expr], bool]:
        return arguments_of(self.model, self.call)

    @property
    def arguments(self) -> dict[str, ir.Expr]:
        """The arguments that are known by name, those of dicts built beforehand included."""
        return self._given[0]

    @property
    def complete(self) -> bool:
        """Whether there are surely no other arguments."""
        return self._given[1]

    def has(self, *names: str) -> bool:
        """Whether any of the named arguments is given, or may be."""
        return not self.complete or any(name in self.arguments for name in names)

    def constant(self, name: str) -> object:
        """The literal value of an argument, or None."""
        return self.model.constant(self.arguments.get(name))

    @cached_property
    def uses(self) -> Uses:
        """What becomes of the answer."""
        return uses_of(self.call)

    @property
    def label(self) -> str:
        """How a message names it: `table.scan`, `the scan paginator`, `the instance_running waiter`."""
        if self.face in ("paginator", "waiter"):
            return f"the {self.operation} {self.face}"
        return self.model.text(self.call.func)


def aws_call(model: Core, call: ir.Call) -> AwsCall | None:
    """The operation that a call asks for itself, where it is surely one."""
    return model.answer(("aws call", call), lambda: _aws_call(model, call))


def _aws_call(model: Core, call: ir.Call) -> AwsCall | None:
    value = model.value(call.func)
    if value is None or value.kind != "operation" or value.base is None:
        return None
    base = value.base
    service = base.service
    if base.kind == "client" and service and operations.effect(service, value.name) in ("read", "write"):
        return AwsCall(model, call, service, value.name, "client", base)
    if base.kind == "paginator" and value.name == "paginate" and base.name:
        return AwsCall(model, call, service, base.name, "paginator", base)
    if base.kind == "waiter" and value.name == "wait" and base.name:
        return AwsCall(model, call, service, base.name, "waiter", base)
    if base.kind in ("resource", "subresource", "collection") and service:
        return _of_resource(model, call, value, base)
    return None


def _of_resource(model: Core, call: ir.Call, value: Value, base: Value) -> AwsCall | None:
    if base.kind == "collection":
        owner = base.base.name if base.base is not None and base.base.kind == "subresource" else "ServiceResource"
        kind, method = owner, f"{base.name}.{value.name}"
    else:
        kind, method = (base.name if base.kind == "subresource" else "ServiceResource"), value.name
    member = operations.resource_member(base.service, kind, method)
    if member is None or not member.operation or member.role not in ("action", "collection", "waiter"):
        return None
    face = "collection" if member.role == "collection" else "resource"
    return AwsCall(model, call, base.service, member.operation, face, base)

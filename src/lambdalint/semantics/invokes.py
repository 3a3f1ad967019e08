"""Lambda functions that wait for the answer of another one."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.semantics import ir
from lambdalint.semantics.aws import AwsCall, aws_call
from lambdalint.semantics.core import Core

_WAITS = "RequestResponse"  # the default (Lambda API reference: Invoke, InvocationType)
# What is in the answer of an invocation that nobody waits for as well.
_EVENT_ANSWERS = {"StatusCode", "ResponseMetadata"}


class Invoke(Struct, frozen=True):
    """A call that invokes a function and waits for it; `answered` says whether its result is looked at."""

    aws: AwsCall
    answered: bool


def synchronous_invoke(model: Core, call: ir.Call) -> Invoke | None:
    """The invocation that a call surely waits for, or None."""
    found = aws_call(model, call)
    if found is None or found.name != "lambda.invoke":
        return None
    kind = found.arguments.get("InvocationType")
    if kind is None:
        waits = found.complete
    else:
        waits = all(value.kind == "const" and value.constant == _WAITS for value in model.values(kind))
    return Invoke(found, _answered(found)) if waits else None


def _answered(found: AwsCall) -> bool:
    """Whether anything is done with what the other function gave."""
    read = [use for use in found.uses if use.kind not in ("ignored", "show", "truth")]
    return any(use.kind not in ("key", "has") or use.name not in _EVENT_ANSWERS for use in read)

"""Copies made by writing JSON and parsing it again."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.looked_at import only_looked_at

_PAIRS = {f"{package}.loads": f"{package}.dumps" for package in ("json", "orjson", "ujson", "simplejson")}
# Arguments of `dumps` that only decide how the text looks.
_LAYOUT = {"indent", "separators", "ensure_ascii"}


class RoundTrip(Struct, frozen=True):
    """`call` parses what it has just written; `value` is what is copied."""

    call: ir.Call
    value: ir.Expr


def round_trip(model: Core, call: ir.Call) -> RoundTrip | None:
    """A copy by JSON that nobody needs: neither the copy nor the original is changed, or handed on."""
    writer = _PAIRS.get(model.qualified(call.func))
    if writer is None or call.spreads or len(call.args) != 1 or call.args[0].keyword is not None:
        return None
    inner = call.args[0].value
    if not isinstance(inner, ir.Call) or model.qualified(inner.func) != writer or inner.spreads:
        return None
    value = inner.positional(0)
    plain = all(argument.value is value or argument.keyword in _LAYOUT for argument in inner.args)
    if value is None or not plain or not only_looked_at(model, call) or not _original_stays(model, value):
        return None
    return RoundTrip(call, value)


def _original_stays(model: Core, value: ir.Expr) -> bool:
    """Whether the other uses of what is copied only look at it: else the copy may keep an earlier state."""
    root = ir.root_name(value)
    binding = root.scope.lookup(root.id) if root is not None else None
    others = [use for use in binding.uses if use is not root and not use.store] if binding is not None else []
    return all(only_looked_at(model, use) for use in others)

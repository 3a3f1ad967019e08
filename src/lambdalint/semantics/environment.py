"""Environment variables: which one an expression reads."""

from __future__ import annotations

from lambdalint.semantics import ir
from lambdalint.semantics.core import Core


def environment_variable(model: Core, expr: ir.Expr) -> str:
    """The name of the environment variable whose value an expression has, or ""."""
    value = model.value(expr)
    if value is None or value.kind != "result":
        return ""
    origin = value.origin
    if value.name == "os.environ" and isinstance(origin, ir.Item):
        return str(model.constant(origin.key) or "")
    if value.name in ("os.environ.get", "os.getenv") and isinstance(origin, ir.Call) and origin.args:
        return str(model.constant(origin.args[0].value) or "")
    return ""

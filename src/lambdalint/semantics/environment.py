"""Environment variables: which one an expression reads."""

from __future__ import annotations

from lambdalint.semantics import ir
from lambdalint.semantics.core import Core


def environment_variable(model: Core, expr: ir.Expr) -> str:
    """The name of the environment variable that an expression reads, or ""."""
    for _ in range(4):
        if isinstance(expr, ir.Name):
            binding = expr.scope.lookup(expr.id)
            if binding is None or len(binding.definitions) != 1 or binding.definitions[0].value is None:
                return ""
            expr = binding.definitions[0].value
        elif isinstance(expr, ir.Item) and model.qualified(expr.base) == "os.environ":
            return str(model.constant(expr.key) or "")
        elif isinstance(expr, ir.Call) and model.qualified(expr.func) in ("os.environ.get", "os.getenv") and expr.args:
            return str(model.constant(expr.args[0].value) or "")
        else:
            return ""
    return ""

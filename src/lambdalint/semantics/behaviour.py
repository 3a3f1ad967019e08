"""What a function does beside its calls: raise by its own decision, store into what isn't its own."""

from __future__ import annotations

from lambdalint.semantics import ir
from lambdalint.semantics.values import MUTATORS


def raises(function: ir.Function) -> bool:
    """Whether a function raises by its own decision, and not only what a call below raised."""
    return any(not _reraises(stmt) for stmt in ir.statements(function.body) if isinstance(stmt, ir.Raise))


def _reraises(stmt: ir.Raise) -> bool:
    """`raise` in an `except` body, or of what one caught, only passes on what a call raised."""
    if any(isinstance(a, ir.ExceptHandler) for a in ir.ancestors(stmt)):
        return True
    return len(stmt.items) == 1 and isinstance(stmt.items[0], ir.Name) and _was_caught(stmt.items[0])


def _was_caught(name: ir.Name) -> bool:
    """Whether a name holds nothing but an exception that an `except` clause bound."""
    binding = name.scope.lookup(name.id)
    values = [d.value for d in binding.definitions if d.kind == "assign"] if binding is not None else []
    if binding is None or len(values) < len(binding.definitions):
        return False
    caught = [v for v in values if not (isinstance(v, ir.Const) and v.value is None)]
    return bool(caught) and all(isinstance(v, ir.Name) and _is_exception(v) for v in caught)


def _is_exception(name: ir.Name) -> bool:
    binding = name.scope.lookup(name.id)
    return binding is not None and all(d.kind == "except" for d in binding.definitions)


def mutates(function: ir.Function) -> bool:
    """Whether a function stores into something that it was given or that outlives it."""
    for stmt in ir.statements(function.body):
        targets: list[ir.Expr] = []
        if isinstance(stmt, ir.Assign):
            targets = stmt.targets
        elif isinstance(stmt, ir.AugAssign):
            targets = [stmt.target]
        elif isinstance(stmt, ir.Delete):
            targets = stmt.targets
        if any(_outlives(target, function) for target in targets):
            return True
    # What a method of that name is called on is changed, whatever stands there.
    receivers = (c.func for c in function.calls if isinstance(c.func, ir.Attr) and c.func.name in MUTATORS)
    return any(_outlives(receiver, function) for receiver in receivers)


def _outlives(target: ir.Expr, function: ir.Function) -> bool:
    """Whether storing there changes what a function was given, or what was there before it."""
    root = ir.root_name(target)
    binding = root.scope.lookup(root.id) if root is not None else None
    if binding is None:
        return False
    if binding.scope.function is not function:
        return True
    return not isinstance(target, ir.Name) and any(d.kind == "param" for d in binding.definitions)

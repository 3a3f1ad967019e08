"""How an answer is read in code: by the name that it is given, and by its fields."""

from __future__ import annotations

from lambdalint.semantics import ir


def only_name(stmt: ir.Assign) -> ir.Binding | None:
    """The function's own name that a statement gives its value to, where no other statement does."""
    target = stmt.targets[0]
    binding = target.scope.lookup(target.id) if isinstance(target, ir.Name) else None
    if binding is None or len(stmt.targets) != 1 or len(binding.definitions) != 1:
        return None
    return binding if binding.scope.kind == "function" and stmt.annotation is None else None


def field_read(answer: ir.Expr, field: str) -> ir.Expr | None:
    """`answer["Item"]`, `answer.get("Item")`, `answer.get("Item", {})`."""
    parent = answer.parent
    if isinstance(parent, ir.Item) and parent.base is answer and not parent.store:
        return parent if isinstance(parent.key, ir.Const) and parent.key.value == field else None
    if isinstance(parent, ir.Attr) and parent.name == "get" and isinstance(parent.parent, ir.Call):
        call = parent.parent
        given = call.positional(0) if call.func is parent else None
        return call if isinstance(given, ir.Const) and given.value == field else None
    return None

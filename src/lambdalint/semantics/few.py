"""Loops over so few things that it doesn't matter how each is asked for."""

from __future__ import annotations

from lambdalint.semantics import ir
from lambdalint.semantics.values import MUTATORS

_FEW = 2
_FOLLOWED = 6  # names, and calls that give the same things in another form
# Builtins that give no more things than they are given (Python library reference: built-in functions).
_REGROUPING = {"dict.fromkeys", "enumerate", "frozenset", "iter", "list", "reversed", "set", "sorted", "tuple"}


def few(loop: ir.For | ir.Comp) -> bool:
    """Whether a loop runs over one or two things that are written out."""
    source: ir.Expr | None = loop.iter if isinstance(loop, ir.For) else loop.loops[0].iter
    for _ in range(_FOLLOWED):
        match source:
            case ir.Seq(items=items):
                return len(items) <= _FEW and not any(isinstance(item, ir.Star) for item in items)
            case ir.Map(entries=entries):
                return len(entries) <= _FEW and all(key is not None for key, _ in entries)
            case ir.Call(func=ir.Attr(base=base, name="items" | "keys" | "values"), args=[]):
                source = base
            case ir.Call(func=func) if ir.dotted(func) in _REGROUPING:
                source = source.positional(0)
            case ir.Name():
                source = _only_value(source)
            case _:
                return False
    return False


def _only_value(name: ir.Name) -> ir.Expr | None:
    """What a name surely holds: it is assigned once, and nothing is added to it."""
    binding = name.scope.lookup(name.id)
    if binding is None or len(binding.definitions) != 1:
        return None
    definition = binding.definitions[0]
    if definition.kind != "assign" or definition.path or any(_may_add(use) for use in binding.uses):
        return None
    return definition.value


def _may_add(use: ir.Name) -> bool:
    parent = use.parent
    if isinstance(parent, ir.Attr):
        return parent.name in MUTATORS
    return isinstance(parent, ir.AugAssign) or (isinstance(parent, ir.Item) and parent.store)

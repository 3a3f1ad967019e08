"""What the decorators of a project do with the functions and classes below them.

`@decorator` above `def f` stands for the call `decorator(f)`, which runs where the
definition does. What that call gives runs in place of f, and runs f in its turn.
"""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.knowledge import frameworks
from lambdalint.semantics import classes, ir
from lambdalint.semantics.values import DECORATED, Evaluator, Value, full_name


class Decorations:
    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self._calls: dict[int, ir.Call] = {}  # kept, since answers go by the identity of expressions

    def call(self, definition: ir.Function | ir.Class, decorator: ir.Expr) -> ir.Call:
        """The call that a decorator stands for."""
        known = self._calls.get(id(decorator))
        if known is None:
            known = self._calls[id(decorator)] = ir.Call(decorator, [ir.Argument(ir.Ref(definition))])
            known.parent = known.args[0].value.parent = decorator.parent
        return known

    def wrappers(self, function: ir.Function, decorator: ir.Expr) -> list[ir.Function]:
        """The functions of the project that run when the decorated function is called."""
        maker = decorator.func if isinstance(decorator, ir.Call) else decorator
        found = [f for value in self.evaluator.evaluate(maker) for f in self._itself(value)]
        for value in self.evaluator.evaluate(self.call(function, decorator)):
            if value.kind == "partial" and value.base is not None:
                value = value.base
            if value.kind == "instance":
                method = classes.find_method(self.evaluator, value, "__call__")
                found += [method] if method is not None else []
            elif isinstance(value.origin, ir.Function) and value.origin.outer not in (None, value.origin.module.main):
                found += [value.origin] if value.origin is not function else []
        # A decorator that may also be used without arguments gives the maker of its wrapper, too.
        return [f for f in dict.fromkeys(found) if not any(other.outer is f for other in found)]

    def _itself(self, value: Value) -> Iterator[ir.Function]:
        """A decorator that a library made of a function with the wrapped one as its first parameter."""
        if value.kind == "function" and isinstance(value.origin, ir.Function):
            makers = value.origin.decorators
            names = (
                v for made in makers for v in self.evaluator.evaluate(made.func if isinstance(made, ir.Call) else made)
            )
            if any(frameworks.makes_decorator(full_name(name)) for name in names):
                yield value.origin

    def is_inner(self, call: ir.Call, value: Value) -> bool:
        """Whether a call is a wrapper's own of the function that it was put around."""
        if value.base is not DECORATED:
            return False
        if isinstance(call.func, ir.Name):
            binding = call.func.scope.lookup(call.func.id)
            return (
                binding is not None
                and all(d.kind == "param" for d in binding.definitions)
                and binding.scope is not call.func.scope
            )
        if isinstance(call.func, ir.Attr):
            for owner in self.evaluator.evaluate(call.func.base):
                if isinstance(owner.origin, ir.Class):
                    stored = owner.origin.attributes.get(call.func.name, [])
                    if stored and all(function.name == "__init__" for _, _, function in stored):
                        return True
        return False

"""What the decorators of a project do with the functions and classes below them.

`@decorator` above `def f` stands for the call `decorator(f)`, which runs where the
definition does. What that call gives runs in place of f, and runs f in its turn.
"""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.knowledge import frameworks
from lambdalint.semantics import classes, ir
from lambdalint.semantics.value import DECORATED, Value, full_name
from lambdalint.semantics.values import Evaluator


class Decorations:
    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self._calls: dict[ir.Expr, ir.Call] = {}

    def call(self, definition: ir.Function | ir.Class, decorator: ir.Expr) -> ir.Call:
        """The call that a decorator stands for."""
        known = self._calls.get(decorator)
        if known is None:
            known = self._calls[decorator] = ir.Call(decorator, [ir.Argument(ir.Ref(definition))])
            known.parent = known.args[0].value.parent = decorator.parent
        return known

    def drop(self, gone: set[object]) -> list[ir.Call]:
        """Let go of the calls that stand for decorators which are no more, and tell them."""
        return [self._calls.pop(decorator) for decorator in list(self._calls) if decorator in gone]

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
        if value.kind == "function" and isinstance(value.origin, ir.Function) and self._is_wrapper(value.origin):
            yield value.origin

    def _is_wrapper(self, function: ir.Function) -> bool:
        """Whether a library makes a decorator of a function whose first parameter is then the wrapped one."""
        makers = (made.func if isinstance(made, ir.Call) else made for made in function.decorators)
        names = (value for maker in makers for value in self.evaluator.evaluate(maker))
        return any(frameworks.makes_decorator(full_name(name)) for name in names)

    def is_inner(self, call: ir.Call, value: Value) -> bool:
        """Whether a call is a wrapper's own of the function that it was put around."""
        if value.base is not DECORATED:
            return False
        if isinstance(call.func, ir.Name):
            binding = call.func.scope.lookup(call.func.id)
            return binding is not None and all(self._is_wrapped(d, call.func.scope) for d in binding.definitions)
        if isinstance(call.func, ir.Attr):
            owners = (owner.origin for owner in self.evaluator.evaluate(call.func.base))
            return any(_kept_by_constructor(o, call.func.name) for o in owners if isinstance(o, ir.Class))
        return False

    def _is_wrapped(self, definition: ir.Definition, scope: ir.Scope) -> bool:
        """Whether a name used in `scope` is the parameter of the decorator around it, or of a wrapper itself."""
        if definition.kind != "param" or definition.function is None:
            return False
        return definition.scope is not scope or (definition.index == 0 and self._is_wrapper(definition.function))


def is_decoration(site: ir.Expr) -> bool:
    """Whether a call is one that a decorator stands for: what it makes lives as long as what is decorated."""
    return isinstance(site, ir.Call) and any(isinstance(argument.value, ir.Ref) for argument in site.args)


def _kept_by_constructor(cls: ir.Class, name: str) -> bool:
    stored = cls.attributes.get(name, [])
    return bool(stored) and all(function.name == "__init__" for _, _, function in stored)

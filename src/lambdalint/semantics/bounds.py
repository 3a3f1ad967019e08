"""The most that a number may be, as far as constants, names, `min`, `random` and arithmetic tell."""

from __future__ import annotations

from collections.abc import Iterable

from lambdalint.semantics import flow, ir
from lambdalint.semantics.addresses import assigned
from lambdalint.semantics.containers import refilled
from lambdalint.semantics.core import Core
from lambdalint.semantics.value import full_name

_WORK = 200  # expressions that are looked at for one answer
_DEPTH = 20
_GENERATORS = ("random.Random.", "random.SystemRandom.", "secrets.SystemRandom.")
# Time that only grows (Python library reference: time).
_CLOCKS = ("time.time", "time.monotonic", "time.perf_counter", "time.process_time")


def bound(model: Core, expr: ir.Expr, *, capped: bool = True) -> float | None:
    """The most that an expression may be, None where nothing tells.

    `capped` says whether the limit of `min(unknown, limit)` is an answer, or what it limits has to be known.
    """
    return _Bounds(model, capped).of(expr, _DEPTH)


class _Bounds:
    """One search; `left` is the work that it may still do."""

    def __init__(self, model: Core, capped: bool) -> None:
        self.model = model
        self.capped = capped
        self.left = _WORK

    def of(self, expr: ir.Expr, depth: int) -> float | None:
        numbers = [v.constant if v.kind == "const" else None for v in self.model.values(expr)]
        known = [float(n) for n in numbers if isinstance(n, (int, float)) and not isinstance(n, bool)]
        if known and len(known) == len(numbers):
            return max(known)
        self.left -= 1
        if depth == 0 or self.left < 0:
            return None
        match expr:
            case ir.Call():
                return self._call(expr, depth - 1)
            case ir.Blend(op=op, items=[left, right]):
                return self._operation(op, left, right, depth - 1)
            case ir.Choice(items=items):
                return self._most(items, depth - 1)
            case ir.Name():
                return self._name(expr, depth - 1)
        return None

    def _operation(self, op: str, left: ir.Expr, right: ir.Expr, depth: int) -> float | None:
        one, two = self.of(left, depth), self.of(right, depth)
        match op:
            case "Add" if one is not None and two is not None:
                return one + two
            case "Multiply" if one is not None and two is not None:
                return one * two
            case "Divide" if one is not None:
                divisor = self.model.constant(right)
                return one / divisor if isinstance(divisor, (int, float)) and divisor > 0 else None
            case "Subtract" if one is not None and self._is_elapsed(right):
                return one
            case "Subtract" if one is not None:
                taken = self.model.constant(right)
                return one - taken if isinstance(taken, (int, float)) else None
        return None

    def _is_elapsed(self, expr: ir.Expr) -> bool:
        """Whether an expression is the time since something: a clock's, less what that showed before."""
        given = assigned(expr) if isinstance(expr, ir.Name) else expr
        if not isinstance(given, ir.Blend) or given.op != "Subtract":
            return False
        now = given.items[0]
        now = (assigned(now) or now) if isinstance(now, ir.Name) else now
        return isinstance(now, ir.Call) and self.model.qualified(now.func) in _CLOCKS

    def _name(self, name: ir.Name, depth: int) -> float | None:
        """The most of all that a name is assigned; what it is made of itself grows."""
        binding = name.scope.lookup(name.id)
        definitions = flow.reaching(name, binding) if binding is not None else ()
        values = [d.value for d in definitions if d.kind == "assign" and not d.path and d.value is not None]
        return self._most(values, depth) if values and len(values) == len(definitions) else None

    def _call(self, call: ir.Call, depth: int) -> float | None:
        given = [argument.value for argument in call.args]
        match self._function(call):
            case "builtins.min":
                limits = [self.of(one, depth) for one in given]
                known = [limit for limit in limits if limit is not None]
                return min(known, default=None) if self.capped or len(known) == len(limits) else None
            case "builtins.max" | "random.uniform" | "random.randint":
                return self._most(given, depth)
            case "random.random":
                return 1.0
            case "random.choice":
                return self._items(given[0], depth) if given else None
            case "builtins.int" | "builtins.float" | "builtins.round":
                return self.of(given[0], depth) if given else None
        return None

    def _function(self, call: ir.Call) -> str:
        """The name of what is called; a generator's own method is the function of the same name."""
        value = self.model.value(call.func)
        name = full_name(value) if value is not None else ""
        for prefix in _GENERATORS:
            name = f"random.{name.removeprefix(prefix)}" if name.startswith(prefix) else name
        return name

    def _items(self, expr: ir.Expr, depth: int) -> float | None:
        value = self.model.value(expr)
        if value is None or value.kind != "container" or not isinstance(value.origin, ir.Seq):
            return None
        return None if refilled(self.model.project.evaluator, value) else self._most(value.origin.items, depth)

    def _most(self, exprs: Iterable[ir.Expr], depth: int) -> float | None:
        found = [self.of(expr, depth) for expr in exprs]
        known = [one for one in found if one is not None]
        return max(known) if known and len(known) == len(found) else None

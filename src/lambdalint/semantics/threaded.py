"""What an awaited call runs in another thread: `await asyncio.to_thread(f, x)` comes to `f(x)`."""

from __future__ import annotations

from lambdalint.knowledge import callables, concurrency
from lambdalint.semantics import handing, ir
from lambdalint.semantics.solving import Solver
from lambdalint.semantics.value import full_name
from lambdalint.semantics.values import Evaluator, single


class Threaded:
    """Knows the calls that stand for those which are made in another thread."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self._solver = Solver(0, evaluator.grounds)
        self.forget = self._solver.forget

    def drop(self, gone: set[object]) -> None:
        """Let go of calls that are no more; those that they stand for are added."""
        known = [self._solver.memo.get(call) for call in gone if isinstance(call, ir.Call)]
        gone.update(made for found in known if isinstance(found, tuple) for made in found if made is not None)
        self._solver.drop(gone.__contains__)

    def runs(self, call: ir.Call) -> ir.Call | None:
        """The call that an awaited one makes in another thread; None for any other call."""
        if not isinstance(call.parent, ir.Await):
            return None
        return self._solver.once(call, lambda: (self._made(call),))[0]

    def _made(self, call: ir.Call) -> ir.Call | None:
        name = self._name(call.func)
        taker = callables.taker(name) if concurrency.runs_in_thread(name) else None
        given = handing.handed(taker, call) if taker is not None else []
        if taker is None or len(given) != 1:
            return None
        function: ir.Expr = given[0]
        arguments = handing.passed(taker, call) or []
        if isinstance(function, ir.Call) and function.args and self._name(function.func) == "functools.partial":
            arguments = [*function.args[1:], *arguments]
            function = function.args[0].value
        made = ir.Call(function, arguments)
        made.parent = call.parent
        return made

    def _name(self, expr: ir.Expr) -> str:
        value = single(self.evaluator.evaluate(expr))
        return full_name(value) if value is not None else ""

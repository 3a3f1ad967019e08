"""Which coroutines run beside others: handed to `gather` together, or started as tasks side by side."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from lambdalint.knowledge import concurrency
from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.value import full_name
from lambdalint.semantics.values import MUTATORS

_MAP = "builtins.map"
_AWAITING = ("asyncio.shield", "asyncio.wait_for")  # they wait for the one coroutine that they are given
_HANDING_ON = (*_AWAITING, _MAP, "builtins.list", "builtins.set", "builtins.tuple")
_HOPS = 8  # names that a coroutine is followed through


def runs_beside(model: Core, function: ir.Function) -> bool:
    """Whether others wait while a coroutine runs: it was started beside them, or what awaits it was."""
    seen = {function}
    stack = [function]
    while stack:
        current = stack.pop()
        for edge in model.project.edges_to(current):
            if not isinstance(edge.site, ir.Call) or edge.caller not in model.project.reach.hot:
                continue
            mapped = _name(model, edge.site) == _MAP
            if (mapped or not edge.callback) and started_beside(model, edge.site, several=mapped):
                return True
            if edge.caller.is_async and not edge.callback and edge.caller not in seen and _is_awaited(model, edge.site):
                seen.add(edge.caller)
                stack.append(edge.caller)
    return False


def started_beside(model: Core, made: ir.Call, *, several: bool = False) -> bool:
    """Whether the coroutine that a call makes (`several`: one per item) runs beside others."""
    return _Journey(model).leads_to_others(made, several)


def _is_awaited(model: Core, call: ir.Call) -> bool:
    """Whether the coroutine that a call makes is waited for at once."""
    while isinstance(call.parent, ir.Call) and model.qualified(call.parent.func) in _AWAITING:
        call = call.parent
    return isinstance(call.parent, ir.Await)


class _Journey(Struct):
    """Follows a coroutine from where it is made to what runs it."""

    model: Core
    seen: set[ir.Binding] = field(default_factory=set)

    def leads_to_others(self, expr: ir.Expr, several: bool) -> bool:
        """Whether what an expression gives (`several`: it gives many) ends up running beside others."""
        while isinstance(expr.parent, ir.Expr):
            outer = expr.parent
            match outer:
                case ir.Comp(elements=elements) if any(element is expr for element in elements):
                    several = True
                case ir.Seq(items=items):
                    several = several or len(items) > 1
                case ir.Star() | ir.Choice():
                    pass
                case ir.Call() if outer.func is not expr:
                    found = self._given(outer, several)
                    if isinstance(found, bool):
                        return found
                case _:
                    return False
            expr = outer
        return self._assigned(expr, several)

    def _given(self, call: ir.Call, several: bool) -> bool | None:
        """The answer where a call decides it; None where what the call gives is to be followed."""
        name = _name(self.model, call)
        takes = concurrency.join(name)
        if takes is not None:
            return several or (takes == "arguments" and sum(a.keyword is None for a in call.args) > 1)
        if concurrency.starts_task(name):
            return True if _several_starts(self.model, call) else None
        if name in _HANDING_ON:
            return None
        return self._collected(call, several)

    def _collected(self, call: ir.Call, several: bool) -> bool:
        """`tasks.append(f(x))`: what the list is used for."""
        func = call.func
        if not isinstance(func, ir.Attr) or func.name not in MUTATORS or not isinstance(func.base, ir.Name):
            return False
        return self._named(func.base, several or bool(flow.loops_around(call)) or _added_to_often(func.base))

    def _assigned(self, expr: ir.Expr, several: bool) -> bool:
        stmt = expr.parent
        if not isinstance(stmt, ir.Assign) or len(stmt.targets) != 1 or not isinstance(stmt.targets[0], ir.Name):
            return False
        return self._named(stmt.targets[0], several)

    def _named(self, name: ir.Name, several: bool) -> bool:
        binding = name.scope.lookup(name.id)
        if binding is None or binding in self.seen or len(self.seen) >= _HOPS:
            return False
        self.seen.add(binding)
        return any(self.leads_to_others(use, several) for use in binding.uses if not use.store)


def _name(model: Core, call: ir.Call) -> str:
    """The whole dotted name of what is called, where it comes from outside the project."""
    value = model.value(call.func)
    return full_name(value) if value is not None else ""


def _added_to_often(name: ir.Name) -> bool:
    """Whether more than one call adds to what a name holds."""
    binding = name.scope.lookup(name.id)
    uses = binding.uses if binding is not None else []
    return sum(isinstance(use.parent, ir.Attr) and use.parent.name in MUTATORS for use in uses) > 1


def _several_starts(model: Core, start: ir.Call) -> bool:
    """Whether a task is started while others run: in every turn of a loop, or next to another start."""
    loops = flow.loops_around(start)
    if loops:
        return not any(_awaits(part) for part in _repeated(loops[0]))
    stmt = ir.statement_of(start)
    if stmt is None:
        return False
    block = flow.block_of(stmt)
    here = next((index for index, member in enumerate(block) if member is stmt), 0)
    return _starts_on(model, block[here + 1 :]) or _starts_on(model, block[:here][::-1])


def _starts_on(model: Core, block: list[ir.Stmt]) -> bool:
    """Whether another task is started in statements that follow one another, before anything is awaited."""
    for stmt in block:
        parts = [part for expr in ir.expressions(stmt) for part in ir.walk(expr)]
        if any(isinstance(part, ir.Await) for part in parts) or next(iter(ir.blocks(stmt)), None) is not None:
            return False
        if any(isinstance(part, ir.Call) and concurrency.starts_task(_name(model, part)) for part in parts):
            return True
    return False


def _repeated(loop: ir.For | ir.While | ir.Comp) -> Iterator[ir.Expr]:
    """The expressions of a loop's turns."""
    if isinstance(loop, ir.Comp):
        yield from loop.elements
        return
    for stmt in ir.statements(loop.body):
        yield from ir.expressions(stmt)


def _awaits(expr: ir.Expr) -> bool:
    return any(isinstance(part, ir.Await) for part in ir.walk(expr))

"""Code that runs at most once per execution environment although it stands on the path.

A guard asks a place that outlives the invocation (a module's variable, a class
attribute, an attribute of an object made at init, a variable of a closure) and
lets code run that stores into that same place: a branch, an early return, a
handler of what a missing entry raises, `x = x or make()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from lambdalint.semantics import flow, ir
from lambdalint.semantics.memo import Memo
from lambdalint.semantics.slots import NO_SLOTS, Lifetimes, Slot, Slots, meet
from lambdalint.semantics.storage import Storage
from lambdalint.semantics.values import Evaluator

Dropped = Callable[[ir.Function, Storage], Slots]


class Guards:
    """`lifetimes` says what outlives an invocation, `dropped` what the handlers that reach a function empty."""

    def __init__(self, evaluator: Evaluator, lifetimes: Lifetimes, dropped: Dropped) -> None:
        known = Lifetimes(lambda cls: lifetimes.instances(cls) or self.memo.single(cls), lifetimes.calls)
        self.storage = Storage(evaluator, known)
        self.memo = Memo(evaluator, known, self.guarded)
        self._dropped = dropped
        self._cached: dict[ir.Function, bool] = {}
        self._guarded: dict[int, bool] = {}
        self._suspects: dict[int, ir.Node | None] = {}
        self._exits: dict[int, list[tuple[int, ir.Expr]]] = {}

    def cached(self, function: ir.Function) -> bool:
        """Whether a caching decorator keeps the function's result between invocations."""
        known = self._cached.get(function)
        if known is None:
            known = self._cached[function] = bool(function.decorators) and self.memo.survives(function)
        return known

    def kept(self, cls: ir.Class) -> bool:
        """Whether calling a class only runs its constructor the first time."""
        return self.memo.kept(cls)

    def guarded(self, node: ir.Node) -> bool:
        """Whether a guard in the same function keeps `node` from running twice."""
        known = self._guarded.get(id(node))
        if known is None:
            known = self._guarded[id(node)] = self._behind_guard(node)
        return known

    def _behind_guard(self, node: ir.Node) -> bool:
        below = self._suspect(node)
        while below is not None:
            around = flow.around(below)
            if around is not None and self._opens(around, below, node):
                return True
            if isinstance(below, ir.Stmt) and self._early_exit(below, node):
                return True
            below = self._suspect(around) if around is not None else None
        return False

    def _suspect(self, node: ir.Node) -> ir.Node | None:
        """The nearest of a node and those around it that a guard may let run, by a quick look."""
        ways: list[ir.Node] = []
        current: ir.Node | None = node
        while current is not None and id(current) not in self._suspects:
            ways.append(current)
            if self._may_open(current):
                break
            current = flow.around(current)
        found = current
        if current is not None and id(current) in self._suspects:
            found = self._suspects[id(current)]
        for below in ways:
            self._suspects[id(below)] = found
        return found

    def _may_open(self, node: ir.Node) -> bool:
        if isinstance(node, ir.Stmt) and self._exits_in(flow.block_of(node) if node.parent is not None else []):
            return True
        match flow.around(node):
            case ir.If(test=test) | ir.While(test=test):
                return bool(self.storage.asked(test))
            case ir.Choice() | ir.Case() | ir.ExceptHandler():
                return True
        return False

    # --- forms -------------------------------------------------------------------------------

    def _opens(self, around: ir.Node, below: ir.Node, node: ir.Node) -> bool:
        """Whether `around` is a guard that lets its part `below` run."""
        match around:
            case ir.Choice(kind=kind, items=items, test=test):
                asking = test if kind == "if" else items[0]
                stmt = ir.statement_of(around)
                if asking is None or below is asking or stmt is None:
                    return False
                return self._fills(asking, self.storage.stored_by(stmt), node)
            case ir.If(test=test, body=body, orelse=orelse) | ir.While(test=test, body=body, orelse=orelse):
                block: list[ir.Stmt] = []
                if isinstance(below, ir.Stmt):
                    block = body if flow.holds(body, below) else orelse
                return self._fills(test, self.storage.stored(block, node), node)
            case ir.Case(body=body) if isinstance(around.parent, ir.Match):
                return self._fills(around.parent.subject, self.storage.stored(body, node), node)
            case ir.ExceptHandler(body=body) if isinstance(around.parent, ir.Try):
                tried = (expr for stmt in around.parent.body for expr in ir.expressions(stmt))
                return any(self._fills(asking, self.storage.stored(body, node), node) for asking in tried)
        return False

    def _early_exit(self, stmt: ir.Stmt, node: ir.Node) -> bool:
        """An earlier `if CACHE: return CACHE` in the same block, with a store behind it."""
        block = flow.block_of(stmt) if stmt.parent is not None else []
        return any(
            stmt.place > block[index].place and self._fills(test, self._stored(test, block[index + 1 :], node), node)
            for index, test in self._exits_in(block)
        )

    def _exits_in(self, block: list[ir.Stmt]) -> list[tuple[int, ir.Expr]]:
        exits = self._exits.get(id(block))
        if exits is None:
            exits = self._exits[id(block)] = list(self._exits_of(block))
        return exits

    def _exits_of(self, block: list[ir.Stmt]) -> Iterator[tuple[int, ir.Expr]]:
        """The early returns of a block, by their place in it, that ask what is stored behind them."""
        for index, member in enumerate(block):
            for test in self._leaving(member):
                if self._filled_behind(test, block[index + 1 :]):
                    yield index, test

    def _filled_behind(self, test: ir.Expr, behind: list[ir.Stmt]) -> bool:
        """Whether any code behind an early return stores what it asks."""
        asked = self.storage.asked(test)
        return bool(asked) and meet(self._stored(test, behind, None), asked)

    def _stored(self, test: ir.Expr, behind: list[ir.Stmt], node: ir.Node | None) -> Iterator[Slot]:
        """What is stored behind an early return, by functions as well where the return asks for itself.

        Where neither is seen here, it isn't a cache but a limit that is checked, and counted elsewhere.
        """
        directly = self.storage.asked(test, functions=False)
        return self.storage.stored(behind, node) if directly else self.storage.stored_directly(behind, node)

    def _leaving(self, stmt: ir.Stmt) -> list[ir.Expr]:
        """What a statement asks before it leaves the block that it stands in."""
        match stmt:
            case ir.If(test=test, body=body):
                while not flow.leaves(body):
                    # `if key in CACHE:` and then, inside, `if CACHE[key].fresh: return …`
                    inner = next((s for s in body if isinstance(s, ir.If) and self.storage.asked(s.test)), None)
                    if inner is None or not self.storage.asked(test):
                        return []
                    body = inner.body
                return [test]
            case ir.Try(body=body) | ir.With(body=body) if body and isinstance(body[-1], ir.Return):
                if isinstance(stmt, ir.Try) or _suppresses(stmt):
                    return [body[-1].value] if body[-1].value is not None else []
        return []

    def _fills(self, test: ir.Expr, stored: Iterable[Slot], node: ir.Node) -> bool:
        """Whether what a condition asks is among what is stored, and nobody empties it at each invocation."""
        asked = self.storage.asked(test)
        dropped = self._dropped_before(node) if asked else NO_SLOTS
        kept = [slot for slot in asked if not meet([slot], dropped)]
        return bool(kept) and meet(stored, kept)

    def _dropped_before(self, node: ir.Node) -> Slots:
        function = flow.function_of(node)
        if function is None:
            return NO_SLOTS
        return self.storage.dropped(function) | self._dropped(function, self.storage)


def _suppresses(stmt: ir.Stmt) -> bool:
    """`with suppress(KeyError):`, which goes on behind the block where an entry is missing."""
    contexts = [context for context, _ in stmt.items] if isinstance(stmt, ir.With) else []
    return any(isinstance(c, ir.Call) and ir.dotted(c.func).split(".")[-1] == "suppress" for c in contexts)

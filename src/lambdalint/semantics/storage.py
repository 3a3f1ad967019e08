"""What code asks of the places that outlive an invocation, what it stores there, and what it drops."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.semantics import flow, ir
from lambdalint.semantics.slots import ANY, FOLLOWED, Lifetimes, Places, Slot, Slots, key_of
from lambdalint.semantics.values import MUTATORS, Evaluator

_STORING = MUTATORS | {"set", "store"}


class Storage:
    def __init__(self, evaluator: Evaluator, lifetimes: Lifetimes) -> None:
        self.evaluator = evaluator
        self.places = Places(evaluator, lifetimes)
        self._asked: dict[tuple[int, bool], Slots] = {}
        self._stores: dict[ir.Function, Slots] = {}
        self._put: dict[int, Slots] = {}
        self._drops: dict[ir.Function, Slots] = {}

    # --- what a condition asks ---------------------------------------------------------------

    def asked(self, test: ir.Expr, functions: bool = True) -> Slots:
        """The places that a condition looks at, directly, through names, or through functions of the project."""
        key = (id(test), functions)
        known = self._asked.get(key)
        if known is None:
            known = self._asked[key] = frozenset(self._asks(test, FOLLOWED, set(), functions))
        return known

    def _asks(
        self, test: ir.Expr, depth: int, seen: set[int], functions: bool, derived: bool = False
    ) -> Iterator[Slot]:
        """`derived` says that the condition only looks at something that was made of `test`."""
        stack = [test]
        while stack:
            part = stack.pop()
            if id(part) in seen:
                continue
            seen.add(id(part))
            if isinstance(part, ir.Compare) and part.ops[0] in ("in", "not in"):
                slot = self.places.slot(part.rights[0])
                if slot is not None:
                    yield (*slot, key_of(part.left))
                    stack += [part.left, *part.rights[1:]]
                    continue
            slot = self.places.slot(part) if isinstance(part, (ir.Name, ir.Attr, ir.Item, ir.Call)) else None
            if slot is not None:
                yield slot
                continue
            if derived and isinstance(part, ir.Call) and isinstance(part.func, ir.Attr):
                stack.extend(argument.value for argument in part.args)  # what a client answers isn't the client
            else:
                stack.extend(ir.children(part))
            # The way into a function counts twice: what it asks in turn is far from the condition.
            cost = 2 if isinstance(part, ir.Call) else 1
            if depth >= cost and (functions or cost == 1):
                for further in self._behind(part):
                    yield from self._asks(further, depth - cost, seen, functions, derived=True)

    def _behind(self, part: ir.Expr) -> Iterator[ir.Expr]:
        """What a local name was assigned, what a function of the project returns, and what it asks to say yes or no."""
        if isinstance(part, ir.Name):
            binding = part.scope.lookup(part.id)
            for definition in flow.reaching(part, binding) if binding is not None else ():
                if definition.kind == "assign" and definition.value is not None:
                    yield definition.value
        elif isinstance(part, ir.Call):
            for function in self._callees(part):
                yield from function.returns
                yield from _decisions(function)

    def _callees(self, call: ir.Call) -> Iterator[ir.Function]:
        for value in self.evaluator.evaluate(call.func):
            if value.kind in ("function", "method") and isinstance(value.origin, ir.Function):
                yield value.origin

    # --- what code stores ----------------------------------------------------------------------

    def stored(self, block: list[ir.Stmt], node: ir.Node | None = None) -> Iterator[Slot]:
        """The places that statements store into, the functions that they call included.

        Left out are branches that `node` excludes, and what stands behind a `return`.
        """
        for stmt in _run_with(block, node):
            yield from self.stored_by(stmt)

    def stored_directly(self, block: list[ir.Stmt], node: ir.Node | None) -> Iterator[Slot]:
        """The same without what functions store."""
        for stmt in _run_with(block, node):
            yield from self._puts(stmt)

    def stored_by(self, stmt: ir.Stmt) -> Iterator[Slot]:
        """The places that a statement stores into, the blocks in it left out."""
        yield from self._puts(stmt)
        for call in _calls(stmt):
            for function in self._callees(call):
                yield from self._stored_by_function(function)

    def _puts(self, stmt: ir.Stmt) -> Slots:
        known = self._put.get(id(stmt))
        if known is None:
            known = self._put[id(stmt)] = frozenset(self._put_by(stmt))
        return known

    def _put_by(self, stmt: ir.Stmt) -> Iterator[Slot]:
        for target in _targets(stmt):
            slot = self._target(target)
            if slot is not None:
                yield slot
        for call in _calls(stmt):
            slot = None
            if ir.dotted(call.func) == "setattr":
                slot = self.places.slot(call)
            elif isinstance(call.func, ir.Attr) and call.func.name in _STORING and not self.places.is_own(call):
                slot = self.places.part(call.func.base, ANY, FOLLOWED)
            if slot is not None:
                yield slot
            yield from self.places.disk.written(call)

    def _target(self, target: ir.Expr) -> Slot | None:
        if isinstance(target, ir.Name):
            binding = target.scope.lookup(target.id)
            if binding is not None and binding.scope.kind == "function" and binding.scope is target.scope:
                return None  # another object for a local name
        return self.places.slot(target)

    def _stored_by_function(self, function: ir.Function) -> Slots:
        known = self._stores.get(function)
        if known is not None:
            return known
        found: set[Slot] = set()
        seen = {function}
        level = [function]
        for _ in range(FOLLOWED):
            further = []
            for current in level:
                for stmt in _run_with(current.body, None):
                    found.update(self._puts(stmt))
                further += [callee for call in current.calls for callee in self._callees(call) if callee not in seen]
                seen.update(further)
            level = list(dict.fromkeys(further))
        self._stores[function] = frozenset(found)
        return self._stores[function]

    # --- what code drops -------------------------------------------------------------------------

    def dropped(self, function: ir.Function) -> Slots:
        """The places that a function empties whenever it runs: `X = None`, `X.clear()`."""
        known = self._drops.get(function)
        if known is None:
            known = self._drops[function] = frozenset(self._dropped_by(function))
        return known

    def _dropped_by(self, function: ir.Function) -> Iterator[Slot]:
        found: set[Slot | None] = set()
        stack = function.body[::-1]
        while stack:
            stmt = stack.pop()
            if isinstance(stmt, (ir.With, ir.Try)):
                stack += stmt.body[::-1]
            elif isinstance(stmt, ir.If) and any(isinstance(inner, ir.Return) for inner in ir.statements([stmt])):
                break  # what follows doesn't run each time
            elif isinstance(stmt, ir.Assign) and _is_empty(stmt.value):
                found.update(self._target(target) for target in stmt.targets)
            elif isinstance(stmt, ir.ExprStmt) and isinstance(stmt.value, ir.Call):
                func = stmt.value.func
                if isinstance(func, ir.Attr) and func.name == "clear":
                    found.add(self.places.slot(func.base))
        yield from (slot for slot in found if slot is not None)


def _run_with(block: list[ir.Stmt], node: ir.Node | None) -> Iterator[ir.Stmt]:
    """The statements of a block that may run when `node` does: no other branch, nothing behind a `return`."""
    around = {id(ancestor) for ancestor in ir.ancestors(node)} | {id(node)} if node is not None else set()
    stack = [block]
    while stack:
        for stmt in stack.pop():
            yield stmt
            parts = list(ir.blocks(stmt))
            if isinstance(stmt, (ir.If, ir.Match)) and id(stmt) in around:
                parts = [part for part in parts if any(id(member) in around for member in part)] or parts
            stack += parts
            if isinstance(stmt, (ir.Return, ir.Raise)):
                break


def _decisions(function: ir.Function) -> Iterator[ir.Expr]:
    """The conditions that a function returns True or False by: `if self.ends < now: return True`."""
    if all(isinstance(given, ir.Const) and isinstance(given.value, bool) for given in function.returns):
        for stmt in ir.statements(function.body):
            if isinstance(stmt, ir.If) and any(isinstance(inner, ir.Return) for inner in ir.statements([stmt])):
                yield stmt.test


def _calls(stmt: ir.Stmt) -> Iterator[ir.Call]:
    for expr in ir.expressions(stmt):
        for part in ir.walk(expr):
            if isinstance(part, ir.Call):
                yield part


def _targets(stmt: ir.Stmt) -> Iterator[ir.Expr]:
    """What a statement assigns; a name that is set to None isn't filled, nor is one that counts (`+=`)."""
    match stmt:
        case ir.Assign(targets=targets, value=value) if not (isinstance(value, ir.Const) and value.value is None):
            for target in targets:
                yield from target.items if isinstance(target, ir.Seq) else [target]
        case ir.With(items=items):
            yield from (bound for _, bound in items if bound is not None)
    for expr in ir.expressions(stmt):
        yield from (part.target for part in ir.walk(expr) if isinstance(part, ir.Bind))


def _is_empty(value: ir.Expr | None) -> bool:
    match value:
        case ir.Const(value=constant):
            return not constant
        case ir.Map(entries=parts) | ir.Seq(items=parts):
            return not parts
        case ir.Call(func=func, args=[]):
            return ir.dotted(func) in ("dict", "list", "set")
    return False

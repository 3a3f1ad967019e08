"""Branches that Lambda never takes: for a developer's machine, an emulator, a test, an option that nobody uses."""

from __future__ import annotations

from collections.abc import Iterable

from lambdalint.knowledge import tables
from lambdalint.semantics import flow, ir
from lambdalint.semantics.values import Evaluator, single

_FOLLOWED = 4  # names of names, and helpers of helpers, that a condition may hang on
_READERS = ("os.environ.get", "os.getenv")


class Runtime:
    """Knows conditions that are settled by environment variables which the runtime always or never sets,
    or by parameters that every call leaves at one and the same constant.
    """

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self._known: dict[int, bool | None] = {}
        self._never: dict[int, bool] = {}
        self._leaving: dict[int, ir.Stmt | None] = {}  # by block, the first statement that always leaves it

    def never(self, node: ir.Node) -> bool:
        """Whether `node` stands, in its function, where Lambda never comes."""
        ways: list[ir.Node] = []
        current: ir.Node | None = node
        while current is not None and id(current) not in self._never:
            ways.append(current)
            current = flow.around(current)
        never = current is not None and self._never[id(current)]
        for below in reversed(ways):
            never = self._never[id(below)] = never or self._shut(below)
        return never

    def _shut(self, node: ir.Node) -> bool:
        """Whether what is directly around a node keeps Lambda from it."""
        if isinstance(node, ir.Stmt) and self._left_before(node):
            return True
        around = flow.around(node)
        if isinstance(around, ir.If) and isinstance(node, ir.Stmt):
            return self.settled(around.test) is (not flow.holds(around.body, node))
        if isinstance(around, ir.Choice) and around.test is not None and node is not around.test:
            return self.settled(around.test) is (node is not around.items[0])
        return False

    def _left_before(self, stmt: ir.Stmt) -> bool:
        """Whether an earlier statement of the same block always leaves it on Lambda."""
        block = flow.block_of(stmt)
        if id(block) not in self._leaving:
            self._leaving[id(block)] = next((member for member in block if self._leaves(member)), None)
        leaving = self._leaving[id(block)]
        return leaving is not None and leaving.place < stmt.place

    def _leaves(self, stmt: ir.Stmt) -> bool:
        """Whether a statement always leaves its block on Lambda, as an `if` of the environment."""
        settled = self.settled(stmt.test) if isinstance(stmt, ir.If) else None
        return isinstance(stmt, ir.If) and settled is not None and flow.leaves(stmt.body if settled else stmt.orelse)

    def settled(self, test: ir.Expr) -> bool | None:
        """The truth that a condition always has on Lambda, or None."""
        key = id(test)
        if key not in self._known:
            self._known[key] = None  # for conditions that hang on themselves
            self._known[key] = self._settled(test, _FOLLOWED)
        return self._known[key]

    def _settled(self, test: ir.Expr, depth: int) -> bool | None:
        if depth == 0:
            return None
        match test:
            case ir.Not(value=value):
                return _negated(self._settled(value, depth))
            case ir.Choice(kind="and" | "or" as kind, items=items):
                parts = [self._settled(item, depth) for item in items]
                if (kind == "or") in parts:
                    return kind == "or"
                return None if None in parts else kind == "and"
            case ir.Compare(left=left, ops=["in" | "not in" as op], rights=[ir.Expr() as right]):
                present = self._set(left) if self._is_environment(right) else None
                return present if op == "in" else _negated(present)
            case ir.Compare(left=left, ops=["is" | "is not" as op], rights=[ir.Const(value=None)]):
                present = self._settled(left, depth) if self._parameter(left) is None else self._is_given(left)
                return present if op == "is not" else _negated(present)
            case ir.Call(func=func, args=args):
                read = single(self.evaluator.evaluate(func))
                if read is not None and read.kind == "external" and read.name == "builtins.bool" and len(args) == 1:
                    return self._settled(args[0].value, depth)
                if read is not None and read.kind in ("external", "result") and read.name in _READERS:
                    return self._got(test)
                if read is not None and isinstance(read.origin, ir.Function):
                    returns = read.origin.returns
                    return self._settled(returns[0], depth - 1) if len(returns) == 1 else None
                return None
            case ir.Name():
                given = _assigned(test)
                if given is not None:
                    return self._settled(given, depth - 1)
                return _agreed(bool(value) for value in self._constants(test))
            case _:
                return None

    def _got(self, call: ir.Call) -> bool | None:
        """`os.environ.get(name)`, whose default only counts for variables that are never set."""
        name = call.positional(0)
        present = self._set(name) if name is not None else None
        default = call.positional(1)
        if present or default is None or present is None:
            return present
        return bool(default.value) if isinstance(default, ir.Const) else None

    def _is_given(self, name: ir.Expr) -> bool | None:
        """Whether what a parameter is given is something else than None, in all calls alike."""
        return _agreed(value is not None for value in self._constants(name))

    def _constants(self, name: ir.Expr) -> list[object]:
        """The constants that a parameter has in all calls of its function; none where one isn't known."""
        parameter = self._parameter(name)
        if parameter is None:
            return []
        function, index = parameter
        found: list[object] = []
        for edge in self.evaluator.world.edges_to(function):
            given = edge.bound.get(index, function.params[index].default)
            values = list(self.evaluator.evaluate(given)) if given is not None else []
            if edge.unsure or edge.callback or edge.partial or [value.kind for value in values] != ["const"]:
                return []
            found.append(values[0].constant)
        return found

    def _parameter(self, name: ir.Expr) -> tuple[ir.Function, int] | None:
        """The function and the index of a parameter that has a default, where nothing else is assigned to it."""
        binding = name.scope.lookup(name.id) if isinstance(name, ir.Name) else None
        found = flow.reaching(name, binding) if binding is not None and isinstance(name, ir.Name) else ()
        if len(found) != 1 or found[0].kind != "param" or found[0].function is None:
            return None
        function, index = found[0].function, found[0].index
        optional = function.params[index].kind in ("plain", "keyword") and function.params[index].default is not None
        return (function, index) if optional and self.evaluator.world.passed(function) is None else None

    def _set(self, name: ir.Expr) -> bool | None:
        value = single(self.evaluator.evaluate(name))
        return tables.set_by_runtime(value.constant) if value is not None and isinstance(value.constant, str) else None

    def _is_environment(self, expr: ir.Expr) -> bool:
        value = single(self.evaluator.evaluate(expr))
        return value is not None and value.kind == "external" and value.name == "os.environ"


def _assigned(name: ir.Name) -> ir.Expr | None:
    """The one value that is assigned to a name."""
    binding = name.scope.lookup(name.id)
    found = flow.reaching(name, binding) if binding is not None else ()
    return found[0].value if len(found) == 1 and found[0].kind == "assign" and not found[0].path else None


def _agreed(truths: Iterable[bool]) -> bool | None:
    """What all say; None where they don't, or where there are none."""
    said = set(truths)
    return said.pop() if len(said) == 1 else None


def _negated(truth: bool | None) -> bool | None:
    return None if truth is None else not truth

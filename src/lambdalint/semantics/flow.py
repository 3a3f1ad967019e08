"""Order within one function: which definitions reach a use, what comes before what."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from operator import itemgetter

from lambdalint.semantics import ir


def holds(block: Sequence[ir.Stmt], stmt: ir.Stmt) -> bool:
    """Whether a statement is in a block of the statement around it."""
    return bool(block) and block[0].place <= stmt.place < block[-1].end


def index_of(block: Sequence[ir.Stmt], stmt: ir.Stmt) -> int:
    """The index of a statement in its block."""
    return bisect.bisect_left(block, stmt.place, key=_place)


def _place(stmt: ir.Stmt) -> int:
    return stmt.place


def block_of(stmt: ir.Stmt) -> list[ir.Stmt]:
    """The statement list that holds `stmt`."""
    parent = stmt.parent
    if isinstance(parent, ir.FunctionDef):
        return parent.function.body
    if isinstance(parent, (ir.ExceptHandler, ir.Case)):
        return parent.body
    if isinstance(parent, ir.Lambda):
        return parent.function.body
    if isinstance(parent, ir.Stmt) and not isinstance(stmt, (ir.ExceptHandler, ir.Case)):
        for block in ir.blocks(parent):
            if holds(block, stmt):
                return block
    return []


def function_of(node: ir.Node) -> ir.Function | None:
    """The function (or lambda) whose body holds `node`; None at module scope.

    Decorators and default arguments belong to the scope around the function.
    """
    current: ir.Node | None = node
    while current is not None:
        if isinstance(current, ir.Stmt):
            return current.owner
        current = current.parent
    return None


def around(node: ir.Node) -> ir.Node | None:
    """What holds a node in the same function."""
    parent = node.parent
    return None if isinstance(parent, (ir.FunctionDef, ir.Lambda, ir.ClassDef)) else parent


def inside(node: ir.Node, container: ir.Node) -> bool:
    current: ir.Node | None = node
    while current is not None:
        if current is container:
            return True
        current = current.parent
    return False


def local_chain(stmt: ir.Stmt) -> Iterator[ir.Stmt]:
    """`stmt` and the compound statements around it, up to the function's own body."""
    current: ir.Node | None = stmt
    while isinstance(current, ir.Stmt) and not isinstance(current, (ir.FunctionDef, ir.ClassDef)):
        yield current
        current = current.parent


def definition_statement(definition: ir.Definition) -> ir.Stmt | None:
    return ir.statement_of(definition.site) if definition.site is not None else None


def reaching(use: ir.Name, binding: ir.Binding) -> Sequence[ir.Definition]:
    """The definitions of `binding` that `use` may see.

    A definition that surely ran before the use, in the same function, hides the
    ones before it; otherwise all definitions count.
    """
    definitions = binding.definitions
    if len(definitions) < 2 or use.store:
        return definitions
    scope = use.scope
    while scope.kind == "comprehension" and scope is not binding.scope and scope.parent is not None:
        scope = scope.parent
    if scope is not binding.scope:
        return definitions
    stmt = ir.statement_of(use)
    if stmt is None:
        return definitions
    placed = _Placed.of(binding, stmt)
    loops = [s for s in local_chain(stmt) if isinstance(s, (ir.For, ir.While))]
    for current in local_chain(stmt):
        if isinstance(current, (ir.For, ir.With, ir.ExceptHandler, ir.Case)) and current is not stmt:
            found = placed.at(current)
            if found is not None and found.kind in ("element", "enter", "except"):
                return [found]
        # The body may have run in part, or whole.
        if isinstance(current, ir.Try) and not holds(current.body, stmt) and placed.between(current.place, current.end):
            return definitions
        # Module scope has no statement around it that would know its block.
        block = block_of(current) if current.parent is not None else binding.scope.function.body
        last = placed.last(block[0].place, current.place) if block else None
        if last is None:
            continue
        member = block[bisect.bisect_right(block, last, key=_place) - 1]
        found = placed.at(member)
        if found is None or found.kind not in ("assign", "def", "class", "import", "enter"):
            return definitions
        if isinstance(member, ir.With) and found.kind != "enter":
            return definitions
        # A loop around both may carry a later definition back to the use.
        return [found, *placed.carried(found, member, loops)]
    return definitions


class _Placed:
    """The definitions of one name in the order of the text, for uses in one function.

    What a function inside of that one defines has the place of the statement there that holds it.
    """

    def __init__(self, binding: ir.Binding, owner: ir.Function | None) -> None:
        self.owner = owner
        self._at: dict[int, ir.Definition] = {}  # by the statement itself
        placed: list[tuple[int, ir.Definition]] = []
        for definition in binding.definitions:
            stmt = definition_statement(definition)
            if stmt is not None:
                self._at[id(stmt)] = definition
                placed.append((_outer(stmt, owner).place, definition))
        placed.sort(key=itemgetter(0))
        self._places = [place for place, _ in placed]
        self._definitions = [definition for _, definition in placed]
        self._numbers = {id(definition): number for number, definition in enumerate(binding.definitions)}

    @staticmethod
    def of(binding: ir.Binding, stmt: ir.Stmt) -> _Placed:
        """Those of a name that a statement asks for."""
        known = binding.placed
        if not isinstance(known, _Placed) or known.owner is not stmt.owner:
            known = binding.placed = _Placed(binding, stmt.owner)
        return known

    def at(self, stmt: ir.Stmt) -> ir.Definition | None:
        return self._at.get(id(stmt))

    def last(self, first: int, end: int) -> int | None:
        """The last place of a definition from one place up to another."""
        index = bisect.bisect_left(self._places, end) - 1
        return self._places[index] if index >= 0 and self._places[index] >= first else None

    def between(self, first: int, end: int) -> list[ir.Definition]:
        start = bisect.bisect_left(self._places, first)
        return self._definitions[start : bisect.bisect_left(self._places, end)]

    def carried(self, found: ir.Definition, member: ir.Stmt, loops: Sequence[ir.Stmt]) -> list[ir.Definition]:
        """Definitions that a loop around the use, but not around `member`, may carry back to it."""
        open_loops = [loop for loop in loops if not loop.place <= member.place < loop.end]
        if not open_loops:
            return []
        inner = self.between(open_loops[-1].place, open_loops[-1].end)  # the outermost holds the others
        return sorted((one for one in inner if one is not found), key=lambda one: self._numbers[id(one)])


def _outer(stmt: ir.Stmt, owner: ir.Function | None) -> ir.Stmt:
    """The statement of a function that holds one, which may be of a function inside of it."""
    current: ir.Node | None = stmt
    while current is not None:
        if isinstance(current, ir.Stmt) and current.owner is owner:
            return current
        current = current.parent
    return stmt


def loops_around(node: ir.Node) -> list[ir.For | ir.While | ir.Comp]:
    """The loops of the same function in whose repeated part `node` stands, innermost first."""
    found: list[ir.For | ir.While | ir.Comp] = []
    current: ir.Node | None = node
    while current is not None and not isinstance(current, ir.Stmt):
        below, current = current, current.parent
        if isinstance(current, ir.Lambda):
            return found
        if isinstance(current, ir.Comp) and below is not current.loops[0].iter:
            found.append(current)
        if isinstance(current, ir.While) and below is current.test:
            found.append(current)
    if current is not None and (current is node or not isinstance(current, (ir.FunctionDef, ir.ClassDef))):
        found += _loops_of(current)
    return found


def _loops_of(stmt: ir.Stmt) -> tuple[ir.For | ir.While, ...]:
    """The loops of the same function whose body holds a statement."""
    unknown: list[ir.Stmt] = []
    current: ir.Node | None = stmt
    while isinstance(current, ir.Stmt) and current.loops is None:
        unknown.append(current)
        current = around(current)
    loops = current.loops or () if isinstance(current, ir.Stmt) else ()
    for below in reversed(unknown):
        above = below.parent
        if isinstance(above, (ir.For, ir.While)) and holds(above.body, below):
            loops = (above, *loops)
        below.loops = loops
    return loops


def on_error_path(node: ir.Node) -> bool:
    """Whether `node` stands in an `except` body or in a branch that ends by raising."""
    current: ir.Node | None = node
    while current is not None and not isinstance(current, ir.Stmt):
        current = current.parent
        if isinstance(current, (ir.Lambda, ir.FunctionDef, ir.ClassDef)):
            return False
    if current is None:
        return False
    return (current is not node and isinstance(current, (ir.ExceptHandler, ir.Raise))) or _fails(current)


def _fails(stmt: ir.Stmt) -> bool:
    """Whether a statement stands in an `except` body or in a branch that ends by raising."""
    unknown: list[ir.Stmt] = []
    current: ir.Node | None = stmt
    while isinstance(current, ir.Stmt) and current.fails is None:
        unknown.append(current)
        current = around(current)
    fails = isinstance(current, ir.Stmt) and bool(current.fails)
    for below in reversed(unknown):
        above = below.parent
        if isinstance(above, ir.ExceptHandler):
            fails = True
        elif isinstance(above, (ir.If, ir.Case)):
            blocks = (above.body, above.orelse) if isinstance(above, ir.If) else (above.body,)
            fails = fails or any(b and isinstance(b[-1], ir.Raise) and holds(b, below) for b in blocks)
        below.fails = fails
    return fails


def leaves(block: Sequence[ir.Stmt]) -> bool:
    """Whether a block surely ends the function, the iteration or the loop."""
    if not block:
        return False
    last = block[-1]
    if isinstance(last, (ir.Return, ir.Raise)):
        return True
    if isinstance(last, ir.Simple):
        return last.kind in ("break", "continue")
    if isinstance(last, ir.If):
        return bool(last.orelse) and leaves(last.body) and leaves(last.orelse)
    return False


def is_main_guard(stmt: ir.Stmt) -> bool:
    """`if __name__ == "__main__":`, which Lambda never runs."""
    if not isinstance(stmt, ir.If) or not isinstance(stmt.test, ir.Compare):
        return False
    sides = [stmt.test.left, *stmt.test.rights]
    return any(isinstance(s, ir.Name) and s.id == "__name__" for s in sides)


def order(store: ir.Node, made: ir.Node, use: ir.Node | None) -> str:
    """When `store` changes an object that is made at `made`, as a use of it sees that.

    "before": on every way to the use; "after": never when the use runs; "maybe" otherwise.
    """
    function = function_of(store)
    if use is None or function_of(use) is not function:
        return "maybe"
    found = _common_block(store, use)
    if found is None:
        return "maybe"
    earlier, direct = found
    if earlier:
        return "before" if direct else "maybe"
    if function_of(made) is not function:
        return "maybe"  # it outlives the function, which may have run before
    around = (a for a in ir.ancestors(store) if isinstance(a, (ir.For, ir.While, ir.Comp)))
    again = any(inside(use, loop) and not inside(made, loop) for loop in around)
    return "maybe" if again else "after"


def _common_block(store: ir.Node, use: ir.Node) -> tuple[bool, bool] | None:
    """In the innermost block that holds both: whether the store comes first, and whether it runs with the block.

    None where there is no such block, and at module scope.
    """
    stmt, own = ir.statement_of(use), ir.statement_of(store)
    if stmt is None or own is None:
        return None
    above = [current for current in local_chain(stmt) if current.parent is not None]
    surely = True
    for current in local_chain(own):
        block = block_of(current)
        for other in above:
            if other is not current and any(member is other for member in block):
                first = next(member for member in block if member is current or member is other)
                return first is current, surely
        surely = surely and isinstance(current.parent, ir.With)
    return None

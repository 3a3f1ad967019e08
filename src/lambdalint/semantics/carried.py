"""What one turn of a loop hands to the next: counters, tokens of the page before."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.semantics import flow, ir
from lambdalint.semantics.values import MUTATORS


def varies(use: ir.Name, binding: ir.Binding) -> bool:
    """Whether a name holds something else in each turn of a loop around it.

    It does when the loop gives it a value that is made of what it held before. A
    value that each turn makes anew of what stays the same doesn't count.
    """
    loops = [loop for loop in flow.loops_around(use) if isinstance(loop, (ir.For, ir.While))]
    return any(_hands_over(binding, loop) for loop in loops)


def _hands_over(binding: ir.Binding, loop: ir.For | ir.While) -> bool:
    seen: set[int] = set()
    stack = [binding]
    while stack:
        current = stack.pop()
        for stmt, value, kept in _given(current, loop):
            if kept and current is binding and not _begun_anew(binding, loop, stmt):
                return True
            for part in ir.walk(value):
                other = part.scope.lookup(part.id) if isinstance(part, ir.Name) else None
                if other is binding and not _begun_anew(binding, loop, stmt):
                    return True
                if other is not None and id(other) not in seen:
                    seen.add(id(other))
                    stack.append(other)
    return False


def _given(binding: ir.Binding, loop: ir.For | ir.While) -> Iterator[tuple[ir.Stmt, ir.Expr, bool]]:
    """What a loop's body puts into a name or the object it holds; True where that is added to the old value."""
    for definition in binding.definitions:
        stmt = flow.definition_statement(definition)
        if definition.kind in ("assign", "aug") and stmt is not None and definition.value is not None:
            if flow.inside(stmt, loop):
                yield stmt, definition.value, definition.kind == "aug"
    for use in binding.uses:
        holder = use.parent
        stmt = ir.statement_of(use)
        if stmt is None or not isinstance(holder, (ir.Item, ir.Attr)) or not flow.inside(stmt, loop):
            continue
        if holder.store and isinstance(stmt, (ir.Assign, ir.AugAssign)) and stmt.value is not None:
            yield stmt, stmt.value, isinstance(stmt, ir.AugAssign)
        elif isinstance(holder, ir.Attr) and holder.name in MUTATORS and isinstance(holder.parent, ir.Call):
            for argument in holder.parent.args:
                yield stmt, argument.value, False


def _begun_anew(binding: ir.Binding, loop: ir.For | ir.While, stmt: ir.Stmt) -> bool:
    """Whether each turn surely assigns a name before `stmt` comes."""
    begins = {id(s) for d in binding.definitions if d.kind == "assign" and (s := flow.definition_statement(d))}
    for member in loop.body:
        if flow.inside(stmt, member):
            return False
        if id(member) in begins:
            return True
    return False

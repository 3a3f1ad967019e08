"""What a turn of a loop hangs on: the loop's variable, or the answers of former turns."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.semantics import flow, ir
from lambdalint.semantics.value import MUTATORS


def follows(expr: ir.Expr, loop: ir.For | ir.Comp, call: ir.Call) -> bool | None:
    """Whether a value changes with a loop's own variable; None where it hangs on `call`'s own result."""
    seen: set[int] = set()
    stack = [expr]
    moves = False
    while stack:
        for part in ir.walk(stack.pop()):
            if part is call:
                return None
            if not isinstance(part, ir.Name):
                continue
            binding = part.scope.lookup(part.id)
            if binding is None or id(binding) in seen:
                continue
            seen.add(id(binding))
            for definition in binding.definitions:
                if definition.kind == "element" and definition.site is loop:
                    moves = True
                elif definition.site is not None and flow.inside(definition.site, loop):
                    if definition.value is not None:
                        stack.append(definition.value)
            if _outlives_turn(binding, loop):
                stack += [value for use in binding.uses if flow.inside(use, loop) for value in _put_into(use)]
    return moves


def _outlives_turn(binding: ir.Binding, loop: ir.For | ir.Comp) -> bool:
    """Whether a name may still hold what it did in the turn before: nothing of a turn's own does."""
    return any(d.site is None or not flow.inside(d.site, loop) for d in binding.definitions)


def _put_into(name: ir.Name) -> Iterator[ir.Expr]:
    """What `name.append(value)`, `name[key] = value` and `name += value` put into what a name holds."""
    parent = name.parent
    if isinstance(parent, ir.Attr) and parent.name in MUTATORS and isinstance(parent.parent, ir.Call):
        yield from (argument.value for argument in parent.parent.args)
    elif isinstance(parent, ir.Item) and parent.base is name and parent.store:
        stmt = parent.parent
        if isinstance(stmt, (ir.Assign, ir.AugAssign)) and stmt.value is not None:
            yield stmt.value
    elif isinstance(parent, ir.AugAssign) and parent.target is name:
        yield parent.value


def decided_by_answers(loop: ir.For | ir.Comp, call: ir.Call) -> bool:
    """Whether a former turn's answer decides if a turn makes the call."""
    tests = (test for test in _tests(call, loop) if follows(test, loop, call) is None)
    return not all(_asks_for_known_keys(test, loop, call) for test in tests)


def _asks_for_known_keys(test: ir.Expr, loop: ir.For | ir.Comp, call: ir.Call) -> bool:
    """`key not in known`, where `known[key] = …` alone fills it: whatever was answered, each key is asked for once."""
    match test:
        case ir.Compare(left=left, ops=["in" | "not in"], rights=[ir.Name() as known]):
            keys = [left]
        case _:
            return False
    binding = known.scope.lookup(known.id)
    for use in binding.uses if binding is not None else ():
        parent = use.parent
        if not flow.inside(use, loop) or not any(_put_into(use)):
            continue
        if not isinstance(parent, ir.Item):
            return False
        keys.append(parent.key)
    return all(follows(key, loop, call) is not None for key in keys)


def _tests(call: ir.Call, loop: ir.For | ir.Comp) -> Iterator[ir.Expr]:
    """The conditions that a turn of a loop meets before a call."""
    stmt = ir.statement_of(call)
    for member in flow.local_chain(stmt) if stmt is not None else ():
        if member is loop:
            return
        if isinstance(member, (ir.If, ir.While)) and member is not stmt:
            yield member.test
        for earlier in flow.block_of(member):
            if earlier is member:
                break
            if isinstance(earlier, ir.If) and flow.leaves(earlier.body):
                yield earlier.test

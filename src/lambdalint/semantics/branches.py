"""Places that one run of a function can't both come to."""

from __future__ import annotations

from lambdalint.semantics import flow, ir


def exclusive(first: ir.Node, second: ir.Node) -> bool:
    """Whether the two stand in different branches of one condition, or one behind an exit of the other."""
    branches: dict[int, ir.Node] = {}
    below: ir.Node = first
    for ancestor in ir.ancestors(first):
        if below is _decider(ancestor):
            below = ancestor
            continue
        if isinstance(ancestor, (ir.If, ir.Match, ir.Choice)):
            branches[id(ancestor)] = below
        if isinstance(ancestor, (ir.If, ir.ExceptHandler, ir.Case)) and not flow.inside(second, ancestor):
            block = ancestor.body if not isinstance(ancestor, ir.If) else _branch_block(ancestor, below)
            if flow.leaves(block):
                return True
        if (
            isinstance(ancestor, ir.Try)
            and any(below is h for h in ancestor.handlers)
            and not flow.inside(second, below)
        ):
            return True
        below = ancestor
    below = second
    for ancestor in ir.ancestors(second):
        other = branches.get(id(ancestor))
        if other is not None:
            if isinstance(ancestor, ir.If):
                return _branch_block(ancestor, other) is not _branch_block(ancestor, below)
            return other is not below
        if isinstance(ancestor, ir.Try) and isinstance(below, ir.ExceptHandler) and flow.inside(first, ancestor):
            return True
        below = ancestor
    return False


def _decider(branching: ir.Node) -> ir.Node | None:
    """What runs whichever branch is taken: the condition, the subject."""
    if isinstance(branching, ir.If):
        return branching.test
    if isinstance(branching, ir.Match):
        return branching.subject
    if isinstance(branching, ir.Choice):
        return branching.test if branching.kind == "if" else branching.items[0]
    return None


def _branch_block(branch: ir.If, below: ir.Node) -> list[ir.Stmt]:
    return branch.body if any(s is below for s in branch.body) else branch.orelse


def in_one_turn(first: ir.Node, second: ir.Node, since: ir.Node) -> bool:
    """Whether `since` is made anew whenever one run of a function, or of a loop in it, comes to either place."""
    if not flow.function_of(first) is flow.function_of(second) is flow.function_of(since) is not None:
        return False
    return not any(
        isinstance(around, (ir.For, ir.While)) and flow.inside(second, around) and not flow.inside(since, around)
        for around in ir.ancestors(first)
    )

"""Whether a function that may ask for one operation may ask for another one, too."""

from __future__ import annotations

from lambdalint.deployment import DeployedFunction
from lambdalint.knowledge.rights import action_of
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core


def needed(model: Core, node: ir.Node, old: str, new: str) -> str:
    """What a message says of the right to `new` for code that asks for `old` (`service.operation` both).

    Empty where it is the same right, or where the deployment descriptions grant it to all functions that
    reach the node; else what the function needs, or that it has the one right and not the other.
    """
    had, action = action_of(old), action_of(new)
    if not action or action == had:
        return ""
    general = f"needs {action}"
    functions = _deployed(model, node)
    if not functions or None in functions or not had:
        return general
    answers = {_granted(one, had, action) for one in functions if one is not None}
    if answers == {True}:
        return ""
    return f"the template grants {had}, not {action}" if False in answers else general


def told(model: Core, node: ir.Node, old: str, new: str, *others: str) -> str:
    """What stands in brackets behind a fix's title: the right that it needs, and what else changes."""
    return "; ".join(filter(None, (needed(model, node, old, new), *others)))


def _deployed(model: Core, node: ir.Node) -> list[DeployedFunction | None]:
    """The deployed functions that reach a node; None for a handler that no description names."""
    function = model.function(node)
    reached = model.project.reach.reached_by.get(function, ()) if function is not None else ()
    return [model.project.handlers[index].deployed for index in reached]


def _granted(function: DeployedFunction, had: str, action: str) -> bool | None:
    """Whether a function may do `action` where it may do `had`; None where its description can't tell."""
    rights = function.rights
    before, now = rights.resources(had), rights.resources(action)
    if not before:
        return None
    if "*" in now or before <= now:
        return True
    return False if rights.settles(action) and not now else None

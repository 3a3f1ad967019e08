"""What the handlers in a file ask of other hosts on each invocation, as plain data."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.engine.entries import Entries
from lambdalint.engine.run import Checker


class Invocation(Struct, frozen=True):
    """The line of a handler, and the counts of its `semantics.traffic.Traffic`."""

    line: int
    calls: int
    repeated: int
    in_a_row: int


def invocations(checker: Checker, path: str) -> list[Invocation]:
    """Of the handlers in the file at `path` (relative to the root), or in the code that a template there holds."""
    if not checker.workspace.has_handlers():
        return []
    from lambdalint.semantics.model import Model

    inside = {path, *(code.path for code in checker.workspace.inline.values() if code.template == path)}
    entries = Entries(checker)
    found = []
    for function in {handler.function: None for handler in checker.project.handlers}:
        if function.module.path not in inside:
            continue
        kept = checker.project.modules.for_checking(function.module.path)
        if kept is None:
            continue
        traffic = Model(checker.project, kept.lowering, kept.source, kept.tree).traffic(function)
        if traffic is not None:
            line = entries.place(function)[1]
            found.append(Invocation(line, traffic.calls, traffic.repeated, traffic.in_a_row))
    return sorted(found, key=lambda one: one.line)

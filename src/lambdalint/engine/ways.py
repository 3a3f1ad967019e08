"""Where the functions stand through which a handler comes to a finding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lambdalint.engine.entries import Entries
from lambdalint.engine.run import Checker
from lambdalint.findings import Finding, Related, Span

if TYPE_CHECKING:
    from lambdalint.semantics import ir


def explained(checker: Checker, findings: Sequence[Finding]) -> list[Finding]:
    """The findings with the places of the functions on their ways, from the handler on, as related ones."""
    if not any(finding.way_text for finding in findings):
        return list(findings)
    reach = checker.project.reach
    functions: dict[tuple[str, ...], list[ir.Function]] = defaultdict(list)
    for function in {**reach.ways, **reach.hot}:
        for way in {reach.ways.get(function, ()), reach.hot.get(function, ())}:
            functions[way].append(function)
    entries = Entries(checker)

    def steps(way: tuple[str, ...]) -> tuple[Related, ...]:
        found = []
        for length in range(1, len(way) + 1):
            alike = functions[way[:length]]
            if len(alike) == 1:  # of functions with the same name the right one isn't known
                path, line = entries.place(alike[0])
                words = "the handler" if length == 1 else f"called by {way[length - 2]}"
                found.append(Related(path, Span.at(line, 0, line, 0), f"{way[length - 1]}: {words}"))
        return tuple(found)

    return [
        replace(finding, related=(*finding.related, *steps(finding.way))) if finding.way_text else finding
        for finding in findings
    ]

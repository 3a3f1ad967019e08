"""Which fixes can be made at once, and the text they make."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Sequence

from lambdalint.findings import Edit, Finding, Safety, Span
from lambdalint.source import Source


def choose(findings: Iterable[Finding], allowed: Callable[[Finding], bool]) -> list[Finding]:
    """The findings whose fixes are made in this round, in source order.

    Earlier findings go first, and of one place those with a safe fix: an unsafe one may leave no room for it.
    A fix waits when an edit of it meets one of another fix or stands in what another rewrites, or when a fix of
    its isolation group was chosen. Fixes may share an insertion (the same import, the same helper), which is then
    made once, and may each put lines of their own at one place.
    """
    chosen: list[Finding] = []
    groups: set[str] = set()
    taken: list[tuple[Span, str]] = []  # sorted, apart from each other
    rewritten: list[Span] = []  # likewise
    for finding in sorted(findings, key=_turn):
        fix = finding.fix
        if fix is None or not fix.edits or fix.isolation in groups or not allowed(finding):
            continue
        if any(_meets(edit, taken) for edit in fix.edits):
            continue
        if any(_within(edit.span, rewritten) for edit in fix.edits) or any(_holds(one, taken) for one in fix.rewritten):
            continue
        chosen.append(finding)
        for place in fix.rewritten:
            bisect.insort(rewritten, place)
        for edit in fix.edits:
            entry = (edit.span, edit.text)
            if not _shared(edit, taken):
                bisect.insort(taken, entry)
        if fix.isolation:
            groups.add(fix.isolation)
    return chosen


def _turn(finding: Finding) -> tuple[object, ...]:
    safe = finding.fix is not None and finding.fix.safety is Safety.SAFE
    return finding.span, not safe, finding.sort_key()


def apply_fixes(source: Source, chosen: Iterable[Finding]) -> str:
    """The text after the fixes of findings that `choose` gave; what they share is put in once."""
    return source.apply(edits_of(chosen))


def edits_of(chosen: Iterable[Finding]) -> list[Edit]:
    """All edits of the findings' fixes, sorted, with shared insertions once."""
    edits: list[Edit] = []
    shared: set[Edit] = set()
    for finding in chosen:
        for edit in finding.fix.edits if finding.fix else ():
            if edit.span.start == edit.span.end:
                if edit in shared:
                    continue
                shared.add(edit)
            edits.append(edit)
    # Stable: lines put in at one place come in the order of their findings.
    return sorted(edits, key=lambda edit: edit.span)


def _within(edit: Span, places: Sequence[Span]) -> bool:
    """Whether an edit changes something inside of one of the places."""
    index = bisect.bisect_left(places, edit)
    return any(edit.start < place.end and place.start < edit.end for place in places[max(index - 1, 0) : index + 1])


def _holds(place: Span, taken: list[tuple[Span, str]]) -> bool:
    """Whether something inside of a place is changed already."""
    for span, _ in taken[max(bisect.bisect_left(taken, (place, "")) - 1, 0) :]:
        if span.start >= place.end:
            break
        if place.start < span.end:
            return True
    return False


def _shared(edit: Edit, taken: list[tuple[Span, str]]) -> bool:
    if edit.span.start != edit.span.end:
        return False
    index = bisect.bisect_left(taken, (edit.span, edit.text))
    return index < len(taken) and taken[index] == (edit.span, edit.text)


def _meets(edit: Edit, taken: list[tuple[Span, str]]) -> bool:
    if _shared(edit, taken):
        return False
    index = bisect.bisect_left(taken, (edit.span, ""))
    return any(
        _meet(edit.span, span) and not (_whole_lines(edit.span, edit.text) and _whole_lines(span, text))
        for span, text in taken[max(index - 1, 0) : index + 1]
    )


def _whole_lines(span: Span, text: str) -> bool:
    """Lines put between others, a helper each, say: of these neither needs the other.

    Not those that begin with blank lines, which are meant for what is above them. Fixes that would write the same
    name share an isolation group.
    """
    lines = text.endswith(("\n", "\r")) and not text.startswith(("\n", "\r"))
    return lines and span.start == span.end and not span.start.column


def _meet(one: Span, other: Span) -> bool:
    if one.start == one.end or other.start == other.end:
        # An insertion at the edge of another edit: which text comes first isn't known.
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end

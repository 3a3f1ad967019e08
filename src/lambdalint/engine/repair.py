"""Fixing a file to a fixed point: choose, apply, check again, and drop the fixes that go wrong."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import TypeVar

from msgspec import Struct, field

from lambdalint.findings import Edit, Finding, Position
from lambdalint.fixing.choose import apply_fixes, choose, edits_of
from lambdalint.source import Source

Check = Callable[[Source], list[Finding]]
Allowed = Callable[[Finding], bool]
_T = TypeVar("_T")
Steps = Generator[Source, list[Finding], _T]

_UNREADABLE = "LMB000"
# A finding this many lines off its mapped place is still the same one.
_NEAR = 2
# Fixes that would write the same name in one function take a round each.
_ROUNDS = 30


class Repaired(Struct, frozen=True):
    """What became of a file.

    `applied` are the findings that were fixed, with their places at the time,
    `remaining` what the check says of `text`, `dropped` the findings whose fix
    was tried and taken back, with the reason.
    """

    text: str
    applied: tuple[Finding, ...]
    remaining: list[Finding]
    dropped: tuple[tuple[Finding, str], ...]


class _Outcome(Struct, frozen=True):
    """A batch of fixes after its check; `reason` says what went wrong, `survivors` by whose fix."""

    source: Source
    findings: list[Finding] = field(default_factory=list)
    reason: str = ""
    survivors: tuple[Finding, ...] = ()


def repair(source: Source, check: Check, allowed: Allowed, max_rounds: int = _ROUNDS) -> Repaired:
    """Fix what may be fixed, round by round, until nothing is left or nothing more helps.

    See `steps`; `check` is called at least once, and what it raises goes through.
    """
    work = steps(source, allowed, max_rounds)
    try:
        asked = next(work)
        while True:
            asked = work.send(check(asked))
    except StopIteration as done:
        repaired: Repaired = done.value
        return repaired


def steps(source: Source, allowed: Allowed, max_rounds: int = _ROUNDS) -> Steps[Repaired]:
    """The work of `repair`, which yields each text that it wants checked and is sent its findings.

    So the files of a project can be repaired side by side, with one model for a
    round of all of them. A fix is taken back, and its finding stays, when the
    text with it can't be parsed, checked or written in the file's encoding, or
    still holds the same finding: then it waits for the next round first, since
    another fix may have moved what it was made for. A text seen before ends the work.
    """
    findings = yield source
    applied: list[Finding] = []
    dropped: list[tuple[Finding, str]] = []
    # Where the findings of dropped fixes are by now.
    barred: set[tuple[str, str, Position]] = set()
    # Where those are that waited once.
    waited: set[tuple[str, str, Position]] = set()
    seen = {source.text}

    def may(finding: Finding) -> bool:
        return _identity(finding) not in barred and allowed(finding)

    def drop(finding: Finding, reason: str) -> None:
        dropped.append((finding, reason))
        barred.add(_identity(finding))

    for _ in range(max_rounds):
        batch = choose(findings, may)
        outcome = yield from _attempt(source, findings, batch)
        while batch and outcome.reason:
            if outcome.survivors:
                guilty = outcome.survivors
                for finding in guilty:
                    if len(guilty) == len(batch) or _identity(finding) in waited:
                        drop(finding, outcome.reason)
                    waited.add(_identity(finding))
            else:
                culprit, reason = yield from _culprit(source, findings, batch, outcome.reason)
                guilty = (culprit,)
                if reason:
                    drop(culprit, reason)
            batch = [finding for finding in batch if finding not in guilty] or choose(findings, may)
            outcome = yield from _attempt(source, findings, batch)
        if not batch:
            break
        if outcome.source.text in seen:
            dropped += [(finding, "the fixes undo one another") for finding in batch]
            break
        seen.add(outcome.source.text)
        move = _mover(source, outcome.source, edits_of(batch))
        barred = {(code, problem, move(place)) for code, problem, place in barred}
        waited = {(code, problem, move(place)) for code, problem, place in waited}
        applied += batch
        source, findings = outcome.source, outcome.findings
    return Repaired(source.text, tuple(applied), findings, tuple(dropped))


def _attempt(source: Source, findings: list[Finding], batch: Sequence[Finding]) -> Steps[_Outcome]:
    """Make the fixes of a batch, and judge the result."""
    if not batch:
        return _Outcome(source, findings)
    after = replace(source, text=apply_fixes(source, batch))
    reason = _unreadable(after)
    if reason:
        return _Outcome(after, reason=reason)
    now = yield after
    known = {finding.problem for finding in findings if finding.code == _UNREADABLE}
    for finding in now:
        if finding.code == _UNREADABLE and finding.problem not in known:
            return _Outcome(after, reason=f"with the fix {finding.problem}")
    survivors = _survivors(findings, batch, now, _mover(source, after, edits_of(batch)))
    reason = "the finding is still there after its fix" if survivors else ""
    return _Outcome(after, now, reason, survivors)


def _unreadable(source: Source) -> str:
    """Why a fixed text can't be kept; empty where it can."""
    from lambdalint.syntax.parse import SyntaxProblem, parse

    try:
        source.encode(source.text)
        parse(source)
    except UnicodeEncodeError:
        return f"the fix can't be written in {source.encoding}"
    except SyntaxProblem as problem:
        return f"the fix breaks the syntax: {problem.reason} (line {problem.line})"
    return ""


def _survivors(
    before: Sequence[Finding],
    batch: Sequence[Finding],
    now: Sequence[Finding],
    move: Callable[[Position], Position],
) -> tuple[Finding, ...]:
    """The findings of a batch that still stand, once those that had no fix now are accounted for."""
    places: dict[tuple[str, str], list[int]] = {}
    for finding in now:
        places.setdefault((finding.code, finding.problem), []).append(finding.span.start.line)

    def take(finding: Finding) -> bool:
        lines = places.get((finding.code, finding.problem), [])
        line = move(finding.span.start).line
        nearest = min(lines, key=lambda one: abs(one - line), default=None)
        if nearest is None or abs(nearest - line) > _NEAR:
            return False
        lines.remove(nearest)
        return True

    fixed = set(map(id, batch))
    for finding in before:
        if id(finding) not in fixed:
            take(finding)
    return tuple(finding for finding in batch if take(finding))


def _culprit(source: Source, findings: list[Finding], batch: list[Finding], reason: str) -> Steps[tuple[Finding, str]]:
    """The first fix with which the batch goes wrong, and why it does alone; "" if it doesn't.

    A fix that goes wrong only in company has to wait for the next round.
    """
    good, bad = 0, len(batch)
    while bad - good > 1:
        middle = (good + bad) // 2
        if (yield from _attempt(source, findings, batch[:middle])).reason:
            bad = middle
        else:
            good = middle
    culprit = batch[bad - 1]
    if len(batch) == 1:
        return culprit, reason
    return culprit, (yield from _attempt(source, findings, [culprit])).reason


def _mover(before: Source, after: Source, edits: Sequence[Edit]) -> Callable[[Position], Position]:
    """Tells where a place is after the edits; what they replaced is where they begin."""
    starts: list[int] = []
    ends: list[int] = []
    shifts = [0]
    for edit in edits:
        start, end = before.offset(edit.span.start), before.offset(edit.span.end)
        starts.append(start)
        ends.append(end)
        shifts.append(shifts[-1] + len(edit.text) - (end - start))

    def move(place: Position) -> Position:
        offset = before.offset(place)
        passed = bisect.bisect_right(ends, offset)
        if passed < len(starts) and starts[passed] < offset:
            offset = starts[passed]
        return after.position(offset + shifts[passed])

    return move


def _identity(finding: Finding) -> tuple[str, str, Position]:
    return finding.code, finding.problem, finding.span.start

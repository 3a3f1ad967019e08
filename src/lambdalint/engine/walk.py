"""Going through the fixes of a project one by one: each is applied, passed over, or ends the walk."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from lambdalint.engine import rounds
from lambdalint.engine.run import Checker
from lambdalint.findings import Finding
from lambdalint.fixing.choose import apply_fixes
from lambdalint.source import Source

if TYPE_CHECKING:
    from lambdalint.engine.repair import Repaired
    from lambdalint.engine.session import Fixed

_Key = tuple[str, str, int]


class Answer(enum.Enum):
    """YES: apply the fix. NO: pass over it. ALL: apply it and all further ones of its rule. QUIT: stop here."""

    YES = "y"
    NO = "n"
    ALL = "a"
    QUIT = "q"


Ask = Callable[[Finding, str, str], Answer]


def walk(checker: Checker, paths: list[str], ask: Ask, total: Fixed) -> bool:
    """Ask for each fix of the files, in order, and apply those that are wanted; whether to go on behind them.
    Where not, the files that weren't looked at are counted.

    `ask` is given a finding with a fix, and the file's text before and after it. Each
    changed file is written when the walk leaves it, whole or not at all: what was said
    yes to before QUIT stays. A fix that goes wrong is taken back, and told as dropped.
    """
    every: set[str] = set()  # the codes that were answered with ALL
    for number, path in enumerate(paths, 1):
        findings, source = checker.check(path)
        before, going_on = source, True
        if source is not None:
            checker, source, findings, going_on = _walk_file(checker, path, source, findings, ask, every, total)
        total.result.files += 1
        total.result.findings += findings
        if source is not None and before is not None:
            total.result.sources[source.path] = source
            if source.text != before.text:
                reason = rounds.store(checker, path, source)
                if reason:
                    total.result.errors.append(f"{source.path}: {reason}")
                else:
                    total.changed[source.path] = (before, source.text)
        if not going_on:
            total.unseen += len(paths) - number
            return False
    return True


def _walk_file(
    checker: Checker, path: str, source: Source, findings: list[Finding], ask: Ask, every: set[str], total: Fixed
) -> tuple[Checker, Source, list[Finding], bool]:
    passed: set[_Key] = set()
    while True:
        finding = next((f for f in findings if f.fix is not None and _key(findings, f) not in passed), None)
        if finding is None:
            return checker, source, findings, True
        answer = Answer.YES
        if finding.code not in every:
            answer = ask(finding, source.text, apply_fixes(source, [finding]))
        if answer is Answer.QUIT:
            return checker, source, findings, False
        if answer is Answer.ALL:
            every.add(finding.code)
        wanted = {finding.code} & every - {code for code, *_ in passed}
        applied = 0
        if answer is not Answer.NO:
            checker, repaired = _apply(checker, path, source, findings, finding, wanted)
            total.applied += repaired.applied
            total.dropped += repaired.dropped
            source = replace(source, text=repaired.text)
            applied, findings = len(repaired.applied), repaired.remaining
        if not applied:
            passed.add(_key(findings, finding))


def _apply(
    checker: Checker, path: str, source: Source, findings: list[Finding], finding: Finding, codes: set[str]
) -> tuple[Checker, Repaired]:
    """The file with the fix of one finding, or with all of some codes, unless it goes wrong; the checker that
    knows it."""
    from lambdalint.engine.repair import repair

    known = {source.text: checker}

    def check(text: Source) -> list[Finding]:
        if text.text == source.text:
            return findings
        known[text.text] = checker.changed({path: text.encode(text.text)})
        return known[text.text].check(path)[0]

    if codes:
        repaired = repair(source, check, lambda other: other.fix is not None and other.code in codes)
    else:
        repaired = repair(source, check, lambda other: other == finding, max_rounds=1)
    return known[repaired.text], repaired


def _key(findings: list[Finding], finding: Finding) -> _Key:
    """What tells a finding of a file from the others, wherever edits move it: which one it is of those alike.

    Those passed over come before all that are still asked for, so their numbers stay.
    """
    alike = [f for f in findings if (f.code, f.problem) == (finding.code, finding.problem)]
    return finding.code, finding.problem, alike.index(finding)

"""Fixing the files of a project: each to its fixed point, judged with all the others around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lambdalint.engine import check as checking
from lambdalint.engine.run import Checker, display
from lambdalint.engine.write import write_atomically
from lambdalint.findings import Finding, Safety
from lambdalint.source import Source

if TYPE_CHECKING:
    from lambdalint.engine.session import Fixed


def allowed(unsafe: bool) -> Callable[[Finding], bool]:
    """Which findings' fixes may be applied."""
    levels = {Safety.SAFE, Safety.UNSAFE} if unsafe else {Safety.SAFE}
    return lambda finding: finding.fix is not None and finding.fix.safety in levels


def fix_files(
    checker: Checker,
    paths: list[str],
    unsafe: bool,
    write: bool,
    total: Fixed,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Repair the files one after another; a later one sees the earlier ones as they are by then.

    A fix in one file may settle or open findings in others (a getter that a
    helper module now has), so files with something left to fix are gone through
    once more when any file changed.
    """
    may = allowed(unsafe)
    remaining: dict[str, list[Finding]] = {}
    for turn in range(2):
        changed_any = False
        for number, path in enumerate(paths):
            if turn and not any(may(f) for f in remaining[path]):
                continue
            checker, changed = _fix_file(checker, path, may, write, total, remaining)
            changed_any = changed_any or changed
            if progress is not None and not turn:
                progress(number + 1, len(paths))
        if not changed_any:
            break
        if not turn:
            # What other files' fixes did to the findings that were counted before them.
            for path in paths:
                remaining[path] = checker.check(path)[0]
    for path in paths:
        findings, source = remaining[path], None
        if findings:
            source = checker.check(path)[1]
        total.result.files += 1
        total.result.findings += findings
        if source is not None:
            total.result.sources[source.path] = source


def _fix_file(
    checker: Checker,
    path: str,
    may: Callable[[Finding], bool],
    write: bool,
    total: Fixed,
    remaining: dict[str, list[Finding]],
) -> tuple[Checker, bool]:
    """Repair one file; the checker that knows its new text, and whether there is one."""
    from lambdalint.engine.repair import repair

    findings, source = checker.check(path)
    remaining[path] = findings
    if source is None or not any(may(finding) for finding in findings):
        return checker, False
    shown = display(checker.workspace.absolute(path))
    latest = {"checker": checker}

    def again(text: Source) -> list[Finding]:
        if text.text == source.text:
            return findings
        latest["checker"] = checker.changed({path: text.encode(text.text)})
        return latest["checker"].check(path)[0]

    repaired = repair(source, again, may)
    total.applied += repaired.applied
    total.dropped += repaired.dropped
    remaining[path] = repaired.remaining
    if repaired.text == source.text:
        return checker, False
    data = source.encode(repaired.text)
    if write:
        try:
            write_atomically(checker.workspace.absolute(path), data)
        except OSError as error:
            reason = f"the fixed file can't be written: {error.strerror or error}"
            total.result.errors.append(f"{shown}: {reason}")
            remaining[path] = [*findings, checking.unreadable(shown, reason)]
            return checker, False
    before = total.changed.get(shown, (source, ""))[0]
    total.changed[shown] = (before, repaired.text)
    return checker.changed({path: data}), True

"""Fixing the files of a project: each to its fixed point, judged with all the others around it."""

from __future__ import annotations

import difflib
import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lambdalint.engine import check as checking
from lambdalint.engine.run import Checker
from lambdalint.engine.write import write_atomically
from lambdalint.findings import Edit, Finding, Safety, Span
from lambdalint.source import Source

if TYPE_CHECKING:
    from lambdalint.engine.repair import Repaired
    from lambdalint.engine.session import Fixed

_PASSES = 3  # fixes in one file rarely open more in another, and never for long


def allowed(unsafe: bool | Sequence[str]) -> Callable[[Finding], bool]:
    """Which findings' fixes may be applied: the safe ones, and the `unsafe` ones, all or those of some codes."""
    prefixes = ("",) if unsafe is True else tuple(unsafe or ())

    def may(finding: Finding) -> bool:
        if finding.fix is None:
            return False
        return finding.fix.safety is Safety.SAFE or finding.code.startswith(prefixes)

    return may


def edits(checker: Checker, path: str, unsafe: bool, code: str | None) -> list[Edit]:
    """What repairs one file (relative to the root), in the places of its text: the safe fixes, with `unsafe`
    the others too, and of one code alone if it's given. Nothing is written."""
    from lambdalint.engine.repair import repair

    source = checker.check(path)[1]
    if source is None:
        return []
    may = allowed(unsafe)
    repaired = repair(
        source,
        lambda text: checker.changed({path: text.encode(text.text)}).check(path)[0],
        lambda finding: code in (None, finding.code) and may(finding),
    )
    return _difference(source, repaired.text)


def _difference(source: Source, text: str) -> list[Edit]:
    """Edits of whole lines that make a text of another."""
    old, new = source.text.splitlines(keepends=True), text.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    return [
        Edit(Span(source.position(starts[first]), source.position(starts[last])), "".join(new[start:end]))
        for kind, first, last, start, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if kind != "equal"
    ]


def fix_files(
    checker: Checker,
    paths: list[str],
    unsafe: bool | Sequence[str],
    write: bool,
    total: Fixed,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Repair the files side by side, each to its fixed point, with one model for a round of all that share code.

    A fix in one file may settle or open findings in others (a getter that a
    helper module now has), so these are gone through again until nothing
    changes. With `write` each changed file is replaced at the end, whole or not
    at all.
    """
    may = allowed(unsafe)
    remaining: dict[str, list[Finding]] = {}
    sources: dict[str, Source] = {}
    for number, path in enumerate(paths):
        remaining[path], source = checker.check(path)
        if source is not None:
            sources[path] = source
        if progress is not None:
            progress(number + 1, len(paths))
    if any(may(finding) for findings in remaining.values() for finding in findings):
        _complete(checker, paths, sources)
    first = dict(sources)
    gc.freeze()  # what is there by now stays: it needn't be looked through for each part
    for part, own in _parted(checker, paths, lambda path: any(may(finding) for finding in remaining[path]), sources):
        _fix(part, own, may, sources, remaining, total)
        gc.collect()  # the model of a part is full of cycles
    gc.unfreeze()
    for path in paths:
        result = total.result
        source = sources.get(path)
        if source is not None and source.text != first[path].text:
            reason = store(checker, path, source) if write else ""
            if reason:
                result.errors.append(f"{source.path}: {reason}")
                remaining[path].append(checking.unreadable(source.path, reason))
            else:
                total.changed[source.path] = (first[path], source.text)
        result.files += 1
        result.findings += remaining[path]
        if remaining[path] and source is not None:
            result.sources[source.path] = source


def _parted(
    checker: Checker, paths: Sequence[str], has_fix: Callable[[str], bool], sources: Mapping[str, Source]
) -> Iterator[tuple[Checker, list[str]]]:
    """For each part of the project in which something is to be fixed, one that checks it, and its files.

    A part that turns out to load code of others is taken together with them, fixed as they may be by then.
    """
    workspace = checker.workspace
    if checker.alone or not workspace.has_handlers():
        yield checker, list(paths)
        return
    from lambdalint.engine.parts import Parts
    from lambdalint.semantics.part import Part

    parts = Parts(workspace)
    done: set[Part] = set()
    while todo := [part for part in parts.all() if part not in done and any(map(has_fix, part.files & set(paths)))]:
        part = todo[0]
        own = [path for path in paths if path in part.files]
        texts = {path: sources[path].encode(sources[path].text) for path in own if path in sources}
        changed = {path: data for path, data in texts.items() if workspace.read(path) != data}
        one = Checker(workspace.with_overlay(changed), own, part=part, known={})
        strayed = one.connected - part.files
        if strayed:
            parts.join(part, strayed)
            continue
        done.add(part)
        yield one, own
    inside = {path for part in parts.all() for path in part.files}
    rest = [path for path in paths if path not in inside]
    if any(map(has_fix, rest)):
        yield Checker(workspace, rest, part=Part()), rest


def _fix(
    checker: Checker,
    paths: list[str],
    may: Callable[[Finding], bool],
    sources: dict[str, Source],
    remaining: dict[str, list[Finding]],
    total: Fixed,
) -> None:
    """Repair some files until nothing changes."""
    for _ in range(_PASSES):
        wanted = [path for path in paths if path in sources and any(may(f) for f in remaining[path])]
        if not wanted:
            break
        before = {path: sources[path].text for path in wanted}
        checker = _repair(checker, wanted, may, sources, remaining, total)
        if all(sources[path].text == text for path, text in before.items()):
            break
        for path in paths:
            remaining[path] = checker.check(path)[0]


def _complete(checker: Checker, paths: list[str], sources: dict[str, Source]) -> None:
    """Add the texts of files without findings, which an earlier run's answers come without: a fix may open some."""
    for path in paths:
        source = checker.text_of(path) if path not in sources and path not in checker.workspace.inline else None
        if source is not None:
            sources[path] = source


def _repair(
    checker: Checker,
    paths: list[str],
    may: Callable[[Finding], bool],
    sources: dict[str, Source],
    remaining: dict[str, list[Finding]],
    total: Fixed,
) -> Checker:
    """One pass over the files; the checker that knows their new texts."""
    from lambdalint.engine.repair import steps

    work = {path: steps(sources[path], may) for path in paths}
    asked = {path: next(one) for path, one in work.items()}
    done: dict[str, Repaired] = {}
    while asked:
        new = {path for path, text in asked.items() if text.text != sources[path].text}
        checker = _with(checker, {**_results(done, sources), **asked})
        answers = {path: checker.check(path)[0] if path in new or done else remaining[path] for path in asked}
        asked = {}
        for path, findings in answers.items():
            try:
                asked[path] = work[path].send(findings)
            except StopIteration as finished:
                done[path] = finished.value
    for path, repaired in done.items():
        total.applied += repaired.applied
        total.dropped += repaired.dropped
        sources[path] = replace(sources[path], text=repaired.text)
    return _with(checker, {path: sources[path] for path in paths})


def _with(checker: Checker, texts: Mapping[str, Source]) -> Checker:
    """One that checks the project with these texts, in place of a checker that isn't needed any more."""
    encoded = {path: text.encode(text.text) for path, text in texts.items()}
    changed = {path: data for path, data in encoded.items() if checker.workspace.read(path) != data}
    if not changed:
        return checker
    return checker.succeeded(changed) if checker.known is not None else checker.changed(changed)


def _results(done: dict[str, Repaired], sources: dict[str, Source]) -> dict[str, Source]:
    """The files that are finished."""
    return {path: replace(sources[path], text=repaired.text) for path, repaired in done.items()}


def store(checker: Checker, path: str, source: Source) -> str:
    """Write a file; the reason where that fails."""
    try:
        write_atomically(checker.workspace.absolute(path), source.encode(source.text))
    except OSError as error:
        return f"the fixed file can't be written: {error.strerror or error}"
    return ""

"""Fixing the files of a project: each to its fixed point, judged with all the others around it."""

from __future__ import annotations

import difflib
import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from msgspec import Struct, field

from lambdalint.engine import check as checking
from lambdalint.engine.run import Checker
from lambdalint.engine.write import write_atomically
from lambdalint.findings import Edit, Finding, Safety, Span
from lambdalint.source import Source

if TYPE_CHECKING:
    from lambdalint.engine.repair import Repaired
    from lambdalint.engine.session import Fixed
    from lambdalint.engine.workspace import Workspace
    from lambdalint.semantics.part import Part

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
    repairs = _Repairs(allowed(unsafe), total)
    for number, path in enumerate(paths):
        repairs.remaining[path], source = checker.check(path)
        if source is not None:
            repairs.sources[path] = source
        if progress is not None:
            progress(number + 1, len(paths))
    if any(map(repairs.wants, paths)):
        repairs.complete(checker, paths)
    first = dict(repairs.sources)
    gc.freeze()  # what is there by now stays: it needn't be looked through for each part
    for part, own in _parted(checker, paths, repairs):
        repairs.fix(part, own)
        gc.collect()  # the model of a part is full of cycles
    gc.unfreeze()
    for path in paths:
        result, remaining = total.result, repairs.remaining[path]
        source = repairs.sources.get(path)
        if source is not None and source.text != first[path].text:
            reason = store(checker, path, source) if write else ""
            if reason:
                result.errors.append(f"{source.path}: {reason}")
                remaining.append(checking.unreadable(source.path, reason))
            else:
                total.changed[source.path] = (first[path], source.text)
        result.files += 1
        result.findings += remaining
        if remaining and source is not None:
            result.sources[source.path] = source


class _Repairs(Struct):
    """The files that are repaired: their texts as they are by now, what is still found in them, and what was done."""

    may: Callable[[Finding], bool]
    total: Fixed
    sources: dict[str, Source] = field(default_factory=dict)
    remaining: dict[str, list[Finding]] = field(default_factory=dict)

    def wants(self, path: str) -> bool:
        """Whether something in a file is to be fixed."""
        return any(map(self.may, self.remaining[path]))

    def complete(self, checker: Checker, paths: list[str]) -> None:
        """Add the texts of files without findings, which an earlier run's answers come without: a fix may open some."""
        for path in paths:
            inside = path in self.sources or path in checker.workspace.inline
            source = checker.text_of(path) if not inside else None
            if source is not None:
                self.sources[path] = source

    def fix(self, checker: Checker, paths: list[str]) -> None:
        """Repair some files until nothing changes."""
        for _ in range(_PASSES):
            wanted = [path for path in paths if path in self.sources and self.wants(path)]
            if not wanted:
                break
            before = {path: self.sources[path].text for path in wanted}
            checker = self._pass(checker, wanted)
            if all(self.sources[path].text == text for path, text in before.items()):
                break
            for path in paths:
                self.remaining[path] = checker.check(path)[0]

    def _pass(self, checker: Checker, paths: list[str]) -> Checker:
        """One pass over the files; the checker that knows their new texts."""
        from lambdalint.engine.repair import steps

        sources = self.sources
        work = {path: steps(sources[path], self.may) for path in paths}
        asked = {path: next(one) for path, one in work.items()}
        done: dict[str, Repaired] = {}
        while asked:
            new = {path for path, text in asked.items() if text.text != sources[path].text}
            checker = _with(checker, {**_results(done, sources), **asked})
            answers = {path: checker.check(path)[0] if path in new or done else self.remaining[path] for path in asked}
            asked = {}
            for path, findings in answers.items():
                try:
                    asked[path] = work[path].send(findings)
                except StopIteration as finished:
                    done[path] = finished.value
        for repaired in done.values():
            self.total.applied += repaired.applied
            self.total.dropped += repaired.dropped
        sources.update(_results(done, sources))
        return _with(checker, {path: sources[path] for path in paths})


def _parted(checker: Checker, paths: Sequence[str], repairs: _Repairs) -> Iterator[tuple[Checker, list[str]]]:
    """For each part of the project in which something is to be fixed, one that checks it, and its files.

    A part that turns out to load code of others is taken together with them, fixed as they may be by then.
    """
    workspace = checker.workspace
    if checker.alone or not workspace.has_handlers():
        yield checker, list(paths)
        return
    from lambdalint.engine.parts import Parts
    from lambdalint.semantics.part import Part

    def wanted(part: Part) -> bool:
        return any(map(repairs.wants, part.files & set(paths)))

    parts = Parts(workspace)
    done: set[Part] = set()
    while todo := [part for part in parts.all() if part not in done and wanted(part)]:
        part = todo[0]
        own = [path for path in paths if path in part.files]
        changed = _changed(workspace, {path: repairs.sources[path] for path in own if path in repairs.sources})
        one = Checker(workspace.with_overlay(changed), own, part=part, known={})
        if not parts.strays(part, one.connected):
            done.add(part)
            yield one, own
    inside = {path for part in parts.all() for path in part.files}
    rest = [path for path in paths if path not in inside]
    if any(map(repairs.wants, rest)):
        yield Checker(workspace, rest, part=Part()), rest


def _with(checker: Checker, texts: Mapping[str, Source]) -> Checker:
    """One that checks the project with these texts, in place of a checker that isn't needed any more."""
    changed = _changed(checker.workspace, texts)
    if not changed:
        return checker
    return checker.succeeded(changed) if checker.known is not None else checker.changed(changed)


def _changed(workspace: Workspace, texts: Mapping[str, Source]) -> dict[str, bytes]:
    """The files whose texts aren't what the workspace knows, with these."""
    encoded = {path: text.encode(text.text) for path, text in texts.items()}
    return {path: data for path, data in encoded.items() if workspace.read(path) != data}


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

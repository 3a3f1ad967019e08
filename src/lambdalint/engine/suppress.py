"""Findings that the user silenced in the file itself, and silencers that silence nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from lambdalint.engine import comments
from lambdalint.engine.comments import Name, Suppression
from lambdalint.findings import Edit, Finding, Fix, Safety, Span
from lambdalint.source import Source

_CODE, _SLUG = "LMB001", "unused-suppression"
_OURS = re.compile(r"LMB[0-9]+", re.ASCII)
_PREFIX = re.compile(r"LMB[0-9]*", re.ASCII | re.IGNORECASE)


def apply(
    source: Source,
    findings: Sequence[Finding],
    known_codes: Mapping[str, str],
    selected: Callable[[str], bool],
) -> tuple[list[Finding], list[Finding]]:
    """Part the findings of one file: those that stay, and LMB001 for suppressions without effect.

    `known_codes` maps slugs to codes; `selected` tells whether a code was checked
    for, since only then can its suppression be called idle. Blanket
    suppressions and the codes of the run itself (LMB0xx) are never called so, nor
    is anything in a file that can't be split into tokens, or in a template.
    """
    if not comments.mentions(source) or not (findings or comments.mentions_us(source)):
        return list(findings), []
    suppressions = comments.read(source)
    if suppressions is None:
        return [], []
    active: dict[int, list[_Active]] = defaultdict(list)  # by line, 0 for all of them
    every = [_Active(suppression, known_codes) for suppression in suppressions]
    for one in every:
        for line in range(one.suppression.first, one.suppression.last + 1):
            active[line].append(one)

    def silenced(finding: Finding) -> bool:
        hit = False
        for one in (*active[0], *active[finding.span.start.line]):
            hit |= one.silences(finding.code)  # all are asked: each learns that it's of use
        return hit

    kept = [finding for finding in findings if not silenced(finding)]
    idle = [one.idle(source, selected) for one in every if one.suppression.comment is not None]
    return kept, [finding for finding in idle if finding is not None and not silenced(finding)]


class _Active:
    """A suppression at work: which codes it silences, and which of its names have silenced something."""

    def __init__(self, suppression: Suppression, known_codes: Mapping[str, str]) -> None:
        self.suppression = suppression
        self._codes = set(known_codes.values())
        self._names = [(name, self._prefix(name, known_codes)) for name in suppression.names or ()]
        self._used: set[Name] = set()

    def _prefix(self, name: Name, known_codes: Mapping[str, str]) -> str:
        """The prefix of codes that a name stands for; nothing for what is no code of ours."""
        if not self.suppression.own:
            return name.text  # case counts, as it does for flake8
        if _PREFIX.fullmatch(name.text):
            return name.text.upper()
        return known_codes.get(name.text.lower(), "")

    def silences(self, code: str) -> bool:
        if self.suppression.malformed:
            return False
        if self.suppression.names is None:
            return True
        matching = [name for name, prefix in self._names if prefix and code.startswith(prefix)]
        self._used.update(matching)
        return bool(matching)

    def idle(self, source: Source, selected: Callable[[str], bool]) -> Finding | None:
        """The finding that says which of the names have no effect, if any."""
        written = self.suppression
        if written.malformed:
            return _finding(
                source,
                (written.start, written.end),
                "this suppression can't be read, so it suppresses nothing",
                "write `# lambdalint: ignore[LMB101]`",
                None,
            )
        useless: list[Name] = []
        unknown: list[Name] = []
        for name, prefix in self._names:
            foreign = not written.own and not _OURS.fullmatch(name.text)
            if foreign or name in self._used or prefix.startswith("LMB0"):
                continue
            codes = [code for code in self._codes if prefix and code.startswith(prefix)]
            if not codes:
                unknown.append(name)
            elif all(map(selected, codes)):
                useless.append(name)
        gone = [name for name, _ in self._names if name in useless or name in unknown]
        if not gone and written.names != ():
            return None
        texts = []
        if useless:
            names = ", ".join(name.text for name in useless)
            texts.append(f"{names} {'suppress' if len(useless) > 1 else 'suppresses'} nothing here")
        if unknown:
            names = ", ".join(name.text for name in unknown)
            texts.append(f"{names} {'name' if len(unknown) > 1 else 'names'} no rule")
        span = (gone[0].start, gone[-1].end) if gone else (written.start, written.end)
        problem = " and ".join(texts) or "this suppression names no code, so it suppresses nothing"
        remedy = "delete the names" if len(gone) > 1 else "delete the name"
        kept = len(gone) < len(self._names)
        if not kept:
            remedy = "delete the suppression"
        edits = _without_names(source, list(written.names or ()), gone) if kept else _without(source, written)
        return _finding(source, span, problem, remedy, edits)


def _without_names(source: Source, names: list[Name], gone: list[Name]) -> list[Edit]:
    """Edits that take some of the names out, each with the separator that becomes needless."""
    edits = []
    for index, name in enumerate(names):
        if name not in gone:
            continue
        if any(later not in gone for later in names[index:]):
            edits.append(_edit(source, name.start, names[index + 1].start))
        else:  # the last ones go together, with the separator before them
            edits.append(_edit(source, names[index - 1].end, names[-1].end))
            break
    return edits


def _without(source: Source, written: Suppression) -> list[Edit]:
    """Edits that take a suppression out; an emptied comment goes with its whitespace, or its line."""
    text = source.text
    start, end = written.comment or (written.start, written.end)
    rest = text[written.end : end]
    if rest.strip():
        following = written.end + len(rest) - len(rest.lstrip(" \t,"))
        return [_edit(source, written.start, following, "" if text[following] == "#" else "# ")]
    line = source.line_starts[source.position(start).line - 1]
    before = text[line : written.start]
    if before.strip():
        return [_edit(source, line + len(before.rstrip()), end)]
    after = source.line_starts[source.position(start).line] if end < len(text) else end
    return [_edit(source, line, after)]


def _edit(source: Source, start: int, end: int, text: str = "") -> Edit:
    return Edit(Span(source.position(start), source.position(end)), text)


def _finding(source: Source, place: tuple[int, int], problem: str, remedy: str, edits: list[Edit] | None) -> Finding:
    span = Span(source.position(place[0]), source.position(place[1]))
    fix = None
    if edits is not None:
        # Two fixes of one comment would each keep what the other takes away.
        isolation = f"suppression:{span.start.line}"
        fix = Fix(tuple(edits), Safety.SAFE, "Delete the suppression that has no effect", isolation)
    return Finding(_CODE, _SLUG, source.path, span, problem, remedy=remedy, fix=fix)

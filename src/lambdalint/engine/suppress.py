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
    if not comments.mentions(source):
        return list(findings), []
    suppressions = comments.read(source)
    if suppressions is None:
        return [], []
    pairs = [(suppression, _prefixes(suppression, known_codes)) for suppression in suppressions]
    by_line: dict[int, list[tuple[Suppression, list[str]]]] = defaultdict(list)
    for pair in pairs:
        if not pair[0].malformed:
            for line in range(pair[0].first, pair[0].last + 1):
                by_line[line].append(pair)
    used: set[int] = set()  # the offsets of the names that suppressed something

    def silenced(finding: Finding) -> bool:
        hit = False
        for suppression, prefixes in by_line[finding.span.start.line]:
            if suppression.names is None:
                hit = True
            for name, prefix in zip(suppression.names or (), prefixes, strict=False):
                if prefix and finding.code.startswith(prefix):
                    used.add(name.start)
                    hit = True
        return hit

    kept = [finding for finding in findings if not silenced(finding)]
    idle = []
    for suppression, prefixes in pairs:
        if suppression.comment is None:
            continue
        if suppression.malformed:
            idle.append(_malformed(source, suppression))
            continue
        useless, unknown = [], []
        for name, prefix in zip(suppression.names or (), prefixes, strict=True):
            codes = [code for code in known_codes.values() if prefix and code.startswith(prefix)]
            if name.start in used or prefix.startswith("LMB0") or (not suppression.own and not _OURS.match(name.text)):
                continue
            if not codes:
                unknown.append(name)
            elif all(map(selected, codes)):
                useless.append(name)
        if useless or unknown or suppression.names == ():
            idle.append(_unused(source, suppression, useless, unknown))
    return kept, [finding for finding in idle if not silenced(finding)]

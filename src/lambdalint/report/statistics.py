"""How often each code was found, and how often a fix is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lambdalint.findings import Finding, Safety
from lambdalint.report.style import Style


@dataclass(frozen=True)
class Row:
    """One code: `fixable` counts the safe fixes, `fixable_unsafe` the others."""

    count: int
    code: str
    name: str
    fixable: int
    fixable_unsafe: int


def rows(findings: Iterable[Finding]) -> list[Row]:
    """The most frequent code first."""
    total: Counter[tuple[str, str]] = Counter()
    fixes: Counter[tuple[str, Safety]] = Counter()
    for finding in findings:
        total[finding.code, finding.name] += 1
        if finding.fix is not None:
            fixes[finding.code, finding.fix.safety] += 1
    found = [
        Row(count, code, name, fixes[code, Safety.SAFE], fixes[code, Safety.UNSAFE])
        for (code, name), count in total.items()
    ]
    return sorted(found, key=lambda row: (-row.count, row.code))


def table(rows: Sequence[Row], style: Style) -> Iterator[str]:
    """One line a code: `12  LMB101  client-in-handler  [*] 3 safe, 4 unsafe`."""
    counts = max((len(str(row.count)) for row in rows), default=0)
    names = max((len(row.name) for row in rows), default=0)
    for row in rows:
        kinds = [
            f"{number} {kind}" for number, kind in ((row.fixable, "safe"), (row.fixable_unsafe, "unsafe")) if number
        ]
        fixes = f"  [{style.cyan('*')}] {', '.join(kinds)}" if kinds else ""
        yield f"{row.count:>{counts}}  {style.red(row.code)}  {row.name:<{names}}{fixes}".rstrip()

"""What fixing did, or would do: a list file by file, or a unified diff."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from lambdalint.findings import Finding, Safety
from lambdalint.report.style import Style, counted, printable

_LINES = re.compile(r"[^\n]*\n|[^\n]+")


def applied(findings: Sequence[Finding], style: Style, verb: str = "Fixed") -> Iterator[str]:
    """`Fixed 3 findings in 1 file:` and what was fixed in each."""
    if not findings:
        return
    files: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for finding in findings:
        files[finding.path][f"{finding.code} ({finding.name})"] += 1
    yield style.green(f"{verb} {counted(len(findings), 'finding')} in {counted(len(files), 'file')}:")
    for path in sorted(files):
        codes = ", ".join(f"{count} × {code}" for code, count in sorted(files[path].items()))
        yield f"  {style.bold(printable(path))}: {codes}"


def held_back(dropped: Sequence[tuple[Finding, str]], style: Style) -> Iterator[str]:
    """The fixes that were tried and taken back, each with its reason."""
    if dropped:
        yield style.yellow(f"Left {counted(len(dropped), 'fix', 'es')} out:")
        yield from (_line(finding, reason) for finding, reason in dropped)


def unsafe(findings: Sequence[Finding], style: Style) -> Iterator[str]:
    """The fixes of the findings that weren't tried since they may change behaviour, each with what may change."""
    left = [
        (finding, finding.fix.message) for finding in findings if finding.fix and finding.fix.safety is Safety.UNSAFE
    ]
    if left:
        yield style.yellow(f"Held back {counted(len(left), 'fix', 'es')} that may change what the code does:")
        yield from (_line(finding, message) for finding, message in left)
        yield f"{'It is' if len(left) == 1 else 'They are'} made with --unsafe-fixes, or --unsafe-fixes=CODES."


def _line(finding: Finding, text: str) -> str:
    start = finding.span.start
    return f"  {printable(finding.path)}:{start.line}:{start.column + 1}: {finding.code}: {printable(text)}"


def diff(path: str, before: str, after: str, style: Style) -> Iterator[str]:
    """The unified diff of one file; each piece carries its own line ending."""
    import difflib

    old, new = _LINES.findall(before), _LINES.findall(after)
    for number, line in enumerate(difflib.unified_diff(old, new, path, path)):
        paint = {"-": style.red, "+": style.green, "@": style.cyan}.get(line[0]) if number > 1 else style.bold
        body = line.removesuffix("\n").removesuffix("\r")
        yield (paint(body) if paint else body) + line[len(body) :]
        if not line.endswith("\n"):
            yield "\n\\ No newline at end of file\n"

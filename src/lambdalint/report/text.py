"""Findings for people: the full form with code frames, one line each, and the closing line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lambdalint.findings import Finding, Safety, Severity
from lambdalint.report.frame import frame
from lambdalint.report.style import Style, counted, printable

FIXABLE = "[*]"


def full(findings: Iterable[Finding], lines: Mapping[str, Sequence[str]], style: Style) -> Iterator[str]:
    """Each finding with its code, way, cost and remedy; `lines` holds the texts by path."""
    for finding in findings:
        yield _head(finding, finding.problem, style)
        yield from frame(finding.span, lines.get(finding.path, ()), style)
        gutter = " " * (len(str(finding.span.end.line)) + 2)
        for label, text in _notes(finding):
            yield f"{gutter}{style.blue('=')} {style.bold(label + ':')} {printable(text)}"
        yield ""


def concise(findings: Iterable[Finding], style: Style) -> Iterator[str]:
    """Each finding on a line of its own."""
    for finding in findings:
        yield _head(finding, finding.message, style)


def flake8_text(finding: Finding) -> str:
    """The code and the message, with the way to the fix: flake8 can't apply it."""
    hint = ""
    if finding.fix is not None:
        unsafe = " --unsafe-fixes" if finding.fix.safety is Safety.UNSAFE else ""
        hint = f" (fixable: lambdalint --fix{unsafe})"
    return printable(f"{finding.code} {finding.message}{hint}")


def summary(findings: Sequence[Finding], files: int, unsafe: bool = False) -> str:
    """The closing line; `unsafe` says that --unsafe-fixes was given."""
    if not findings:
        return f"No findings in {counted(files, 'file')}."
    where = len({finding.path for finding in findings})
    text = f"Found {counted(len(findings), 'finding')} in {counted(where, 'file')}"
    safe = sum(finding.fix is not None and finding.fix.safety is Safety.SAFE for finding in findings)
    other = sum(finding.fix is not None for finding in findings) - safe
    parts = []
    if unsafe and safe + other:
        parts = [f"{safe + other} fixable with --fix --unsafe-fixes"]
    elif not unsafe and safe:
        parts = [f"{safe} fixable with --fix"]
    if not unsafe and other:
        parts.append(f"{other} {'more ' if safe else 'fixable '}with --fix --unsafe-fixes")
    return f"{text} ({', '.join(parts)})." if parts else f"{text}."


def _head(finding: Finding, text: str, style: Style) -> str:
    start = finding.span.start
    place = f"{style.bold(printable(finding.path))}:{start.line}:{start.column + 1}:"
    paint = style.red if finding.severity is not Severity.INFO else style.cyan
    mark = f" [{style.cyan('*')}]" if finding.fix is not None else ""
    return f"{place} {paint(finding.code)}{mark} {printable(text)}"


def _notes(finding: Finding) -> Iterator[tuple[str, str]]:
    if finding.way_text:
        yield "way", finding.way_text
    if finding.cost:
        yield "cost", finding.cost
    for related in finding.related:
        yield "note", f"{related.path}:{related.span.start.line}: {related.message}"
    if finding.remedy:
        yield "help", finding.remedy
    if finding.fix is not None:
        unsafe = " (unsafe)" if finding.fix.safety is Safety.UNSAFE else ""
        yield f"fix{unsafe}", finding.fix.message

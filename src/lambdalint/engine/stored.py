"""Answers and their findings as JSON's plain values and back; ValueError or TypeError where these have another form."""

from __future__ import annotations

from typing import Any

from lambdalint.findings import Edit, Finding, Fix, Related, Safety, Severity, Span

# A file's findings, and the file (itself, or the template that it stands in) whose text they are shown with.
Answer = tuple[list[Finding], "str | None"]


def encode_answer(answer: Answer) -> list[Any]:
    findings, shown_with = answer
    return [[encode(finding) for finding in findings], shown_with]


def decode_answer(values: list[Any]) -> Answer:
    findings, shown_with = values
    return [decode(one) for one in findings], None if shown_with is None else _text(shown_with)


def encode(finding: Finding) -> list[Any]:
    return [
        finding.code,
        finding.name,
        finding.path,
        _span(finding.span),
        finding.problem,
        finding.cost,
        finding.remedy,
        list(finding.way),
        finding.more,
        _fix(finding.fix) if finding.fix is not None else None,
        finding.severity.value,
        [[related.path, _span(related.span), related.message] for related in finding.related],
    ]


def decode(values: list[Any]) -> Finding:
    code, name, path, span, problem, cost, remedy, way, more, fix, severity, related = values
    return Finding(
        _text(code),
        _text(name),
        _text(path),
        _read_span(span),
        _text(problem),
        _text(cost),
        _text(remedy),
        tuple(map(_text, way)),
        _number(more),
        _read_fix(*fix) if fix is not None else None,
        Severity(severity),
        tuple(Related(_text(where), _read_span(at), _text(message)) for where, at, message in related),
    )


def _span(span: Span) -> list[int]:
    return [span.start.line, span.start.column, span.end.line, span.end.column]


def _read_span(values: list[Any]) -> Span:
    line, column, end_line, end_column = map(_number, values)
    return Span.at(line, column, end_line, end_column)


def _fix(fix: Fix) -> list[Any]:
    edits = [[_span(edit.span), edit.text] for edit in fix.edits]
    return [edits, fix.safety.value, fix.message, fix.isolation, [_span(span) for span in fix.rewritten]]


def _read_fix(edits: list[Any], safety: str, message: object, isolation: object, rewritten: list[Any]) -> Fix:
    read = tuple(Edit(_read_span(span), _text(text)) for span, text in edits)
    return Fix(read, Safety(safety), _text(message), _text(isolation), tuple(map(_read_span, rewritten)))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _number(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError(value)
    return value

"""Findings for programs. Rows and columns count from 1, columns in code points."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Sequence

from lambdalint.findings import Finding, Fix, Position
from lambdalint.report.statistics import Row

# Where a rule's page lies, counted from the top of this project.
PAGES = "docs/rules/"


def findings_text(findings: Sequence[Finding]) -> str:
    return _text([_finding(finding) for finding in findings])


def statistics_text(rows: Sequence[Row]) -> str:
    return _text([dataclasses.asdict(row) for row in rows])


def _text(value: object) -> str:
    return json.dumps(value, indent=2)


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "name": finding.name,
        "message": finding.message,
        "severity": finding.severity.value,
        "url": f"{PAGES}{finding.name}.md",
        "filename": os.path.abspath(finding.path),
        "location": _place(finding.span.start),
        "end_location": _place(finding.span.end),
        "problem": finding.problem,
        "way": list(finding.way),
        "more_ways": finding.more,
        "cost": finding.cost,
        "help": finding.remedy,
        "related": [
            {
                "filename": os.path.abspath(related.path),
                "location": _place(related.span.start),
                "end_location": _place(related.span.end),
                "message": related.message,
            }
            for related in finding.related
        ],
        "fix": _fix(finding.fix) if finding.fix is not None else None,
    }


def _fix(fix: Fix) -> dict[str, object]:
    return {
        "applicability": fix.safety.value,
        "message": fix.message,
        "edits": [
            {"content": edit.text, "location": _place(edit.span.start), "end_location": _place(edit.span.end)}
            for edit in fix.edits
        ],
    }


def _place(position: Position) -> dict[str, int]:
    return {"row": position.line, "column": position.column + 1}

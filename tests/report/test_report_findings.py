"""What the reporters print of given findings."""

from __future__ import annotations

import json as standard_json
import os
from dataclasses import replace

import pytest

from lambdalint.findings import Edit, Finding, Fix, Related, Safety, Severity, Span
from lambdalint.report import json, statistics, text
from lambdalint.report.style import Style, wants_colour

PLAIN = Style()
EDIT = Edit(Span.at(2, 9, 2, 27), "_s3()")
FINDING = Finding(
    code="LMB101",
    name="client-in-handler",
    path="src/app.py",
    span=Span.at(2, 9, 2, 27),
    problem='boto3.client("s3") is created on every invocation',
    cost="each invocation pays for a new TLS connection",
    remedy="create it once",
    way=("lambda_handler", "load"),
    more=2,
    fix=Fix((EDIT,), Safety.SAFE, "Create it once, in a cached function"),
)
UNSAFE = replace(FINDING, fix=replace(FINDING.fix, safety=Safety.UNSAFE))
BARE = Finding("LMB502", "table-scan", "src/b.py", Span.at(1, 0, 1, 6), "scan reads the table")
LINES = {"src/app.py": ["def load():", "    s3 = boto3.client('s3')"]}


def test_full() -> None:
    assert "\n".join(text.full([FINDING], LINES, PLAIN)) == (
        'src/app.py:2:10: LMB101 [*] boto3.client("s3") is created on every invocation\n'
        "   |\n"
        " 1 | def load():\n"
        " 2 |     s3 = boto3.client('s3')\n"
        "   |          ^^^^^^^^^^^^^^^^^^\n"
        "   |\n"
        f"   = way: {FINDING.way_text}\n"
        "   = cost: each invocation pays for a new TLS connection\n"
        "   = help: create it once\n"
        "   = fix: Create it once, in a cached function\n"
    )


def test_full_marks_unsafe_fixes_and_leaves_out_what_is_not_known() -> None:
    assert "   = fix (unsafe): Create it once" in "\n".join(text.full([UNSAFE], LINES, PLAIN))
    assert list(text.full([BARE], {}, PLAIN)) == ["src/b.py:1:1: LMB502 scan reads the table", ""]


def test_full_shows_related_places() -> None:
    related = Related("src/c.py", Span.at(7, 4, 7, 9), "the call is made here")
    lines = list(text.full([replace(BARE, related=(related,))], {}, PLAIN))
    assert "   = note: src/c.py:7: the call is made here" in lines


def test_concise_is_one_line_with_the_whole_message() -> None:
    assert list(text.concise([FINDING, BARE], PLAIN)) == [
        f"src/app.py:2:10: LMB101 [*] {FINDING.message}",
        "src/b.py:1:1: LMB502 scan reads the table",
    ]


def test_line_breaks_and_escapes_in_names_stay_on_the_line() -> None:
    odd = replace(BARE, path="a\nb\x1b.py", problem="two\nlines")
    assert list(text.concise([odd], PLAIN)) == ["a b␛.py:1:1: LMB502 two lines"]


def test_colour() -> None:
    plain = next(text.concise([FINDING], PLAIN))
    coloured = next(text.concise([FINDING], Style(True)))
    assert "\x1b[1;31mLMB101\x1b[0m" in coloured
    assert "\x1b" not in plain
    hint = replace(BARE, severity=Severity.INFO)
    assert "\x1b[36mLMB502" in next(text.concise([hint], Style(True)))


@pytest.mark.parametrize(
    ("environment", "terminal", "wanted"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "0"}, True, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
    ],
)
def test_who_wants_colour(environment: dict[str, str], terminal: bool, wanted: bool) -> None:
    assert wants_colour(environment, terminal) is wanted


def test_summary() -> None:
    assert text.summary([], 1) == "No findings in 1 file."
    assert text.summary([BARE], 9) == "Found 1 finding in 1 file."
    assert text.summary([FINDING, BARE], 9) == "Found 2 findings in 2 files (1 fixable with --fix)."
    assert text.summary([FINDING, UNSAFE, BARE], 9) == (
        "Found 3 findings in 2 files (1 fixable with --fix, 1 more with --fix --unsafe-fixes)."
    )
    assert text.summary([UNSAFE], 9) == "Found 1 finding in 1 file (1 fixable with --fix --unsafe-fixes)."
    assert text.summary([FINDING, UNSAFE], 9, unsafe=True) == (
        "Found 2 findings in 1 file (2 fixable with --fix --unsafe-fixes)."
    )


def test_json() -> None:
    first, second = standard_json.loads(json.findings_text([UNSAFE, BARE]))
    assert first == {
        "code": "LMB101",
        "name": "client-in-handler",
        "message": FINDING.message,
        "severity": "warning",
        "url": "docs/rules/client-in-handler.md",
        "filename": os.path.abspath("src/app.py"),
        "location": {"row": 2, "column": 10},
        "end_location": {"row": 2, "column": 28},
        "problem": FINDING.problem,
        "way": ["lambda_handler", "load"],
        "more_ways": 2,
        "cost": FINDING.cost,
        "help": "create it once",
        "related": [],
        "fix": {
            "applicability": "unsafe",
            "message": "Create it once, in a cached function",
            "edits": [
                {
                    "content": "_s3()",
                    "location": {"row": 2, "column": 10},
                    "end_location": {"row": 2, "column": 28},
                }
            ],
        },
    }
    assert second["fix"] is None
    assert standard_json.loads(json.findings_text([])) == []


def test_statistics() -> None:
    rows = statistics.rows([BARE, FINDING, UNSAFE, UNSAFE])
    assert list(statistics.table(rows, PLAIN)) == [
        "3  LMB101  client-in-handler  [*] 1 safe, 2 unsafe",
        "1  LMB502  table-scan",
    ]
    assert standard_json.loads(json.statistics_text(rows))[0] == {
        "count": 3,
        "code": "LMB101",
        "name": "client-in-handler",
        "fixable": 1,
        "fixable_unsafe": 2,
    }

"""What the fixes were measured to gain is told on the rules' pages."""

from __future__ import annotations

import pytest

from lambdalint.engine.catalogue import entries
from lambdalint.engine.page import page
from lambdalint.knowledge import measured, tables


def test_a_line_tells_requests_time_and_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {
        "rule": "LMB999",
        "what": "get_item in a loop, 1,000",
        "latency_ms": 5,
        "requests": [1000, 10],
        "wall_ms": [17960.2, 338.4],
        "cpu_ms": [848.0, 0.004],
        "at_128_mb_ms": [1606.0, 29.4],
        "at_128_mb_what": "at 128 MB, 100 of them",
    }
    monkeypatch.setattr(tables, "load", lambda name: {"row": [row]})
    assert measured.effects("LMB999") == [
        "get_item in a loop, 1,000: 1,000 → 10 requests, 18 s → 338 ms at 5 ms of latency, "
        "848 ms → under 0.1 ms of CPU, 1.61 s → 29 ms at 128 MB, 100 of them"
    ]


def test_what_asks_for_nothing_has_no_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"rule": "LMB999", "what": "init", "latency_ms": 0, "requests": [0, 0], "wall_ms": [9, 3], "cpu_ms": [8, 2]}
    monkeypatch.setattr(tables, "load", lambda name: {"row": [row]})
    assert measured.effects("LMB999") == ["init: 9 ms → 3 ms, 8 ms → 2 ms of CPU"]


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.09, "under 0.1 ms"), (0.123, "0.12 ms"), (29.4, "29 ms"), (99.4, "99 ms"), (99.6, "100 ms"), (1606, "1.61 s")],
)
def test_a_time_is_told_in_few_digits(value: float, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"rule": "LMB999", "what": "x", "latency_ms": 0, "requests": [0, 0], "wall_ms": [value, 1], "cpu_ms": [2, 1]}
    monkeypatch.setattr(tables, "load", lambda name: {"row": [row]})
    assert measured.effects("LMB999") == [f"x: {told} → 1 ms, 2 ms → 1 ms of CPU"]


def test_every_measured_rule_is_known_and_quotes_its_lines() -> None:
    pages = {entry.code: page(entry) for entry in entries()}
    rows = tables.load("measured")["row"]
    missing = [
        (row["rule"], line) for row in rows for line in measured.effects(row["rule"]) if line not in pages[row["rule"]]
    ]
    assert missing == []
    assert len({row["rule"] for row in rows}) >= 15


def test_a_rule_that_was_not_measured_has_none() -> None:
    assert measured.effects("LMB000") == []

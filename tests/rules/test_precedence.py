"""One finding per cause."""

from __future__ import annotations

import libcst as cst
import pytest

from lambdalint.engine import catalogue
from lambdalint.rules.base import RawFinding, Rule
from lambdalint.rules.precedence import PRECEDENCE, settle


def finding(code: str, *causes: int) -> RawFinding:
    rule = type("One", (Rule,), {"code": code, "__module__": __name__})
    return RawFinding(rule, cst.Pass(), code, causes=frozenset(causes))


def told(*findings: RawFinding) -> list[str]:
    return [one.problem for one in settle(findings)]


@pytest.mark.parametrize(("winner", "loser"), PRECEDENCE)
def test_one_rule_speaks_of_one_cause(winner: str, loser: str) -> None:
    winner = winner.ljust(6, "1")
    assert told(finding(winner, 1, 2), finding(loser, 2, 3)) == [winner]
    assert told(finding(loser, 2), finding(winner, 2)) == [winner]


@pytest.mark.parametrize(("winner", "loser"), PRECEDENCE)
def test_both_speak_of_two_causes(winner: str, loser: str) -> None:
    assert told(finding(winner.ljust(6, "1"), 1), finding(loser, 2)) == [winner.ljust(6, "1"), loser]


def test_results_that_are_lost_stand_beside_what_reads_too_much() -> None:
    assert told(finding("LMB501", 1), finding("LMB505", 1)) == ["LMB501", "LMB505"]
    assert told(finding("LMB502", 1), finding("LMB505", 1)) == ["LMB502", "LMB505"]


def test_one_rule_may_speak_twice() -> None:
    assert told(finding("LMB101", 1), finding("LMB101", 1)) == ["LMB101", "LMB101"]


def test_no_rule_silences_itself_in_a_circle() -> None:
    for winner, loser in PRECEDENCE:
        assert (loser, winner) not in PRECEDENCE
        assert not loser.startswith(winner)


def test_the_codes_are_rules_or_families() -> None:
    known = {entry.code for entry in catalogue.entries()}
    for pair in PRECEDENCE:
        for code in pair:
            assert len(code) < 6 or code[:4] in {other[:4] for other in known}

"""The examples of the rules' pages do what the pages say."""

from __future__ import annotations

from pathlib import Path

import pytest
import rule_cases
from rule_cases import ExampleCase

BAD = [one for one in rule_cases.examples() if one.example.bad]
GOOD = [one for one in rule_cases.examples() if not one.example.bad]
FIXED = [one for one in BAD if one.example.fixed]


def selected(one: ExampleCase) -> tuple[str, ...]:
    return rule_cases.own_codes(one.entry.code)


@pytest.mark.parametrize("one", BAD, ids=str)
def test_what_is_bad_is_reported(one: ExampleCase, tmp_path: Path) -> None:
    findings = rule_cases.check(rule_cases.write(one.case, tmp_path), **rule_cases.asked_for(one.entry.code))
    here = {finding.code for finding in findings if rule_cases.inside(finding, tmp_path) == one.example.path}
    assert one.entry.code in here


@pytest.mark.parametrize("one", BAD, ids=str)
def test_a_fix_is_as_safe_as_the_rule_says_at_most(one: ExampleCase, tmp_path: Path) -> None:
    findings = rule_cases.check(rule_cases.write(one.case, tmp_path), select=selected(one))
    fixes = [f.fix for f in findings if f.code == one.entry.code and f.fix is not None]
    if one.example.fixed:
        assert [fix.safety for fix in fixes] == [one.entry.safety]
    else:
        assert not fixes or one.entry.safety in [fix.safety for fix in fixes]


@pytest.mark.parametrize("one", FIXED, ids=str)
def test_the_fixed_example_is_what_the_fix_makes(one: ExampleCase, tmp_path: Path) -> None:
    rule_cases.write(one.case, tmp_path)
    rule_cases.fix(tmp_path, unsafe=True, select=selected(one))
    assert rule_cases.texts(tmp_path, one.case)[one.example.path] == one.example.fixed


@pytest.mark.parametrize("one", GOOD, ids=str)
def test_what_is_good_is_left_alone(one: ExampleCase, tmp_path: Path) -> None:
    findings = rule_cases.check(rule_cases.write(one.case, tmp_path), **rule_cases.asked_for(one.entry.code))
    assert [finding.message for finding in findings if finding.code == one.entry.code] == []


def test_each_rule_shows_both_sides() -> None:
    bad, good = ({one.entry.code for one in side} for side in (BAD, GOOD))
    written = {entry.code for entry in rule_cases.catalogue.entries() if entry.code > "LMB100"}
    assert written <= bad
    assert written <= good


@pytest.mark.parametrize("one", GOOD, ids=str)
def test_a_good_example_says_why(one: ExampleCase) -> None:
    assert one.example.why

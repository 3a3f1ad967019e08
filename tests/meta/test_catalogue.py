"""Each rule has all that belongs to a rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import rule_cases

from lambdalint.engine import catalogue
from lambdalint.engine.catalogue import RuleEntry
from lambdalint.findings import Safety
from lambdalint.rules.base import Rule
from lambdalint.rules.registry import all_rules

TOP = Path(__file__).parents[2]
SECTIONS = ["What it costs", "What to do", "When to ignore", "Fix safety", "Sources"]
ENTRIES = catalogue.entries()
RULES = all_rules()
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def test_codes_and_slugs_are_unique() -> None:
    assert len({entry.code for entry in ENTRIES}) == len(ENTRIES)
    assert len({entry.name for entry in ENTRIES}) == len(ENTRIES)


@each_entry
def test_codes_and_slugs_have_their_form(entry: RuleEntry) -> None:
    assert re.fullmatch(r"LMB\d{3}", entry.code)
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", entry.name)
    assert re.fullmatch(r"\d+\.\d+\.\d+", entry.since)


@each_rule
def test_a_rule_file_is_named_after_its_slug(rule: type[Rule]) -> None:
    assert rule.__module__.rpartition(".")[2] == rule.name.replace("-", "_")
    assert rule.__name__.lower() == rule.name.replace("-", "")


def test_opt_in_rules_are_known_without_loading_them() -> None:
    assert tuple(rule.code for rule in RULES if not rule.default) == catalogue.OPT_IN


@each_rule
def test_a_page_has_all_sections(rule: type[Rule]) -> None:
    entry = catalogue.find(rule.code)
    assert entry is not None
    assert [title for title, _ in entry.sections] == SECTIONS
    assert all(text for _, text in entry.sections)
    assert entry.summary.endswith((".", ":"))


@each_rule
def test_a_page_says_how_safe_the_fix_is(rule: type[Rule]) -> None:
    entry = catalogue.find(rule.code)
    assert entry is not None
    text = dict(entry.sections)["Fix safety"]
    word = {
        Safety.SAFE: r"\bsafe\b",
        Safety.UNSAFE: r"\bunsafe\b",
        Safety.SHOWN: r"\bshown only\b",
        None: r"\bno fix\b",
    }[rule.safety]
    assert re.search(word, text, re.IGNORECASE), text


@each_rule
def test_messages_are_one_line_that_goes_on_in_another(rule: type[Rule]) -> None:
    for text in (rule.problem, rule.remedy):
        assert text
        assert "\n" not in text
        assert not text.endswith(".")


@each_entry
def test_a_rule_has_fixtures_of_both_kinds(entry: RuleEntry) -> None:
    names = [case.name.partition("/")[2] for case in rule_cases.fixtures() if case.name.startswith(f"{entry.code}/")]
    near_misses = [name for name in names if name.startswith("ok_")]
    assert near_misses
    assert len(near_misses) < len(names)


def test_fixtures_belong_to_rules() -> None:
    folders = {folder.name for folder in rule_cases.FIXTURES.iterdir()}
    assert folders == {entry.code for entry in ENTRIES}


@each_entry
def test_a_rule_has_a_page_and_a_line_among_the_changes(entry: RuleEntry) -> None:
    page = TOP / "docs" / "rules" / f"{entry.name}.md"
    assert entry.code in page.read_text("utf-8")
    assert f"- {entry.code} {entry.name}:" in (TOP / "CHANGELOG.md").read_text("utf-8")

"""The loop that fixes a file: rounds, fixes that go wrong, and when it ends."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from lambdalint.engine.repair import Repaired, repair
from lambdalint.findings import Edit, Finding, Fix, Safety, Span
from lambdalint.source import Source

Rewrite = Callable[[str], str | None]


class Words:
    """A check for tests: each word of a table is a finding, and its entry what the fix makes of it."""

    def __init__(self, isolation: str = "", **fixes: str | None) -> None:
        self.fixes = fixes
        self.isolation = isolation
        self.calls = 0

    def __call__(self, source: Source) -> list[Finding]:
        self.calls += 1
        found = []
        for match in re.finditer(r"\w+", source.text):
            if match[0] in self.fixes:
                span = Span(source.position(match.start()), source.position(match.end()))
                text = self.fixes[match[0]]
                fix = None
                if text is not None:
                    fix = Fix((Edit(span, text),), Safety.SAFE, "fix", self.isolation)
                found.append(Finding("LMB001", "word", source.path, span, f"word {match[0]}", fix=fix))
            if match[0] == "unreadable":
                found.append(Finding("LMB000", "unreadable", source.path, Span.at(1, 0, 1, 0), "it fails"))
        return found


def run(text: str, check: Words, encoding: str = "utf-8", **more: int) -> Repaired:
    return repair(Source("app.py", text, encoding), check, lambda finding: True, **more)


def names(findings: object) -> list[str]:
    assert isinstance(findings, (list, tuple))
    return [finding.problem.removeprefix("word ") for finding in findings]


def test_nothing_to_do_is_one_check() -> None:
    check = Words(bad="good")
    result = run("fine\n", check)
    assert result == Repaired("fine\n", (), [], ())
    assert check.calls == 1


def test_all_fixes_of_a_round_at_once() -> None:
    check = Words(bad="good", ill="well")
    result = run("bad\nill\nbad\n", check)
    assert result.text == "good\nwell\ngood\n"
    assert names(result.applied) == ["bad", "ill", "bad"]
    assert (result.remaining, result.dropped) == ([], ())
    assert check.calls == 2


def test_fixes_of_fixes_and_isolation_take_rounds() -> None:
    result = run("bad\nbad\n", Words("group", bad="ill", ill="well"))
    assert result.text == "well\nwell\n"
    assert names(result.applied) == ["bad", "ill", "bad", "ill"]


def test_rounds_are_counted() -> None:
    result = run("bad\nbad\nbad\n", Words("group", bad="good"), max_rounds=2)
    assert result.text == "good\ngood\nbad\n"
    assert names(result.remaining) == ["bad"]


def test_what_is_not_allowed_stays() -> None:
    result = repair(Source("app.py", "bad\n"), Words(bad="good"), lambda finding: False)
    assert (result.text, result.applied, names(result.remaining)) == ("bad\n", (), ["bad"])


@pytest.mark.parametrize(
    ("fix", "reason"),
    [
        ("(", "syntax"),
        ("unreadable", "it fails"),
        ("bad + 1", "still there"),
        ("'→'", "iso-8859-1"),
        ("'\ud800'", "surrogate|iso-8859-1"),
    ],
)
@pytest.mark.parametrize("text", ["bad\n", "a\nill\nill\nbad\nill\nill\n", "bad\nill\n", "ill\nbad\n"])
def test_a_fix_that_goes_wrong_is_dropped_and_the_others_are_made(fix: str, reason: str, text: str) -> None:
    result = run(text, Words(bad=fix, ill="well"), encoding="iso-8859-1")
    assert result.text == text.replace("ill", "well")
    assert names(result.remaining) == ["bad"]
    assert names(result.applied) == ["ill"] * text.count("ill")
    [(dropped, why)] = result.dropped
    assert dropped.problem == "word bad"
    assert re.search(reason, why)


def test_several_culprits() -> None:
    result = run("bad\nill\nworse\nill\nbad\n", Words(bad="(", worse=")", ill="well"))
    assert result.text == "bad\nwell\nworse\nwell\nbad\n"
    assert names([finding for finding, _ in result.dropped]) == ["bad", "worse", "bad"]


def test_a_dropped_fix_is_not_tried_again_when_its_line_moves() -> None:
    result = run("ill\nbad\nill\n", Words("group", bad="(", ill="x\ny"))
    assert result.text == "x\ny\nbad\nx\ny\n"
    assert len(result.dropped) == 1


def test_a_waiting_twin_next_to_a_fixed_finding_is_no_survivor() -> None:
    result = run("bad; bad\nbad\n", Words("group", bad="good"))
    assert result.text == "good; good\ngood\n"
    assert result.dropped == ()


def test_fixes_that_fail_only_together_are_made_one_after_the_other() -> None:
    """Each takes one of two statements out of a block, which must not become empty."""

    def check(source: Source) -> list[Finding]:
        lines = source.lines
        body = [number for number, line in enumerate(lines, 1) if line.strip() in ("one", "two")]
        found = []
        for number in body:
            span = Span.at(number, 0, number + 1, 0)
            text = "    pass\n" if len(body) == 1 else ""
            fix = Fix((Edit(span, text),), Safety.SAFE, "fix")
            found.append(Finding("LMB001", "line", "app.py", span, lines[number - 1], fix=fix))
        return found

    result = repair(Source("app.py", "if x:\n    one\n    two\n"), check, lambda finding: True)
    assert result.text == "if x:\n    pass\n"
    assert result.dropped == ()


def test_a_fix_whose_text_another_one_moves_is_made_in_the_next_round() -> None:
    """The one writes another of the other's findings beside it, which looks as if that had survived its fix."""
    text = "mover\nbad\n"
    result = run(text, Words(mover="bad\nmoved", bad="good"))
    assert result.text == "good\nmoved\ngood\n"
    assert (names(result.remaining), result.dropped) == ([], ())


def test_a_cycle_ends() -> None:
    result = run("bad\n", Words(bad="ill", ill="bad"))
    assert result.text == "ill\n"
    assert [why for _, why in result.dropped] == ["the fixes undo one another"]


def test_what_the_check_raises_goes_through() -> None:
    def check(source: Source) -> list[Finding]:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        repair(Source("app.py", "x\n"), check, lambda finding: True)


def test_a_broken_file_is_left_alone() -> None:
    """A finding that was there before isn't blamed on a fix; a file that never parsed gets no fix."""
    assert run("unreadable\nbad\n", Words(bad="good")).text == "unreadable\ngood\n"
    assert run("(\nbad\n", Words(bad="good")).text == "(\nbad\n"

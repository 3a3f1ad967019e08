"""What holds for every fixture and every example, whatever the rules say of it."""

from __future__ import annotations

import ast
import functools
import io
import re
import tempfile
import tokenize
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import rule_cases
from rule_cases import Case

from lambdalint.findings import Finding, Safety
from lambdalint.source import Source

BOM = "\ufeff"
SUPPRESSION = re.compile(r"noqa|lambdalint:")
REASON = re.compile(r".+ \(.*\w+ \w+ \w+.*\)$")  # what a fix does, and in brackets what may change by it
Place = tuple[str, int, int, str]


@dataclass(frozen=True)
class Fixing:
    """What one kind of fixing made of a case, and of what it had made."""

    texts: Mapping[str, str]
    applied: list[Finding]
    dropped: list[tuple[Finding, str]]
    remaining: list[Finding]
    again: Mapping[str, str]


@functools.cache
def found(case: Case) -> list[tuple[str, Finding]]:
    """The findings of a case as it is, with their files."""
    return checked(case, case.files)


def checked(case: Case, files: Mapping[str, str]) -> list[tuple[str, Finding]]:
    with tempfile.TemporaryDirectory() as name:
        folder = rule_cases.write(case, Path(name).resolve(), files)
        return [(rule_cases.inside(finding, folder), finding) for finding in rule_cases.check(folder)]


def places(findings: list[tuple[str, Finding]]) -> list[Place]:
    return sorted((path, f.span.start.line, f.span.start.column, f.code) for path, f in findings)


@functools.cache
def fixed(case: Case, unsafe: bool) -> Fixing:
    return fixed_files(case, case.files, unsafe)


def fixed_files(case: Case, files: Mapping[str, str], unsafe: bool) -> Fixing:
    with tempfile.TemporaryDirectory() as name:
        folder = rule_cases.write(case, Path(name).resolve(), files)
        asked = rule_cases.asked_for(case.name[:6])
        done = rule_cases.fix(folder, unsafe, **asked)
        texts = rule_cases.texts(folder, case)
        again = texts
        if done.changed:  # without a change the second time is the first one over again
            rule_cases.fix(folder, unsafe, **asked)
            again = rule_cases.texts(folder, case)
        return Fixing(texts, done.applied, done.dropped, done.result.findings, again)


CASES = rule_cases.all_cases()
READ = [case for case in CASES if not any(code == "LMB000" for _, _, code in case.expected or ())]
WITH_FINDINGS = [case for case in READ if case.expected is None or case.expected]
every_case = pytest.mark.parametrize("case", READ, ids=str)
each_case_with_findings = pytest.mark.parametrize("case", WITH_FINDINGS, ids=str)
both_kinds = pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])


def compiles(text: str) -> bool:
    try:
        compile(text.removeprefix(BOM), "case.py", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


# --- fixing --------------------------------------------------------------------------------


@both_kinds
@each_case_with_findings
def test_what_compiled_compiles_after_the_fix(case: Case, unsafe: bool) -> None:
    after = fixed(case, unsafe).texts
    for path, before in case.python.items():
        assert compiles(after[path]) or not compiles(before), after[path]


@both_kinds
@each_case_with_findings
def test_fixed_twice_is_fixed_once(case: Case, unsafe: bool) -> None:
    done = fixed(case, unsafe)
    assert done.again == done.texts


@both_kinds
@each_case_with_findings
def test_the_fixed_finding_is_gone(case: Case, unsafe: bool) -> None:
    def key(finding: Finding) -> tuple[str, str, str]:
        return finding.code, Path(finding.path).name, finding.problem

    done = fixed(case, unsafe)
    before = Counter(key(finding) for _, finding in found(case))
    applied = Counter(map(key, done.applied))
    remaining = Counter(map(key, done.remaining))
    for what, count in applied.items():
        assert remaining[what] <= max(before[what] - count, 0), what
    levels = {Safety.SAFE, Safety.UNSAFE} if unsafe else {Safety.SAFE}
    left = [f.message for f in done.remaining if f.fix is not None and f.fix.safety in levels]
    assert left == []
    assert done.dropped == []


@each_case_with_findings
def test_an_unsafe_fix_says_why_it_is(case: Case) -> None:
    unsafe = [f.fix.message for _, f in found(case) if f.fix is not None and f.fix.safety is Safety.UNSAFE]
    assert [message for message in unsafe if not REASON.search(message)] == []


@both_kinds
@each_case_with_findings
def test_comments_survive(case: Case, unsafe: bool) -> None:
    done = fixed(case, unsafe)
    lifted = any(finding.code == "LMB001" for finding in done.applied)
    for path, before in case.python.items():
        kept = {comment for comment, _ in comments(done.texts[path])}
        lines = {line.strip() for line in done.texts[path].splitlines()}
        for comment, code in comments(before):
            gone_with_its_line = code and not any(line.startswith(code) for line in lines)
            idle = lifted and SUPPRESSION.search(comment)
            assert comment in kept or gone_with_its_line or idle, comment


def comments(text: str) -> list[tuple[str, str]]:
    """Each comment with the code in front of it on its line."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [(t.string, t.line[: t.start[1]].strip()) for t in tokens if t.type == tokenize.COMMENT]


# --- suppressing ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "case", [case for case in WITH_FINDINGS if not case.name.startswith(("LMB000", "LMB001", "LMB002"))], ids=str
)
def test_a_noqa_on_each_line_silences_all(case: Case) -> None:
    files = dict(case.files)
    wanted: dict[tuple[str, int], list[str]] = {}
    for path, finding in found(case):
        wanted.setdefault((path, finding.span.start.line), []).append(finding.code)
    for (path, line), given in wanted.items():
        lines = files[path].split("\n")
        listed = ", ".join(dict.fromkeys(given))
        head, noqa, tail = lines[line - 1].partition("# noqa: ")
        lines[line - 1] = f"{head}{noqa}{listed}, {tail}" if noqa else f"{head}  # noqa: {listed}"
        files[path] = "\n".join(lines)
    assert [finding.message for _, finding in checked(case, files)] == []


# --- other spellings of the same file ------------------------------------------------------


def with_crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def with_bom(text: str) -> str:
    return BOM + text


def with_tabs(text: str) -> str:
    return re.sub(r"^(?:    )+", lambda match: "\t" * (len(match[0]) // 4), text, flags=re.MULTILINE)


SPELLINGS: list[Callable[[str], str]] = [with_crlf, with_bom, with_tabs]


def spelled(case: Case, spell: Callable[[str], str]) -> dict[str, str]:
    return {path: spell(text) if path.endswith(".py") and text else text for path, text in case.files.items()}


@pytest.mark.parametrize("spell", SPELLINGS, ids=lambda spell: spell.__name__)
@every_case
def test_the_spelling_changes_no_finding(case: Case, spell: Callable[[str], str]) -> None:
    before, after = places(found(case)), places(checked(case, spelled(case, spell)))
    if spell is with_tabs:  # a tab is one column
        assert [(p, line, code) for p, line, _, code in after] == [(p, line, c) for p, line, _, c in before]
    else:
        assert after == before


# Each kind of fixing that changes a case.
FIXABLE = [
    pytest.param(case, unsafe, id=f"{case}-{'unsafe' if unsafe else 'safe'}")
    for case in READ
    for unsafe in (False, True)
    if case.after(unsafe) != case.files and (not unsafe or case.unsafe)
]


@pytest.mark.parametrize("spell", SPELLINGS, ids=lambda spell: spell.__name__)
@pytest.mark.parametrize(("case", "unsafe"), FIXABLE)
def test_a_fix_keeps_the_spelling(case: Case, unsafe: bool, spell: Callable[[str], str]) -> None:
    plain = fixed(case, unsafe).texts
    after = fixed_files(case, spelled(case, spell), unsafe).texts
    assert plain != case.files
    for path, text in plain.items():
        assert after[path] == (spell(text) if path.endswith(".py") and text else text), path


# --- around the body -----------------------------------------------------------------------


def in_a_branch(text: str) -> str:
    """The same file with the bodies of its handlers in an `if True:`."""
    lines = text.split("\n")
    for node in reversed(ast.parse(text).body):
        if not isinstance(node, ast.FunctionDef) or node.name != "lambda_handler":
            continue
        begin = node.body[0]
        first = min(part.lineno for part in (begin, *getattr(begin, "decorator_list", ())))
        last = node.end_lineno or node.lineno
        lines[first - 1 : last] = ["    if True:", *("    " + line for line in lines[first - 1 : last])]
    return "\n".join(lines)


# Whether something runs on each invocation, or only on some, is what these ask; a suppression says where.
BRANCHED = [case for case in WITH_FINDINGS if not case.name.startswith(("LMB604", "LMB001"))]


@pytest.mark.parametrize("case", BRANCHED, ids=str)
def test_a_branch_that_is_always_taken_changes_nothing(case: Case) -> None:
    files = {path: in_a_branch(text) if path.endswith(".py") else text for path, text in case.files.items()}
    after = Counter(finding.code for _, finding in checked(case, files))
    assert after == Counter(finding.code for _, finding in found(case))


# --- the text ------------------------------------------------------------------------------


@each_case_with_findings
def test_findings_stand_in_the_text(case: Case) -> None:
    for path, finding in found(case):
        source = Source.from_bytes(path, case.files[path].encode())
        start, end = source.offset(finding.span.start), source.offset(finding.span.end)
        assert source.text[start:end].strip(), finding
        assert "\n" not in finding.message
        assert "{" not in finding.remedy

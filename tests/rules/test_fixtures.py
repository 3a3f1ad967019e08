"""Every fixture gives the findings that its markers say, and its fixes what its goldens say."""

from __future__ import annotations

from pathlib import Path

import pytest
import rule_cases
from rule_cases import Case


@pytest.mark.parametrize("case", rule_cases.fixtures(), ids=str)
def test_the_findings(case: Case, tmp_path: Path) -> None:
    asked = rule_cases.asked_for(case.name.partition("/")[0])
    findings = rule_cases.check(rule_cases.write(case, tmp_path), **asked)
    told = [finding.message for finding in findings]
    assert rule_cases.places(findings, tmp_path) == case.expected, told


@pytest.mark.parametrize("case", [case for case in rule_cases.fixtures() if case.expected], ids=str)
@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_the_fixes(case: Case, unsafe: bool, tmp_path: Path) -> None:
    select = rule_cases.own_codes(case.name.partition("/")[0])
    rule_cases.fix(rule_cases.write(case, tmp_path), unsafe, select=select)
    assert rule_cases.texts(tmp_path, case) == case.after(unsafe)


@pytest.mark.parametrize("case", rule_cases.fixtures(), ids=str)
def test_a_fixture_is_what_its_name_says(case: Case) -> None:
    code, _, name = case.name.partition("/")
    assert case.expected is not None
    codes = {expected for _, _, expected in case.expected}
    assert (code in codes) is not name.startswith("ok_")
    texts = [*case.files.values(), *case.safe.values(), *case.unsafe.values()]
    assert not any("expect" in line for text in texts for line in text.splitlines() if "LMB" in line)


@pytest.mark.parametrize("case", rule_cases.fixtures(), ids=str)
def test_goldens_belong_to_files(case: Case) -> None:
    assert set(case.safe) | set(case.unsafe) <= set(case.files)
    for path, text in case.safe.items():
        assert text != case.files[path]
    for path, text in case.unsafe.items():
        assert text != case.after(False)[path]

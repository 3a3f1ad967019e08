"""The example application: every rule speaks, every fix can be made, and its own tests pass before and after."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lambdalint.engine import session
from lambdalint.engine.catalogue import entries
from lambdalint.findings import Finding

EXAMPLE = Path(__file__).parents[2] / "examples" / "order-service"


@pytest.fixture
def application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "order-service"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
    (copy / ".git").mkdir()  # a project of its own
    monkeypatch.chdir(copy)
    return copy


def own_tests(application: Path) -> int:
    """Run the application's tests; how many passed, and none may fail or be left out."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(command, cwd=application, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    last = done.stdout.strip().splitlines()[-1]
    assert "failed" not in last
    assert "skipped" not in last, "numpy and the emulator belong to the test dependencies"
    found = re.match(r"(\d+) passed", last.strip("= "))
    assert found is not None, last
    return int(found[1])


def fixable(findings: list[Finding]) -> list[str]:
    return [f"{f.path}:{f.span.start.line} {f.code}" for f in findings if f.fix is not None]


def test_the_readme_names_the_rules_that_speak() -> None:
    found = {finding.code for finding in session.check(session.Request((str(EXAMPLE),))).findings}
    named = set(re.findall(r"LMB\d{3}", (EXAMPLE / "README.md").read_text("utf-8")))
    rules = {entry.code for entry in entries()}
    assert found == named & rules
    # One of each family at least, and of those on tokens and reads all.
    assert {code[:4] for code in found} >= {"LMB1", "LMB2", "LMB3", "LMB4", "LMB5", "LMB6"}
    assert found >= {"LMB101", "LMB102", "LMB105", "LMB106", "LMB107", "LMB501", "LMB502", "LMB503", "LMB505"}


def test_its_tests_pass_before_and_after_all_fixes(application: Path) -> None:
    before = own_tests(application)
    assert before > 20
    fixed = session.fix(session.Request(), unsafe=True, write=True)
    assert fixed.changed
    assert fixed.dropped == []
    assert fixable(session.check(session.Request()).findings) == []
    assert own_tests(application) == before


def test_its_tests_pass_after_the_safe_fixes(application: Path) -> None:
    before = own_tests(application)
    fixed = session.fix(session.Request(), unsafe=False, write=True)
    assert {finding.code for finding in fixed.applied} >= {"LMB101", "LMB102", "LMB203", "LMB601"}
    assert own_tests(application) == before

"""`lambdalint check --fix` and `--diff`: what is written, and what is only shown."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_samples import CLEAN, SAFE, UNSAFE, Ran

from lambdalint.engine import session
from lambdalint.engine.run import Result
from lambdalint.findings import Finding, Span

Run = Callable[..., Ran]


def test_fix_writes_and_ends_with_0_when_nothing_is_left(project: Path, run: Run) -> None:
    (project / "app.py").write_text(SAFE)
    ran = run("--fix")
    assert ran.code == 0
    assert ran.out == (
        "Fixed 1 finding in 1 file:\n  app.py: 1 × LMB101 (client-in-handler)\n\nNo findings in 1 file.\n"
    )
    assert "lru_cache" in (project / "app.py").read_text()
    assert run("--fix").out == "No findings in 1 file.\n"


def test_a_hook_learns_that_something_was_fixed(project: Path, run: Run) -> None:
    (project / "app.py").write_text(SAFE)
    assert run("--fix", "--exit-non-zero-on-fix").code == 1
    assert run("--fix", "--exit-non-zero-on-fix").code == 0


def test_unsafe_fixes_are_shown_and_need_their_option(project: Path, run: Run) -> None:
    (project / "app.py").write_text(UNSAFE)
    assert "   = fix (unsafe): " in run().out
    ran = run("--fix")
    assert ran.code == 1
    assert ran.out.endswith("(1 fixable with --fix --unsafe-fixes).\n")
    assert (project / "app.py").read_text() == UNSAFE
    assert run("--unsafe-fixes").code == 1
    assert (project / "app.py").read_text() == UNSAFE
    assert run("--fix", "--unsafe-fixes").code == 0
    assert "lru_cache" in (project / "app.py").read_text()


def test_what_could_not_be_fixed_is_told(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = Finding("LMB101", "client-in-handler", "app.py", Span.at(5, 9, 5, 27), "made again")
    fixed = session.Fixed(Result([finding], files=1), dropped=[(finding, "the result does not parse")])
    monkeypatch.setattr(session, "fix", lambda *arguments: fixed)
    ran = run("--fix")
    assert ran.code == 1
    assert "Left 1 fix out:\n  app.py:5:10: LMB101: the result does not parse\n" in ran.out


def test_a_diff_changes_nothing_and_can_be_applied(project: Path, run: Run) -> None:
    (project / "app.py").write_text(SAFE)
    ran = run("--diff")
    assert ran.code == 1
    assert ran.out.startswith("--- app.py\n+++ app.py\n")
    assert "Would fix 1 finding in 1 file:" in ran.err
    assert (project / "app.py").read_text() == SAFE
    subprocess.run(["git", "apply", "-p0", "-"], input=ran.out.encode(), cwd=project, check=True)
    assert run().code == 0


def test_a_diff_of_unsafe_fixes(project: Path, run: Run) -> None:
    (project / "app.py").write_text(UNSAFE)
    ran = run("--diff")
    assert (ran.code, ran.out) == (0, "")
    assert "1 finding could be fixed with --unsafe-fixes." in ran.err
    assert run("--diff", "--unsafe-fixes").code == 1
    assert run("--diff", "--unsafe-fixes", "--exit-zero").code == 0


def test_a_diff_of_nothing(project: Path, run: Run) -> None:
    (project / "app.py").write_text(CLEAN)
    ran = run("--diff")
    assert (ran.code, ran.out, ran.err) == (0, "", "Nothing to fix.\n")


def test_a_diff_tells_what_could_not_be_read(project: Path, run: Run) -> None:
    (project / "app.py").write_text("def lambda_handler(event, context:\n")
    ran = run("--diff")
    assert ran.code == 2
    assert "app.py:1:" in ran.err

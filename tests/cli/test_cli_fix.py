"""`lambdalint check --fix` and `--diff`: what is written, and what is only shown."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_samples import CLEAN, SAFE, UNSAFE, Ran

from lambdalint.engine import session
from lambdalint.engine.run import Result
from lambdalint.findings import Finding, Span

Run = Callable[..., Ran]
HELD_BACK = """\
Held back 1 fix that may change what the code does:
  app.py:7:10: LMB101: Create it once, in a cached function (it reads the environment, whose later changes would no \
longer be seen)
It is made with --unsafe-fixes, or --unsafe-fixes=CODES.
"""


def test_fix_writes_and_ends_with_0_when_nothing_is_left(project: Path, run: Run) -> None:
    (project / "app.py").write_text(SAFE)
    ran = run("--fix")
    assert ran.code == 0
    assert ran.out == (
        "Fixed 1 finding in 1 file:\n  app.py: 1 × LMB101 (client-in-handler)\n\nNo findings in 1 file.\n"
    )
    assert "@functools.cache" in (project / "app.py").read_text()
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
    assert "@functools.cache" in (project / "app.py").read_text()


def test_held_back_fixes_are_listed_where_findings_are_short(project: Path, run: Run) -> None:
    (project / "app.py").write_text(UNSAFE)
    assert run("--fix", "--output-format", "concise").out.startswith(HELD_BACK)
    assert "Held back" not in run("--fix").out
    assert "Held back" not in run("--output-format", "concise").out


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
    assert ran.err == HELD_BACK
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


def test_fix_only_tells_what_was_fixed_and_what_was_held_back(project: Path, run: Run) -> None:
    (project / "app.py").write_text(SAFE)
    (project / "other.py").write_text(UNSAFE)
    ran = run("--fix-only")
    assert ran.code == 0
    held_back = HELD_BACK.replace("app.py", "other.py")
    assert ran.out == f"Fixed 1 finding in 1 file:\n  app.py: 1 × LMB101 (client-in-handler)\n{held_back}\n"
    assert (project / "other.py").read_text() == UNSAFE
    assert run("--fix-only").out == f"{held_back}\n"
    assert run("--fix-only", "--unsafe-fixes").out.startswith("Fixed 1 finding in 1 file:\n  other.py")
    assert run("--fix-only").out == ""
    (project / "broken.py").write_text("import boto3\ndef lambda_handler(event, context:\n")
    assert run("--fix-only").code == 2


def test_unsafe_fixes_of_some_rules(project: Path, run: Run) -> None:
    (project / "app.py").write_text(UNSAFE)
    assert run("--fix", "--unsafe-fixes=LMB102,io-in-loop").code == 1
    assert (project / "app.py").read_text() == UNSAFE
    assert run("--fix", "--unsafe-fixes=client-in-handler").code == 0
    assert "@functools.cache" in (project / "app.py").read_text()
    assert "--unsafe-fixes: " in run("--fix", "--unsafe-fixes=LMB1x").err


def test_the_configuration_says_how_far_a_rule_is_trusted(project: Path, run: Run) -> None:
    (project / "app.py").write_text(SAFE)
    (project / "other.py").write_text(UNSAFE)
    (project / "lambdalint.toml").write_text('extend-unsafe-fixes = ["client-in-handler"]\n')
    ran = run("--fix")
    assert ran.code == 1
    assert "Create it once, in a cached function (the configuration doesn't trust it)" in ran.out
    assert (project / "app.py").read_text() == SAFE
    (project / "lambdalint.toml").write_text('extend-unsafe-fixes = ["LMB"]\nextend-safe-fixes = ["LMB101"]\n')
    assert run("--fix").code == 0
    assert "@functools.cache" in (project / "other.py").read_text()


def test_fix_is_a_command_too(project: Path, run: Run) -> None:
    (project / "app.py").write_text(SAFE)
    assert run("fix").code == 0
    assert "@functools.cache" in (project / "app.py").read_text()


TWICE = """\
import boto3


def first(event):
    return boto3.client("s3").list_buckets()


def second(event):
    return boto3.client("sqs").list_queues(MaxResults=10)


def lambda_handler(event, context):
    return first(event), second(event)
"""


@pytest.mark.parametrize(
    ("answers", "fixed", "code"),
    [
        ("y\ny\n", ("s3", "sqs"), 0),
        ("n\ny\n", ("sqs",), 1),
        ("y\nn\n", ("s3",), 1),
        ("a\n", ("s3", "sqs"), 0),
        ("y\nq\n", ("s3",), 1),
        ("what?\nyes\nquit\n", ("s3",), 1),
        ("", (), 1),
    ],
)
def test_going_through_the_fixes_one_by_one(
    answers: str, fixed: tuple[str, ...], code: int, project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "app.py").write_text(TWICE)
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))
    ran = run("fix", "--interactive", "--select", "LMB101")
    after = (project / "app.py").read_text()
    assert {service for service in ("s3", "sqs") if f"_{service}_client()" in after} == set(fixed)
    assert ran.code == code
    assert "Apply this fix?" in ran.out
    assert "+@functools.cache" in ran.out
    assert (after == TWICE) is not bool(fixed)


def test_what_was_passed_over_is_not_asked_again(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "app.py").write_text(TWICE.replace("sqs", "s3").replace("list_queues(MaxResults=10)", "list_buckets()"))
    monkeypatch.setattr("sys.stdin", io.StringIO("n\ny\n"))
    ran = run("fix", "--interactive", "--select", "LMB101")
    assert ran.out.count("Apply this fix?") == 2
    assert "1 finding with a fix left as it is." in ran.out


def test_codes_without_an_equals_sign_are_no_path(project: Path, run: Run) -> None:
    (project / "app.py").write_text(TWICE)
    ran = run("--fix", "--unsafe-fixes", "LMB101,LMB3", ".")
    assert ran.code == 2
    assert "codes follow an equals sign: --unsafe-fixes=LMB101,LMB3" in ran.err
    assert (project / "app.py").read_text() == TWICE
    (project / "LMB1").mkdir()
    assert run("--fix", "--unsafe-fixes", "LMB1").code == 0


def test_the_end_of_the_walk_tells_what_was_not_looked_at(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("app.py", "other.py", "third.py"):
        (project / name).write_text(TWICE)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\nq\n"))
    ran = run("fix", "--interactive", "--select", "LMB101")
    assert "1 finding with a fix left as it is; 2 files not looked at." in ran.out


def test_interactive_needs_standard_input_for_itself(project: Path, run: Run) -> None:
    assert run("fix", "--interactive", "-").code == 2

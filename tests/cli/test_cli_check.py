"""`lambdalint check`: what it prints, and how it ends."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_samples import CLEAN, SAFE, UNSAFE, Ran

Run = Callable[..., Ran]


def test_no_findings_end_with_0(project: Path, run: Run) -> None:
    (project / "app.py").write_text(CLEAN)
    ran = run("check", ".")
    assert (ran.code, ran.out, ran.err) == (0, "No findings in 1 file.\n", "")


def test_findings_end_with_1_and_are_shown_in_full(project: Path, run: Run) -> None:
    (project / "app.py").write_text(SAFE)
    ran = run("check", ".")
    assert ran.code == 1
    assert ran.err == ""
    assert ran.out.startswith('app.py:5:10: LMB101 [*] boto3.client("s3") is created on every invocation\n')
    assert ' 5 |     s3 = boto3.client("s3")\n   |          ^^^^^^^^^^^^^^^^^^\n' in ran.out
    assert "\n   = help: " in ran.out
    assert ran.out.endswith("Found 1 finding in 1 file (1 fixable with --fix).\n")


@pytest.mark.parametrize("argv", [(), (".",), ("app.py",), ("--no-color",), ("-v", "check"), ("--select", "LMB1", ".")])
def test_check_is_what_runs_without_a_command(project: Path, run: Run, argv: tuple[str, ...]) -> None:
    (project / "app.py").write_text(SAFE)
    assert run(*argv).out == run("check", ".").out


def test_a_folder_called_like_a_command(project: Path, run: Run) -> None:
    (project / "check").mkdir()
    (project / "check" / "app.py").write_text(SAFE)
    assert run("./check", "--output-format", "concise").out.startswith("check/app.py:5:10: LMB101")


def test_concise(project: Path, run: Run) -> None:
    (project / "app.py").write_text(SAFE)
    first, last = run("--output-format", "concise").out.splitlines()
    assert first.startswith('app.py:5:10: LMB101 [*] boto3.client("s3") is created on every invocation: ')
    assert last.startswith("Found 1 finding")


def test_json_has_standard_output_for_itself(project: Path, run: Run) -> None:
    (project / "app.py").write_text(SAFE)
    (found,) = json.loads(run("--output-format", "json").out)
    assert found["filename"] == str(project / "app.py")
    assert found["location"] == {"row": 5, "column": 10}
    assert found["fix"]["applicability"] == "safe"
    fixed = run("--output-format", "json", "--fix")
    assert json.loads(fixed.out) == []
    assert "Fixed 1 finding in 1 file" in fixed.err


def test_statistics(project: Path, run: Run) -> None:
    (project / "app.py").write_text(SAFE)
    (project / "other.py").write_text(UNSAFE)
    assert run("--statistics").out.splitlines()[0] == "2  LMB101  client-in-handler  [*] 1 safe, 1 unsafe"
    assert json.loads(run("--statistics", "--output-format", "json").out)[0]["count"] == 2


def test_colour_is_asked_for(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "app.py").write_text(SAFE)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;31mLMB101" in run().out
    assert "\x1b" not in run("--no-color").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run().out


# --- which rules -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("--select", "LMB1"), 1),
        (("--select", "LMB2"), 0),
        (("--select", "LMB2,LMB101"), 1),
        (("--select", "LMB2", "--select", "client-in-handler"), 1),
        (("--ignore", "LMB101"), 0),
        (("--ignore", "LMB1", "--extend-select", "LMB101"), 1),
        (("--exit-zero",), 0),
    ],
)
def test_selection(project: Path, run: Run, argv: tuple[str, ...], code: int) -> None:
    (project / "app.py").write_text(SAFE)
    assert run(*argv).code == code


def test_the_command_line_wins_over_the_configuration(project: Path, run: Run) -> None:
    (project / "app.py").write_text(SAFE)
    (project / "lambdalint.toml").write_text('ignore = ["LMB101"]\n')
    (project / "other.toml").write_text('select = ["LMB1"]\n')
    assert run().code == 0
    assert run("--ignore", "LMB2").code == 1
    assert run("--config", "other.toml").code == 1


# --- trouble -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("nowhere.py",), "nowhere.py: no such file or folder"),
        (("--select", "LMB1O1"), 'unknown code "LMB1O1"'),
        (("--select", "client-in-handlr"), 'did you mean "client-in-handler"?'),
        (("--select", ","), "names no code"),
        (("--frobnicate",), "--frobnicate"),
        (("--output-format", "xml"), "xml"),
        (("--config", "nowhere.toml"), "nowhere.toml"),
        (("-", "app.py"), "can't be given beside other paths"),
        (("--stdin-filename", "a.py", "app.py"), "--stdin-filename goes with standard input"),
    ],
)
def test_wrong_usage_ends_with_2(project: Path, run: Run, argv: tuple[str, ...], said: str) -> None:
    (project / "app.py").write_text(CLEAN)
    ran = run(*argv)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_broken_configuration_ends_with_2_and_one_line(project: Path, run: Run) -> None:
    (project / "app.py").write_text(SAFE)
    (project / "lambdalint.toml").write_text('selekt = ["LMB1"]\n')
    ran = run()
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err == 'lambdalint: lambdalint.toml:1: unknown key "selekt"; did you mean "select"?\n'


def test_a_file_that_does_not_parse_ends_with_2(project: Path, run: Run) -> None:
    (project / "app.py").write_text("def lambda_handler(event, context:\n    pass\n")
    (project / "other.py").write_text(SAFE)
    ran = run("--output-format", "concise", "--exit-zero")
    assert ran.code == 2
    assert "app.py:1:" in ran.out
    assert "LMB000" in ran.out
    assert "other.py:5:10: LMB101" in ran.out


def test_nothing_to_check_is_said(project: Path, run: Run) -> None:
    ran = run()
    assert (ran.code, ran.out) == (0, "")
    assert "no Python files found" in ran.err


# --- standard input ----------------------------------------------------------------


def give(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, SAFE.encode())
    ran = run("-", "--stdin-filename", "src/app.py", "--output-format", "concise")
    assert ran.code == 1
    assert ran.out.startswith("src/app.py:5:10: LMB101")
    give(monkeypatch, SAFE.encode())
    assert run("--stdin-filename", "src/app.py", "--output-format", "concise").out == ran.out
    give(monkeypatch, SAFE.encode())
    assert run("-").code == 1


def test_standard_input_wins_over_the_file_of_that_name(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "app.py").write_text(SAFE)
    give(monkeypatch, CLEAN.encode())
    assert run("-", "--stdin-filename", "app.py").code == 0


def test_fixed_standard_input_goes_to_standard_output(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, SAFE.replace("\n", "\r\n").encode())
    ran = run("-", "--fix", "--stdin-filename", "app.py")
    assert ran.code == 0
    assert ran.out.startswith("import functools\r\n")
    assert "boto3.client" in ran.out
    assert "Fixed 1 finding" in ran.err
    give(monkeypatch, CLEAN.encode())
    assert run("-", "--fix").out == CLEAN
    assert not (project / "app.py").exists()

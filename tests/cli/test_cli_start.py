"""Starting and ending: quick help, pipes that close, interrupts, crashes, narrow encodings."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_samples import SAFE, Ran

from lambdalint import __version__
from lambdalint.cli import main as entry
from lambdalint.cli import output, streams
from lambdalint.engine import session

Run = Callable[..., Ran]
HEAVY = ("libcst", "flake8", "yaml", "pathspec", "lambdalint.rules", "lambdalint.engine")


@pytest.mark.parametrize("argv", [["--version"], ["--help"], ["check", "--help"], ["rule", "-h"]])
def test_help_is_quick(argv: list[str]) -> None:
    code = (
        "import sys; from lambdalint.cli.main import main\n"
        f"code = main({argv!r})\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], code, file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == "[] 0"
    assert "lambdalint" in ran.stdout


def test_a_file_that_cannot_matter_is_checked_without_the_parser(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text("def add(a, b):\n    return a + b\n")
    code = (
        "import sys; from lambdalint.cli.main import main\n"
        f"code = main([{str(tmp_path)!r}])\n"
        "print('libcst' in sys.modules, code)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["No findings in 1 file.", "False 0"]


def test_the_version_and_the_commands_are_told(run: Run) -> None:
    assert run("--version").out == f"lambdalint {__version__}\n"
    overview = run("--help").out
    for command in ("check", "rule", "rules", "handlers"):
        assert f"\n  {command} " in overview
    assert "--unsafe-fixes" in run("check", "--help").out


def test_the_module_runs_and_a_reader_may_leave_early(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "lambdalint", "rules"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_is_told() -> None:
    with open("/dev/full", "wb") as full:
        ran = subprocess.run([sys.executable, "-m", "lambdalint", "--help"], stdout=full, stderr=subprocess.PIPE)
    assert ran.returncode == 2
    assert ran.stderr.startswith(b"lambdalint: can't write: ")
    assert b"Traceback" not in ran.stderr


def test_an_interrupt_ends_quietly(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(session, "check", interrupted)
    monkeypatch.setattr(sys, "argv", ["lambdalint", "."])
    assert entry.run() == 130
    assert capsys.readouterr() == ("", "")


def test_a_crash_is_one_line_and_a_traceback_on_demand(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise ZeroDivisionError("by zero\nand more")

    monkeypatch.setattr(session, "check", broken)
    ran = run(".")
    assert ran.code == 2
    assert ran.err == ("lambdalint: internal error: ZeroDivisionError: by zero; please report it, with what -v shows\n")
    assert "Traceback" in run(".", "-v").err


def test_a_rule_that_crashes_is_told_with_its_traceback_on_demand(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lambdalint.rules.reuse.client_in_handler import ClientInHandler

    def broken(self: object, node: object) -> None:
        raise ZeroDivisionError("by zero")

    (project / "app.py").write_text(SAFE)
    monkeypatch.setattr(ClientInHandler, "visit_Call", broken)
    ran = run("--output-format", "concise")
    assert ran.code == 2
    assert "LMB000 LMB101 failed on this file" in ran.out
    assert "Traceback" not in ran.err
    assert "ZeroDivisionError" in run("-v").err


def test_characters_that_a_stream_lacks_are_spelled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    streams.make_streams_forgiving()
    print("a → b × é \ud800")
    stream.flush()
    assert stream.buffer.getvalue() == b"a -> b x \\xe9 \\ud800\n"  # type: ignore[attr-defined]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_shows_on_a_terminal_after_a_second_and_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    progress = output.Progress()
    progress(1, 400)
    assert terminal.getvalue() == ""
    now[0] += 1.5
    progress(120, 400)
    progress(121, 400)
    assert terminal.getvalue() == "\r\x1b[KChecking 120/400"
    progress.clear()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_no_progress_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    progress = output.Progress()
    now[0] += 60
    progress(120, 400)
    progress.clear()
    assert stream.getvalue() == ""


def test_the_process_is_left_with_the_exit_code_and_all_that_was_written(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def f(:\n")
    command = [sys.executable, "-m", "lambdalint", "check", "--no-cache", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 2
    assert "LMB000" in ran.stdout


def test_a_profiler_is_let_finish(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cProfile", "-o", str(tmp_path / "profile"), "-m", "lambdalint", "rules"]
    subprocess.run(command, capture_output=True, check=True)
    assert (tmp_path / "profile").stat().st_size

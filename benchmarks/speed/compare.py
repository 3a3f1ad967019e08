"""lambdalint beside other linters on the same files: one table of ratios.

    python benchmarks/speed/compare.py PATH... [--environments FOLDER] [--runs 3] [--limit SECONDS] [--tools NAME...]

Each tool gets an environment of its own, made once and kept in `--environments`; what can't
be installed is left out and named. A row is the run of some that took the least CPU time: that time, as
seconds and as a multiple of `lambdalint` with everything anew in one process; the time that went by; and
the memory of its largest process (Unix only). Ratios can be compared between machines, seconds can't.
lambdalint is taken from this checkout. The files and folders are copied first, several of them side by side into one
tree, so that nothing is written there; half a million lines are soon together. A tool that takes longer than the
limit is ended, and told to be slower. The lines of Python that are checked are counted first.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).parents[2]


@dataclass(frozen=True)
class Tool:
    """What is run in the folder, and what has to be installed for it; `before` runs once, untimed, or `always` anew."""

    name: str
    packages: tuple[str, ...]
    command: tuple[str, ...]
    before: tuple[str, ...] = ()
    always: bool = False


_OWN = ("python", "-m", "lambdalint", "check", "--exit-zero", "--output-format", "concise")
_FLAKE8 = ("flake8", "--exit-zero", "--jobs", "1", ".")
_FORGET = ("python", "-c", "import shutil; shutil.rmtree('.lambdalint_cache', ignore_errors=True)")
_RUFF = ("ruff", "check", "--exit-zero", "--quiet", ".")
TOOLS = (
    Tool("lambdalint, anew", (str(TOP),), (*_OWN, "--no-cache", "--jobs", "1")),
    Tool("lambdalint, all processors", (str(TOP),), (*_OWN, "--no-cache")),
    Tool("lambdalint, unchanged", (str(TOP),), _OWN, before=_OWN),
    Tool("import libcst", (str(TOP),), ("python", "-c", "import libcst")),
    Tool("ruff, no cache", ("ruff",), ("ruff", "check", "--no-cache", "--exit-zero", "--quiet", ".")),
    Tool("ruff, unchanged", ("ruff",), _RUFF, before=_RUFF),
    Tool("flake8", ("flake8",), ("flake8", "--exit-zero", "--jobs", "1", ".")),
    Tool("flake8 + lambdalint, anew", ("flake8", str(TOP)), _FLAKE8, before=_FORGET, always=True),
    Tool("flake8 + lambdalint, unchanged", ("flake8", str(TOP)), _FLAKE8, before=_FLAKE8),
    Tool("flake8 + bugbear", ("flake8", "flake8-bugbear"), ("flake8", "--exit-zero", "--jobs", "1", ".")),
    Tool("pylint", ("pylint",), ("pylint", "--exit-zero", "--jobs", "1", "--recursive", "y", ".")),
    Tool("fixit", ("fixit",), ("fixit", "--quiet", "lint", ".")),
    Tool("pythaw", ("pythaw",), ("pythaw", "check", ".")),
)


class SlowError(Exception):
    """A tool took longer than it may."""


class UnavailableError(Exception):
    """A tool can't be installed or run here; says why."""


def environment(tool: Tool, home: Path) -> Path:
    """The folder of programs of a clean environment that holds the tool."""
    folder = home / "-".join(Path(package).name for package in tool.packages)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        editable = [part for package in tool.packages for part in (["-e", package] if os.sep in package else [package])]
        command = [str(programs / "python"), "-m", "pip", "install", "--quiet", *editable]
        ran = subprocess.run(command, capture_output=True, text=True)
        if ran.returncode:
            raise UnavailableError((ran.stderr.strip().splitlines() or ["pip failed"])[-1])
        (folder / "ready").touch()
    return programs


@dataclass(frozen=True, order=True)
class Cost:
    """Seconds of CPU of all processes, seconds that went by, and the most memory that one process had, in MB."""

    cpu: float
    elapsed: float
    memory: int


def run(command: Sequence[str], programs: Path, folder: Path, limit: float) -> Cost:
    """What a command costs in a folder. SlowError where it takes longer than it may."""
    program = programs / command[0]
    if not program.exists():
        raise UnavailableError(f"there is no {command[0]}")
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "LAMBDALINT"))}
    before, start = os.times(), time.monotonic()
    cpu: float | None = None
    process = subprocess.Popen(
        [str(program), *command[1:]],
        cwd=folder,
        env=surroundings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # with its own processes it can be ended as one
    )
    ended = threading.Event()

    def end() -> None:
        ended.set()
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()

    watch = threading.Timer(limit, end)
    watch.start()
    memory = 0
    if hasattr(os, "wait4"):
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        cpu = usage.ru_utime + usage.ru_stime  # its own processes included, and finer than `os.times`
        memory = usage.ru_maxrss // (1 << 20 if sys.platform == "darwin" else 1 << 10)
    process.wait()
    watch.cancel()
    if ended.is_set():
        raise SlowError
    after = os.times()
    if cpu is None:
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(cpu, time.monotonic() - start, memory)


def measure(tool: Tool, home: Path, folder: Path, runs: int, limit: float) -> Cost:
    programs = environment(tool, home)
    costs: list[Cost] = []
    for number in range(runs):
        if tool.before and (tool.always or not number):
            run(tool.before, programs, folder, limit)
        costs.append(run(tool.command, programs, folder, limit))
    return min(costs)


def lines_of(folder: Path) -> int:
    """How many lines of Python there are."""
    return sum(path.read_bytes().count(b"\n") for path in folder.rglob("*.py") if path.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="+", help="the files to check, or folders of them")
    parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()) / "lambdalint-speed")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=600, help="seconds that a run may take")
    parser.add_argument("--tools", nargs="+", default=[""], help="beginnings of the names of those that are measured")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as copied:
        files = Path(copied, "files")
        for number, folder in enumerate(arguments.folder):
            target = files / f"{number}-{folder.name}" if len(arguments.folder) > 1 else files
            if folder.is_dir():
                shutil.copytree(folder, target, symlinks=True)
            else:
                files.mkdir(exist_ok=True)
                shutil.copy(folder, files)
        print(f"{lines_of(files)} lines of Python")
        unit = 0.0
        print(f"{'tool':30} {'seconds':>8} {'ratio':>7} {'elapsed':>8} {'MB':>5}")
        for tool in (one for one in TOOLS if one.name.startswith(tuple(arguments.tools))):
            try:
                cost = measure(tool, arguments.environments, files, arguments.runs, arguments.limit)
            except SlowError:
                print(f"{tool.name:30} takes more than {arguments.limit:.0f} seconds", flush=True)
                continue
            except (UnavailableError, OSError) as error:
                print(f"{tool.name:30} left out: {error}", flush=True)
                continue
            unit = unit or cost.cpu
            print(
                f"{tool.name:30} {cost.cpu:8.2f} {cost.cpu / unit:7.2f} {cost.elapsed:8.2f} {cost.memory:5}", flush=True
            )


if __name__ == "__main__":
    main()

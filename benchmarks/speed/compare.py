"""lambdalint beside other linters on the same files: one table of ratios.

    python benchmarks/speed/compare.py FOLDER [--environments FOLDER] [--runs 3]

Each tool gets an environment of its own, made once and kept in `--environments`; what can't
be installed is left out and named. A row is the least CPU time of some runs, as a multiple of
`lambdalint` with everything anew; ratios can be compared between machines, seconds can't.
lambdalint is taken from this checkout. `FOLDER` is copied first, so that nothing is written there.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).parents[2]


@dataclass(frozen=True)
class Tool:
    """What is run in the folder, and what has to be installed for it; `before` runs once, untimed."""

    name: str
    packages: tuple[str, ...]
    command: tuple[str, ...]
    before: tuple[str, ...] = ()


_OWN = ("python", "-m", "lambdalint", "check", "--exit-zero", "--output-format", "concise")
TOOLS = (
    Tool("lambdalint, anew", (str(TOP),), (*_OWN, "--no-cache")),
    Tool("lambdalint, unchanged", (str(TOP),), _OWN, before=_OWN),
    Tool("import libcst", (str(TOP),), ("python", "-c", "import libcst")),
    Tool("ruff, no cache", ("ruff",), ("ruff", "check", "--no-cache", "--exit-zero", "--quiet", ".")),
    Tool("flake8 + bugbear", ("flake8", "flake8-bugbear"), ("flake8", "--exit-zero", "--jobs", "1", ".")),
    Tool("pylint", ("pylint",), ("pylint", "--exit-zero", "--jobs", "1", "--recursive", "y", ".")),
    Tool("fixit", ("fixit",), ("fixit", "--quiet", "lint", ".")),
    Tool("pythaw", ("pythaw",), ("pythaw", "check", ".")),
)


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


def run(command: Sequence[str], programs: Path, folder: Path) -> float:
    """The seconds of CPU, of all processes, that a command takes in a folder."""
    program = programs / command[0]
    if not program.exists():
        raise UnavailableError(f"there is no {command[0]}")
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "LAMBDALINT"))}
    before = os.times()
    subprocess.run(
        [str(program), *command[1:]], cwd=folder, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def measure(tool: Tool, home: Path, folder: Path, runs: int) -> float:
    programs = environment(tool, home)
    if tool.before:
        run(tool.before, programs, folder)
    return min(run(tool.command, programs, folder) for _ in range(runs))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="the files to check")
    parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()) / "lambdalint-speed")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as copied:
        files = Path(copied, "files")
        shutil.copytree(arguments.folder, files, symlinks=True)
        unit = 0.0
        print(f"{'tool':24} {'seconds':>8} {'ratio':>7}")
        for tool in TOOLS:
            try:
                seconds = measure(tool, arguments.environments, files, arguments.runs)
            except (UnavailableError, OSError) as error:
                print(f"{tool.name:24} left out: {error}", flush=True)
                continue
            unit = unit or seconds
            print(f"{tool.name:24} {seconds:8.2f} {seconds / unit:7.2f}", flush=True)


if __name__ == "__main__":
    main()

"""How many instructions fixed runs take, as multiples of what `import libcst` takes: no other load changes that.

    python benchmarks/speed/instructions.py [--write]

counts them with valgrind's callgrind, one process and no random hashes, everything compiled beforehand, and fails where
a run takes a tenth more than `instructions.json` says for this version of Python. `--write` notes the counts there.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

TOP = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("instructions.json")
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
MARGIN = 0.1
REFERENCE = "import libcst"
_CHECK = ("-m", "lambdalint", "check", "--exit-zero", "--jobs", "1")
_HANDLER = "order-service/src/report/app.py"
_PLAIN = "plain.py"
CASES: Mapping[str, tuple[str, ...]] = {
    REFERENCE: ("-c", "import libcst"),
    "start-up": ("-m", "lambdalint", "--version"),
    "a file without Lambda code": (*_CHECK, "--no-cache", _PLAIN),
    "a handler and what it imports": (*_CHECK, "--no-cache", _HANDLER),
    "an unchanged project": (*_CHECK, "order-service"),
}
_TOTAL = re.compile(r"Collected\s*:\s*(\d+)")
_SETTLES = 2.5  # seconds until the cache relies on what the file system says of a new file


def prepare(folder: Path) -> None:
    """Write the files that are checked: a project, and two hundred lines that have nothing to do with Lambda."""
    shutil.copytree(TOP / "examples" / "order-service", folder / "order-service")
    (folder / "lambdalint.toml").write_text("")
    lines = (
        f"def work_{n}(values):\n    total = sum(values) + {n}\n    return [total, *values]\n\n\n" for n in range(40)
    )
    (folder / _PLAIN).write_text("".join(lines))
    time.sleep(_SETTLES)


def count(arguments: tuple[str, ...], folder: Path, compiled: Path) -> int:
    """The instructions of one run, which two others went before: they compile, and fill the cache."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "LAMBDALINT"))}
    environment |= {"PYTHONHASHSEED": "0", "PYTHONPYCACHEPREFIX": str(compiled), "PYTHONPATH": str(TOP / "src")}
    command = [sys.executable, *arguments]
    for _ in range(2):
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    counter = ("valgrind", "--tool=callgrind", f"--callgrind-out-file={os.devnull}")
    ran = subprocess.run([*counter, *command], cwd=folder, env=environment, check=True, capture_output=True, text=True)
    found = _TOTAL.search(ran.stderr)
    if found is None:
        raise RuntimeError(f"valgrind tells no count: {ran.stderr[-400:]}")
    return int(found[1])


def measure() -> dict[str, float]:
    """For each case how many times the instructions of the reference it takes."""
    with tempfile.TemporaryDirectory() as name:
        folder, compiled = Path(name, "files"), Path(name, "compiled")
        folder.mkdir()
        prepare(folder)
        counts = {case: count(arguments, folder, compiled) for case, arguments in CASES.items()}
    print(f"Python {VERSION}: {REFERENCE} takes {counts[REFERENCE] / 1e6:.0f} million instructions")
    return {case: round(number / counts[REFERENCE], 3) for case, number in counts.items() if case != REFERENCE}


def known() -> dict[str, dict[str, float]]:
    """By version of Python, what was measured before."""
    read: dict[str, dict[str, float]] = json.loads(TABLE.read_text("utf-8")) if TABLE.exists() else {}
    return read


def grown(measured: Mapping[str, float], before: Mapping[str, float]) -> list[str]:
    """The cases that take more than they took, and by how much."""
    return [
        f"{case}: {ratio:.3f} times {REFERENCE} instead of {before[case]:.3f}"
        for case, ratio in measured.items()
        if case in before and ratio > before[case] * (1 + MARGIN)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="note the counts as those of this version of Python")
    arguments = parser.parse_args()
    measured, table = measure(), known()
    before = table.get(VERSION, {})
    for case, ratio in measured.items():
        print(f"{case:32} {ratio:8.3f}   before {before.get(case, float('nan')):8.3f}")
    if arguments.write:
        table[VERSION] = measured
        TABLE.write_text(json.dumps(dict(sorted(table.items())), indent=2) + "\n", "utf-8")
        return 0
    more = grown(measured, before)
    print("\n".join(more))
    return 1 if more or not before else 0


if __name__ == "__main__":
    sys.exit(main())

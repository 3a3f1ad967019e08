"""Measures what each fix gains, and writes the tables that quote it.

    python benchmarks/effect/run.py                  measures all cases (at most 15 minutes)
    python benchmarks/effect/run.py --quick          fewer cells (about 2 minutes); writes nothing
    python benchmarks/effect/run.py --rules LMB401   measures these alone and puts them among the results
    python benchmarks/effect/run.py --report         writes the documents from the results there are

All traffic stays on this machine. benchmarks/README.md says what is measured and how.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP))

from benchmarks.effect import report  # noqa: E402
from benchmarks.effect.cases import CASES  # noqa: E402
from benchmarks.effect.cpu import Limits  # noqa: E402
from benchmarks.effect.measure import Bench, measure  # noqa: E402
from benchmarks.effect.servers import emulator, proxy  # noqa: E402

_LATE = 600  # seconds after which each cell is measured once, so that a slow machine ends in time as well


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer cells; the results are shown and not written")
    parser.add_argument("--rules", nargs="+", default=[], metavar="CODE", help="codes of rules, or names of cases")
    parser.add_argument("--report", action="store_true", help="measure nothing; write the documents again")
    parser.add_argument("--budget", type=float, default=1.5, help="seconds a cell may take after its first pair")
    arguments = parser.parse_args()
    if arguments.report:
        report.write(TOP)
        return 0
    found = run(arguments.rules, arguments.quick, 0.3 if arguments.quick else arguments.budget)
    if arguments.quick:
        print(report.table(found["cases"]))
        return 0
    report.save(TOP, found, partly=bool(arguments.rules))
    report.write(TOP)
    return 0


def run(rules: list[str], quick: bool, budget: float) -> dict[str, Any]:
    """All that is measured, as results.json holds it."""
    chosen = [case for case in CASES if not rules or case.rule in rules or case.name in rules]
    load = os.getloadavg()[0]
    started = time.monotonic()
    limits = Limits()
    try:
        with tempfile.TemporaryDirectory() as folder, emulator() as port, proxy(port, Path(folder)) as between:
            bench = Bench(between, limits, Path(folder), budget)
            rows = []
            with bench.ready(chosen):
                for case in chosen:
                    if time.monotonic() - started > _LATE:
                        bench.budget = 0.0
                    rows.append(measure(bench, case, case.cells(quick)))
                    print(f"{time.monotonic() - started:5.0f} s  {case.name}", file=sys.stderr)
    finally:
        limits.close()
    return {"setting": setting(limits, load, time.monotonic() - started), "cases": rows}


def setting(limits: Limits, load: float, seconds: float) -> dict[str, Any]:
    """When, where and with what was measured."""
    packages = ("boto3", "botocore", "moto", "requests", "urllib3", "numpy")
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "seconds": round(seconds),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "load_before": round(load, 1),
        "load_after": round(os.getloadavg()[0], 1),
        "cpu_held_by": limits.method,
        "python": platform.python_version(),
        "commit": _commit(),
        "versions": {name: importlib.metadata.version(name) for name in packages},
    }


def _commit() -> str:
    command = ["git", "-C", str(TOP), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())

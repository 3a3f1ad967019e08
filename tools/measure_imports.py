"""Measures what importing a module costs, and writes the table of import costs.

    python tools/measure_imports.py --site ENV/lib/python3.11/site-packages
    python tools/measure_imports.py --site … --only pandas scipy          these rows again
    python tools/measure_imports.py --site … --add pandas=pandas lxml.etree=lxml json=

Goes in: the rows of src/lambdalint/knowledge/import_costs.toml (module and distribution), and an
environment in which those distributions are installed; nothing is installed here, and rows whose
distribution is missing stay as they are. Comes out: the same file, measured.

How: each import runs in fresh interpreters (`-I -S`), with compiled bytecode, once to warm up and
then `--runs` times; the median of the process's CPU time counts, in milliseconds, once in a
bare interpreter (`alone_ms`) and once after `import boto3` (`after_boto3_ms`), which is what a
Lambda function pays. A machine that others use too is slower at times (by half, with the same
work), so every run counts as a share of what `import boto3` took in the same moment, and the
shares are told in terms of what that takes on the quiet machine (`reference_ms`: kept from the
table; else as `--reference-ms` tells, else by the tenth of these runs that was quickest).

Packages load optional companions when they find them (pandas pyarrow, nltk scikit-learn), so each
import sees a folder of its own with nothing but the distribution, what it requires, and boto3.
What a library does at import counts as it comes: OpenBLAS starts its threads, so numpy's figure
holds what they spin, as a function's would.
"""

from __future__ import annotations

import argparse
import datetime
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLE = Path(__file__).parents[1] / "src/lambdalint/knowledge/import_costs.toml"
MACHINE = "2-core x86-64 virtual machine"

# The output: milliseconds for {base} and for {module}, then all modules that are loaded. Whatever an
# imported module prints goes elsewhere, and none of its threads is waited for.
SNIPPET = """
import os, sys
sys.path.insert(0, {folder!r})
sys.stdout = sys.stderr
import time
start = time.process_time_ns()
{base}
between = time.process_time_ns()
import {module}
end = time.process_time_ns()
os.write(1, f"{{(between - start) / 1e6}} {{(end - between) / 1e6}} {{' '.join(sys.modules)}}".encode())
os._exit(0)
"""

Row = dict[str, Any]


class Site:
    """The distributions of an environment, and the files that each one brings."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.installed: dict[str, metadata.Distribution] = {}
        for distribution in metadata.distributions(path=[str(path)]):
            self.installed[canonicalize_name(distribution.metadata["Name"])] = distribution

    def closure(self, requirement: str) -> set[str]:
        """The distributions that `requirement` brings, itself included, as far as they are installed."""
        found: set[str] = set()
        todo = [Requirement(requirement)]
        seen: set[str] = set()
        while todo:
            current = todo.pop()
            name = canonicalize_name(current.name)
            if str(current) in seen or name not in self.installed:
                continue
            seen.add(str(current))
            found.add(name)
            for text in self.installed[name].requires or ():
                needed = Requirement(text)
                if _applies(needed, current.extras):
                    todo.append(needed)
        return found

    def link(self, names: Iterable[str], folder: Path) -> None:
        """Makes `folder` look like an environment in which `names` alone are installed.

        By hard links: some packages (OpenCV) follow symbolic ones back to where they came from.
        """
        for name in names:
            for file in self.installed[name].files or ():
                target = folder / file
                if ".." in file.parts or target.exists():
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                os.link(self.path / file, target)


def _applies(requirement: Requirement, extras: Iterable[str]) -> bool:
    """Whether a requirement counts here, for a distribution that is asked for with `extras`."""
    if requirement.marker is None:
        return True
    environment = {key: str(value) for key, value in default_environment().items()}
    return any(requirement.marker.evaluate({**environment, "extra": extra}) for extra in (*extras, ""))


def run(python: str, folder: Path, module: str, base: str) -> tuple[float, float, list[str]]:
    """The CPU time in ms of importing `base` and then `module`, and the names of all modules loaded then."""
    code = SNIPPET.format(folder=str(folder), module=module, base=base)
    command = [python, "-I", "-S", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise RuntimeError((done.stderr.strip().splitlines() or ["no output"])[-1][:200])
    before, took, *loaded = done.stdout.split()
    return float(before), float(took), loaded


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def base_python(site: Path) -> str:
    """The interpreter that an environment was made from: started by itself, it sees no environment."""
    return _output(str(site.parents[2] / "bin" / "python"), "-c", "import sys; print(sys._base_executable)")


def python_version(python: str) -> str:
    return _output(python, "-V").split()[1]


def measure(site: Site, python: str, module: str, row: Row, runs: int) -> Row:
    """The row of one module, measured: its costs as shares of `import boto3`, what that took at the time
    as its `references`, and as its `pulls` all modules that it loads.
    """
    distribution = str(row["distribution"])
    with tempfile.TemporaryDirectory(dir=site.path.parent) as temporary:
        folder = Path(temporary)
        brought = site.closure(distribution) if distribution else set()
        site.link(brought | site.closure("boto3"), folder)
        alone, after, references = [], [], []
        for turn in range(runs + 1):
            _, bare, loaded = run(python, folder, module, "")
            reference, extra, _ = run(python, folder, module, "import boto3")
            if turn:
                alone.append(bare / reference)
                after.append(extra / reference)
                references.append(reference)
    name = canonicalize_name(Requirement(distribution).name) if distribution else ""
    version = site.installed[name].version if name else python_version(python)
    shares = {"alone_ms": statistics.median(alone), "after_boto3_ms": statistics.median(after)}
    return {**row, **shares, "version": version, "pulls": loaded, "references": references}


def pulls(module: str, loaded: Iterable[str], rows: dict[str, Row]) -> list[str]:
    """Which of the table's modules come along: those of other packages, the standard library aside."""
    own = module.partition(".")[0]
    return sorted(
        name
        for name in set(loaded)
        if name in rows and rows[name]["distribution"] and not f"{name}.".startswith(f"{own}.")
    )


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, int):
        return str(value)
    return f"{value:.1f}" if isinstance(value, float) else f'"{value}"'


def rendered(head: Row, rows: dict[str, Row]) -> Iterator[str]:
    """The lines of the table, sorted by module."""
    yield "# What importing a module costs, in milliseconds of CPU time. Made by tools/measure_imports.py,"
    yield "# which tells how: alone_ms in a bare interpreter, after_boto3_ms where boto3 is loaded already."
    yield "# pulls are the modules of this table, of other packages, that the import loads along with it."
    yield "# distribution is what brings the module; none for the standard library."
    yield ""
    yield from (f"{key} = {_value(value)}" for key, value in head.items())
    yield ""
    yield "[import]"
    for module, row in sorted(rows.items()):
        name = f'"{module}"' if "." in module else module
        fields = ("distribution", "version", "alone_ms", "after_boto3_ms", "pulls", "note")
        values = ", ".join(f"{field} = {_value(row[field])}" for field in fields if field in row)
        yield f"{name} = {{ {values} }}"


def main() -> int:
    summary = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(description=summary, fromfile_prefix_chars="@")
    parser.add_argument("--site", type=Path, required=True, help="the environment's site-packages folder")
    parser.add_argument("--only", nargs="*", default=[], help="measure these modules alone")
    parser.add_argument("--add", nargs="*", default=[], metavar="MODULE=DISTRIBUTION", help="new rows")
    parser.add_argument("--runs", type=int, default=9, help="runs per module and kind (default: %(default)s)")
    parser.add_argument("--reference-ms", type=float, help="what `import boto3` takes on the quiet machine")
    arguments = parser.parse_args()
    table: Row = tomllib.loads(TABLE.read_text("utf-8")) if TABLE.exists() else {}
    rows: dict[str, Row] = table.get("import", {})
    added = dict(text.partition("=")[::2] for text in arguments.add)
    rows |= {module: {"distribution": distribution} for module, distribution in added.items()}
    chosen = {*arguments.only, *added} or set(rows)

    site = Site(arguments.site.resolve())
    python = base_python(arguments.site.resolve())
    for module in sorted(chosen):
        distribution = rows[module]["distribution"]
        if distribution and canonicalize_name(Requirement(distribution).name) not in site.installed:
            print(f"{module}: {distribution} is not installed", file=sys.stderr)
            continue
        try:
            row = measure(site, python, module, rows[module], arguments.runs)
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            print(f"{module}: {error}", file=sys.stderr)
            continue
        rows[module] = row
        print(f"{module}: {row['alone_ms']:.2f}, after boto3 {row['after_boto3_ms']:.2f} of it", flush=True)
    measured = {module: row for module, row in rows.items() if "alone_ms" in row}
    times = [time for row in measured.values() for time in row.get("references", ())]
    reference = table.get("reference_ms") or arguments.reference_ms or statistics.quantiles(times, n=10)[0]
    for module, row in measured.items():
        if row.pop("references", None):
            row["alone_ms"] *= reference
            row["after_boto3_ms"] *= reference
        row["pulls"] = pulls(module, row["pulls"], measured)
    head: Row = {
        "measured": datetime.date.today().isoformat(),
        "python": python_version(python),
        "machine": MACHINE,
        "runs": arguments.runs,
        "reference_ms": reference,
    }
    temporary = TABLE.with_suffix(".new")
    temporary.write_text("\n".join([*rendered(head, measured), ""]), "utf-8")
    os.replace(temporary, TABLE)
    return 0 if len(measured) == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())

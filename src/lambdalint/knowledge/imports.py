"""What importing a module costs a function's cold start, from the measured table beside this file.

The table, import_costs.toml, is made by tools/measure_imports.py, which tells how. Costs are
milliseconds of CPU time at one full vCPU (a function with 1,769 MB; see
`lambdalint.knowledge.costs` for other sizes). Names are those that one imports (`bs4`), not those that one
installs (`beautifulsoup4`). Whether a cost is heavy is for the settings to say.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from lambdalint.knowledge import tables

# Packages that only hold type annotations of the AWS SDK (source: the packages' own descriptions). Importing
# one at run time buys nothing.
_STUBS = re.compile(
    r"(?:(?:mypy_boto3|types_boto3|types_aiobotocore|types_aioboto3)(?:_\w+)?|botostubs|boto3_type_annotations)"
)


class ImportCost(NamedTuple):
    """The measured cost of importing `module`, the row of the table that answered.

    `after_boto3_ms` is what a function pays that has boto3 loaded anyway, `alone_ms` what a
    bare interpreter pays. `version` is the distribution's that was measured, or Python's for a
    module of the standard library. `pulls` are the modules of the table, of other packages,
    that come along; `note` says what the figures don't, or is "".
    """

    module: str
    after_boto3_ms: float
    alone_ms: float
    version: str
    distribution: str
    pulls: tuple[str, ...]
    note: str


@functools.cache
def _rows() -> dict[str, ImportCost]:
    return {
        module: ImportCost(
            module,
            row["after_boto3_ms"],
            row["alone_ms"],
            row["version"],
            row["distribution"],
            tuple(row["pulls"]),
            row.get("note", ""),
        )
        for module, row in tables.load("import_costs")["import"].items()
    }


def _lineage(module: str) -> Iterator[str]:
    """`a.b.c`, `a.b`, `a`: importing a module imports all its parents."""
    while module:
        yield module
        module = module.rpartition(".")[0]


def modules() -> frozenset[str]:
    """The modules that have a row of their own."""
    return frozenset(_rows())


def cost(module: str) -> ImportCost | None:
    """What `import module` costs; None where neither it nor a parent of it was measured.

    Without a row of its own a module gets its nearest parent's, which is a lower bound,
    since importing `pandas.io.json` imports pandas: the answer's `module` tells which it is.
    """
    rows = _rows()
    return next((rows[name] for name in _lineage(module) if name in rows), None)


def from_import_cost(module: str, name: str) -> ImportCost | None:
    """What `from module import name` costs: that of `module.name` where it was measured, else of `module`."""
    row = _rows().get(f"{module}.{name}")
    return row if row is not None else cost(module)


def loads(module: str, other: str) -> bool:
    """Whether importing `module` is known to import `other` too: itself, its parents, what they pull."""
    for name in _lineage(module):
        row = _rows().get(name)
        if any(other in _lineage(loaded) for loaded in (name, *(row.pulls if row is not None else ()))):
            return True
    return False


def added_cost(row: ImportCost, others: Collection[str], *, with_sdk: bool) -> float:
    """What a module costs in ms beside modules that are loaded anyway: less what they bring of its share.

    `with_sdk` tells that boto3 is among those.
    """
    parts = (*row.pulls, *_lineage(row.module.rpartition(".")[0]))
    # Of one package the dearest part counts: which of them overlap isn't known.
    dearest: dict[str, ImportCost] = {}
    for shared in (_rows()[name] for name in parts if name in _rows() and any(loads(other, name) for other in others)):
        package = shared.module.partition(".")[0]
        if package not in dearest or dearest[package].alone_ms < shared.alone_ms:
            dearest[package] = shared
    # What another shared part brings along is in that one's figure.
    apart = [
        one for one in dearest.values() if not any(loads(o.module, one.module) for o in dearest.values() if o != one)
    ]
    spared = sum(_figure(shared, with_sdk) for shared in apart)
    return max(_figure(row, with_sdk) - spared, 0.0)


def _figure(row: ImportCost, with_sdk: bool) -> float:
    return row.after_boto3_ms if with_sdk else row.alone_ms


def is_stub_package(module: str) -> bool:
    """Whether a module belongs to a package of type annotations, which nothing needs at run time."""
    return _STUBS.fullmatch(module.partition(".")[0]) is not None


@functools.cache
def _heavy_packages() -> frozenset[str]:
    # A third of the default threshold: configurations may lower it.
    return frozenset(m.partition(".")[0] for m, row in _rows().items() if row.alone_ms >= 15)


def is_heavy_package(top: str) -> bool:
    """Whether any module of a package may count as heavy; a cheap first question."""
    return top in _heavy_packages() or is_stub_package(top)

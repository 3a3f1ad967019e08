"""Packages that serve writing and testing code, from the table beside this file."""

from __future__ import annotations

import functools
from typing import NamedTuple

from lambdalint.knowledge import tables


class DevTool(NamedTuple):
    """One row: `what` says in a phrase what it is, `purpose` what is called where the tool itself is offered."""

    what: str
    purpose: frozenset[str]


@functools.cache
def _tools() -> dict[str, DevTool]:
    rows = tables.load("dev_tools")["tool"]
    return {module: DevTool(row["what"], frozenset(row["purpose"])) for row in rows for module in row["modules"]}


def dev_tool(module: str, name: str = "") -> tuple[str, DevTool] | None:
    """The tool that `import module`, or `from module import name`, loads, with the module it is known by."""
    dotted = f"{module}.{name}" if name else module
    while dotted:
        if dotted in _tools():
            return dotted, _tools()[dotted]
        dotted = dotted.rpartition(".")[0]
    return None


@functools.cache
def _packages() -> frozenset[str]:
    return frozenset(module.partition(".")[0] for module in _tools())


def may_be_dev_tool(top: str) -> bool:
    """Whether a package holds such a tool; a cheap first question."""
    return top in _packages()

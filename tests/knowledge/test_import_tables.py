"""The tables of development tools, light replacements and tracing: consistent with each other and with the costs."""

from __future__ import annotations

import importlib
import sys

import pytest

from lambdalint.knowledge import dev_tools, imports, light, tables, tracing

FUNCTIONS = tables.load("light_replacements")["function"]
FRAMES = tables.load("light_replacements")["frame"]


@pytest.mark.parametrize("row", [*FUNCTIONS, *FRAMES], ids=lambda row: row.get("module") or row["name"])
def test_what_replaces_is_of_the_standard_library_and_light(row: dict[str, str]) -> None:
    assert row["by"] in {"", *sys.stdlib_module_names}
    cost = imports.cost(row["by"]) if row["by"] else None
    assert cost is None or cost.after_boto3_ms < 5


@pytest.mark.parametrize("row", [*FUNCTIONS, *FRAMES], ids=lambda row: row.get("module") or row["name"])
def test_what_is_replaced_has_a_cost(row: dict[str, str]) -> None:
    assert imports.cost(row.get("module") or row["name"]) is not None


def test_functions_of_math_have_their_counterpart_there() -> None:
    math = importlib.import_module("math")
    names = {
        n for row in FUNCTIONS if row["by"] == "math" and row["use"] in ("number", "constant") for n in row["names"]
    }
    assert names
    assert not {name for name in names if not hasattr(math, name)}


def test_functions_are_known_by_their_dotted_names() -> None:
    assert light.light_function("numpy.mean") is not None
    assert light.light_function("numpy.array") is None
    assert light.replaceable() == {"numpy", "pandas", "scipy"}


@pytest.mark.parametrize(
    ("module", "name", "known_as"),
    [
        ("unittest", "mock", "unittest.mock"),
        ("unittest.mock", "patch", "unittest.mock"),
        ("unittest", "", "unittest"),
        ("IPython.display", "display", "IPython"),
        ("json", "", None),
        ("pytestify", "", None),
    ],
)
def test_dev_tools(module: str, name: str, known_as: str | None) -> None:
    found = dev_tools.dev_tool(module, name)
    assert (found[0] if found is not None else None) == known_as


def test_purposes_belong_to_their_tools() -> None:
    for row in tables.load("dev_tools")["tool"]:
        tops = {module.partition(".")[0] for module in row["modules"]}
        assert {name.partition(".")[0] for name in row["purpose"]} <= tops


def test_patched_libraries_have_costs() -> None:
    assert all(imports.cost(stands[0]) is not None for stands in tracing.libraries().values())

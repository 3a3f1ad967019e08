"""The table of import costs: whole, plausible, and looked up soundly."""

from __future__ import annotations

import datetime
import re

import pytest

from lambdalint.knowledge import imports, tables

TABLE = tables.load("import_costs")
ROWS: dict[str, dict[str, object]] = TABLE["import"]


def after_boto3(module: str) -> float:
    row = imports.cost(module)
    assert row is not None
    assert row.module == module
    return row.after_boto3_ms


def test_table_says_how_it_was_made() -> None:
    assert datetime.date.fromisoformat(TABLE["measured"]) > datetime.date(2025, 1, 1)
    assert re.fullmatch(r"3\.\d+\.\d+", TABLE["python"])
    assert TABLE["machine"]
    assert TABLE["runs"] >= 7
    assert 50 < TABLE["reference_ms"] < 200


def test_rows_are_sorted_and_many() -> None:
    assert list(ROWS) == sorted(ROWS)
    assert len(ROWS) >= 150


@pytest.mark.parametrize("module", ROWS)
def test_row_is_complete_and_plausible(module: str) -> None:
    row = ROWS[module]
    assert set(row) - {"note"} == {"distribution", "version", "alone_ms", "after_boto3_ms", "pulls"}
    assert re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", module)
    assert re.match(r"\d", str(row["version"]))
    alone, after = row["alone_ms"], row["after_boto3_ms"]
    assert isinstance(alone, float)
    assert isinstance(after, float)
    assert 0 <= alone < 10_000
    # Loaded after boto3 a module finds part of what it needs, so it can only get cheaper, but for noise.
    assert 0 <= after <= alone * 1.25 + 2
    pulls = row["pulls"]
    assert isinstance(pulls, list)
    assert pulls == sorted(set(pulls))
    assert set(pulls) <= set(ROWS)
    assert not any(name.partition(".")[0] == module.partition(".")[0] for name in pulls)


def test_submodules_cost_no_less_than_their_parents() -> None:
    for module in ROWS:
        parent = imports.cost(module.rpartition(".")[0])
        if parent is not None:
            assert after_boto3(module) >= parent.after_boto3_ms * 0.75 - 2, module


def test_costs_are_in_the_known_order() -> None:
    falling = ["scipy.stats", "pandas", "numpy", "requests", "pydantic", "yaml", "json"]
    costs = [after_boto3(module) for module in falling]
    assert costs == sorted(costs, reverse=True)
    assert after_boto3("boto3") == after_boto3("urllib3") == 0
    assert after_boto3("scipy.stats") > 3 * after_boto3("scipy")
    assert after_boto3("langchain") < 5 < 50 < after_boto3("pandas")


def test_pulls() -> None:
    pandas = imports.cost("pandas")
    assert pandas is not None
    assert "numpy" in pandas.pulls
    assert "pyarrow" not in pandas.pulls, "optional companions don't count"


@pytest.mark.parametrize(
    ("module", "row"),
    [
        ("pandas", "pandas"),
        ("pandas.io.json", "pandas"),
        ("scipy.stats", "scipy.stats"),
        ("scipy.stats.distributions", "scipy.stats"),
        ("scipy.foo", "scipy"),
        ("scipyx", None),
        ("google.cloud.storage", "google.cloud.storage"),
        ("google.cloud.no_such_product", None),
        ("google", None),
        ("no_such_module.sub", None),
        ("", None),
    ],
)
def test_cost(module: str, row: str | None) -> None:
    found = imports.cost(module)
    assert (found.module if found is not None else None) == row


@pytest.mark.parametrize(
    ("module", "name", "row"),
    [
        ("google.cloud", "storage", "google.cloud.storage"),
        ("google.cloud", "no_such_product", None),
        ("scipy", "stats", "scipy.stats"),
        ("scipy", "linalg_or_so", "scipy"),
        ("scipy", "*", "scipy"),
        ("pandas", "DataFrame", "pandas"),
        ("PIL", "Image", "PIL.Image"),
    ],
)
def test_from_import_cost(module: str, name: str, row: str | None) -> None:
    found = imports.from_import_cost(module, name)
    assert (found.module if found is not None else None) == row


@pytest.mark.parametrize(
    ("module", "other", "loaded"),
    [
        ("pandas", "pandas", True),
        ("pandas", "numpy", True),
        ("pandas.io.json", "numpy", True),
        ("scipy.stats", "scipy", True),
        ("sklearn.ensemble", "scipy", True),
        ("sklearn.ensemble", "numpy", True),
        ("scipy", "scipy.stats", False),
        ("numpy", "pandas", False),
        ("no_such_module", "numpy", False),
        ("no_such_module.sub", "no_such_module", True),
    ],
)
def test_loads(module: str, other: str, loaded: bool) -> None:
    assert imports.loads(module, other) is loaded


@pytest.mark.parametrize(
    ("module", "stub"),
    [
        ("mypy_boto3_s3", True),
        ("mypy_boto3_s3.client", True),
        ("types_boto3_dynamodb.service_resource", True),
        ("types_aiobotocore_s3", True),
        ("botostubs", True),
        ("boto3_type_annotations.s3", True),
        ("mypy", False),
        ("boto3", False),
    ],
)
def test_stub_packages(module: str, stub: bool) -> None:
    assert imports.is_stub_package(module) is stub


def test_stub_packages_have_a_note() -> None:
    for module in imports.modules():
        row = imports.cost(module)
        assert row is not None
        assert not imports.is_stub_package(module) or row.note, module


def test_added_cost_leaves_out_what_is_loaded_anyway() -> None:
    pandas, numpy = imports.cost("pandas"), imports.cost("numpy")
    assert pandas is not None
    assert numpy is not None
    assert imports.added_cost(pandas, {"json"}, with_sdk=True) == pandas.after_boto3_ms
    beside_numpy = imports.added_cost(pandas, {"numpy.random"}, with_sdk=True)
    assert beside_numpy == pytest.approx(pandas.after_boto3_ms - numpy.after_boto3_ms)


def test_added_cost_counts_each_part_once() -> None:
    """The X-Ray SDK brings botocore.session, which brings most of what boto3 needs."""
    boto3, session = imports.cost("boto3"), imports.cost("botocore.session")
    assert boto3 is not None
    assert session is not None
    beside_tracing = imports.added_cost(boto3, {"aws_xray_sdk.core"}, with_sdk=False)
    assert beside_tracing == pytest.approx(boto3.alone_ms - session.alone_ms)


def test_added_cost_leaves_out_loaded_parents() -> None:
    row, parent = imports.cost("aws_lambda_powertools.utilities.data_classes"), imports.cost("aws_lambda_powertools")
    assert row is not None
    assert parent is not None
    beside_parent = imports.added_cost(row, {"aws_lambda_powertools.logging"}, with_sdk=False)
    assert beside_parent == pytest.approx(row.alone_ms - parent.alone_ms)

"""The table of operations that fail in part: up to date, and right where it is easily got wrong."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from lambdalint.knowledge import operations, tables

ROOT = Path(__file__).parents[2]
TABLE = tables.load("partial_failures")


def test_table_is_what_the_generator_makes() -> None:
    botocore = pytest.importorskip("botocore")
    if not TABLE["source"].endswith(f" {botocore.__version__}"):
        pytest.skip(f"the table was made from {TABLE['source']}")
    spec = importlib.util.spec_from_file_location("generator", ROOT / "tools/generate_partial_failures.py")
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    assert generator.TABLE.read_text("utf-8").splitlines() == generator.generate().splitlines()


def test_operations_exist() -> None:
    named = [(service, name) for service, rows in TABLE["operations"].items() for name in rows]
    assert len(named) > 200
    assert [row for row in named if operations.effect(*row) not in ("read", "write")] == []


@pytest.mark.parametrize(
    ("service", "operation", "fields"),
    [
        ("dynamodb", "batch_get_item", ["UnprocessedKeys"]),
        ("dynamodb", "batch_write_item", ["UnprocessedItems"]),
        ("events", "put_events", ["FailedEntryCount"]),
        ("events", "put_targets", ["FailedEntries", "FailedEntryCount"]),
        ("events", "remove_targets", ["FailedEntries", "FailedEntryCount"]),
        ("ssm", "get_parameters", ["InvalidParameters"]),
        ("xray", "put_trace_segments", ["UnprocessedTraceSegments"]),
        ("firehose", "put_record_batch", ["FailedPutCount"]),
        ("kinesis", "put_records", ["FailedRecordCount"]),
        ("sqs", "send_message_batch", ["Failed"]),
        ("s3", "delete_objects", ["Errors"]),
        ("resourcegroupstaggingapi", "tag_resources", ["FailedResourcesMap"]),
        ("dynamodb", "transact_write_items", []),
        ("omics", "get_batch", []),  # failedTime is a time
        ("batch", "submit_job", []),  # a service of that name
        ("sqs", "send_message", []),
    ],
)
def test_failure_fields(service: str, operation: str, fields: list[str]) -> None:
    assert tables.failure_fields(service, operation) == fields

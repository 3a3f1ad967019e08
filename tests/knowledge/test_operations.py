"""The table of AWS operations: up to date, whole, and right where it is easily got wrong."""

from __future__ import annotations

import gzip
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from lambdalint.knowledge import operations
from lambdalint.knowledge.operations import Pagination

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    path = ROOT / "tools/generate_operations.py"
    spec = importlib.util.spec_from_file_location("generate_operations", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_table_is_what_the_generator_makes(generator: ModuleType) -> None:
    botocore = pytest.importorskip("botocore")
    boto3 = pytest.importorskip("boto3")
    text = gzip.decompress(generator.TABLE.read_bytes()).decode()
    header = text.partition("\n")[0].split("\t")
    if header[1:] != [f"botocore {botocore.__version__}", f"boto3 {boto3.__version__}"]:
        pytest.skip(f"the table was made from {' and '.join(header[1:])}")
    # Told apart without pytest's comparison of two texts of 670,000 characters.
    differing = set(generator.generate().splitlines()) ^ set(text.splitlines())
    assert sorted(line[:100] for line in differing) == []


def test_packing_has_no_time_in_it(generator: ModuleType) -> None:
    assert generator.packed("text") == generator.packed("text")
    assert generator.packed("text")[4:8] == b"\0\0\0\0"


def test_exceptions_are_real_and_needed(generator: ModuleType) -> None:
    for name, effect in generator.EXCEPTIONS.items():
        service, _, operation = name.partition(".")
        assert operations.effect(service, operation) == effect, name
        verb = operation.split("_")[0]
        assert (verb in generator.READ_VERBS) == (effect == "write"), f"{name} needs no exception"


def test_table_is_whole() -> None:
    services = operations.services()
    assert len(services) > 400
    assert sum(len(operations.operations(service)) for service in services) > 19_000
    for service in services:
        known = operations.operations(service)
        assert known
        assert {operations.effect(service, name) for name in known} <= {"read", "write"}
        assert all(operations.pagination(service, name) for name in known & {"list_objects_v2", "scan"})


def test_every_resource_member_has_a_known_operation() -> None:
    for service in ("cloudformation", "cloudwatch", "dynamodb", "ec2", "glacier", "iam", "s3", "sns", "sqs"):
        kinds = operations.resource_kinds(service)
        assert "ServiceResource" in kinds
        for kind in kinds - {"BatchWriter"}:
            if kind.endswith("Collection"):
                assert kind.removesuffix("Collection") in kinds
                continue
            for name in operations._members(service, kind):
                member = operations.resource_member(service, kind, name)
                assert member is not None
                if member.role != "local":
                    assert member.operation in operations.operations(service), (service, kind, name)
                assert not member.target or member.target in kinds


@pytest.mark.parametrize(
    ("service", "operation", "effect"),
    [
        ("dynamodb", "get_item", "read"),
        ("dynamodb", "batch_get_item", "read"),
        ("dynamodb", "transact_get_items", "read"),
        ("dynamodb", "query", "read"),
        ("dynamodb", "scan", "read"),
        ("dynamodb", "put_item", "write"),
        ("dynamodb", "batch_write_item", "write"),
        ("dynamodb", "execute_statement", "write"),
        ("sqs", "receive_message", "write"),
        ("sqs", "get_queue_url", "read"),
        ("s3", "head_object", "read"),
        ("s3", "select_object_content", "read"),
        ("s3", "download_file", "read"),
        ("s3", "download_fileobj", "read"),
        ("s3", "upload_file", "write"),
        ("s3", "copy", "write"),
        ("s3", "write_get_object_response", "write"),
        ("kms", "decrypt", "read"),
        ("kms", "generate_data_key", "read"),
        ("kms", "create_grant", "write"),
        ("lambda", "invoke", "write"),
        ("logs", "start_query", "write"),
        ("logs", "filter_log_events", "read"),
        ("athena", "get_query_results", "read"),
        ("athena", "start_query_execution", "write"),
        ("rds-data", "execute_statement", "write"),
        ("bedrock-runtime", "converse", "write"),
        ("bedrock-runtime", "invoke_model", "write"),
        ("comprehend", "batch_detect_sentiment", "read"),
        ("comprehend", "detect_sentiment", "read"),
        ("rekognition", "detect_labels", "read"),
        ("rekognition", "index_faces", "write"),
        ("textract", "analyze_document", "read"),
        ("textract", "start_document_analysis", "write"),
        ("translate", "translate_text", "read"),
        ("polly", "synthesize_speech", "read"),
        ("sts", "assume_role", "read"),
        ("sts", "get_caller_identity", "read"),
        ("cognito-idp", "admin_get_user", "read"),
        ("cognito-idp", "initiate_auth", "write"),
        ("cognito-identity", "get_id", "write"),
        ("cloudformation", "detect_stack_drift", "write"),
        ("ivs", "batch_start_viewer_session_revocation", "write"),
        ("secretsmanager", "batch_get_secret_value", "read"),
        ("ssm", "get_parameters", "read"),
        ("runtime.sagemaker", "invoke_endpoint", "write"),
        ("s3", "generate_presigned_url", "none"),
        ("s3", "get_paginator", "none"),
        ("rds", "generate_db_auth_token", "none"),
        ("s3", "generate_db_auth_token", None),
        ("s3", "get_item", None),
        ("no-such-service", "get_item", None),
        ("polly", "start_speech_synthesis_stream", None),
        ("", "put_item", "write"),
        ("", "get_paginator", "none"),
        ("", "generate_db_auth_token", "none"),
        ("", "no_such_operation", None),
    ],
)
def test_effect(service: str, operation: str, effect: str | None) -> None:
    assert operations.effect(service, operation) == effect


def test_unknown_service_answers_only_where_all_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    table = operations._Table({}, {"a": "ask\tsend\t\t", "b": "send\t\t\t", "c": "send\t\t\t"}, {})
    monkeypatch.setattr(operations, "_table", lambda: table)
    operations._any_service.cache_clear()
    try:
        assert operations.effect("", "ask") == "read"
        assert operations.effect("", "send") is None
    finally:
        operations._any_service.cache_clear()


def test_pagination() -> None:
    assert operations.pagination("dynamodb", "query") == Pagination(
        ("ExclusiveStartKey",), ("LastEvaluatedKey",), "Limit", "", ("Items", "Count", "ScannedCount")
    )
    assert operations.pagination("s3", "list_objects") == Pagination(
        ("Marker",), ("NextMarker",), "MaxKeys", "IsTruncated", ("Contents", "CommonPrefixes")
    )
    assert operations.pagination("sqs", "receive_message") is None
    assert operations.pagination("lambda", "list_functions") is not None
    assert operations.pagination("lambda", "invoke") is None
    assert operations.pagination("no-such-service", "list_functions") is None


def test_waiters() -> None:
    assert {"object_exists", "bucket_exists"} <= operations.waiters("s3")
    assert operations.waiters("sts") == operations.waiters("no-such-service") == frozenset()


@pytest.mark.parametrize(
    ("service", "kind", "method", "effect"),
    [
        ("dynamodb", "Table", "get_item", "read"),
        ("dynamodb", "Table", "query", "read"),
        ("dynamodb", "Table", "put_item", "write"),
        ("dynamodb", "Table", "load", "read"),
        ("dynamodb", "Table", "item_count", "read"),
        ("dynamodb", "Table", "table_name", "none"),  # its identifier, under the attribute's name
        ("ec2", "Instance", "instance_id", "none"),
        ("dynamodb", "Table", "name", "none"),
        ("dynamodb", "Table", "batch_writer", "none"),
        ("dynamodb", "Table", "wait_until_exists", "read"),
        ("dynamodb", "BatchWriter", "put_item", "none"),
        ("dynamodb", "ServiceResource", "Table", "none"),
        ("dynamodb", "ServiceResource", "batch_get_item", "read"),
        ("dynamodb", "ServiceResource", "batch_write_item", "write"),
        ("s3", "Bucket", "upload_file", "write"),
        ("s3", "Bucket", "download_fileobj", "read"),
        ("s3", "Bucket", "objects", "read"),
        ("s3", "Bucket", "objects.all", "read"),
        ("s3", "Bucket", "objects.filter.limit", "read"),
        ("s3", "Bucket", "objects.delete", "write"),
        ("s3", "Bucket", "objects.filter.delete", "write"),
        ("s3", "Bucket", "objects.nonsense", None),
        ("s3", "Bucket", "name.all", None),
        ("s3", "Bucket", "Object", "none"),
        ("s3", "ObjectSummaryCollection", "filter", "read"),
        ("s3", "ObjectSummaryCollection", "delete", "write"),
        ("s3", "Object", "get", "read"),
        ("s3", "Object", "content_length", "read"),
        ("s3", "Object", "put", "write"),
        ("s3", "Object", "copy_from", "write"),
        ("s3", "ObjectSummary", "load", "read"),
        ("s3", "ObjectSummary", "size", "none"),
        ("sqs", "Queue", "send_message", "write"),
        ("sqs", "Queue", "receive_messages", "write"),
        ("sqs", "Message", "body", "none"),
        ("sqs", "ServiceResource", "get_queue_by_name", "read"),
        ("sns", "Topic", "publish", "write"),
        ("ec2", "Instance", "start", "write"),
        ("ec2", "Instance", "delete_tags", "write"),
        ("ec2", "ServiceResource", "instances.filter", "read"),
        ("ec2", "ServiceResource", "create_tags", "write"),
        ("iam", "Role", "attach_policy", "write"),
        ("s3", "Bucket", "meta", "none"),
        ("s3", "Nonsense", "meta", None),
        ("s3", "Bucket", "nonsense", None),
        ("", "Table", "get_item", "read"),
        ("", "Nonsense", "get_item", None),
    ],
)
def test_resource_effect(service: str, kind: str, method: str, effect: str | None) -> None:
    assert operations.resource_effect(service, kind, method) == effect


def test_resource_members_say_what_they_give() -> None:
    objects = operations.resource_member("s3", "Bucket", "objects.all")
    assert objects is not None
    assert (objects.role, objects.operation, objects.target, objects.loaded) == (
        "collection",
        "list_objects",
        "ObjectSummary",
        True,
    )
    queues = operations.resource_member("sqs", "ServiceResource", "queues")
    assert queues is not None
    assert (queues.target, queues.loaded) == ("Queue", False)
    table = operations.resource_member("dynamodb", "ServiceResource", "Table")
    assert table is not None
    assert (table.role, table.target) == ("local", "Table")

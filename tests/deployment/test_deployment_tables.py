"""DynamoDB tables of templates."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from lambdalint.deployment import DeployedIndex, DeployedTable, read


def table(kind: str, properties: str, head: str = "") -> DeployedTable:
    body = indent(dedent(properties), "      ")
    text = f"{head}\nResources:\n  T:\n    Type: AWS::{kind}\n    Properties:\n{body}"
    found = read({"t.yaml": text.encode()})
    assert found.problems == ()
    (only,) = found.tables
    return only


@pytest.mark.parametrize("kind", ["DynamoDB::Table", "DynamoDB::GlobalTable"])
def test_a_table_with_its_indexes(kind: str) -> None:
    properties = """\
    TableName: orders
    AttributeDefinitions:
      - {AttributeName: pk, AttributeType: S}
      - {AttributeName: at, AttributeType: N}
    KeySchema:
      - {AttributeName: pk, KeyType: HASH}
      - {AttributeName: at, KeyType: RANGE}
    GlobalSecondaryIndexes:
      - IndexName: by-time
        KeySchema: [{AttributeName: at, KeyType: HASH}]
        Projection: {ProjectionType: INCLUDE, NonKeyAttributes: [total, state]}
    LocalSecondaryIndexes:
      - IndexName: local
        KeySchema: [{KeyType: RANGE, AttributeName: at}, {KeyType: HASH, AttributeName: pk}]
        Projection: {ProjectionType: KEYS_ONLY}
    """
    assert table(kind, properties) == DeployedTable(
        template="t.yaml",
        line=3,
        name="T",
        table_name="orders",
        hash_key="pk",
        range_key="at",
        indexes=(
            DeployedIndex("by-time", "at", None, "INCLUDE", ("total", "state")),
            DeployedIndex("local", "pk", "at", "KEYS_ONLY"),
        ),
        key_types=(("pk", "S"), ("at", "N")),
    )


def test_names_come_from_parameters_or_stay_unknown() -> None:
    head = "Parameters: {Name: {Type: String, Default: orders}}"
    assert table("DynamoDB::Table", "TableName: !Sub '${Name}-x'", head).table_name == "orders-x"
    unnamed = table("DynamoDB::Table", "TableName: !Sub '${AWS::StackName}-x'", head)
    assert (unnamed.table_name, unnamed.hash_key, unnamed.range_key) == ("", "", None)


def test_a_simple_table() -> None:
    plain = table("Serverless::SimpleTable", "TableName: simple")
    assert (plain.table_name, plain.hash_key, plain.key_types) == ("simple", "id", (("id", "S"),))
    keyed = table("Serverless::SimpleTable", "PrimaryKey: {Name: n, Type: Number}")
    assert (keyed.hash_key, keyed.range_key, keyed.key_types) == ("n", None, (("n", "N"),))


def test_a_simple_table_without_properties() -> None:
    found = read({"t.yaml": b"Resources:\n  T: {Type: AWS::Serverless::SimpleTable}\n"})
    assert [(t.name, t.line, t.hash_key) for t in found.tables] == [("T", 2, "id")]


def test_parts_of_a_wrong_shape_are_passed_over() -> None:
    odd = table(
        "DynamoDB::Table",
        """\
        KeySchema: [x, {AttributeName: [y]}, {AttributeName: pk, KeyType: HASH}]
        AttributeDefinitions: [1, {AttributeName: pk}]
        GlobalSecondaryIndexes: [~, {IndexName: i, Projection: ALL}]
        LocalSecondaryIndexes: !If [A, [], []]
        """,
    )
    assert (odd.hash_key, odd.key_types) == ("pk", ())
    assert odd.indexes == (DeployedIndex("i", "", None),)

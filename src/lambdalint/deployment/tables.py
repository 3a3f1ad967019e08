"""DynamoDB tables in the notation of CloudFormation."""

from __future__ import annotations

from collections.abc import Callable

from lambdalint.deployment.model import DeployedIndex, DeployedTable
from lambdalint.deployment.nodes import Mapping, Node, Sequence
from lambdalint.deployment.values import Values, intrinsic

TABLE_KINDS = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable")

Complain = Callable[[Node, str], None]


def read_table(
    template: str, line: int, name: str, kind: str, properties: Mapping, values: Values, complain: Complain
) -> DeployedTable:
    """The table `name`; `complain` is told of parts that have the wrong shape."""
    table_name = values.text(properties.get("TableName")) or ""
    if kind == "AWS::Serverless::SimpleTable":
        key = properties.mapping("PrimaryKey")
        hash_key = (values.text(key.get("Name")) or "") if properties.get("PrimaryKey") else "id"
        spelled = values.text(key.get("Type")) or "String"
        types = ((hash_key, {"Number": "N", "Binary": "B"}.get(spelled, "S")),) if hash_key else ()
        return DeployedTable(template, line, name, table_name, hash_key, None, (), types)
    key_types: list[tuple[str, str]] = []
    for attribute in _mappings(properties, "AttributeDefinitions", name, complain):
        text = values.text(attribute.get("AttributeName"))
        letter = values.text(attribute.get("AttributeType"))
        if text and letter:
            key_types.append((text, letter))
    indexes: list[DeployedIndex] = []
    for group in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        for index in _mappings(properties, group, name, complain):
            indexes.append(_index(index, name, values, complain))
    hash_key, range_key = _keys(properties, name, values, complain)
    return DeployedTable(template, line, name, table_name, hash_key, range_key, tuple(indexes), tuple(key_types))


def _index(index: Mapping, name: str, values: Values, complain: Complain) -> DeployedIndex:
    hash_key, range_key = _keys(index, name, values, complain)
    projection = index.mapping("Projection")
    attributes = [values.text(node) for node in projection.sequence("NonKeyAttributes")]
    return DeployedIndex(
        values.text(index.get("IndexName")) or "",
        hash_key,
        range_key,
        values.text(projection.get("ProjectionType")) or "",
        tuple(text for text in attributes if text),
    )


def _keys(properties: Mapping, name: str, values: Values, complain: Complain) -> tuple[str, str | None]:
    hash_key, range_key = "", None
    for element in _mappings(properties, "KeySchema", name, complain):
        attribute = values.text(element.get("AttributeName")) or ""
        if values.text(element.get("KeyType")) == "RANGE":
            range_key = attribute
        else:
            hash_key = attribute
    return hash_key, range_key


def _mappings(properties: Mapping, key: str, name: str, complain: Complain) -> list[Mapping]:
    node = properties.get(key)
    if node is not None and not isinstance(node, Sequence) and intrinsic(node) is None:
        complain(node, f"the {key} of {name} is no list")
    return [item for item in properties.sequence(key) if isinstance(item, Mapping)]

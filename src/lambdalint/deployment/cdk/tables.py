"""DynamoDB tables among what a CDK program makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lambdalint.deployment.cdk.constructs import identifier, setting_of
from lambdalint.deployment.cdk.usage import Usage
from lambdalint.deployment.cdk.values import Made, Qualified, Row, Value
from lambdalint.deployment.model import DeployedIndex, DeployedTable

_TABLES = frozenset(f"aws_cdk.aws_dynamodb.{name}" for name in ("Table", "TableV2", "GlobalTable"))
_LOW_LEVEL = frozenset(f"aws_cdk.aws_dynamodb.{name}" for name in ("CfnTable", "CfnGlobalTable"))
_TYPES = {"STRING": "S", "NUMBER": "N", "BINARY": "B"}
_ADDS = {"add_global_secondary_index": False, "add_local_secondary_index": True}
_LISTS = {"global_secondary_indexes": False, "local_secondary_indexes": True}


def read_tables(made: Sequence[Made], usage: Usage) -> tuple[DeployedTable, ...]:
    """The tables that the program declares, each once."""
    found = []
    for one in made:
        if one.path in _TABLES:
            adds = [call for call in usage.calls(one) if call.method in _ADDS]
            found.append(_table(one, adds))
        elif one.path in _LOW_LEVEL:
            found.append(_low_level(one))
    return tuple(dict.fromkeys(found))


def _table(one: Made, adds: Sequence[Made]) -> DeployedTable:
    hash_key, range_key = _keys(one)
    given: list[tuple[Value, bool]] = [(call, _ADDS[call.method]) for call in adds]
    for setting, local in _LISTS.items():
        given += [(index, local) for index in _rows(one.option(setting))]
    indexes, types = [], dict(_types(one))
    for index, local in given:
        own, sort = _keys(index)
        projection = setting_of(index, "projection_type")
        attributes = [text for text in _rows(setting_of(index, "non_key_attributes")) if isinstance(text, str)]
        indexes.append(
            DeployedIndex(
                _text(setting_of(index, "index_name")),
                hash_key if local else own,
                sort,
                "ALL" if projection is None else _member(projection),
                tuple(attributes),
            )
        )
        types.update(_types(index))
    name = _text(one.option("table_name"))
    return DeployedTable(
        one.file, one.line, identifier(one), name, hash_key, range_key, tuple(indexes), tuple(types.items())
    )


def _keys(value: Value) -> tuple[str, str | None]:
    """The names of the partition key and the sort key; empty where one isn't known."""
    sort = setting_of(value, "sort_key")
    name = _text(setting_of(setting_of(value, "partition_key"), "name"))
    return name, None if sort is None else _text(setting_of(sort, "name"))


def _types(value: Value) -> Iterator[tuple[str, str]]:
    for setting in ("partition_key", "sort_key"):
        key = setting_of(value, setting)
        name = _text(setting_of(key, "name"))
        letter = _TYPES.get(_member(setting_of(key, "type")))
        if name and letter:
            yield name, letter


def _low_level(one: Made) -> DeployedTable:
    hash_key, range_key = _schema(one)
    indexes = []
    for setting in _LISTS:
        for index in _rows(one.option(setting)):
            projection = setting_of(index, "projection")
            attributes = _rows(setting_of(projection, "non_key_attributes"))
            indexes.append(
                DeployedIndex(
                    _text(setting_of(index, "index_name")),
                    *_schema(index),
                    _text(setting_of(projection, "projection_type")),
                    tuple(text for text in attributes if isinstance(text, str)),
                )
            )
    types = []
    for definition in _rows(one.option("attribute_definitions")):
        pair = [_text(setting_of(definition, name)) for name in ("attribute_name", "attribute_type")]
        if all(pair):
            types.append((pair[0], pair[1]))
    name = _text(one.option("table_name"))
    return DeployedTable(one.file, one.line, identifier(one), name, hash_key, range_key, tuple(indexes), tuple(types))


def _schema(value: Value) -> tuple[str, str | None]:
    hash_key, range_key = "", None
    for element in _rows(setting_of(value, "key_schema")):
        name = _text(setting_of(element, "attribute_name"))
        if setting_of(element, "key_type") == "RANGE":
            range_key = name
        else:
            hash_key = name
    return hash_key, range_key


def _rows(value: Value) -> list[Value]:
    return value.items if isinstance(value, Row) else []


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _member(value: Value) -> str:
    """The member of an enumeration: `STRING` of `AttributeType.STRING`."""
    return value.path.rpartition(".")[2] if isinstance(value, Qualified) else ""

"""DynamoDB tables of CDK programs."""

from __future__ import annotations

import pytest
from programs import python, typescript

from lambdalint.deployment import DeployedIndex, DeployedTable, Deployment


def table(deployment: Deployment) -> DeployedTable:
    (found,) = deployment.tables
    return found


def test_a_table_in_python() -> None:
    found = python(
        """\
        orders = dynamodb.Table(
            self,
            "Orders",
            table_name="orders",
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="at", type=dynamodb.AttributeType.NUMBER),
        )
        orders.add_global_secondary_index(
            index_name="by-user",
            partition_key=dynamodb.Attribute(name="user", type=dynamodb.AttributeType.BINARY),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=["total"],
        )
        orders.add_local_secondary_index(
            index_name="by-state",
            sort_key=dynamodb.Attribute(name="state", type=dynamodb.AttributeType.STRING),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        """
    )
    assert found.tables == (
        DeployedTable(
            template="app.py",
            line=6,
            name="Orders",
            table_name="orders",
            hash_key="pk",
            range_key="at",
            indexes=(
                DeployedIndex("by-user", "user", None, "INCLUDE", ("total",)),
                DeployedIndex("by-state", "pk", "state", "KEYS_ONLY"),
            ),
            key_types=(("pk", "S"), ("at", "N"), ("user", "B"), ("state", "S")),
        ),
    )


def test_a_table_in_typescript() -> None:
    found = typescript(
        """\
        const orders = new dynamodb.TableV2(this, 'Orders', {
          partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
          globalSecondaryIndexes: [
            { indexName: 'a', partitionKey: { name: 'x', type: dynamodb.AttributeType.NUMBER } },
          ],
          localSecondaryIndexes: [{ indexName: 'b', sortKey: { name: 'y', type: dynamodb.AttributeType.STRING } }],
        });
        orders.addGlobalSecondaryIndex({
          indexName: 'c',
          partitionKey: { name: 'z', type: dynamodb.AttributeType.STRING },
          projectionType: dynamodb.ProjectionType.ALL,
        });
        """
    )
    assert table(found) == DeployedTable(
        template="app.ts",
        line=11,
        name="Orders",
        table_name="",
        hash_key="pk",
        range_key=None,
        indexes=(
            DeployedIndex("c", "z", None, "ALL"),
            DeployedIndex("a", "x", None, "ALL"),
            DeployedIndex("b", "pk", "y", "ALL"),
        ),
        key_types=(("pk", "S"), ("z", "S"), ("x", "N"), ("y", "S")),
    )


def test_the_low_level_construct() -> None:
    found = python(
        """\
        dynamodb.CfnTable(
            self,
            "Orders",
            table_name="orders",
            key_schema=[
                dynamodb.CfnTable.KeySchemaProperty(attribute_name="pk", key_type="HASH"),
                {"attribute_name": "at", "key_type": "RANGE"},
            ],
            attribute_definitions=[{"attribute_name": "pk", "attribute_type": "S"}],
            global_secondary_indexes=[
                dynamodb.CfnTable.GlobalSecondaryIndexProperty(
                    index_name="i",
                    key_schema=[{"attribute_name": "x", "key_type": "HASH"}],
                    projection=dynamodb.CfnTable.ProjectionProperty(projection_type="ALL"),
                )
            ],
        )
        """
    )
    one = table(found)
    assert (one.table_name, one.hash_key, one.range_key) == ("orders", "pk", "at")
    assert (one.indexes, one.key_types) == ((DeployedIndex("i", "x", None, "ALL"),), (("pk", "S"),))


@pytest.mark.parametrize(
    ("settings", "hash_key", "range_key"),
    [
        ("partition_key=kwargs['key']", "", None),
        ("partition_key=dynamodb.Attribute(name=kwargs['key'], type=X)", "", None),
        ("partition_key=dynamodb.Attribute(name='pk', type=X), sort_key=kwargs['key']", "pk", ""),
        ("partition_key=dynamodb.Attribute(name='pk', type=X), **kwargs", "pk", ""),
        ("partition_key={'name': 'pk', 'type': X}", "pk", None),
        ("", "", None),
    ],
)
def test_keys_that_only_a_deployment_can_tell(settings: str, hash_key: str, range_key: str | None) -> None:
    one = table(python(f'dynamodb.Table(self, "T", {settings})'))
    assert (one.hash_key, one.range_key, one.key_types) == (hash_key, range_key, ())


def test_imported_tables_are_deployed_elsewhere() -> None:
    assert python('dynamodb.Table.from_table_name(self, "T", "orders")').tables == ()


def test_tables_of_several_constructs_have_names_of_their_own() -> None:
    found = python(
        """\
        class Store(Construct):
            def __init__(self, scope, id):
                super().__init__(scope, id)
                self.table = dynamodb.Table(self, "Table")
        carts, orders = Store(self, "Carts"), Store(self, "Orders")
        lambda_.Function(
            self, "F", handler="a.b", code=lambda_.Code.from_asset("src"), environment={"T": orders.table.table_name}
        )
        """
    )
    assert [one.name for one in found.tables] == ["Carts/Table", "Orders/Table"]
    assert found.functions[0].environment == (("T", "ref:Orders/Table"),)


def test_a_table_without_a_known_id_is_named_by_its_place() -> None:
    found = python(
        """\
        table = dynamodb.Table(self, kwargs["id"])
        lambda_.Function(
            self, "F", handler="a.b", code=lambda_.Code.from_asset("src"), environment={"T": table.table_name}
        )
        """
    )
    assert found.functions[0].environment == (("T", f"ref:{found.tables[0].name}"),)
    assert found.tables[0].name == "Table:6"

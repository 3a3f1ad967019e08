"""LMB509: a query for what is one item."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.one_item import get_one_item
from lambdalint.rules.base import Bad, Good, Rule, Safety

_TEMPLATE = """\
Resources:
  Users:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: users
      KeySchema:
        - {AttributeName: id, KeyType: HASH}
"""


class QueryForOneItem(Rule):
    """A query by the whole primary key finds one item at most: that is what `get_item` is for.

    ## What it costs
    A query goes through key conditions and a list of results for one item; `get_item` can be
    batched, and can't return pages.

    ## What to do
    `table.get_item(Key={...}).get("Item")`.

    ## When to ignore
    Queries of an index, which may hold several items under one key, and tables whose keys neither a
    template nor the configuration tells, are left alone.

    ## Fix safety
    Unsafe: the permission `dynamodb:GetItem` is needed, and an item that isn't there raises `KeyError`
    where the list raised `IndexError`. Offered where the answer is only asked for its first item and
    whether there is any, and where nothing in the function catches that there is none.

    ## Sources
    Amazon DynamoDB API reference: GetItem, Query.
    """

    code = "LMB509"
    name = "query-for-one-item"
    problem = "{what} asks for the whole key {key}: it finds one item at most"
    remedy = "use get_item{right}"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    return table.query(KeyConditionExpression=Key("id").eq(event["id"]))["Items"][0]
""",
            files=(("template.yaml", _TEMPLATE),),
        ),
        Good(
            """\
import boto3

table = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    return table.get_item(Key={"id": event["id"]})["Item"]
""",
            why="asks for the item itself",
            files=(("template.yaml", _TEMPLATE),),
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        read = self.model.one_item_query(node)
        if read is None or read.schema is None or not self.model.runs_per_invocation(node):
            return
        names = [name for name in (read.schema.hash_key, read.schema.range_key) if name]
        right = self.model.right(node, "dynamodb.query", "dynamodb.get_item")
        fix = get_one_item(self.model, read)
        self.report(node, what=read.label, key=" and ".join(names), right=right, fix=fix)

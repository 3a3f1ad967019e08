"""LMB501: a scan reads the whole table and throws most of it away."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.keys import use_keys
from lambdalint.rules.base import Bad, Good, Rule, Safety


class FilterWithoutKeyCondition(Rule):
    """A filter is applied after the items were read: the scan reads and bills every item of the table.

    ## What it costs
    Time and read capacity grow with the table, not with the result. A scan brings
    1 MB a page, one page after another, of which the filter drops nearly all. One team went from
    20 s to 60 ms this way.

    ## What to do
    Ask for the partition key: `query` with a `KeyConditionExpression`, or `get_item` when the whole
    key is known. Where the attribute is no key, add a global secondary index on it.

    ## When to ignore
    Parallel scans (`Segment`) and scans of an index that the configuration lists under
    `sparse-indexes` are left alone.

    ## Fix safety
    Unsafe, and only offered where the table's keys are known from a template or from
    `[tool.lambdalint.tables]` and the filter is equality on them: `query` returns items in order of
    the sort key, rejects an empty key, its `ScannedCount` is smaller, a page loop makes fewer turns,
    and a function that only scanned needs `dynamodb:Query` or `dynamodb:GetItem`. Scans in a loop over
    the pages, or by a paginator, become queries in the same loop; where a `Table`'s pages are all put
    into one list for the whole key, `get_item` takes the loop's place. Refused where the page to begin
    with comes from elsewhere, where the calls of a loop have different filters, with `Limit`, and where
    others get the arguments or the paginator as well.

    ## Sources
    Amazon DynamoDB developer guide: "Filter expressions for scan"; measured against a local
    emulator with 20,000 items.
    """

    code = "LMB501"
    name = "filter-without-key-condition"
    problem = "{what} reads every item of the table and filters afterwards"
    remedy = "{how}"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3
from boto3.dynamodb.conditions import Attr

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    return table.scan(FilterExpression=Attr("customer").eq(event["customer"]))["Items"]
"""
        ),
        Bad(
            """\
import boto3
from boto3.dynamodb.conditions import Attr

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    return table.scan(FilterExpression=Attr("customer").eq(event["customer"]))["Items"]
""",
            fixed="""\
import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    return table.query(
        KeyConditionExpression=Key("customer").eq(event["customer"]),
    )["Items"]
""",
            files=(
                (
                    "template.yaml",
                    """\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema:
        - {AttributeName: customer, KeyType: HASH}
        - {AttributeName: id, KeyType: RANGE}
""",
                ),
            ),
        ),
        Good(
            """\
import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    return table.query(KeyConditionExpression=Key("customer").eq(event["customer"]))["Items"]
""",
            why="a key condition reads only what matches",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        read = self.model.dynamodb_read(node)
        if read is None or read.operation != "scan" or not read.has("FilterExpression", "ScanFilter"):
            return
        if read.segmented or read.sparse or read.continues or not self.model.runs_per_invocation(node):
            return
        fix, how = use_keys(self.model, read)
        right = self.model.right(node, "dynamodb.scan", "dynamodb.query")
        self.report(
            node,
            what=read.label,
            cost="its time and read capacity grow with the table, one request per MB",
            how=(how or "query a key or an index that holds the attribute instead") + right,
            fix=fix,
        )

"""LMB504: Python picks what DynamoDB could have picked."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule


class FilterInPython(Rule):
    """All items under a key are read for the last of them.

    ## What it costs
    Every item of the key is read, billed, sent and parsed for one. Past 1 MB the last item of the
    first page isn't the last one at all.

    ## What to do
    Items come in order of the sort key: `ScanIndexForward=False, Limit=1` begins at the other end
    and reads one item.

    ## When to ignore
    A query with a filter (there `Limit` counts before the filter), the first item of an answer
    (often there is only one), and any sorting or filtering by attributes that are no key are left
    alone.

    ## Fix safety
    There is no fix: `Items[-1]` has to become `Items[0]` together with the arguments.

    ## Sources
    Amazon DynamoDB API reference: Query, `ScanIndexForward` and `Limit`.
    """

    code = "LMB504"
    name = "filter-in-python"
    problem = "{what} reads all items of the key, of which only the last is used"
    remedy = "begin at the other end: ScanIndexForward={forward}, Limit=1"
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("readings")


def lambda_handler(event, context):
    items = table.query(KeyConditionExpression=Key("sensor").eq(event["sensor"]))["Items"]
    return items[-1]
"""
        ),
        Good(
            """\
import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("readings")


def lambda_handler(event, context):
    found = table.query(KeyConditionExpression=Key("sensor").eq(event["sensor"]), ScanIndexForward=False, Limit=1)
    items = found["Items"]
    return items[0]
""",
            why="DynamoDB picks the last item itself",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        aws = self.model.reads_only_last(node)
        if aws is not None and self.model.runs_per_invocation(node):
            self.report(
                node,
                what=aws.label,
                cost="each of them is read and billed",
                forward=aws.constant("ScanIndexForward") is False,
            )

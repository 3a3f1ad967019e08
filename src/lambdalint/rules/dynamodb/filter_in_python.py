"""LMB504: Python picks what DynamoDB could have picked."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule


class FilterInPython(Rule):
    """All items under a key are read for the last, or the first, of them.

    ## What it costs
    Every item of the key is read, billed, sent and parsed for one. Past 1 MB the last item of the
    first page isn't the last one at all.

    ## What to do
    Items come in order of the sort key: `ScanIndexForward=False, Limit=1` begins at the other end
    and reads one item. Where the query begins at the right end, `Limit=1` is all that is missing.

    ## When to ignore
    A query with a filter (there `Limit` counts before the filter), the first item of an answer
    whose order nobody asked for (often there is only one), and any sorting or filtering by attributes
    that are no key are left alone.

    ## Fix safety
    There is no fix: `Items[-1]` has to become `Items[0]` together with the arguments, and a limit
    ends a read that others may want to go on with.

    ## Sources
    Amazon DynamoDB API reference: Query, `ScanIndexForward` and `Limit`.
    """

    code = "LMB504"
    name = "filter-in-python"
    problem = "{what} reads all items of the key, of which only the {place} is used"
    remedy = "{how}"
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
        found = self.model.reads_only_one(node)
        if found is None or not self.model.runs_per_invocation(node):
            return
        aws, place = found
        forward = aws.constant("ScanIndexForward") is False
        self.report(
            node,
            what=aws.label,
            place=place,
            cost="each of them is read and billed",
            how="ask for one, with Limit=1"
            if place == "first"
            else f"begin at the other end: ScanIndexForward={forward}, Limit=1",
        )

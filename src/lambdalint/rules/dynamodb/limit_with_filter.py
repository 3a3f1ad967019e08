"""LMB508: a limit is applied before the filter."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule


class LimitWithFilter(Rule):
    """`Limit` counts the items that are read, not those that the filter lets through.

    ## What it costs
    Items that exist are not found: with `Limit=1` and a filter DynamoDB reads one item, and answers
    with none where that one doesn't pass the filter. This is a fault rather than a cost.

    ## What to do
    Go on from `LastEvaluatedKey` until enough items were found, or put the filter's attribute into
    a key, so that a key condition can ask for it; then `Limit` counts what is wanted.

    ## When to ignore
    Reads that go on from `LastEvaluatedKey`, or that hand it or the response on, are left alone, and
    so are paginators, where the limit is the size of a page.

    ## Fix safety
    There is no fix: how many items are wanted, and how many may be read for them, isn't in the code.

    ## Sources
    Amazon DynamoDB developer guide: "Limiting the number of items in the result set".
    """

    code = "LMB508"
    name = "limit-with-filter"
    problem = "{what} applies its Limit{limit} before the filter: items that match are missed"
    remedy = "go on from LastEvaluatedKey until enough are found, or ask by a key"
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3
from boto3.dynamodb.conditions import Attr, Key

table = boto3.resource("dynamodb").Table("jobs")


def lambda_handler(event, context):
    response = table.query(
        KeyConditionExpression=Key("queue").eq(event["queue"]),
        FilterExpression=Attr("status").eq("running"),
        Limit=1,
    )
    return {"busy": bool(response["Items"])}
"""
        ),
        Good(
            """\
import boto3
from boto3.dynamodb.conditions import Attr, Key

table = boto3.resource("dynamodb").Table("jobs")


def lambda_handler(event, context):
    response = table.query(
        KeyConditionExpression=Key("queue").eq(event["queue"]),
        FilterExpression=Attr("status").eq("running"),
        Limit=50,
    )
    return {"jobs": response["Items"], "next": response.get("LastEvaluatedKey")}
""",
            why="the caller is told where to go on",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        aws = self.model.limited_read(node)
        if aws is not None and self.model.runs_per_invocation(node):
            limit = aws.constant("Limit")
            self.report(node, what=aws.label, limit=f" of {limit}" if isinstance(limit, int) else "")

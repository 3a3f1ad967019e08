"""LMB505: results past the first megabyte are lost."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.pages import all_pages
from lambdalint.rules.base import Bad, Good, Rule, Safety


class UnpaginatedRead(Rule):
    """A query or scan answers with at most 1 MB of items, and the rest is lost unless it is asked for.

    ## What it costs
    Items that exist are not found, without an error, as soon as the table or the partition has
    grown past 1 MB. Measured on 20,000 items: the item that was looked for was on page 9.

    ## What to do
    Go on from `LastEvaluatedKey` until there is none, or let a paginator do it. Where the caller
    should get one page, hand `LastEvaluatedKey` out.

    ## When to ignore
    Reads with a `Limit`, for the whole primary key, for emptiness alone, or whose response goes to
    the caller are left alone.

    ## Fix safety
    Unsafe: all pages are read, which may be many requests, and a read through a filter returns more
    items than before. A `Table` is asked through its client's paginator, which keeps plain values.

    ## Sources
    Amazon DynamoDB developer guide: "Paginating table query results".
    """

    code = "LMB505"
    name = "unpaginated-read"
    problem = "{what} looks at the first page alone: items past 1 MB are lost"
    remedy = "go on from LastEvaluatedKey, or use a paginator"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

dynamodb = boto3.client("dynamodb")


def lambda_handler(event, context):
    response = dynamodb.scan(TableName="prices")
    return [float(item["price"]["N"]) for item in response["Items"]]
""",
            fixed="""\
import boto3

dynamodb = boto3.client("dynamodb")


def lambda_handler(event, context):
    paginator = dynamodb.get_paginator("scan")
    response = paginator.paginate(TableName="prices").build_full_result()
    return [float(item["price"]["N"]) for item in response["Items"]]
""",
        ),
        Good(
            """\
import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    items, start = [], {}
    while True:
        response = table.query(KeyConditionExpression=Key("customer").eq(event["customer"]), **start)
        items += response["Items"]
        if "LastEvaluatedKey" not in response:
            return items
        start = {"ExclusiveStartKey": response["LastEvaluatedKey"]}
""",
            why="goes on from the last key",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.first_page(node)
        if found is None or found.aws.service != "dynamodb" or found.aws.operation not in ("query", "scan"):
            return
        if self.model.runs_per_invocation(node):
            self.report(node, what=found.aws.label, fix=all_pages(self.model, found))

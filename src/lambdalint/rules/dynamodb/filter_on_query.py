"""LMB503: a query reads more items than it returns."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule


class FilterOnQuery(Rule):
    """A filter beside a key condition is applied after the items were read, paid for and cut into pages.

    ## What it costs
    Every item under the key is read and billed, whatever the filter lets through: a measured query
    scanned 12 items for 4. Pages are cut at 1 MB before the filter, so a page may come back empty.

    ## What to do
    Put the attribute into the sort key or into an index, so that the key condition can ask for it.

    ## When to ignore
    A filter on a time-to-live attribute alone is left alone: DynamoDB deletes expired items late.

    ## Fix safety
    There is no fix: it takes another key or index.

    ## Sources
    Amazon DynamoDB developer guide: "Filter expressions for the query operation".
    """

    code = "LMB503"
    name = "filter-on-query"
    problem = "{what} filters after the items of the key were read and paid for"
    remedy = "put the attribute{attributes} into the sort key or an index"
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3
from boto3.dynamodb.conditions import Attr, Key

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    return table.query(
        KeyConditionExpression=Key("customer").eq(event["customer"]),
        FilterExpression=Attr("status").eq("open"),
    )["Items"]
"""
        ),
        Good(
            """\
import time

import boto3
from boto3.dynamodb.conditions import Attr, Key

table = boto3.resource("dynamodb").Table("sessions")


def lambda_handler(event, context):
    return table.query(
        KeyConditionExpression=Key("user").eq(event["user"]),
        FilterExpression=Attr("expires_at").gt(int(time.time())),
    )["Items"]
""",
            why="expired items are deleted late, so they must be filtered out",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        read = self.model.dynamodb_read(node)
        if read is None or read.operation != "query" or not read.has("FilterExpression", "QueryFilter"):
            return
        if not read.has("KeyConditionExpression", "KeyConditions") or read.filters_expiry or read.continues:
            return
        if self.model.runs_per_invocation(node):
            names = sorted(set(read.filtered_names()))
            self.report(
                node,
                what=read.label,
                cost="read capacity and pages are those of all items under the key",
                attributes=f" {' and '.join(names)}" if 0 < len(names) <= 3 else "",
            )

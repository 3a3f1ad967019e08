"""LMB502: a whole table is read on the invocation path."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule


class TableScan(Rule):
    """A scan reads every item of the table, one request per megabyte, on each invocation.

    ## What it costs
    Time and read capacity grow with the table. A log-in function that scanned 200 rows was slow
    from its first day; at 20,000 items (8 MB) a scan takes 9 requests one after another and about
    1,000 read units.

    ## What to do
    Query by a key or an index; keep what is small and seldom changes at module scope for a while;
    count or aggregate when writing.

    ## When to ignore
    `Limit=1`, parallel scans, indexes that the configuration calls sparse, and functions whose
    whole work is to page through a table (an export on a schedule) are left alone.

    ## Fix safety
    There is no fix: what to ask for instead is a question of the design.

    ## Sources
    Amazon DynamoDB developer guide: "Best practices for querying and scanning data".
    """

    code = "LMB502"
    name = "table-scan"
    problem = "{what} reads the whole table on every invocation"
    remedy = "query by a key or an index, hand it out page by page, or keep the result for a while"
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

table = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    users = table.scan()["Items"]
    return [user for user in users if user["mail"] == event["mail"]]
"""
        ),
        Good(
            """\
import boto3

table = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    return {"empty": not table.scan(Limit=1)["Items"]}
""",
            why="one item is asked for",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        read = self.model.dynamodb_read(node)
        if read is None or read.operation != "scan" or read.has("FilterExpression", "ScanFilter"):
            return
        if read.constant("Limit") == 1 or read.segmented or read.sparse or read.continues or read.exports:
            return
        if self.model.runs_per_invocation(node):
            self.report(
                node,
                what=read.label,
                cost="its time and read capacity grow with the table, one request per MB",
            )

"""LMB506: items are fetched only to be counted."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.counts import ask_for_count
from lambdalint.rules.base import Bad, Good, Rule, Safety


class CountByFetch(Rule):
    """Items are sent and parsed of which only the number is looked at.

    ## What it costs
    Up to 1 MB a page travels over the network and is parsed attribute by attribute. The read
    capacity is the same for a count as for the items; with `Limit=1` it is that of one item.

    ## What to do
    `Select="COUNT"` answers with the number alone. Where it only matters whether there is any item,
    and there is no filter, `Limit=1` reads no more than one.

    ## When to ignore
    Reads whose items are used as well, and those with `Limit=1`, are left alone.

    ## Fix safety
    Safe where `len(response["Items"])` becomes `response["Count"]`: both are the number of items of
    the page; unsafe where the project's tests patch boto3, since their answers may lack the count.
    `Limit=1` is unsafe: code that isn't seen, a test that stubs the call for instance, may expect the
    call as it was.

    ## Sources
    Amazon DynamoDB developer guide: "Counting the items in the results"; API reference: `Select`.
    """

    code = "LMB506"
    name = "count-by-fetch"
    problem = "{what} fetches items only to {purpose}"
    remedy = "{how}"
    safety = Safety.SAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("votes")


def lambda_handler(event, context):
    response = table.query(KeyConditionExpression=Key("poll").eq(event["poll"]), Limit=100)
    return {"votes": len(response["Items"])}
""",
            fixed="""\
import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("votes")


def lambda_handler(event, context):
    response = table.query(
        KeyConditionExpression=Key("poll").eq(event["poll"]),
        Limit=100,
        Select="COUNT",
    )
    return {"votes": response["Count"]}
""",
        ),
        Good(
            """\
import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("votes")


def lambda_handler(event, context):
    response = table.query(KeyConditionExpression=Key("poll").eq(event["poll"]), Limit=100)
    return {"votes": response["Items"], "count": len(response["Items"])}
""",
            why="the items are used as well",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        count = self.model.count_by_fetch(node)
        if count is None or not self.model.runs_per_invocation(node):
            return
        one = count.exists and not count.filtered
        self.report(
            node,
            what=count.aws.label,
            purpose="learn whether there are any" if count.exists else "count them",
            cost="up to 1 MB a page is sent and parsed for nothing",
            how="ask for one with Limit=1" if one else 'ask for the number with Select="COUNT"',
            fix=ask_for_count(self.model, count),
        )

"""LMB507: whole items are fetched for a few attributes."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.projections import ask_for_attributes
from lambdalint.rules.base import Bad, Good, Rule, Safety


class MissingProjection(Rule):
    """The items are sent and parsed as a whole, but only a few of their attributes are read.

    ## What it costs
    Bytes over the network, and the time to parse every attribute of every item; the read capacity
    stays the same. It is worth it for large items alone, so the rule is off unless it is asked for.

    ## What to do
    Name the attributes in a `ProjectionExpression`; reserved words go by `ExpressionAttributeNames`.

    ## When to ignore
    Items that are returned, stored or passed on as a whole are left alone, and so are more than five
    attributes. Small items aren't worth it.

    ## Fix safety
    Unsafe: the item holds nothing else any more, which code that the analysis can't see might miss. Where
    the code asks whether there is an item, its key is asked for as well: an item that has none of the
    attributes would look like none. No fix where other names stand for attributes already.

    ## Sources
    Amazon DynamoDB developer guide: "Projection expressions".
    """

    code = "LMB507"
    name = "missing-projection"
    problem = "{what} fetches whole items, of which it reads only {names}"
    remedy = "name the attributes in a ProjectionExpression"
    safety = Safety.UNSAFE
    since = "0.1.0"
    default = False
    examples = (
        Bad(
            """\
import boto3

table = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    answer = table.get_item(Key={"id": event["id"]})
    return {"name": answer["Item"]["name"]}
"""
        ),
        Good(
            """\
import boto3

table = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    return table.get_item(Key={"id": event["id"]})["Item"]
""",
            why="the item goes to the caller",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        names = self.model.attributes_read(node)
        aws = self.model.aws_call(node)
        if names and aws is not None and self.model.runs_per_invocation(node):
            self.report(
                node,
                what=self.model.text(node.func),
                names=", ".join(names),
                cost="all attributes are sent and parsed",
                fix=ask_for_attributes(self.model, aws, names),
            )

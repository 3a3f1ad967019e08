"""LMB511: an item is read only to be written."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule

_HOW = {
    "existence": ("see whether it is there", "let the put check, with ConditionExpression attribute_not_exists"),
    "value": ("add to its value", "let the update add, with an UpdateExpression"),
}


class ReadThenWrite(Rule):
    """A read that only serves the write after it: DynamoDB can check or add within the write itself.

    ## What it costs
    Two round trips for one, and a race: what another invocation writes between the two is lost.

    ## What to do
    For an existence check: `put_item(..., ConditionExpression="attribute_not_exists(id)")`, and catch
    `ConditionalCheckFailedException`. For arithmetic: `update_item` with
    `UpdateExpression="SET total = total + :more"`, or `ADD`.

    ## When to ignore
    Reads whose item is used for anything else, and writes that have a condition, are left alone.

    ## Fix safety
    There is no fix: a failed condition is an exception, so the code around has to change.

    ## Sources
    Amazon DynamoDB developer guide: "Condition expressions", "Update expressions".
    """

    code = "LMB511"
    name = "read-then-write"
    problem = "{what} comes after a {read} of the same item that only serves to {purpose}"
    remedy = "{how}"
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

table = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    answer = table.get_item(Key={"id": event["id"]})
    if "Item" in answer:
        return {"statusCode": 409}
    table.put_item(Item={"id": event["id"], "name": event["name"]})
    return {"statusCode": 201}
"""
        ),
        Good(
            """\
import boto3

table = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    answer = table.get_item(Key={"id": event["id"]})
    if "Item" in answer:
        return answer["Item"]
    table.put_item(Item={"id": event["id"], "name": event["name"]})
    return {"statusCode": 201}
""",
            why="the item is used as well",
        ),
    )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        for found, purpose in self.model.read_then_writes(node):
            site = self.model.node(found.later.site)
            if site is not None and self.model.runs_per_invocation(found.later.site):
                aim, how = _HOW[purpose]
                self.report(
                    site,
                    what=found.later.aws.label,
                    read=found.first.aws.label,
                    purpose=aim,
                    cost="two round trips and a race",
                    how=how,
                )

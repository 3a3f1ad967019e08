"""LMB513: an item is read right after it was written."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.read_backs import take_from_write
from lambdalint.rules.base import Bad, Good, Rule, Safety


class ReadBack(Rule):
    """The write itself can answer with the item as it is then, so the read after it is a round trip for nothing.

    ## What it costs
    One more round trip and its read capacity. A read that isn't consistent may also show the item
    as it was before the write.

    ## What to do
    `update_item(..., ReturnValues="ALL_NEW")` answers with the whole item under `Attributes`, without
    further read capacity. After `put_item` the item is what was written.

    ## When to ignore
    Other calls that write, or whose effect can't be told, between the two; another key or table.

    ## Fix safety
    Unsafe: what others wrote since isn't seen. The update gets `ReturnValues="ALL_NEW"` and the reads of
    `Item` become reads of its `Attributes`. `put_item` has no such answer: the item that was written is
    used, where it surely comes back as it is (texts, yes or no, nothing, dicts and lists of these;
    numbers come back as `Decimal`) and nothing else uses it.

    ## Sources
    Amazon DynamoDB API reference: UpdateItem, `ReturnValues`.
    """

    code = "LMB513"
    name = "read-back"
    problem = "{what} reads back the item that {before} has just written"
    remedy = "{how}"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

table = boto3.resource("dynamodb").Table("counters")


def lambda_handler(event, context):
    table.update_item(
        Key={"id": event["id"]},
        UpdateExpression="ADD visits :one",
        ExpressionAttributeValues={":one": 1},
    )
    return table.get_item(Key={"id": event["id"]})["Item"]["visits"]
"""
        ),
        Good(
            """\
import boto3

table = boto3.resource("dynamodb").Table("counters")


def lambda_handler(event, context):
    answer = table.update_item(
        Key={"id": event["id"]},
        UpdateExpression="ADD visits :one",
        ExpressionAttributeValues={":one": 1},
        ReturnValues="ALL_NEW",
    )
    return answer["Attributes"]["visits"]
""",
            why="the write answers with the new item",
        ),
    )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        for reread in self.model.read_backs(node):
            site = self.model.node(reread.later.site)
            if site is None or not self.model.runs_per_invocation(reread.later.site):
                continue
            update = reread.first.aws.operation == "update_item"
            self.report(
                site,
                what=self.model.text(reread.later.site.func),
                before=reread.first.aws.label,
                cost="another round trip",
                how='take it from the write, with ReturnValues="ALL_NEW"'
                if update
                else "use the item that was written",
                fix=take_from_write(self.model, reread),
            )

"""LMB512: the same thing is read again."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.rereads import reuse_answer
from lambdalint.rules.base import Bad, Good, Model, Rule, Safety


class RepeatedRead(Rule):
    """The same read with the same arguments is made again although nothing was written in between.

    ## What it costs
    One more round trip, and the read is billed again.

    ## What to do
    Keep the first answer, hand it on to the functions that need it, or read in front of the loop.

    ## When to ignore
    A read after a write, a read after a wait, a read on an error path and reads whose answer is new
    each time (tokens, random values, states of jobs) are left alone. So is anything where a call
    whose effect can't be told stands between.

    ## Fix safety
    Unsafe: what others wrote between the two reads isn't seen. Only offered where both reads stand in
    one function, the first answer has a name of its own, and both are only looked at.

    ## Sources
    Amazon DynamoDB developer guide: "Read consistency".
    """

    code = "LMB512"
    name = "repeated-read"
    problem = "{what} asks again for what {before} has told"
    remedy = "keep the first answer"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

table = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    answer = table.get_item(Key={"id": event["id"]})
    if "Item" not in answer:
        return {"statusCode": 404}
    user = table.get_item(Key={"id": event["id"]})["Item"]
    return {"statusCode": 200, "body": user["name"]}
""",
            fixed="""\
import boto3

table = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    answer = table.get_item(Key={"id": event["id"]})
    if "Item" not in answer:
        return {"statusCode": 404}
    user = answer["Item"]
    return {"statusCode": 200, "body": user["name"]}
""",
        ),
        Good(
            """\
import boto3

users = boto3.resource("dynamodb").Table("users")
visits = boto3.resource("dynamodb").Table("visits")


def lambda_handler(event, context):
    before = users.get_item(Key={"id": event["id"]})["Item"]
    visits.put_item(Item={"user": event["id"], "at": event["time"]})
    after = users.get_item(Key={"id": event["id"]})["Item"]
    return {"new": before["visits"] != after["visits"]}
""",
            why="something was written in between",
        ),
    )

    def __init__(self, model: Model) -> None:
        super().__init__(model)
        self.told: set[int] = set()

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        for reread in self.model.repeated_reads(node):
            # The read itself is the place, be it in a helper of this file; of one helper, the second call.
            inner = reread.later.aws.call
            asking = inner if self.model.node(inner) and inner is not reread.first.aws.call else reread.later.site
            place = self.model.node(asking)
            if place is None or id(place) in self.told or not self.model.runs_per_invocation(reread.later.site):
                continue
            self.told.add(id(place))
            self.report(
                place,
                what=self.model.text(asking.func),
                before=self.model.text(reread.first.site.func),
                cost="another round trip",
                fix=reuse_answer(self.model, reread),
                causes=[reread.later.site],
            )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.same_read_in_loop(node)
        if found is not None and self.model.runs_per_invocation(node):
            self.report(
                node,
                what=found.aws.label,
                before="the loop's first turn",
                cost="another round trip in every turn",
                remedy="read in front of the loop",
            )

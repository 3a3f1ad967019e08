"""LMB407: a `batch_writer()` that is opened anew for the items of each turn."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.writers import around_loop
from lambdalint.rules.base import Bad, Good, Rule, Safety


class BatchWriterInLoop(Rule):
    """Each turn of a loop opens a `batch_writer()` of its own, which sends what it has when it is left.

    ## What it costs
    One request per turn again, as without the writer: a batch is only sent together when it has 25
    items, or when the `with` block ends.

    ## What to do
    Open the writer around the loop. Say `overwrite_by_pkeys=[...]` with the whole key where a key
    may come twice, since a batch with the same key twice is refused; and make each item a dict of its
    own, since the writer keeps references.

    ## When to ignore
    Left alone are another table per turn, blocks that go over several items themselves (chunks,
    pages), `try` around a turn's writer, turns that write elsewhere too or read the table, and one or
    two literal items.

    ## Fix safety
    Safe where the loop's body is the `with` alone, else unsafe: what else a turn does comes before
    the items are stored then. Offered where the whole key is known and each item has it, so that a
    key that comes twice is written once, as the last turn says, and where nothing changes an item
    after it was handed over. Of a batch that is refused nothing is stored, where the turns before
    would have been.

    ## Sources
    boto3 reference: `Table.batch_writer`. Amazon DynamoDB API reference: BatchWriteItem. Measured
    against a local emulator.
    """

    code = "LMB407"
    name = "batch-writer-in-loop"
    problem = "{what} is opened in every turn of the loop"
    remedy = "open it once, around the loop"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    for order in event["orders"]:
        with table.batch_writer() as batch:
            batch.put_item(Item=order)
"""
        ),
        Good(
            """\
import boto3

dynamodb = boto3.resource("dynamodb")


def lambda_handler(event, context):
    for name, items in event["tables"].items():
        with dynamodb.Table(name).batch_writer() as batch:
            for item in items:
                batch.put_item(Item=item)
""",
            why="each turn writes to a table of its own, and several items",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.writer_in_loop(node)
        if found is not None and self.model.runs_per_invocation(node, hot=True):
            self.report(
                node,
                what=self.model.text(node),
                cost="one request per turn instead of one per 25 items",
                fix=around_loop(self.model, found),
            )

"""LMB402: one `put_item` or `delete_item` per turn of a loop, where one request could write 25 items."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.client_writers import through_client
from lambdalint.fixing.writers import through_writer
from lambdalint.rules.base import Bad, Good, Rule, Safety


class WriteItemInLoop(Rule):
    """Each turn of a loop writes one item to DynamoDB and waits for it.

    ## What it costs
    One round trip per item, where `batch_writer` sends 25 at once. Write capacity is the same.

    ## What to do
    `with table.batch_writer(overwrite_by_pkeys=[...]) as batch:` around the loop, and
    `batch.put_item` or `batch.delete_item` in it. Name the whole key: a batch with the same key
    twice is refused, and with half of the key named, items get lost. The writer keeps references,
    so each turn has to make an item of its own. With a client, `batch_write_item` takes 25 items;
    send `UnprocessedItems` again.

    ## When to ignore
    Left alone are writes with a condition or with `ReturnValues`, answers that are used, `try`
    around a single write, loops that write elsewhere too or read the table that they write to, loops
    that stop early or wait on purpose, one or two literal items, `update_item` (it has no batch
    form), and calls on a `batch_writer()`.

    ## Fix safety
    Unsafe: the function needs `dynamodb:BatchWriteItem`, items are stored when a batch is sent or
    when the loop is done, and of a batch that is refused nothing is stored. Offered for writes to a
    `Table` where the whole key is known (from a template, the configuration, or another request of
    the module), each item is a dict that the turn writes out and that nothing changes afterwards,
    and a turn has no `try`, `return` or `raise` of its own. With a client the items are collected and
    written when the loop is done, by a helper that keeps the last one of those with the same key, sends
    `UnprocessedItems` again and then raises; offered where the key consists of texts (`{"S": …}`).

    ## Sources
    Amazon DynamoDB API reference: BatchWriteItem. boto3 reference: `Table.batch_writer`. Measured
    against a local emulator.
    """

    code = "LMB402"
    name = "write-item-in-loop"
    problem = "{what} writes one item in every turn of the loop{through}"
    remedy = "write {limit} items a request with {batch}{right}"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    for order in event["orders"]:
        table.put_item(Item={"id": order["id"], "state": "new"})
"""
        ),
        Good(
            """\
import boto3

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    for order in event["orders"]:
        table.put_item(Item={"id": order["id"]}, ConditionExpression="attribute_not_exists(id)")
""",
            why="a batch can't write under a condition",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.write_in_loop(node)
        if found is None or not self.model.runs_per_invocation(node, hot=True):
            return
        client = found.aws.face == "client"
        self.report(
            node,
            what=self.model.text(node.func),
            through=found.through,
            right=self.model.right(node, found.aws.name, "dynamodb.batch_write_item"),
            limit=found.batch.limit,
            batch=found.batch.operation if client else "batch_writer",
            cost=f"one round trip per item instead of one per {found.batch.limit}",
            fix=through_client(self.model, found) if client else through_writer(self.model, found),
        )

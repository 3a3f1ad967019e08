"""LMB401: one `get_item` per turn of a loop, where one request could bring a hundred items."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.batches import batch_get
from lambdalint.rules.base import Bad, Good, Rule, Safety


class GetItemInLoop(Rule):
    """Each turn of a loop asks DynamoDB for one item and waits for it.

    ## What it costs
    One round trip per item, where `batch_get_item` asks for a hundred at once. Read capacity is the
    same. With little memory threads are no way out: at 128 MB, 100 items took 1.6 s in the loop,
    and 1.5 s in 32 threads.

    ## What to do
    `batch_get_item`, 100 keys a request. It refuses duplicate keys and no keys at all, leaves out
    absent items, gives no order, and may hand keys back as `UnprocessedKeys`: a helper has to care
    for all of that.

    ## When to ignore
    Loops that stop at the first match, that follow a chain of keys, that write in the same turn,
    that read another table per item, or that run over one or two literal items are left alone.

    ## Fix safety
    Unsafe: the function needs `dynamodb:BatchGetItem`, and all items are read before the first turn:
    a key that is refused fails there, and what a turn stores in the table isn't seen by a later one.
    There is no fix where a turn changes what the keys are made of, or the list that the loop runs
    over. The helper that is written drops duplicate keys, asks for 100 at a time, retries what was
    left unprocessed and then raises, and gives answers in the order of the keys, an empty one for
    an absent item, so that the loop's body goes on as before.

    ## Sources
    Amazon DynamoDB API reference: BatchGetItem; measured against a local emulator.
    """

    code = "LMB401"
    name = "get-item-in-loop"
    problem = "{what} asks for one item in every turn of the loop{through}"
    remedy = "ask for all items with batch_get_item, 100 keys a request{right}"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

table = boto3.resource("dynamodb").Table("products")


def lambda_handler(event, context):
    total = 0
    for line in event["lines"]:
        response = table.get_item(Key={"sku": line["sku"]})
        total += response["Item"]["price"] * line["quantity"]
    return total
"""
        ),
        Good(
            """\
import boto3

table = boto3.resource("dynamodb").Table("warehouses")


def lambda_handler(event, context):
    for name in event["candidates"]:
        item = table.get_item(Key={"name": name}).get("Item")
        if item:
            return item
    return None
""",
            why="stops at the first item that is there",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.item_read_in_loop(node)
        if found is None or not self.model.runs_per_invocation(node, hot=True):
            return
        self.report(
            node,
            what=self.model.text(node.func),
            through=" (it calls get_item)" if found.helper else "",
            right=self.model.right(node, "dynamodb.get_item", "dynamodb.batch_get_item"),
            cost="one round trip per item instead of one per 100",
            fix=batch_get(self.model, found),
        )

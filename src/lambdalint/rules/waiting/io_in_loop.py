"""LMB303: a loop waits for one answer after the other, although no item needs another one's."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.pools import mapped
from lambdalint.rules.base import Bad, Good, Rule, Safety


class IoInLoop(Rule):
    """Each turn of a loop makes a network call for its own item and waits for it.

    ## What it costs
    The latencies of all items add up, where threads wait for many at once, given the CPU and warm
    connections. With little memory threads win little, or lose where the answers come quickly:
    100 reads of DynamoDB at 128 MB took 1.6 s in a loop and 1.5 s in 32 threads.

    ## What to do
    Where the service has a call for many, that call: it wins everywhere. Else a
    `ThreadPoolExecutor` and its `map`, which keeps the order, with no more workers than the client
    has connections (10 unless `max_pool_connections` says otherwise). Clients are thread-safe;
    resources, `Table` objects and sessions are not.

    ## When to ignore
    Left alone are loops that stop at a result, that wait on purpose, that follow a chain of keys
    or pages, that add to what they run over, that use the last answer alone, or that have one or two
    turns; calls that former answers decide; rounds of a poll; turns that also write,
    as far as an order could matter; writes per record of an event; and functions that an executor
    runs already.

    ## Fix safety
    Unsafe: all calls are made even when one fails, and context variables don't reach the threads.
    Offered for a list comprehension that is assigned or returned, and for a loop that only appends
    (also where the answer gets a name first, for this alone),
    where no function that is called changes what the threads would share. What was appended before a
    failure isn't there: the results come all together or not at all.

    ## Sources
    Measured against a local emulator with injected latency. boto3 guide, "Clients" and "Resources":
    clients are thread-safe, resources are not. botocore reference: `max_pool_connections`.
    """

    code = "LMB303"
    name = "io-in-loop"
    problem = "{what} waits for one answer after the other, once per item of the loop{through}"
    remedy = "make the calls at the same time, in a ThreadPoolExecutor (at 128 MB it wins little)"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    heads = [s3.head_object(Bucket="reports", Key=key) for key in event["keys"]]
    return sum(head["ContentLength"] for head in heads)
""",
            fixed="""\
from concurrent.futures import ThreadPoolExecutor

import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    with ThreadPoolExecutor(max_workers=10) as pool:
        heads = list(
            pool.map(
                lambda key: s3.head_object(Bucket="reports", Key=key),
                event["keys"],
            ),
        )
    return sum(head["ContentLength"] for head in heads)
""",
        ),
        Good(
            """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    for bucket in event["buckets"]:
        found = s3.list_objects_v2(Bucket=bucket, Prefix=event["name"], MaxKeys=1)
        if found["KeyCount"]:
            return bucket
    return None
""",
            why="stops at the first bucket that has it",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.asked_per_item(node)
        if found is None:
            return
        batch = found.batch
        self.report(
            node,
            what=self.model.text(node.func),
            through=f" (it calls {found.through})" if found.through else "",
            cost="the latencies of all items add up",
            remedy=f"ask for up to {batch.limit} at once with {batch.operation}" if batch is not None else "",
            fix=mapped(self.model, found) if batch is None else None,
            causes=[one.call for one in found.all],
        )

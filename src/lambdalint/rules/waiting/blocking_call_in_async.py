"""LMB310: a call waits inside a coroutine and holds up all that run beside it."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule, Safety


class BlockingCallInAsync(Rule):
    """A synchronous request in a coroutine stops the event loop: what should run at once runs in turn.

    ## What it costs
    All that `gather` or the tasks were to save. Coroutines that ask by boto3 or `requests` are run
    one after the other, to the end of each: their latencies add up as in a plain loop.

    ## What to do
    `await asyncio.to_thread(client.operation, …)`, which runs the call in a thread, or an
    asynchronous library (aioboto3, aiohttp, `httpx.AsyncClient`). Clients of boto3 are thread-safe,
    resources and `Table` objects are not. `time.sleep` becomes `await asyncio.sleep`. Where nothing
    else is asynchronous, a `ThreadPoolExecutor` in a plain function does it without an event loop.

    ## When to ignore
    Left alone are coroutines that run alone: awaited one after the other, started and awaited at
    once, or a framework's endpoint, since Lambda brings one request at a time. So are calls in
    `asyncio.to_thread` or `run_in_executor`, and objects whose library isn't known to block.

    ## Fix safety
    Shown only: the call's object has to be one that threads may share.

    ## Sources
    Python library reference: asyncio, "Running blocking code"; asyncio.to_thread. boto3 guide,
    "Clients": thread safety. AWS Lambda developer guide: concurrency (one request per environment).
    """

    code = "LMB310"
    name = "blocking-call-in-async"
    problem = "{what} blocks the event loop{through}: coroutines that were started together run in turn"
    remedy = "{how}"
    safety = Safety.SHOWN
    since = "0.1.0"
    examples = (
        Bad(
            """\
import asyncio

import boto3

s3 = boto3.client("s3")


async def size_of(key):
    head = s3.head_object(Bucket="reports", Key=key)
    return head["ContentLength"]


async def sizes_of(keys):
    return await asyncio.gather(*[size_of(key) for key in keys])


def lambda_handler(event, context):
    return asyncio.run(sizes_of(event["keys"]))
"""
        ),
        Good(
            """\
import asyncio

import boto3

s3 = boto3.client("s3")


async def size_of(key):
    head = await asyncio.to_thread(s3.head_object, Bucket="reports", Key=key)
    return head["ContentLength"]


async def sizes_of(keys):
    return await asyncio.gather(*[size_of(key) for key in keys])


def lambda_handler(event, context):
    return asyncio.run(sizes_of(event["keys"]))
""",
            why="the call waits in a thread",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.blocking_call(node)
        if found is None:
            return
        self.report(
            node,
            what=self.model.text(node.func),
            through=f" (it calls {found.asked})" if found.helper else "",
            cost="" if found.sleeps else "their latencies add up",
            how="await asyncio.sleep instead"
            if found.sleeps
            else "await it with asyncio.to_thread, or use an async client",
            causes=[found.held],
        )

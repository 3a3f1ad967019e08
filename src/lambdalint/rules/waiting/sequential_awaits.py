"""LMB302: a coroutine awaits one answer after the other although none needs another."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.gathered import gathered
from lambdalint.rules.base import Bad, Good, Rule, Safety

_IN_LOOP = "{what} is awaited once per item of the loop although no item needs another one's answer{through}"


class SequentialAwaits(Rule):
    """Reads that are awaited in turn, in a row or per item of a loop, add up their latencies.

    ## What it costs
    Each `await` lets other tasks run, but there are none: the coroutine waits for one answer, then
    asks the next. Three reads of 100 ms take 300 ms; awaited together they take little over 100.

    ## What to do
    `await asyncio.gather(…)`, which gives the results in the order of its arguments, or a
    `TaskGroup` from Python 3.11. Where the service has a call for many, that call: it wins
    everywhere. For hundreds of items limit how many run at once, by an `asyncio.Semaphore`.

    ## When to ignore
    Left alone are writes, anything with data flowing between the calls, functions that raise by
    their own decision or return early in between, loops that stop at a result, that wait on purpose
    or that have one or two turns, `async for` over pages, one connection or session of a database,
    coroutines that run as tasks already, coroutines that block (there `gather` wins nothing), and
    modules that trace calls or keep context variables.

    ## Fix safety
    Unsafe: all calls are made even when one fails, and the failure that comes first in time is
    raised; all arguments are made before the first answer is there. Offered for plain assignments
    that stand side by side, for a list comprehension that is assigned or returned, and for a loop
    that only appends.

    ## Sources
    Python library reference: asyncio.gather, asyncio.TaskGroup. Order of results and of failures
    measured with Python 3.11.
    """

    code = "LMB302"
    name = "sequential-awaits"
    problem = "{count} reads are awaited one after the other although none needs another's result: {calls}"
    remedy = "await them together with asyncio.gather"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import asyncio

import aioboto3

session = aioboto3.Session()


async def describe(key, queue):
    async with session.client("s3") as s3, session.client("sqs") as sqs:
        head = await s3.head_object(Bucket="reports", Key=key)
        depth = await sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])
        return {"size": head["ContentLength"], "depth": depth["Attributes"]}


def lambda_handler(event, context):
    return asyncio.run(describe(event["key"], event["queue"]))
""",
            fixed="""\
import asyncio

import aioboto3

session = aioboto3.Session()


async def describe(key, queue):
    async with session.client("s3") as s3, session.client("sqs") as sqs:
        head, depth = await asyncio.gather(
            s3.head_object(Bucket="reports", Key=key),
            sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"]),
        )
        return {"size": head["ContentLength"], "depth": depth["Attributes"]}


def lambda_handler(event, context):
    return asyncio.run(describe(event["key"], event["queue"]))
""",
        ),
        Good(
            """\
import asyncio

import aioboto3

session = aioboto3.Session()


async def load(key):
    async with session.client("s3") as s3:
        head = await s3.head_object(Bucket="reports", Key=key)
        return await s3.head_object(Bucket="archive", Key=head["Metadata"]["source"])


def lambda_handler(event, context):
    return asyncio.run(load(event["key"]))["ContentLength"]
""",
            why="the second read needs the first one's result",
        ),
    )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        for found in self.model.sequential_awaits(node):
            first = self.model.node(found.calls[0])
            if first is None:
                continue
            calls = [self.model.text(call.func) for call in found.calls]
            self.report(
                first,
                problem=_IN_LOOP if found.in_loop else "",
                what=calls[0],
                through=f" (it calls {found.through})" if found.through else "",
                count=len(calls),
                calls=", ".join(calls[:4]) + (", …" if len(calls) > 4 else ""),
                cost="the latencies of all items add up"
                if found.in_loop
                else f"the latencies of {len(calls)} round trips add up",
                fix=gathered(self.model, found),
                causes=found.calls,
            )

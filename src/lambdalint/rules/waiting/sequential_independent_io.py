"""LMB301: reads wait for one another although none needs another's result."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.threads import in_threads
from lambdalint.rules.base import Bad, Good, Rule, Safety


class SequentialIndependentIo(Rule):
    """Two or more reads in a row, none of which uses another's result: their latencies add up.

    ## What it costs
    The latencies add up: three reads of 100 ms take 300. In threads they take little over 100, with
    full CPU and warm connections. With cold connections and little memory threads lose, because
    each pays for its own TLS handshake.

    ## What to do
    Items of DynamoDB: one `batch_get_item`, which wins everywhere. Other reads: a
    `ThreadPoolExecutor` with one `submit` per call and the results taken in order. Clients are
    thread-safe; resources and `Table` objects are not, so use `table.meta.client`, which takes and
    gives the same plain values.

    ## When to ignore
    Reads that cost next to nothing, functions with little memory and mostly cold starts. Left alone
    are writes, anything with data flowing between the calls, functions that raise by their own
    decision or return early in between, functions that only ask on demand, the same question asked
    twice, cached reads, code that runs in an executor or beside other tasks already, and modules
    that trace calls or keep context variables: other threads don't see them. Of reads that are
    awaited LMB302 speaks.

    ## Fix safety
    Unsafe: all calls are made even when the first one fails, all arguments are made before the first
    result is looked at, and context variables don't reach the threads. Offered for plain assignments
    that stand side by side, and not for functions that change what threads would share.

    ## Sources
    Measured against a local emulator with injected latency, connections counted. boto3 guide,
    "Clients" and "Resources": clients are thread-safe, resources are not.
    """

    code = "LMB301"
    name = "sequential-independent-io"
    problem = "{count} reads wait for one another although none needs another's result: {calls}"
    remedy = "{how}"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

s3 = boto3.client("s3")
ssm = boto3.client("ssm")


def lambda_handler(event, context):
    report = s3.head_object(Bucket="reports", Key=event["key"])
    limits = ssm.get_parameter(Name=event["limits"])
    return {"size": report["ContentLength"], "limit": limits["Parameter"]["Value"]}
""",
            fixed="""\
from concurrent.futures import ThreadPoolExecutor

import boto3

s3 = boto3.client("s3")
ssm = boto3.client("ssm")


def lambda_handler(event, context):
    with ThreadPoolExecutor(max_workers=2) as pool:
        report_future = pool.submit(s3.head_object, Bucket="reports", Key=event["key"])
        limits_future = pool.submit(ssm.get_parameter, Name=event["limits"])
        report = report_future.result()
        limits = limits_future.result()
    return {"size": report["ContentLength"], "limit": limits["Parameter"]["Value"]}
""",
        ),
        Good(
            """\
import boto3

dynamodb = boto3.client("dynamodb")


def lambda_handler(event, context):
    user = dynamodb.get_item(TableName="users", Key={"id": {"S": event["user"]}})
    team = dynamodb.get_item(TableName="teams", Key={"id": user["Item"]["team"]})
    return team["Item"]
""",
            why="the second read needs the first one's result",
        ),
    )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        for group in self.model.sequential_reads(node):
            first = self.model.node(group.first)
            calls = [self.model.text(step.call.func) for step in group.steps]
            if first is None or not all(self.model.runs_per_invocation(s.call, hot=True) for s in group.steps):
                continue
            items = all(call.endswith("get_item") for call in calls)
            self.report(
                first,
                count=len(calls),
                calls=", ".join(calls[:4]) + (", …" if len(calls) > 4 else ""),
                cost=f"the latencies of {len(calls)} round trips add up",
                how="ask for the items with one batch_get_item"
                if items
                else "run them in a ThreadPoolExecutor (pays off with warm connections; not at 128 MB)",
                fix=in_threads(self.model, group),
                causes=[step.call for step in group.steps],
            )

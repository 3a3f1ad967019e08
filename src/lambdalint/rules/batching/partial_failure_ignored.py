"""LMB406: a batch request may fail in part without raising, and nobody looks."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule


class PartialFailureIgnored(Rule):
    """A batch request that fails for some of its entries doesn't raise: only a field of its answer tells.

    ## What it costs
    Entries that were throttled or refused are lost without an error: messages that were never
    sent, items that were never written or read. Under load it is the rule, since throttling hits
    single entries first.

    ## What to do
    Read the field that the message names, send what it holds again with a growing pause, and raise
    when some are left: the invocation then fails, and its event is retried.

    ## When to ignore
    An answer that is returned, stored, passed on, printed or walked through entry by entry is left
    alone.

    ## Fix safety
    No fix: what has to happen to entries that fail is the program's own decision.

    ## Sources
    The answers in botocore's service models; Amazon DynamoDB developer guide: "Error handling"
    (batch operations); Amazon EventBridge API reference: PutEvents.
    """

    code = "LMB406"
    name = "partial-failure-ignored"
    problem = "{what} doesn't raise when some of its entries fail, and {field} of its answer is never read"
    remedy = "look at it, and send again what failed"
    since = "0.1.0"
    examples = (
        Bad(
            """\
import json

import boto3

events = boto3.client("events")


def lambda_handler(event, context):
    events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": json.dumps(event)}])
    return {"statusCode": 202}
"""
        ),
        Good(
            """\
import json

import boto3

events = boto3.client("events")


def lambda_handler(event, context):
    entries = [{"Source": "shop", "DetailType": "order", "Detail": json.dumps(event)}]
    answer = events.put_events(Entries=entries)
    if answer["FailedEntryCount"]:
        raise RuntimeError(answer["Entries"])
    return {"statusCode": 202}
""",
            why="the count of failures is looked at",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.unchecked_batch(node)
        if found is not None and self.model.runs_per_invocation(node, hot=True):
            self.report(
                node,
                what=found.aws.label,
                field=found.fields[0],
                cost="entries that fail are lost without an error",
            )

"""LMB304: a function sleeps, and is paid for while it does."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule


class SleepInHandler(Rule):
    """`time.sleep` of a second or more keeps an invocation running that does nothing.

    ## What it costs
    The time that it sleeps is billed at the function's full memory.

    ## What to do
    Wait outside of the function: a `Wait` state of Step Functions, `DelaySeconds` of SQS,
    EventBridge Scheduler.

    ## When to ignore
    Waits under a second are left alone, so are waits after an error, and retries whose single wait
    is at most 5 s and whose waits add up to at most 10 s, as far as that can be told. Where a loop
    polls, LMB305 speaks.

    ## Fix safety
    There is no fix: the wait moves out of the function.

    ## Sources
    AWS Lambda pricing (duration); AWS Step Functions developer guide: Wait state.
    """

    code = "LMB304"
    name = "sleep-in-handler"
    problem = "{what} keeps the function waiting{time}"
    remedy = "wait outside of it: Step Functions Wait, SQS DelaySeconds, EventBridge Scheduler"
    since = "0.1.0"
    examples = (
        Bad(
            """\
import time

import boto3

sqs = boto3.client("sqs")


def lambda_handler(event, context):
    time.sleep(30)
    sqs.send_message(QueueUrl=event["queue"], MessageBody=event["body"])
"""
        ),
        Good(
            """\
import time

import boto3

sfn = boto3.client("stepfunctions")


def lambda_handler(event, context):
    for attempt in range(3):
        try:
            return sfn.start_execution(stateMachineArn=event["machine"])["executionArn"]
        except sfn.exceptions.ExecutionLimitExceeded:
            time.sleep(1)
    return None
""",
            why="short backoff of a retry",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.sleep(node)
        if found is None or not self.model.runs_per_invocation(node, hot=True):
            return
        time = f" for {found.seconds:g} s" if found.seconds is not None else ", for a time that nothing bounds"
        self.report(node, what=self.model.text(node), time=time, cost="the wait is billed")

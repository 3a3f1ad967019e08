"""LMB305: a function asks again and again until something is ready, and is paid for all the while."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule


class PollingInHandler(Rule):
    """A waiter, or a loop that sleeps and asks, keeps the invocation running until something is ready.

    ## What it costs
    The whole wait is billed at the function's full memory, and ends at the function's timeout at
    the latest: 15 minutes.

    ## What to do
    Step Functions waits for free: a `.sync` task, or a `Wait` state and a check. Many services tell
    by an event (EventBridge, SNS) when they are done. An SQS delay or EventBridge Scheduler starts
    a later check.

    ## When to ignore
    One check per invocation is no poll. Loops over pages or items that sleep in between, retries
    after an error, and code that only a deployment calls are left alone. So are loops that look at an
    HTTP status alone, or wait for a page at most 5 s at once and 10 s in all: those are retries.

    ## Fix safety
    There is no fix: the wait moves out of the function.

    ## Sources
    AWS Lambda pricing (duration); AWS Step Functions developer guide: Wait state, service integrations.
    """

    code = "LMB305"
    name = "polling-in-handler"
    problem = "{what} is asked until it is ready while the function waits"
    remedy = "let Step Functions, an event of the service or EventBridge Scheduler start what comes next"
    since = "0.1.0"
    examples = (
        Bad(
            """\
import time

import boto3

transcribe = boto3.client("transcribe")


def lambda_handler(event, context):
    while True:
        job = transcribe.get_transcription_job(TranscriptionJobName=event["job"])
        if job["TranscriptionJob"]["TranscriptionJobStatus"] == "COMPLETED":
            return job["TranscriptionJob"]["Transcript"]
        time.sleep(0.5)
"""
        ),
        Good(
            """\
import boto3

transcribe = boto3.client("transcribe")


def lambda_handler(event, context):
    job = transcribe.get_transcription_job(TranscriptionJobName=event["job"])
    return {"status": job["TranscriptionJob"]["TranscriptionJobStatus"]}
""",
            why="asks once; Step Functions calls it again",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.poll(node)
        if found is None or not self.model.runs_per_invocation(node, hot=True):
            return
        self.report(
            node,
            what=found.waiter or self.model.text(node.func),
            problem="{what} keeps the function waiting" if found.waiter else "",
            cost="the whole wait is billed",
            causes=found.sleeps,
        )

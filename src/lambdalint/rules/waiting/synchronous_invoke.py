"""LMB306: a function waits for another function, and both are paid for."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule


class SynchronousInvoke(Rule):
    """`invoke` waits for the other function unless `InvocationType="Event"` says otherwise.

    ## What it costs
    While one function waits for the other, both are billed. The other one's cold start and errors
    are added to this one's latency, and the timeouts of the two have to fit each other: botocore
    gives up after 60 s and tries again, which runs the other function a second time.

    ## What to do
    Where nobody needs the answer, invoke with `InvocationType="Event"`, or send a message to a queue
    that the other function reads. Where the answer is needed, let Step Functions call one function
    after the other, or take the other function's code in as a module.

    ## When to ignore
    Where the other function has to stay apart (another account's, another language's, or one with
    permissions of its own) and its answer is needed at once, waiting is right: suppress the finding
    there. `DryRun`, and a type that is a variable, are left alone.

    ## Fix safety
    There is no fix: an invocation without waiting gives no answer, and fails where nobody sees it.

    ## Sources
    AWS Lambda API reference: Invoke (the default of InvocationType is RequestResponse). AWS Lambda
    operator guide: "Lambda functions calling Lambda functions" as an anti-pattern. botocore
    reference: Config, `read_timeout` and `retries`.
    """

    code = "LMB306"
    name = "synchronous-invoke"
    problem = "{what} waits for the other function{answer}"
    remedy = "{instead}"
    since = "0.1.0"
    examples = (
        Bad(
            """\
import json

import boto3

functions = boto3.client("lambda")


def lambda_handler(event, context):
    functions.invoke(FunctionName="send-receipt", Payload=json.dumps({"order": event["order"]}))
    return {"statusCode": 202}
"""
        ),
        Good(
            """\
import json

import boto3

functions = boto3.client("lambda")


def lambda_handler(event, context):
    payload = json.dumps({"order": event["order"]})
    functions.invoke(FunctionName="send-receipt", InvocationType="Event", Payload=payload)
    return {"statusCode": 202}
""",
            why="doesn't wait",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.synchronous_invoke(node)
        if found is None or not self.model.runs_per_invocation(node, hot=True):
            return
        self.report(
            node,
            what=found.aws.label,
            answer="" if found.answered else ", whose answer nothing uses",
            cost="both are billed meanwhile",
            instead=(
                "let Step Functions call both, or call the other function's code as a module"
                if found.answered
                else 'invoke it with InvocationType="Event", or send it a message'
            ),
        )

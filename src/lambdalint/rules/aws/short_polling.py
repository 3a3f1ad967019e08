"""LMB803: a queue is asked without waiting for messages."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.heads import wait_for_messages
from lambdalint.rules.base import Bad, Good, Rule, Safety


class ShortPolling(Rule):
    """`receive_message` without a wait asks some of the queue's servers and comes back at once.

    ## What it costs
    Each empty answer is a request that is billed, and may come although messages are there: a short
    poll looks at a sample of the servers alone.

    ## What to do
    `WaitTimeSeconds=20` asks all servers and comes back as soon as there is a message. Better still,
    let Lambda poll: an event source mapping does it for nothing while there are no messages. In a loop that
    empties the queue `WaitTimeSeconds=1` will do: any wait asks all servers, and the last answer is empty.

    ## When to ignore
    Calls that say how
    long to wait (`WaitTimeSeconds=0` included) are left alone, and queues whose template or code sets
    `ReceiveMessageWaitTimeSeconds`, or that can't be told from such a one.

    ## Fix safety
    Unsafe: an empty queue keeps the function, which is billed, for up to 20 seconds
    (one in a loop), and messages that a short poll misses are found. Not offered where the function's timeout isn't
    longer, where a `Config` may cut the request off, or where one call asks several queues in turn.

    ## Sources
    Amazon SQS developer guide: "Amazon SQS short and long polling".
    """

    code = "LMB803"
    name = "short-polling"
    problem = "{what} doesn't wait for messages"
    remedy = "{how}"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

sqs = boto3.client("sqs")


def lambda_handler(event, context):
    answer = sqs.receive_message(QueueUrl=event["queue"], MaxNumberOfMessages=10)
    return len(answer.get("Messages", []))
""",
            fixed="""\
import boto3

sqs = boto3.client("sqs")


def lambda_handler(event, context):
    answer = sqs.receive_message(
        QueueUrl=event["queue"],
        MaxNumberOfMessages=10,
        WaitTimeSeconds=20,
    )
    return len(answer.get("Messages", []))
""",
        ),
        Good(
            """\
import boto3

sqs = boto3.client("sqs")


def lambda_handler(event, context):
    answer = sqs.receive_message(QueueUrl=event["queue"], WaitTimeSeconds=5)
    return len(answer.get("Messages", []))
""",
            why="waits for messages",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        poll = self.model.short_poll(node)
        if poll is not None and self.model.runs_per_invocation(node):
            self.report(
                node,
                what=poll.aws.label,
                cost="it may come back empty although messages are there, and each empty answer is billed",
                how=f"wait with WaitTimeSeconds, for less than the function's timeout of {poll.timeout} s"
                if poll.short_of_time
                else f"wait with WaitTimeSeconds={poll.wait}",
                fix=wait_for_messages(self.model, poll),
            )

"""LMB403: one message, event or record per request, where a batch takes ten or five hundred."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.collected import send_together
from lambdalint.rules.base import Bad, Good, Rule, Safety


class SingleMessageInLoop(Rule):
    """Each turn of a loop sends (or deletes) one message, event or record and waits for the answer.

    ## What it costs
    One round trip per message, where a batch takes ten, or 500 records of a stream. SQS and SNS
    charge per request of up to 64 KB, so a batch of small messages costs a tenth.

    ## What to do
    `send_message_batch`, `delete_message_batch`, `publish_batch` and `put_events` take ten entries,
    `put_records` and `put_record_batch` 500. Entries may fail one by one without an exception: look
    at `Failed`, `FailedEntryCount`, `FailedRecordCount` or `FailedPutCount`. The entries of a batch
    for SQS together have at most 262,144 bytes.

    ## When to ignore
    Left alone are another queue, topic or stream per item, messages that hold a chunk of items
    already, answers that are used, `try` around a single message, turns that write elsewhere too
    (the message may have to follow that write), loops that stop early or wait on purpose, and one
    or two literal items.

    ## Fix safety
    Unsafe: nothing is sent before the loop is done, so that a turn that fails sends nothing at all.
    The helper that is written keeps the order, sends as many entries as one request takes (in number
    and in bytes), and raises what the single call would have raised where an entry fails, after the
    others of its batch were sent. Records for Kinesis and Firehose that fail are sent again first,
    behind the others; `put_records` and `put_record_batch` need a permission of their own. An event
    that EventBridge refuses raises, which the single call did not. No fix where messages are deleted
    by turns that do something else too, where entries may change after they were handed over, and in
    functions that hand something on or catch in the loop.

    ## Sources
    API references: SendMessageBatch, DeleteMessageBatch (Amazon SQS), PublishBatch (Amazon SNS),
    PutEvents (Amazon EventBridge), PutRecords (Amazon Kinesis), PutRecordBatch (Amazon Data
    Firehose). Measured against a local emulator.
    """

    code = "LMB403"
    name = "single-message-in-loop"
    problem = "{what} is one request in every turn of the loop{through}"
    remedy = "hand {limit} entries to one {batch}{right}"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import json

import boto3

sqs = boto3.client("sqs")
QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"


def lambda_handler(event, context):
    for order in event["orders"]:
        sqs.send_message(QueueUrl=QUEUE, MessageBody=json.dumps(order))
"""
        ),
        Good(
            """\
import boto3

sns = boto3.client("sns")


def lambda_handler(event, context):
    for topic in event["topics"]:
        sns.publish(TopicArn=topic, Message=event["text"])
""",
            why="each message goes to a topic of its own",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.message_in_loop(node)
        if found is None or not self.model.runs_per_invocation(node, hot=True):
            return
        self.report(
            node,
            what=self.model.text(node.func),
            through=found.through,
            right=self.model.right(node, found.aws.name, f"{found.aws.service}.{found.batch.operation}"),
            limit=found.batch.limit,
            batch=found.batch.operation,
            cost=f"one round trip per item instead of one per {found.batch.limit}",
            fix=send_together(self.model, found),
        )

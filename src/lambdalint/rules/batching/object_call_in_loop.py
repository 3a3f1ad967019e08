"""LMB405: one `delete_object` per turn of a loop, where one request could delete a thousand."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.collected import send_together
from lambdalint.rules.base import Bad, Good, Rule, Safety


class ObjectCallInLoop(Rule):
    """Each turn of a loop deletes one object of the same bucket and waits for S3.

    ## What it costs
    One round trip per object, where `delete_objects` takes a thousand.

    ## What to do
    `delete_objects` with up to 1,000 keys; or `bucket.objects.filter(Prefix=...).delete()`. Keys may
    fail one by one without an exception: look at `Errors`.

    ## When to ignore
    Left alone are single versions and conditions, answers that are used, `try` around a single
    object, another bucket per item, turns that write elsewhere too, loops that stop early or wait on
    purpose, and one or two literal keys.

    ## Fix safety
    Unsafe: nothing is deleted before the loop is done, and a key that can't be deleted raises what
    the single call would have raised, after the others of its request were deleted. The permission
    is the same. No fix for objects of a resource, and for arguments beside the bucket and the key.

    ## Sources
    Amazon S3 API reference: DeleteObjects. Measured against a local emulator.
    """

    code = "LMB405"
    name = "object-call-in-loop"
    problem = "{what} deletes one object in every turn of the loop{through}"
    remedy = "delete {limit:,} objects a request with {batch}"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    for key in event["keys"]:
        s3.delete_object(Bucket="uploads", Key=key)
"""
        ),
        Good(
            """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    failed = []
    for key in event["keys"]:
        try:
            s3.delete_object(Bucket="uploads", Key=key)
        except s3.exceptions.ClientError:
            failed.append(key)
    return failed
""",
            why="each key's failure is cared for by itself",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.object_call_in_loop(node)
        if found is None or not self.model.runs_per_invocation(node, hot=True):
            return
        self.report(
            node,
            what=self.model.text(node.func),
            through=found.through,
            limit=found.batch.limit,
            batch=found.batch.operation,
            cost=f"one round trip per object instead of one per {found.batch.limit:,}",
            fix=send_together(self.model, found),
        )

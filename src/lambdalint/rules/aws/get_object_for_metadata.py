"""LMB802: an object is fetched, or a prefix listed, for what a head request tells."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.heads import ask_for_head
from lambdalint.rules.base import Bad, Good, Rule, Safety


class GetObjectForMetadata(Rule):
    """`get_object` whose `Body` nobody reads, or a listing of one key, asks for more than is looked at.

    ## What it costs
    `get_object` begins to send the object: a connection with an unread body can't be used again, so
    the next request pays for a new one. A listing is priced like a write, over ten times a read.

    ## What to do
    `head_object` answers with the same fields (size, type, metadata, tag) and no body.

    ## When to ignore
    Answers that are handed on, printed or stored, and listings by a prefix that isn't surely one key,
    are left alone.

    ## Fix safety
    Unsafe: for a missing object `head_object` raises a `ClientError` with the code `404`, where
    `get_object` raises `NoSuchKey`. Not offered where the code around speaks of `NoSuchKey`, and for
    listings, which give an empty answer for a missing object.

    ```python
    try:
        size = s3.head_object(Bucket=bucket, Key=key)["ContentLength"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "404":
            raise
    ```

    ## Sources
    Amazon S3 API reference: GetObject, HeadObject, ListObjectsV2. Amazon S3 pricing: requests.
    """

    code = "LMB802"
    name = "get-object-for-metadata"
    problem = "{what}"
    remedy = "ask with head_object"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    answer = s3.get_object(Bucket=event["bucket"], Key=event["key"])
    return answer["ContentLength"]
""",
            fixed="""\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    answer = s3.head_object(Bucket=event["bucket"], Key=event["key"])
    return answer["ContentLength"]
""",
        ),
        Bad(
            """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    found = s3.list_objects_v2(Bucket="reports", Prefix=f"{event['id']}.json")
    return "Contents" in found
"""
        ),
        Good(
            """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    answer = s3.get_object(Bucket=event["bucket"], Key=event["key"])
    return {"type": answer["ContentType"], "body": answer["Body"].read().decode()}
""",
            why="reads the object as well",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.metadata_read(node)
        if found is None or not self.model.runs_per_invocation(node):
            return
        label = found.aws.label
        self.report(
            node,
            what=f"{label} lists a prefix to learn of one object"
            if found.listing
            else f"{label} fetches an object whose Body is never read",
            cost="a listing costs over ten times a read"
            if found.listing
            else "the body is sent for nothing, and its connection can't be used again",
            fix=ask_for_head(self.model, found),
        )

"""LMB802, LMB803: requests to S3 and SQS that ask for something else."""

from __future__ import annotations

from typing import Any

from proof import REFUSED, SILENT, UNSAFE, Case
from servers import Remote


def _reports(remote: Remote) -> None:
    remote.bucket("reports", january="1,2,3", empty="")
    metadata = {"owner": "ada"}
    remote.client("s3").put_object(
        Bucket="reports", Key="june.csv", Body=b"6", Metadata=metadata, ContentType="text/csv"
    )


def _jobs(remote: Remote) -> None:
    remote.queue("jobs", "first", "second", "third")


def _nothing_at_first(number: int, request: Any) -> dict[str, Any] | None:
    """A queue of many servers: one that is asked without a wait has none of the messages, the next one has them."""
    return {} if number == 1 and "WaitTimeSeconds" not in request else None


def _empty(number: int, request: Any) -> dict[str, Any]:
    """The answer of an empty queue, without the wait."""
    return {}


CASES = [
    Case(
        "LMB802",
        "all that the answer tells but the body",
        UNSAFE,
        '''\
"""Describes reports."""

import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    # as it is now
    answer = s3.get_object(Bucket=event["bucket"], Key=event["key"])
    owner = answer["Metadata"].get("owner", "nobody")
    return answer["ContentLength"], answer["ContentType"], answer["ETag"], owner, "VersionId" in answer
''',
        events=[{"bucket": "reports", "key": key} for key in ("january", "june.csv", "empty", "june.csv")],
        state=_reports,
        calls={"s3.GetObject": (4, 0), "s3.HeadObject": (0, 4)},
    ),
    Case(
        "LMB802",
        "only asked whether it is there, by an error of any kind",
        UNSAFE,
        """\
import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3")


def exists(key):
    try:
        s3.get_object(Bucket="reports", Key=key)
    except ClientError:
        return False
    return True


def lambda_handler(event, context):
    return [key for key in event["keys"] if exists(key)]
""",
        events=[{"keys": ["january", "nowhere", "empty"]}, {"keys": []}],
        state=_reports,
        calls={"s3.GetObject": (3, 0), "s3.HeadObject": (0, 3)},
    ),
    Case(
        "LMB802",
        "a condition that isn't met",
        UNSAFE,
        """\
import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3")


def lambda_handler(event, context):
    try:
        answer = s3.get_object(Bucket="reports", Key="january", IfMatch=event["tag"])
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"]
    return answer["ContentLength"]
""",
        events=[{"tag": "other"}],
        state=_reports,
        calls={"s3.GetObject": (1, 0), "s3.HeadObject": (0, 1)},
    ),
    Case(
        "LMB802",
        "a missing object, which nothing handles",
        UNSAFE,
        """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    return s3.get_object(Bucket="reports", Key=event["key"])["ContentLength"]
""",
        events=[{"key": "nowhere"}],
        state=_reports,
        raises=("NoSuchKey",),
        calls={"s3.GetObject": (1, 0), "s3.HeadObject": (0, 1)},
        differs="for a missing object `head_object` raises a `ClientError` with the code `404`",
    ),
    Case(
        "LMB802",
        "a missing object, known by its error",
        REFUSED,
        """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    try:
        return s3.get_object(Bucket="reports", Key=event["key"])["ContentLength"]
    except s3.exceptions.NoSuchKey:
        return 0
""",
    ),
    Case(
        "LMB802",
        "a listing, which is empty where a head request fails",
        REFUSED,
        """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    return "Contents" in s3.list_objects_v2(Bucket="reports", Prefix=f"{event['id']}.json")
""",
    ),
    Case(
        "LMB802",
        "a body that is read in a helper",
        SILENT,
        """\
import boto3

s3 = boto3.client("s3")


def lines(answer):
    return answer["Body"].read().decode().split(",") if answer["ContentLength"] else []


def lambda_handler(event, context):
    return lines(s3.get_object(Bucket="reports", Key=event["key"]))
""",
    ),
    # --- LMB803 -----------------------------------------------------------------------------
    Case(
        "LMB803",
        "a queue that has messages",
        UNSAFE,
        '''\
"""Takes what is waiting."""

import boto3

sqs = boto3.client("sqs")


def lambda_handler(event, context):
    url = sqs.get_queue_url(QueueName=event["queue"])["QueueUrl"]
    answer = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=2,  # a pair
    )
    for message in answer["Messages"]:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [message["Body"] for message in answer["Messages"]]
''',
        events=[{"queue": "jobs"}, {"queue": "jobs"}],
        state=_jobs,
        calls={"sqs.ReceiveMessage": (2, 2), "sqs.DeleteMessage": (3, 3)},
    ),
    Case(
        "LMB803",
        "a loop that empties a queue",
        UNSAFE,
        """\
import boto3

sqs = boto3.client("sqs")


def lambda_handler(event, context):
    url = sqs.get_queue_url(QueueName="jobs")["QueueUrl"]
    found = []
    while messages := sqs.receive_message(QueueUrl=url).get("Messages"):
        found += [message["Body"] for message in messages]
    return found
""",
        events=[{}],
        state=_jobs,
        answers=lambda: {"sqs.ReceiveMessage": lambda number, request: {} if number > 3 else None},
        calls={"sqs.ReceiveMessage": (4, 4)},
    ),
    Case(
        "LMB803",
        "a queue of the resource, which is empty",
        UNSAFE,
        """\
import boto3

queue = boto3.resource("sqs").get_queue_by_name(QueueName="jobs")


def lambda_handler(event, context):
    return [message.body for message in queue.receive_messages(MaxNumberOfMessages=10)]
""",
        events=[{}, {}],
        state=lambda remote: remote.queue("jobs"),
        answers=lambda: {"sqs.ReceiveMessage": _empty},
        calls={"sqs.ReceiveMessage": (2, 2)},
    ),
    Case(
        "LMB803",
        "messages on a server that wasn't asked",
        UNSAFE,
        """\
import boto3

sqs = boto3.client("sqs")


def lambda_handler(event, context):
    url = sqs.get_queue_url(QueueName="jobs")["QueueUrl"]
    return [message["Body"] for message in sqs.receive_message(QueueUrl=url).get("Messages", [])]
""",
        events=[{}],
        state=_jobs,
        answers=lambda: {"sqs.ReceiveMessage": _nothing_at_first},
        calls={"sqs.ReceiveMessage": (1, 1)},
        differs="messages that a short poll misses are found",
    ),
    Case(
        "LMB803",
        "a client that may not wait that long for an answer",
        REFUSED,
        """\
import boto3
from botocore.config import Config

sqs = boto3.client("sqs", config=Config(read_timeout=5))


def lambda_handler(event, context):
    return sqs.receive_message(QueueUrl=event["queue"]).get("Messages", [])
""",
    ),
    Case(
        "LMB803",
        "several queues in turn: an empty one keeps the others waiting",
        REFUSED,
        """\
import boto3

sqs = boto3.client("sqs")


def lambda_handler(event, context):
    found = []
    for queue in event["queues"]:
        found += sqs.receive_message(QueueUrl=queue).get("Messages", [])
    return len(found)
""",
    ),
    Case(
        "LMB803",
        "told not to wait",
        SILENT,
        """\
import boto3

sqs = boto3.client("sqs")


def lambda_handler(event, context):
    return sqs.receive_message(QueueUrl=event["queue"], WaitTimeSeconds=0).get("Messages", [])
""",
    ),
]

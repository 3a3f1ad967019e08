"""LMB301, LMB302, LMB303: answers that get a name on their way into a list, and comments above what is asked for."""

from __future__ import annotations

from proof import REFUSED, UNSAFE, Case
from servers import Remote


def _reports(remote: Remote) -> None:
    remote.bucket("reports", january="31", february="28.5", march="")


S3 = """\
import boto3

s3 = boto3.client("s3")


"""
ALL = [{"keys": ["march", "january", "march", "february"]}, {"keys": []}]

CASES = [
    Case(
        "LMB303",
        "an answer that gets a name, and is read in its thread",
        UNSAFE,
        S3
        + """\
def lambda_handler(event, context):
    texts = [("first", "")]
    # in the order of the keys
    for key in event["keys"]:
        answer = s3.get_object(Bucket="reports", Key=key)
        texts.append((key, answer["Body"].read().decode()))
    return texts
""",
        events=ALL,
        state=_reports,
        calls={"s3.GetObject": (4, 4)},
    ),
    Case(
        "LMB303",
        "an answer of which several fields are kept",
        UNSAFE,
        S3
        + """\
def lambda_handler(event, context):
    heads = []
    for key in event["keys"]:
        head = s3.head_object(Bucket="reports", Key=key)
        heads.append({"size": head["ContentLength"], "tag": head["ETag"]})
    return heads, len(heads)
""",
        events=ALL,
        state=_reports,
        calls={"s3.HeadObject": (4, 4)},
    ),
    Case(
        "LMB303",
        "an answer that is kept under a condition, and one more than once",
        UNSAFE,
        S3
        + """\
def lambda_handler(event, context):
    heads = []
    for key in event["keys"]:
        head = s3.head_object(Bucket="reports", Key=key)
        heads.append(head["ContentLength"] if event.get("sizes") else None)
    tags = []
    for name in event["keys"]:
        head_again = s3.head_object(Bucket="reports", Key=name)
        tags.append([head_again["ETag"] for _ in range(2)])
    return heads, tags
""",
        events=[*ALL, {"keys": ["january"], "sizes": True}],
        state=_reports,
        calls={"s3.HeadObject": (10, 10)},
    ),
    Case(
        "LMB303",
        "the last answer is used after the loop",
        REFUSED,
        S3
        + """\
def lambda_handler(event, context):
    sizes, head = [], None
    for key in event["keys"]:
        head = s3.head_object(Bucket="reports", Key=key)
        sizes.append(head["ContentLength"])
    return sizes, head and head["ETag"]
""",
    ),
    Case(
        "LMB302",
        "comments above what is awaited",
        UNSAFE,
        """\
import asyncio

import boto3

s3 = boto3.client("s3")


async def size_of(key):
    head = await asyncio.to_thread(s3.head_object, Bucket="reports", Key=key)
    return head["ContentLength"]


async def work(keys):
    # the two that are always there
    first = await size_of("january")
    second = await size_of("february")
    sizes = [first, second]
    # and the others
    for key in keys:
        sizes.append(await size_of(key))
    return sizes


def lambda_handler(event, context):
    return asyncio.run(work(event["keys"]))
""",
        events=ALL,
        state=_reports,
        calls={"s3.HeadObject": (8, 8)},
    ),
    Case(
        "LMB302",
        "a comment between what is awaited",
        REFUSED,
        """\
import asyncio

import boto3

s3 = boto3.client("s3")


async def size_of(key):
    head = await asyncio.to_thread(s3.head_object, Bucket="reports", Key=key)
    return head["ContentLength"]


async def work(event):
    first = await size_of(event["keys"][0])
    # the other one is smaller
    second = await size_of(event["keys"][1])
    return first - second


def lambda_handler(event, context):
    return asyncio.run(work(event))
""",
    ),
    Case(
        "LMB301",
        "a comment above the reads",
        UNSAFE,
        S3
        + """\
def lambda_handler(event, context):
    # both are there
    first = s3.head_object(Bucket="reports", Key=event["keys"][0])
    second = s3.head_object(Bucket="reports", Key=event["keys"][1])
    return first["ContentLength"] - second["ContentLength"]
""",
        events=ALL[:1],
        state=_reports,
        calls={"s3.HeadObject": (2, 2)},
    ),
]

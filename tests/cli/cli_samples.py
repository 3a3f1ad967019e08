"""Lambda functions to check, and what a run of the command line gave."""

from __future__ import annotations

from dataclasses import dataclass

SAFE = """\
import boto3


def lambda_handler(event, context):
    s3 = boto3.client("s3")
    return s3.head_object(Bucket="reports", Key=event["key"])["ContentLength"]
"""
# The arguments come from the environment, so the fix isn't safe.
UNSAFE = """\
import os

import boto3


def lambda_handler(event, context):
    s3 = boto3.client("s3", region_name=os.environ["REGION"])
    return s3.head_object(Bucket="reports", Key=event["key"])["ContentLength"]
"""
CLEAN = """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    return s3.head_object(Bucket="reports", Key=event["key"])["ContentLength"]
"""


@dataclass
class Ran:
    code: int
    out: str
    err: str

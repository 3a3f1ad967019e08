"""Shared access to AWS services."""

from functools import lru_cache

import boto3

from common.config import REGION

_events = None


def get_table(name):
    dynamodb = boto3.resource("dynamodb")
    return dynamodb.Table(name)


def get_queue_client():
    return boto3.client("sqs", region_name=REGION)


def get_event_bus():
    """Created on first use and kept for the lifetime of the environment."""
    global _events
    if _events is None:
        _events = boto3.client("events")
    return _events


@lru_cache(maxsize=None)
def get_storage():
    return boto3.client("s3")

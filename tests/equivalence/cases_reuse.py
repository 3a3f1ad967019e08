"""LMB101, LMB102, LMB112: clients and sessions that are made once instead of each time."""

from __future__ import annotations

import os
from types import ModuleType
from typing import Any
from unittest import mock

import boto3
from proof import CONTEXT, REFUSED, SAFE, SILENT, UNSAFE, Case, invoke
from servers import REGION, Remote


def _reports(remote: Remote) -> None:
    remote.bucket("reports", january="1,2,3", february="4,5")


def _orders(remote: Remote) -> None:
    remote.table("orders", "id", {"id": "a", "total": 10}, {"id": "b", "total": 20})


def _with_region(module: ModuleType, event: Any) -> Any:
    """A test's fixture names the region only after the module was imported."""
    with mock.patch.dict(os.environ, AWS_DEFAULT_REGION=REGION):
        return module.lambda_handler(event, CONTEXT)


def _patched(module: ModuleType, event: Any) -> Any:
    """What a unit test does: its own client, and the handler has to have asked for it."""
    with mock.patch("app.boto3.client") as made:
        made.return_value.get_object.return_value = {"ContentLength": event["size"]}
        return [module.lambda_handler(event, CONTEXT), made.call_count]


def _renamed(module: ModuleType, event: Any) -> Any:
    """The environment changes between two invocations, as between two tests."""
    with mock.patch.dict(os.environ, QUEUE_REGION=event["region"]):
        return module.lambda_handler(event, CONTEXT)


def _with_session(module: ModuleType, event: Any) -> Any:
    with mock.patch.object(boto3, "Session") as session:
        session.return_value.client.return_value.list_queues.return_value = {"QueueUrls": [event["prefix"]]}
        return module.lambda_handler(event, CONTEXT)


CASES = [
    Case(
        "LMB101",
        "a client with a literal service, used for methods and its exceptions",
        SAFE,
        '''\
"""Sizes of monthly reports."""

import json
import logging

import boto3

logger = logging.getLogger(__name__)
BUCKET = "reports"


def respond(status, body):
    return {"statusCode": status, "body": json.dumps(body)}


def lambda_handler(event, context):
    """Answer with the size of one report."""
    s3 = boto3.client("s3")  # the region comes from the environment
    key = event["pathParameters"]["month"]
    try:
        head = s3.get_object(Bucket=BUCKET, Key=key)
    except s3.exceptions.NoSuchKey:
        logger.warning("no report for %s", key)
        return respond(404, {"month": key})
    lines = head["Body"].read().decode().split(",")
    return respond(200, {"month": key, "lines": len(lines), "bytes": head["ContentLength"]})
''',
        events=[{"pathParameters": {"month": month}} for month in ("january", "march", "february")],
        state=_reports,
        calls={"s3 client": (3, 1), "s3.GetObject": (3, 3)},
    ),
    Case(
        "LMB101",
        "a table below a resource, in two helpers, beside names that are taken",
        SAFE,
        """\
import boto3
from boto3.dynamodb.conditions import Key

ORDERS = "orders"
_orders_table = "not a table"


def load(identity):
    table = boto3.resource("dynamodb").Table(ORDERS)
    return table.get_item(Key={"id": identity}).get("Item")


def add(identity, total, lru_cache=None):
    # Another handle of the same table.
    orders = boto3.resource("dynamodb").Table(ORDERS)
    orders.put_item(Item={"id": identity, "total": total})
    return orders.query(KeyConditionExpression=Key("id").eq(identity))["Count"], lru_cache


def lambda_handler(event, context):
    found = load(event["id"])
    if found is None:
        return {"created": add(event["id"], event["total"]), "names": [_orders_table]}
    return {"total": found["total"]}
""",
        events=[{"id": "a"}, {"id": "c", "total": 5}, {"id": "c"}, {"id": "d", "total": 7}],
        state=_orders,
        calls={"dynamodb client": (6, 1)},
    ),
    Case(
        "LMB101",
        "the region is known only after the import",
        SAFE,
        """\
import boto3


def lambda_handler(event, context):
    dynamodb = boto3.client("dynamodb")
    found = dynamodb.get_item(TableName="orders", Key={"id": {"S": event["id"]}})
    return found["Item"]["total"]["N"]
""",
        events=[{"id": "a"}, {"id": "b"}],
        state=_orders,
        environment={"AWS_DEFAULT_REGION": None},
        run=_with_region,
        calls={"dynamodb client": (2, 1)},
    ),
    Case(
        "LMB101",
        "a client of the module needs no region, the other one does",
        SAFE,
        """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    dynamodb = boto3.client("dynamodb")
    found = dynamodb.get_item(TableName="orders", Key={"id": {"S": event["id"]}})
    return found["Item"]["total"]["N"]
""",
        events=[{"id": "a"}, {"id": "b"}],
        state=_orders,
        environment={"AWS_DEFAULT_REGION": None},
        run=_with_region,
        calls={"dynamodb client": (2, 1)},
    ),
    Case(
        "LMB101",
        "beside a client that the module makes of the same service",
        SAFE,
        """\
import boto3
from botocore.config import Config

FAST = Config(connect_timeout=1, retries={"max_attempts": 1})
dynamodb = boto3.client("dynamodb", config=FAST)


def lambda_handler(event, context):
    slow = boto3.client("dynamodb")
    found = dynamodb.get_item(TableName="orders", Key={"id": {"S": event["id"]}})
    slow.put_item(TableName="orders", Item={"id": {"S": "last"}, "seen": found["Item"]["id"]})
    return found["Item"]["total"]["N"]
""",
        events=[{"id": "a"}, {"id": "b"}],
        state=_orders,
        calls={"dynamodb client": (3, 2)},
    ),
    Case(
        "LMB101",
        "the module sets its region further down",
        SAFE,
        """\
import os

import boto3

sqs = boto3.client("sqs", region_name="eu-west-1")


def name_of(event):
    return event["id"]


os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")


def lambda_handler(event, context):
    client = boto3.client("sqs", region_name="eu-west-1")
    dynamodb = boto3.client("dynamodb")
    found = dynamodb.get_item(TableName="orders", Key={"id": {"S": name_of(event)}})
    return found["Item"]["total"]["N"], client.list_queues().get("QueueUrls", [])
""",
        events=[{"id": "a"}, {"id": "b"}],
        state=_orders,
        environment={"AWS_DEFAULT_REGION": None},
        calls={"dynamodb client": (2, 1), "sqs client": (3, 1)},  # the module has the same one already
    ),
    Case(
        "LMB101",
        "asked for at module scope, while the region is known only after the import",
        UNSAFE,
        """\
import boto3


def lambda_handler(event, context):
    sns = boto3.client("sns")
    return len(sns.list_topics()["Topics"])
""",
        events=[{}, {}],
        settings={"reuse_style": "module"},
        calls={"sns client": (2, 1)},
    ),
    Case(
        "LMB101",
        "asked for at module scope, and the region is a constant",
        SAFE,
        """\
import boto3

REGION = "eu-west-1"
TABLE = "orders"


def lambda_handler(event, context):
    dynamodb = boto3.client("dynamodb", region_name=REGION)
    found = dynamodb.get_item(TableName=TABLE, Key={"id": {"S": event["id"]}})
    return found["Item"]["total"]["N"]
""",
        events=[{"id": "a"}, {"id": "b"}],
        state=_orders,
        environment={"AWS_DEFAULT_REGION": None},
        settings={"reuse_style": "module"},
        calls={"dynamodb client": (2, 1)},
    ),
    Case(
        "LMB101",
        "the project's tests patch boto3",
        UNSAFE,
        """\
import boto3


def lambda_handler(event, context):
    s3 = boto3.client("s3")
    return s3.get_object(Bucket="reports", Key=event["key"])["ContentLength"]
""",
        files={
            "tests/test_app.py": """\
from unittest import mock

import app


def test_size():
    with mock.patch("app.boto3.client") as made:
        made.return_value.get_object.return_value = {"ContentLength": 3}
        assert app.lambda_handler({"key": "a"}, None) == 3
"""
        },
        events=[{"key": "a", "size": 3}, {"key": "b", "size": 4}],
        run=_patched,
        differs="a test that changes one of these between calls would see the first client again",
    ),
    Case(
        "LMB101",
        "a region from the environment, which changes",
        UNSAFE,
        """\
import os

import boto3


def lambda_handler(event, context):
    sqs = boto3.client("sqs", region_name=os.environ["QUEUE_REGION"])
    return len(sqs.list_queues().get("QueueUrls", []))
""",
        state=lambda remote: remote.queue("jobs"),
        events=[{"region": "eu-west-1"}, {"region": "eu-central-1"}],
        environment={"AWS_DEFAULT_REGION": None},
        run=_renamed,
        differs="a test that changes one of these between calls would see the first client again",
    ),
    Case(
        "LMB101",
        "a client that is made in a branch, and one that is handed on",
        UNSAFE,
        """\
import boto3


def size(client, key):
    return client.head_object(Bucket="reports", Key=key)["ContentLength"]


def lambda_handler(event, context):
    if event.get("archive"):
        sqs = boto3.client("sqs")
        sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName="archive")["QueueUrl"], MessageBody=event["key"])
    s3 = boto3.client("s3")
    return size(s3, event["key"])
""",
        events=[{"key": "january"}, {"key": "february", "archive": True}, {"key": "january", "archive": True}],
        state=lambda remote: [_reports(remote), remote.queue("archive")][0],
        calls={"s3 client": (3, 1), "sqs client": (2, 1)},
    ),
    Case(
        "LMB101",
        "hooks that are registered on each invocation's client",
        REFUSED,
        """\
import boto3

seen = []


def lambda_handler(event, context):
    s3 = boto3.client("s3")
    s3.meta.events.register("before-call.s3", lambda **_: seen.append(event["key"]))
    return s3.get_object(Bucket="reports", Key=event["key"])["ContentLength"]
""",
        events=[{"key": "january"}],
        state=_reports,
    ),
    Case(
        "LMB101",
        "hooks that are registered below a resource",
        REFUSED,
        """\
import boto3

seen = []


def lambda_handler(event, context):
    s3 = boto3.resource("s3")
    s3.meta.client.meta.events.register("before-call.s3", lambda **_: seen.append(event["key"]))
    s3.Object("reports", event["key"]).put(Body=b"1")
    return len(seen)
""",
    ),
    Case(
        "LMB101",
        "attributes that a handle reads once and keeps",
        REFUSED,
        """\
import boto3


def lambda_handler(event, context):
    table = boto3.resource("dynamodb").Table("orders")
    table.put_item(Item={"id": event["id"]})
    return table.item_count
""",
    ),
    Case(
        "LMB101",
        "attributes of an object that the handler writes",
        REFUSED,
        """\
import boto3


def lambda_handler(event, context):
    report = boto3.resource("s3").Object("reports", "latest")
    report.put(Body=event["text"].encode())
    return report.content_length
""",
    ),
    Case(
        "LMB101",
        "the handler itself chooses the region, by the environment",
        SILENT,
        """\
import os

import boto3


def lambda_handler(event, context):
    os.environ["AWS_DEFAULT_REGION"] = event["region"]
    sqs = boto3.client("sqs")
    return sqs.list_queues().get("QueueUrls", [])
""",
    ),
    Case(
        "LMB101",
        "the handler itself chooses the region, by the default session",
        SILENT,
        """\
import boto3


def lambda_handler(event, context):
    boto3.setup_default_session(region_name=event["region"])
    sqs = boto3.client("sqs")
    return sqs.list_queues().get("QueueUrls", [])
""",
    ),
    Case(
        "LMB101",
        "credentials of another role in the environment",
        SILENT,
        """\
import os

import boto3


def become(role):
    keys = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="audit")["Credentials"]  # noqa: LMB101
    os.environ.update(
        AWS_ACCESS_KEY_ID=keys["AccessKeyId"],
        AWS_SECRET_ACCESS_KEY=keys["SecretAccessKey"],
        AWS_SESSION_TOKEN=keys["SessionToken"],
    )


def lambda_handler(event, context):
    become(event["role"])
    return boto3.Session().client("sts").get_caller_identity()["Arn"]
""",
    ),
    Case(
        "LMB101",
        "credentials that the handler is given for a while",
        SILENT,
        """\
import boto3


def lambda_handler(event, context):
    given = boto3.client("sts").assume_role(RoleArn=event["role"], RoleSessionName="audit")  # noqa: LMB101
    keys = given["Credentials"]
    s3 = boto3.client(
        "s3",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    return s3.list_buckets()["Buckets"]
""",
    ),
    Case(
        "LMB101",
        "the event names the region, by a local name",
        SILENT,
        """\
import boto3


def lambda_handler(event, context):
    region = event.get("region") or "eu-west-1"
    sns = boto3.client("sns", region_name=region)
    return len(sns.list_topics()["Topics"])
""",
    ),
    Case(
        "LMB101",
        "making it fails, and is tried again by the next invocation",
        SAFE,
        """\
import boto3


def lambda_handler(event, context):
    dynamodb = boto3.client("dynamodb")
    found = dynamodb.get_item(TableName="orders", Key={"id": {"S": event["id"]}})
    return found["Item"]["total"]["N"]
""",
        events=[{"id": "a", "late": True}, {"id": "a"}, {"id": "b"}],
        state=_orders,
        environment={"AWS_DEFAULT_REGION": None},
        run=lambda module, event: (invoke if event.get("late") else _with_region)(module, event),
        raises=("NoRegionError",),
        calls={"dynamodb client": (3, 2)},
    ),
    Case(
        "LMB101",
        "the module starts processes, which can't share a client",
        UNSAFE,
        """\
import multiprocessing

import boto3


def lambda_handler(event, context):
    dynamodb = boto3.client("dynamodb")
    workers = [multiprocessing.current_process().name]
    found = dynamodb.get_item(TableName="orders", Key={"id": {"S": event["id"]}})
    return found["Item"]["total"]["N"], workers
""",
        events=[{"id": "a"}, {"id": "b"}],
        state=_orders,
        calls={"dynamodb client": (2, 1)},
    ),
    Case(
        "LMB101",
        "options that an earlier invocation may have changed",
        SILENT,
        """\
import boto3
from botocore.config import Config

RETRIES = {"max_attempts": 2}


def lambda_handler(event, context):
    if "attempts" in event:
        RETRIES["max_attempts"] = event["attempts"]
    s3 = boto3.client("s3", config=Config(retries=RETRIES))
    return s3.head_object(Bucket="reports", Key=event["key"])["ContentLength"]
""",
    ),
    Case(
        "LMB101",
        "a constant that a function assigns",
        REFUSED,
        """\
import boto3

BUCKET_REGION = "eu-west-1"


def choose(event):
    global BUCKET_REGION
    BUCKET_REGION = "eu-central-1"


def lambda_handler(event, context):
    s3 = boto3.client("s3", region_name=BUCKET_REGION)
    return s3.head_object(Bucket="reports", Key=event["key"])["ContentLength"]
""",
    ),
    Case(
        "LMB101",
        "the name of boto3 is bound in the function",
        REFUSED,
        """\
def lambda_handler(event, context):
    import boto3

    s3 = boto3.client("s3")
    return s3.head_object(Bucket="reports", Key=event["key"])["ContentLength"]
""",
    ),
    Case(
        "LMB101",
        "inside a string",
        REFUSED,
        """\
import boto3


def lambda_handler(event, context):
    return f"account {boto3.client('sts').get_caller_identity()['Account']}"
""",
    ),
    Case(
        "LMB101",
        "what an instance keeps and a generator uses",
        UNSAFE,
        """\
import boto3


class Archive:
    bucket = "reports"

    def __init__(self):
        self.s3 = boto3.client("s3")

    def keys(self):
        for entry in self.s3.list_objects_v2(Bucket=self.bucket, MaxKeys=10).get("Contents", []):
            yield entry["Key"]


def lambda_handler(event, context):
    archive = Archive()
    return sorted(archive.keys())
""",
        events=[{}, {}],
        state=_reports,
        calls={"s3 client": (2, 1)},
    ),
    Case(
        "LMB101",
        "in a nested function, a lambda, a default argument and a decorated function",
        SAFE,
        """\
import functools

import boto3


def retried(function):
    @functools.wraps(function)
    def call(*args):
        return function(*args)

    return call


@retried
def account():
    return boto3.client("sts").get_caller_identity()["Account"]


def lambda_handler(event, context):
    def body(name):
        return boto3.client("s3").get_object(Bucket="reports", Key=name)["Body"].read().decode()

    sizes = [(lambda key: boto3.client("s3").head_object(Bucket="reports", Key=key))(k)["ContentLength"] for k in event]
    return [body(name) for name in event], sizes, account()
""",
        events=[["january"], ["february", "january"]],
        state=_reports,
        calls={"s3 client": (6, 4), "sts client": (2, 1)},
    ),
    Case(
        "LMB101",
        "the module binds the name of what the getter needs",
        REFUSED,
        """\
import boto3

functools = ["reduce"]


def lambda_handler(event, context):
    return boto3.client("s3").head_object(Bucket="reports", Key=event["key"])["ContentLength"], functools
""",
    ),
    Case(
        "LMB101",
        "the credentials of clients without a region are set by a function",
        UNSAFE,
        """\
import os

import boto3


def lambda_handler(event, context):
    sqs = boto3.client("sqs")
    os.environ["AWS_DEFAULT_REGION"] = "eu-central-1"  # from now on
    return len(sqs.list_queues().get("QueueUrls", []))
""",
        events=[{}, {}],
        state=lambda remote: remote.queue("jobs"),
        differs="a function changes the environment that clients are made from",
    ),
    # --- LMB102 -----------------------------------------------------------------------------
    Case(
        "LMB102",
        "a session without arguments that makes one client",
        SAFE,
        '''\
"""Passes jobs on."""

import json

import boto3

QUEUE = "jobs"


def lambda_handler(event, context):
    sqs = boto3.Session().client("sqs")
    url = sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    sent = [
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(job, sort_keys=True))["MD5OfMessageBody"]
        for job in event["jobs"]
    ]
    return {"sent": sent}
''',
        events=[{"jobs": [{"id": 1}, {"id": 2}]}, {"jobs": []}, {"jobs": [{"id": 3}]}],
        state=lambda remote: remote.queue("jobs"),
        calls={"session": (3, 1), "sqs client": (3, 3)},
    ),
    Case(
        "LMB102",
        "a resource below a session, by another name of boto3",
        SAFE,
        """\
import boto3 as aws


def lambda_handler(event, context):
    table = aws.session.Session().resource("dynamodb").Table("orders")
    item = table.get_item(Key={"id": event["id"]}).get("Item", {})
    table.put_item(Item={**item, "id": event["id"], "seen": True})
    return item
""",
        events=[{"id": "a"}, {"id": "z"}, {"id": "z"}],
        state=_orders,
        calls={"session": (3, 1)},
    ),
    Case(
        "LMB102",
        "a session with a region is kept as a whole",
        UNSAFE,
        """\
import boto3

REGION = "eu-west-1"


def lambda_handler(event, context):
    session = boto3.Session(region_name=REGION)
    s3 = session.client("s3")
    table = session.resource("dynamodb").Table("orders")
    size = s3.head_object(Bucket="reports", Key=event["key"])["ContentLength"]
    table.put_item(Item={"id": event["key"], "size": size})
    return size
""",
        events=[{"key": "january"}, {"key": "february"}],
        state=lambda remote: [_reports(remote), _orders(remote)][0],
        calls={"session": (2, 1)},
    ),
    Case(
        "LMB102",
        "the environment's credentials are changed before the session is made",
        SILENT,
        """\
import os

import boto3


def lambda_handler(event, context):
    os.environ["AWS_ACCESS_KEY_ID"] = event["key"]
    os.environ["AWS_SECRET_ACCESS_KEY"] = event["secret"]
    sts = boto3.Session().client("sts")
    return sts.get_caller_identity()["Arn"]
""",
    ),
    Case(
        "LMB102",
        "something sets up another default session",
        UNSAFE,
        """\
import boto3

boto3.setup_default_session(region_name="eu-central-1")


def lambda_handler(event, context):
    sqs = boto3.Session().client("sqs")
    return sqs.meta.region_name
""",
        events=[{}, {}],
        differs="where something sets up another default session",
    ),
    Case(
        "LMB102",
        "the tests patch boto3.Session",
        UNSAFE,
        """\
import boto3


def lambda_handler(event, context):
    sqs = boto3.Session().client("sqs")
    return sqs.list_queues(QueueNamePrefix=event["prefix"])["QueueUrls"]
""",
        files={
            "tests/test_app.py": """\
from unittest.mock import patch

import app


@patch("app.boto3.Session")
def test_queues(session):
    session.return_value.client.return_value.list_queues.return_value = {"QueueUrls": []}
    assert app.lambda_handler({"prefix": "a"}, None) == []
"""
        },
        events=[{"prefix": "a"}, {"prefix": "b"}],
        run=_with_session,
        differs="where the project's tests patch boto3",
    ),
    # --- LMB112 -----------------------------------------------------------------------------
    Case(
        "LMB112",
        "a client of the module that nothing uses",
        UNSAFE,
        """\
import os

import boto3

s3 = boto3.client("s3")  # reports
sqs = boto3.client("sqs")  # not used any more
BUCKET = os.environ.get("BUCKET", "reports")


def lambda_handler(event, context):
    return s3.get_object(Bucket=BUCKET, Key=event["key"])["ContentLength"]
""",
        events=[{"key": "january"}, {"key": "february"}],
        state=_reports,
        calls={"sqs client": (1, 0), "s3 client": (1, 1)},
    ),
    Case(
        "LMB112",
        "the only statement of a block",
        UNSAFE,
        """\
import boto3

s3 = boto3.client("s3")


def prepare():
    queue = boto3.client("sqs")


def lambda_handler(event, context):
    prepare()
    return s3.get_object(Bucket="reports", Key=event["key"])["ContentLength"]
""",
        events=[{"key": "january"}, {"key": "february"}],
        state=_reports,
        calls={"sqs client": (2, 0)},
    ),
    Case(
        "LMB112",
        "making it fails",
        UNSAFE,
        """\
import boto3


def lambda_handler(event, context):
    sqs = boto3.client("sqs")
    return {"id": event["id"]}
""",
        events=[{"id": 1}],
        environment={"AWS_DEFAULT_REGION": None},
        raises=("NoRegionError",),
        differs="making the client may fail",
    ),
    Case(
        "LMB112",
        "another file imports it",
        SILENT,
        """\
import boto3

sqs = boto3.client("sqs")


def lambda_handler(event, context):
    from jobs import count

    return count()
""",
        files={"jobs.py": "from app import sqs\n\n\ndef count():\n    return len(sqs.list_queues())\n"},
    ),
    Case(
        "LMB112",
        "it is looked up by its name",
        SILENT,
        """\
import boto3

s3 = boto3.client("s3")
sqs = boto3.client("sqs")


def lambda_handler(event, context):
    client = globals()[event["service"]]
    return client.meta.service_model.service_name
""",
    ),
]

"""LMB301, LMB303: calls that are made at the same time."""

from __future__ import annotations

from proof import REFUSED, SILENT, UNSAFE, Case
from servers import Remote


def _shop(remote: Remote) -> None:
    remote.bucket("reports", january="1,2,3", february="4,5", march="6")
    remote.parameters(limit="20", currency="EUR")
    remote.table("users", "id", {"id": "a", "age": 40}, {"id": "b", "age": 41})
    remote.table("teams", "id", {"id": "x", "size": 3})


CASES = [
    Case(
        "LMB301",
        "reads of two clients",
        UNSAFE,
        '''\
"""Checks a report's size."""

import boto3

s3 = boto3.client("s3")
ssm = boto3.client("ssm")
pool = "a name of the module"


def lambda_handler(event, context):
    report = s3.head_object(Bucket="reports", Key=event["key"])
    limit = ssm.get_parameter(Name=event["limit"])["Parameter"]["Value"]
    if report["ContentLength"] > int(limit):
        return {"statusCode": 413, "pool": pool}
    return {"statusCode": 200, "size": report["ContentLength"]}
''',
        events=[{"key": "january", "limit": "limit"}, {"key": "nowhere", "limit": "limit"}, {"key": "march"}],
        state=_shop,
        raises=("ClientError", "KeyError"),
        calls={"s3.HeadObject": (3, 3), "ssm.GetParameter": (1, 2)},
    ),
    Case(
        "LMB301",
        "tables in plain values: decimals stay decimals",
        UNSAFE,
        """\
import boto3

dynamodb = boto3.resource("dynamodb")
users = dynamodb.Table("users")
teams = dynamodb.Table("teams")


def lambda_handler(event, context):
    user = users.get_item(Key={"id": event["user"]})["Item"]
    team = teams.get_item(Key={"id": event["team"]}).get("Item", {"size": 0})
    return [user["age"], team["size"], user["age"] / 2]
""",
        events=[{"user": "a", "team": "x"}, {"user": "b", "team": "y"}, {"user": "zz", "team": "x"}],
        state=_shop,
        raises=("KeyError",),
        calls={"dynamodb.GetItem": (5, 6)},
    ),
    Case(
        "LMB301",
        "both fail: the first in the text is raised",
        UNSAFE,
        """\
import boto3

s3 = boto3.client("s3")
ssm = boto3.client("ssm")


def lambda_handler(event, context):
    report = s3.get_object(Bucket="reports", Key="nowhere")
    limit = ssm.get_parameter(Name="unknown")
    return report["ContentLength"], limit["Parameter"]["Value"]
""",
        events=[{}],
        state=_shop,
        raises=("NoSuchKey",),
        calls={"s3.GetObject": (1, 1), "ssm.GetParameter": (0, 1)},
    ),
    Case(
        "LMB301",
        "three requests over HTTPS",
        UNSAFE,
        """\
import requests

BASE = "https://api.example.com"


def lambda_handler(event, context):
    order = requests.get(f"{BASE}/orders/{event['id']}", timeout=5).json()
    user = requests.get(f"{BASE}/users/{event['user']}", timeout=5).json()
    rate = requests.get("https://rates.example.org/eur", timeout=5).json()["path"]
    return order["path"], user["path"], rate
""",
        events=[{"id": 1, "user": 2}, {"id": 3, "user": 4}],
        calls={"connection api.example.com": (4, 4)},
        unordered=True,
    ),
    Case(
        "LMB301",
        "a context variable that a helper reads",
        SILENT,
        """\
import contextvars

import boto3

s3 = boto3.client("s3")
tenant = contextvars.ContextVar("tenant")


def size(key):
    return s3.head_object(Bucket=tenant.get(), Key=key)["ContentLength"]


def lambda_handler(event, context):
    tenant.set("reports")
    first = size("january")
    second = size("march")
    return first + second
""",
    ),
    Case(
        "LMB301",
        "traced calls",
        SILENT,
        """\
import boto3
from aws_xray_sdk.core import patch_all

patch_all()
s3 = boto3.client("s3")
ssm = boto3.client("ssm")


def lambda_handler(event, context):
    report = s3.head_object(Bucket="reports", Key=event["key"])
    limit = ssm.get_parameter(Name=event["limit"])
    return report["ContentLength"], limit["Parameter"]["Value"]
""",
    ),
    Case(
        "LMB301",
        "a session that the requests share",
        REFUSED,
        """\
import requests

session = requests.Session()


def load(path):
    return session.get(f"https://api.example.com/{path}", timeout=5).json()["path"]


def lambda_handler(event, context):
    first = load("orders")
    second = load("users")
    return first, second
""",
    ),
    Case(
        "LMB301",
        "an early return between the reads",
        SILENT,
        """\
import boto3

s3 = boto3.client("s3")
ssm = boto3.client("ssm")


def lambda_handler(event, context):
    report = s3.head_object(Bucket="reports", Key=event["key"])
    if report["ContentLength"] == 0:
        return None
    limit = ssm.get_parameter(Name=event["limit"])
    return report["ContentLength"], limit["Parameter"]["Value"]
""",
    ),
    Case(
        "LMB301",
        "an argument whose making fails behind the first read",
        UNSAFE,
        """\
import boto3

s3 = boto3.client("s3")
ssm = boto3.client("ssm")


def lambda_handler(event, context):
    report = s3.get_object(Bucket="reports", Key="nowhere")
    limit = ssm.get_parameter(Name=event["limit"])
    return report["ContentLength"], limit["Parameter"]["Value"]
""",
        events=[{}],
        state=_shop,
        raises=("NoSuchKey",),
        calls={"ssm.GetParameter": (0, 0)},
        differs="all arguments are made before the first result is looked at",
    ),
    Case(
        "LMB301",
        "the same name twice, and names that are taken",
        UNSAFE,
        """\
import boto3

s3 = boto3.client("s3")
ssm = boto3.client("ssm")


def lambda_handler(event, context):
    pool, report_future = event["key"], "mine"
    report = s3.head_object(Bucket="reports", Key=pool)["ContentLength"]
    size = s3.head_object(Bucket="reports", Key="march")["ContentLength"]
    return report, size, pool, report_future
""",
        events=[{"key": "january"}],
        state=_shop,
    ),
    # --- LMB303 -----------------------------------------------------------------------------
    Case(
        "LMB303",
        "one request per key, in a comprehension",
        UNSAFE,
        '''\
"""Sizes of reports."""

import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    heads = [s3.head_object(Bucket=event["bucket"], Key=key) for key in event["keys"]]
    return [head["ContentLength"] for head in heads]
''',
        events=[
            {"bucket": "reports", "keys": ["march", "january", "february"] * 5},
            {"bucket": "reports", "keys": []},
            {"bucket": "reports", "keys": ["march", "nowhere"]},
        ],
        state=_shop,
        raises=("ClientError",),
        calls={"s3.HeadObject": (17, 17)},
    ),
    Case(
        "LMB303",
        "a loop that only appends what a helper gives",
        UNSAFE,
        """\
import boto3

s3 = boto3.client("s3")


def lines(key):
    body = s3.get_object(Bucket="reports", Key=key)["Body"].read().decode()
    return [int(number) for number in body.split(",")]


def lambda_handler(event, context):
    results = [[0]]
    for key in event["keys"]:
        results.append(lines(key))
    return results
""",
        events=[{"keys": ["march", "january"]}, {"keys": []}],
        state=_shop,
        calls={"s3.GetObject": (2, 2)},
    ),
    Case(
        "LMB303",
        "the second call fails: all the others are made",
        UNSAFE,
        """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    for key in event["keys"]:
        print(key)
    return [s3.head_object(Bucket="reports", Key=key)["ContentLength"] for key in event["keys"]]
""",
        events=[{"keys": ["march", "nowhere", "january", "february"]}],
        state=_shop,
        raises=("ClientError",),
        calls={"s3.HeadObject": (2, 4)},
    ),
    Case(
        "LMB303",
        "what was appended before the failure is seen",
        UNSAFE,
        """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    sizes = []
    try:
        for key in event["keys"]:
            sizes.append(s3.head_object(Bucket="reports", Key=key)["ContentLength"])
    except s3.exceptions.ClientError:
        sizes.append(-1)
    return sizes
""",
        events=[{"keys": ["march", "january", "february", "nowhere", "march"]}],
        state=_shop,
        calls={"s3.HeadObject": (4, 5)},
    ),
    Case(
        "LMB303",
        "a table, which threads may not share",
        REFUSED,
        """\
import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    return [table.query(KeyConditionExpression=Key("id").eq(i), Limit=5)["Items"] for i in event["ids"]]
""",
    ),
    Case(
        "LMB303",
        "a loop that stops at a result",
        SILENT,
        """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    for key in event["keys"]:
        head = s3.head_object(Bucket="reports", Key=key)
        if head["ContentLength"] > 3:
            return key
    return None
""",
    ),
    Case(
        "LMB303",
        "a helper that counts in a variable of the module",
        REFUSED,
        """\
import boto3

s3 = boto3.client("s3")
total = 0


def add(key):
    global total
    total += s3.head_object(Bucket="reports", Key=key)["ContentLength"]
    return total


def lambda_handler(event, context):
    return [add(key) for key in event["keys"]]
""",
    ),
    Case(
        "LMB303",
        "the iterable is changed by the calls",
        SILENT,
        """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    found = []
    for key in found or event["keys"]:
        found.append(s3.head_object(Bucket="reports", Key=found[-1] if found else key)["ETag"])
    return found
""",
    ),
]

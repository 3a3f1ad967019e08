"""LMB501: scans through all pages whose filter is on the key."""

from __future__ import annotations

from proof import REFUSED, UNSAFE, Case
from servers import Remote

SCHEMA = """\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema:
        - {AttributeName: customer, KeyType: HASH}
        - {AttributeName: day, KeyType: RANGE}
"""
FILES = {"template.yaml": SCHEMA}
HEAD = """\
import boto3
from boto3.dynamodb.conditions import Attr

table = boto3.resource("dynamodb").Table("orders")


"""


def _many(remote: Remote) -> None:
    """More than 1 MB in the table and in one partition."""
    rows = [
        {"customer": customer, "day": f"{day}", "note": "x" * 300_000, "total": day}
        for customer, days in (("ada", 5), ("bob", 2))
        for day in range(days)
    ]
    remote.table("orders", "customer day", *rows)


BY_CUSTOMER = [{"customer": "ada"}, {"customer": "bob"}, {"customer": "nobody"}]
BY_DAY = [{"customer": "ada", "day": "4"}, {"customer": "bob", "day": "4"}, {"customer": "nobody", "day": "0"}]

CASES = [
    Case(
        "LMB501",
        "pages until there are no more, by the documentation's loop",
        UNSAFE,
        HEAD
        + """\
def lambda_handler(event, context):
    arguments = {}
    found = []
    while True:
        # page by page
        page = table.scan(FilterExpression=Attr("customer").eq(event["customer"]) & Attr("total").gt(0), **arguments)
        found += page["Items"]
        if "LastEvaluatedKey" not in page:
            return sorted(len(item["note"]) for item in found)
        arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]
""",
        events=BY_CUSTOMER,
        state=_many,
        files=FILES,
        calls={"dynamodb.Scan": (9, 0), "dynamodb.Query": (0, 4)},
    ),
    Case(
        "LMB501",
        "the first page and the others, which share a dict of arguments",
        UNSAFE,
        HEAD
        + """\
def lambda_handler(event, context):
    arguments = {
        "FilterExpression": Attr("customer").eq(event["customer"]),  # of one customer
        "ProjectionExpression": "note",
    }
    response = table.scan(**arguments)
    found = response["Items"]
    while "LastEvaluatedKey" in response:
        response = table.scan(ExclusiveStartKey=response["LastEvaluatedKey"], **arguments)
        found.extend(response["Items"])
    return sorted(len(item["note"]) for item in found)
""",
        events=BY_CUSTOMER,
        state=_many,
        files=FILES,
        calls={"dynamodb.Scan": (9, 0), "dynamodb.Query": (0, 4)},
    ),
    Case(
        "LMB501",
        "a paginator",
        UNSAFE,
        """\
import boto3

dynamodb = boto3.client("dynamodb")


def lambda_handler(event, context):
    paginator = dynamodb.get_paginator('scan')
    pages = paginator.paginate(
        TableName="orders",
        FilterExpression="customer = :c",
        ExpressionAttributeValues={":c": {"S": event["customer"]}},
    )
    return sorted(item["total"]["N"] for page in pages for item in page["Items"])
""",
        events=BY_CUSTOMER,
        state=_many,
        files=FILES,
        calls={"dynamodb.Scan": (9, 0), "dynamodb.Query": (0, 4)},
    ),
    Case(
        "LMB501",
        "all pages for the item of one key",
        UNSAFE,
        HEAD
        + """\
def lambda_handler(event, context):
    # by both keys
    response = table.scan(FilterExpression=Attr("customer").eq(event["customer"]) & Attr("day").eq(event["day"]))
    items = response["Items"]
    while "LastEvaluatedKey" in response:
        response = table.scan(
            FilterExpression=Attr("customer").eq(event["customer"]) & Attr("day").eq(event["day"]),
            ExclusiveStartKey=response["LastEvaluatedKey"],
        )
        items += response["Items"]
    return [int(item["total"]) for item in items]
""",
        events=BY_DAY,
        state=_many,
        files=FILES,
        calls={"dynamodb.Scan": (9, 0), "dynamodb.GetItem": (0, 3)},
    ),
    Case(
        "LMB501",
        "all pages for one key, with something else in the loop",
        UNSAFE,
        HEAD
        + """\
def lambda_handler(event, context):
    condition = {"FilterExpression": Attr("customer").eq(event["customer"]) & Attr("day").eq(event["day"])}
    response = table.scan(**condition)
    items = response["Items"]
    pages = 0
    while "LastEvaluatedKey" in response:
        response = table.scan(ExclusiveStartKey=response["LastEvaluatedKey"], **condition)
        items += response["Items"]
        print("another page of", len(items))
    return [int(item["total"]) for item in items], pages
""",
        events=BY_DAY,
        state=_many,
        files=FILES,
        differs="a page loop makes fewer turns",
        calls={"dynamodb.Scan": (9, 0), "dynamodb.Query": (0, 3)},
    ),
    Case(
        "LMB501",
        "a page that the caller asks for",
        REFUSED,
        HEAD
        + """\
def lambda_handler(event, context):
    arguments = {"FilterExpression": Attr("customer").eq(event["customer"])}
    if event.get("from"):
        arguments["ExclusiveStartKey"] = event["from"]
    page = table.scan(**arguments)
    return page["Items"], page.get("LastEvaluatedKey")
""",
        files=FILES,
    ),
    Case(
        "LMB501",
        "further pages with another filter",
        REFUSED,
        HEAD
        + """\
def lambda_handler(event, context):
    page = table.scan(FilterExpression=Attr("customer").eq(event["customer"]))
    found = page["Items"]
    while "LastEvaluatedKey" in page:
        page = table.scan(
            FilterExpression=Attr("customer").eq(event["customer"].lower()), ExclusiveStartKey=page["LastEvaluatedKey"]
        )
        found += page["Items"]
    return len(found), found[:1]
""",
        files=FILES,
    ),
    Case(
        "LMB501",
        "further pages for another key",
        REFUSED,
        HEAD
        + """\
def lambda_handler(event, context):
    response = table.scan(FilterExpression=Attr("customer").eq(event["customer"]) & Attr("day").eq("1"))
    items = response["Items"]
    while "LastEvaluatedKey" in response:
        response = table.scan(
            FilterExpression=Attr("customer").eq(event["customer"]) & Attr("day").eq("2"),
            ExclusiveStartKey=response["LastEvaluatedKey"],
        )
        items.extend(response["Items"])
    return items
""",
        files=FILES,
    ),
    Case(
        "LMB501",
        "a paginator that other filters are given to as well, and a page's size",
        REFUSED,
        """\
import boto3

dynamodb = boto3.client("dynamodb")
paginator = dynamodb.get_paginator("scan")
EACH = {"TableName": "orders", "FilterExpression": "customer = :c"}


def lambda_handler(event, context):
    values = {":c": {"S": event["customer"]}}
    if event.get("small"):
        return [*paginator.paginate(ExpressionAttributeValues=values, PaginationConfig={"PageSize": 2}, **EACH)]
    return [*paginator.paginate(ExpressionAttributeValues=values, **EACH)]
""",
        files=FILES,
    ),
    Case(
        "LMB501",
        "indexes that hold the keys alone, and a consistent read",
        REFUSED,
        HEAD
        + """\
def lambda_handler(event, context):
    if event.get("now"):
        found = table.scan(FilterExpression=Attr("customer").eq(event["customer"]), ConsistentRead=True)
    else:
        found = table.scan(FilterExpression=Attr("state").eq(event["state"]))
    return [item["total"] for item in found["Items"]]
""",
        files={
            "template.yaml": SCHEMA
            + """\
      GlobalSecondaryIndexes:
        - IndexName: by-state
          KeySchema:
            - {AttributeName: state, KeyType: HASH}
          Projection: {ProjectionType: KEYS_ONLY}
"""
        },
    ),
    Case(
        "LMB501",
        "a dict of arguments that gets another filter in between",
        REFUSED,
        HEAD
        + """\
def lambda_handler(event, context):
    arguments = {"FilterExpression": Attr("customer").eq(event["customer"])}
    found = table.scan(**arguments)["Items"]
    arguments["FilterExpression"] = Attr("total").gt(10)
    return found, table.scan(**arguments)["Items"]
""",
        files=FILES,
    ),
    Case(
        "LMB501",
        "a dict of arguments that something else gets, too",
        REFUSED,
        HEAD
        + """\
def lambda_handler(event, context):
    arguments = {"FilterExpression": Attr("customer").eq(event["customer"])}
    print(sorted(arguments))
    return [item["total"] for item in table.scan(**arguments)["Items"]]
""",
        files=FILES,
    ),
]

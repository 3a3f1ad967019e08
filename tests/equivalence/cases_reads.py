"""LMB401, LMB501, LMB505, LMB506, LMB512, LMB801: items and listings that are asked for in another way."""

from __future__ import annotations

from typing import Any

from proof import REFUSED, SAFE, SILENT, UNSAFE, Case
from servers import Remote

USERS = ({"id": name, "name": name.upper(), "age": 40 + number} for number, name in enumerate("abcdefgh"))
ITEMS = [*USERS]


def _users(remote: Remote) -> None:
    remote.table("users", "id", *ITEMS)


def _orders(remote: Remote) -> None:
    rows = [
        {"customer": customer, "day": day, "total": number, "state": "open" if number % 2 else "done"}
        for number, (customer, day) in enumerate((c, d) for c in ("ada", "bob", "cyd") for d in ("3", "1", "2"))
    ]
    remote.table("orders", "customer day", *rows, index="state day")


def _unprocessed(number: int, request: Any) -> dict[str, Any] | None:
    """The first answer leaves everything for later."""
    return {"Responses": {}, "UnprocessedKeys": request["RequestItems"]} if number == 1 else None


def _many(remote: Remote) -> None:
    """More than 1 MB in one partition."""
    rows = [{"customer": "ada", "day": f"{day:03}", "note": "x" * 300_000, "total": day} for day in range(6)]
    remote.table("orders", "customer day", *rows)


SCHEMA = """\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema:
        - {AttributeName: customer, KeyType: HASH}
        - {AttributeName: day, KeyType: RANGE}
      GlobalSecondaryIndexes:
        - IndexName: by-state
          KeySchema:
            - {AttributeName: state, KeyType: HASH}
            - {AttributeName: day, KeyType: RANGE}
          Projection: {ProjectionType: ALL}
"""


def _carts(remote: Remote) -> None:
    remote.table("carts", "id", {"id": "a", "lines": ["x"]}, {"id": "b", "lines": []})


CASES = [
    Case(
        "LMB401",
        "an item that is asked for twice, and changed inside",
        UNSAFE,
        """\
import boto3

table = boto3.resource("dynamodb").Table("carts")


def lambda_handler(event, context):
    carts = []
    for identity in event["ids"]:
        cart = table.get_item(Key={"id": identity})["Item"]
        cart["lines"].append(len(carts))
        carts.append(cart)
    return carts
""",
        events=[{"ids": ["a", "b", "a", "a"]}, {"ids": ["b", "a"]}],
        state=_carts,
        calls={"dynamodb.GetItem": (6, 0), "dynamodb.BatchGetItem": (0, 2)},
    ),
    Case(
        "LMB401",
        "a table's items by a list of the event, some twice and some absent",
        UNSAFE,
        '''\
"""Names of users."""

import boto3

table = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    names = []
    for identity in event["ids"]:
        found = table.get_item(Key={"id": identity})
        user = found.get("Item")
        if user is None:
            # Somebody who left.
            names.append("?")
            continue
        user["seen"] = names[-1:]
        names.append(user["name"] + str(user["age"]) + str(len(user)))
    return names
''',
        events=[{"ids": ["c", "a", "zz", "c", "b"]}, {"ids": []}, {"ids": ["yy"]}, {"ids": list("abcdefgh") * 20}],
        state=_users,
        calls={"dynamodb.GetItem": (166, 0), "dynamodb.BatchGetItem": (0, 3)},
    ),
    Case(
        "LMB401",
        "more than a hundred keys, of a generator",
        UNSAFE,
        """\
import boto3

users = boto3.resource("dynamodb").Table("users")


def identities(event):
    for number in range(event["first"], event["last"]):
        yield f"u{number:03}"


def lambda_handler(event, context):
    ages = {}
    for identity in identities(event):
        item = users.get_item(Key={"id": identity})["Item"]
        ages[identity] = item["age"]
    return ages
""",
        events=[{"first": 0, "last": 130}, {"first": 5, "last": 5}],
        state=lambda remote: remote.table("users", "id", *({"id": f"u{n:03}", "age": n} for n in range(130))),
        calls={"dynamodb.GetItem": (130, 0), "dynamodb.BatchGetItem": (0, 2)},
    ),
    Case(
        "LMB401",
        "an absent item raises where it is asked for",
        UNSAFE,
        """\
import boto3

users = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    total = 0
    for identity in event["ids"]:
        item = users.get_item(Key={"id": identity})["Item"]
        total += item["age"]
        print(identity, total)
    return total
""",
        events=[{"ids": ["a", "zz", "b"]}, {"ids": ["a", "b"]}],
        state=_users,
        raises=("KeyError",),
        calls={"dynamodb.GetItem": (4, 0), "dynamodb.BatchGetItem": (0, 2)},
    ),
    Case(
        "LMB401",
        "a client with a key of two texts, in a comprehension",
        UNSAFE,
        """\
import boto3

dynamodb = boto3.client("dynamodb")
TABLE = "orders"


def lambda_handler(event, context):
    rows = [
        dynamodb.get_item(TableName=TABLE, Key={"customer": {"S": c}, "day": {"S": event["day"]}}).get("Item")
        for c in event["customers"]
    ]
    return [row["total"]["N"] if row else None for row in rows]
""",
        events=[{"day": "1", "customers": ["ada", "eve", "bob", "ada"]}, {"day": "1", "customers": []}],
        state=_orders,
        calls={"dynamodb.GetItem": (4, 0), "dynamodb.BatchGetItem": (0, 1)},
    ),
    Case(
        "LMB401",
        "keys that DynamoDB leaves unprocessed at first",
        UNSAFE,
        """\
import boto3

users = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    return [users.get_item(Key={"id": identity})["Item"]["name"] for identity in event["ids"]]
""",
        events=[{"ids": ["a", "c"]}],
        state=_users,
        answers=lambda: {"dynamodb.BatchGetItem": _unprocessed},
        calls={"dynamodb.GetItem": (2, 0), "dynamodb.BatchGetItem": (0, 2)},
    ),
    Case(
        "LMB401",
        "a key that isn't allowed, behind one whose item is missing",
        UNSAFE,
        """\
import boto3

users = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    found = []
    for identity in event["ids"]:
        item = users.get_item(Key={"id": identity}).get("Item", {})
        found.append(item.get("name"))
        print(identity)
    return found
""",
        events=[{"ids": ["a", 1.5]}],
        state=_users,
        raises=("TypeError",),
        calls={"dynamodb.GetItem": (1, 0)},
        differs="all items are read before the first turn",
    ),
    Case(
        "LMB401",
        "the loop writes what a later turn reads",
        SILENT,
        """\
import boto3

users = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    for identity in event["ids"]:
        item = users.get_item(Key={"id": identity}).get("Item", {"id": identity, "seen": 0})
        item["seen"] = item.get("seen", 0) + 1
        users.put_item(Item=item)
""",
    ),
    Case(
        "LMB401",
        "each key comes from the item before",
        SILENT,
        """\
import boto3

users = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    chain, identity = [], event["id"]
    for _ in range(5):
        item = users.get_item(Key={"id": identity})["Item"]
        chain.append(item["name"])
        identity = item["boss"]
    return chain
""",
    ),
    Case(
        "LMB401",
        "a projection without the key, and a consistent read",
        REFUSED,
        """\
import boto3

users = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    names = []
    for identity in event["ids"]:
        item = users.get_item(Key={"id": identity}, ProjectionExpression="#n", ExpressionAttributeNames={"#n": "name"})
        names.append(item["Item"]["name"])
    return names
""",
    ),
    Case(
        "LMB401",
        "the answer's other fields are read",
        REFUSED,
        """\
import boto3

users = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    status = []
    for identity in event["ids"]:
        answer = users.get_item(Key={"id": identity})
        status.append((answer["ResponseMetadata"]["HTTPStatusCode"], answer["Item"]["name"]))
    return status
""",
    ),
    Case(
        "LMB401",
        "typed numbers, whose spelling DynamoDB changes",
        REFUSED,
        """\
import boto3

dynamodb = boto3.client("dynamodb")


def lambda_handler(event, context):
    found = []
    for number in event["numbers"]:
        answer = dynamodb.get_item(TableName="years", Key={"year": {"N": number}})
        found.append(answer["Item"]["name"]["S"])
    return found
""",
    ),
    Case(
        "LMB401",
        "a number in another spelling as a key of plain values",
        UNSAFE,
        """\
from decimal import Decimal

import boto3

years = boto3.resource("dynamodb").Table("years")


def lambda_handler(event, context):
    found = []
    for year in event["years"]:
        item = years.get_item(Key={"year": Decimal(year)}).get("Item")
        found.append(item["name"] if item else None)
    return found
""",
        events=[{"years": ["2000", "2.0E3", "2000.0", "1999"]}],
        state=lambda remote: _years(remote),
        calls={"dynamodb.GetItem": (4, 0), "dynamodb.BatchGetItem": (0, 1)},
    ),
    Case(
        "LMB401",
        "the list grows while the loop runs over it",
        REFUSED,
        """\
import boto3

users = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    queue, names = list(event["ids"]), []
    for identity in queue:
        item = users.get_item(Key={"id": identity})["Item"]
        names.append(item["name"])
        if item.get("boss"):
            queue.append(item["boss"])
    return names
""",
    ),
    Case(
        "LMB401",
        "each turn changes the record that the key is taken from",
        REFUSED,
        """\
import boto3

users = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    found = []
    for record in event["records"]:
        record["id"] = record["id"].lower()
        item = users.get_item(Key={"id": record["id"]}).get("Item", {})
        found.append(item.get("name"))
    return found
""",
    ),
    Case(
        "LMB401",
        "a turn leaves the loop, and one is in a try",
        REFUSED,
        """\
import boto3

users = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    found = []
    for identity in event["ids"]:
        try:
            answer = users.get_item(Key={"id": identity})
        except users.meta.client.exceptions.ClientError:
            answer = {"Item": {"name": "broken"}}
        found.append(answer["Item"]["name"])
    return found
""",
    ),
    Case(
        "LMB401",
        "a helper gets each record with its item",
        UNSAFE,
        """\
import boto3

users = boto3.resource("dynamodb").Table("users")
audit = []


def note(record, item):
    record["id"] = record["id"] + "!"
    audit.append((record["id"], item["name"]))


def lambda_handler(event, context):
    for record in event["records"]:
        item = users.get_item(Key={"id": record["id"]})["Item"]
        note(record, item)
    return audit
""",
        events=[{"records": [{"id": "a"}, {"id": "b"}]}],
        state=_users,
        calls={"dynamodb.GetItem": (2, 0), "dynamodb.BatchGetItem": (0, 1)},
    ),
    # --- LMB501 -----------------------------------------------------------------------------
    Case(
        "LMB501",
        "a filter on the partition key, with another condition",
        UNSAFE,
        '''\
"""Open orders of a customer."""

import boto3
from boto3.dynamodb.conditions import Attr

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    response = table.scan(FilterExpression=Attr("customer").eq(event["customer"]) & Attr("state").eq("open"))
    return sorted((item["day"], item["total"]) for item in response["Items"])
''',
        events=[{"customer": "bob"}, {"customer": "nobody"}, {"customer": "ada"}],
        state=_orders,
        files={"template.yaml": SCHEMA},
        calls={"dynamodb.Scan": (3, 0), "dynamodb.Query": (0, 3)},
    ),
    Case(
        "LMB501",
        "a text filter on the whole key of a client, with a placeholder",
        UNSAFE,
        """\
import boto3

dynamodb = boto3.client("dynamodb")


def lambda_handler(event, context):
    found = dynamodb.scan(
        TableName="orders",
        FilterExpression="#c = :c AND #d = :d",
        ExpressionAttributeNames={"#c": "customer", "#d": "day"},
        ExpressionAttributeValues={":c": {"S": event["customer"]}, ":d": {"S": event["day"]}},
    )
    return [item["total"]["N"] for item in found["Items"]]
""",
        events=[{"customer": "bob", "day": "1"}, {"customer": "bob", "day": "9"}],
        state=_orders,
        files={"template.yaml": SCHEMA},
        calls={"dynamodb.Scan": (2, 0), "dynamodb.Query": (0, 2)},
    ),
    Case(
        "LMB501",
        "an index on the attribute",
        UNSAFE,
        """\
import boto3
from boto3.dynamodb.conditions import Attr

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    items = table.scan(FilterExpression=Attr("state").eq(event["state"]))["Items"]
    return sorted(item["total"] for item in items)
""",
        events=[{"state": "open"}, {"state": "none"}],
        state=_orders,
        files={"template.yaml": SCHEMA},
        calls={"dynamodb.Scan": (2, 0), "dynamodb.Query": (0, 2)},
    ),
    Case(
        "LMB501",
        "an empty key, and the order of the items",
        UNSAFE,
        """\
import boto3
from boto3.dynamodb.conditions import Attr

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    return table.scan(FilterExpression=Attr("customer").eq(event["customer"]))["Items"]
""",
        events=[{"customer": ""}],
        state=_orders,
        files={"template.yaml": SCHEMA},
        raises=("ClientError",),
        calls={"dynamodb.Scan": (1, 0), "dynamodb.Query": (0, 1)},
        differs="rejects an empty key",
    ),
    Case(
        "LMB501",
        "the keys aren't known",
        REFUSED,
        """\
import boto3
from boto3.dynamodb.conditions import Attr

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    return table.scan(FilterExpression=Attr("customer").eq(event["customer"]))["Items"]
""",
    ),
    Case(
        "LMB501",
        "a limit, which counts before the filter",
        REFUSED,
        """\
import boto3
from boto3.dynamodb.conditions import Attr

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    return table.scan(FilterExpression=Attr("customer").eq(event["customer"]), Limit=1)["Items"]
""",
        files={"template.yaml": SCHEMA},
    ),
    Case(
        "LMB501",
        "an alternative, a negation and a range of the partition key",
        REFUSED,
        """\
import boto3
from boto3.dynamodb.conditions import Attr

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    either = table.scan(FilterExpression=Attr("customer").eq(event["a"]) | Attr("customer").eq(event["b"]))
    others = table.scan(FilterExpression=~Attr("customer").eq(event["a"]))
    later = table.scan(FilterExpression=Attr("customer").gt(event["a"]))
    return [len(found["Items"]) for found in (either, others, later)]
""",
        files={"template.yaml": SCHEMA},
    ),
    Case(
        "LMB501",
        "the response's number of items that were read",
        UNSAFE,
        """\
import boto3
from boto3.dynamodb.conditions import Attr

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    found = table.scan(FilterExpression=Attr("customer").eq(event["customer"]))
    return found["Count"], found["ScannedCount"]
""",
        events=[{"customer": "ada"}],
        state=_orders,
        files={"template.yaml": SCHEMA},
        calls={"dynamodb.Scan": (1, 0), "dynamodb.Query": (0, 1)},
        differs="`ScannedCount` is smaller",
    ),
    # --- LMB505 -----------------------------------------------------------------------------
    Case(
        "LMB505",
        "one page of a client's scan",
        UNSAFE,
        '''\
"""All prices."""

import boto3

dynamodb = boto3.client("dynamodb")


def lambda_handler(event, context):
    response = dynamodb.scan(TableName="users")
    ages = [int(item["age"]["N"]) for item in response["Items"]]
    return {"oldest": max(ages), "number": len(ages)}
''',
        events=[{}, {}],
        state=_users,
        calls={"dynamodb.Scan": (2, 2)},
    ),
    Case(
        "LMB505",
        "one page of a table's query, in plain values",
        UNSAFE,
        """\
import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    found = table.query(
        KeyConditionExpression=Key("customer").eq(event["customer"]),
        ScanIndexForward=False,
    )
    return [(item["day"], item["total"]) for item in found["Items"]]
""",
        events=[{"customer": "ada"}, {"customer": "nobody"}],
        state=_orders,
        calls={"dynamodb.Query": (2, 2)},
    ),
    Case(
        "LMB505",
        "several pages",
        UNSAFE,
        """\
import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    found = table.query(KeyConditionExpression=Key("customer").eq(event["customer"]))
    return [item["total"] for item in found["Items"]]
""",
        events=[{"customer": "ada"}],
        state=_many,
        calls={"dynamodb.Query": (1, 2)},
        differs="all pages are read, which may be many requests",
    ),
    Case(
        "LMB505",
        "no items at all: their list is still there, and their number",
        UNSAFE,
        """\
import boto3

dynamodb = boto3.client("dynamodb")


def lambda_handler(event, context):
    response = dynamodb.scan(TableName="users")
    for item in response["Items"]:
        print(item)
    return response["Count"], response["ScannedCount"], len(response["Items"])
""",
        events=[{}],
        state=lambda remote: [remote.table("users", "id"), remote.queue("other")][0],
        calls={"dynamodb.Scan": (1, 1)},
    ),
    Case(
        "LMB505",
        "the capacity that was used is read as well",
        REFUSED,
        """\
import boto3

dynamodb = boto3.client("dynamodb")


def lambda_handler(event, context):
    response = dynamodb.scan(TableName="users", ReturnConsumedCapacity="TOTAL")
    return len([item for item in response["Items"]]), response["ConsumedCapacity"]["CapacityUnits"]
""",
    ),
    Case(
        "LMB505",
        "the response goes to the caller",
        SILENT,
        """\
import boto3

dynamodb = boto3.client("dynamodb")


def lambda_handler(event, context):
    return dynamodb.scan(TableName="users")
""",
    ),
    Case(
        "LMB505",
        "a table below an attribute",
        REFUSED,
        """\
import boto3


class Users:
    def __init__(self):
        self.table = boto3.resource("dynamodb").Table("users")

    def names(self):
        return [item["name"] for item in self.table.scan()["Items"]]


users = Users()


def lambda_handler(event, context):
    return users.names()
""",
    ),
    # --- LMB506 -----------------------------------------------------------------------------
    Case(
        "LMB506",
        "the number of items of one page",
        SAFE,
        '''\
"""Counts orders."""

import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    response = table.query(
        KeyConditionExpression=Key("customer").eq(event["customer"]),
        Limit=100,  # nobody has more
    )
    if len(response["Items"]) == 0:
        return {"orders": "none"}
    return {"orders": len(response["Items"]), "more": "LastEvaluatedKey" in response}
''',
        events=[{"customer": "ada"}, {"customer": "nobody"}],
        state=_orders,
        calls={"dynamodb.Query": (2, 2)},
    ),
    Case(
        "LMB506",
        "with a filter, by a client, over more than a page",
        SAFE,
        """\
import boto3

dynamodb = boto3.client("dynamodb")


def lambda_handler(event, context):
    found = dynamodb.query(
        TableName="orders",
        KeyConditionExpression="customer = :c",
        FilterExpression="#t > :t",
        ExpressionAttributeNames={"#t": "total"},
        ExpressionAttributeValues={":c": {"S": event["customer"]}, ":t": {"N": "0"}},
        Limit=3,
    )
    return len(found.get("Items", []))
""",
        events=[{"customer": "ada"}],
        state=_many,
    ),
    Case(
        "LMB506",
        "the items are printed as well",
        SILENT,
        """\
import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    response = table.query(KeyConditionExpression=Key("customer").eq(event["customer"]), Limit=100)
    print(response)
    return len(response["Items"])
""",
    ),
    Case(
        "LMB506",
        "whether there is any item",
        UNSAFE,
        """\
import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    found = table.query(KeyConditionExpression=Key("customer").eq(event["customer"]))["Items"]
    return "known" if found else "new"
""",
        events=[{"customer": "ada"}, {"customer": "nobody"}],
        state=_orders,
        calls={"dynamodb.Query": (2, 2)},
    ),
    Case(
        "LMB506",
        "whether a filter leaves any item",
        REFUSED,
        """\
import boto3
from boto3.dynamodb.conditions import Attr, Key

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    key = Key("customer").eq(event["customer"])
    found = table.query(KeyConditionExpression=key, FilterExpression=Attr("total").gt(1))["Items"]
    return "known" if found else "new"
""",
    ),
    Case(
        "LMB506",
        "the response's length is taken under another name",
        SAFE,
        """\
import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    response = table.query(KeyConditionExpression=Key("customer").eq(event["customer"]), Limit=100)
    number = len(response["Items"])
    return f"{number} orders"
""",
        events=[{"customer": "ada"}, {"customer": "nobody"}],
        state=_orders,
    ),
    # --- LMB512 -----------------------------------------------------------------------------
    Case(
        "LMB512",
        "the same item twice",
        UNSAFE,
        '''\
"""Greets a user."""

import boto3

table = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    answer = table.get_item(Key={"id": event["id"]})
    if "Item" not in answer:
        return {"statusCode": 404}
    # Again, for the name.
    user = table.get_item(Key={"id": event["id"]})["Item"]
    return {"statusCode": 200, "body": user["name"]}
''',
        events=[{"id": "a"}, {"id": "zz"}, {}],
        state=_users,
        raises=("KeyError",),
        calls={"dynamodb.GetItem": (3, 2)},
    ),
    Case(
        "LMB512",
        "somebody else writes in between",
        UNSAFE,
        """\
import boto3

table = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    before = table.get_item(Key={"id": event["id"]})
    print(before["Item"]["name"])
    again = table.get_item(Key={"id": event["id"]})
    return before["Item"]["name"] == again["Item"]["name"]
""",
        events=[{"id": "a"}],
        state=_users,
        answers=lambda: {"dynamodb.GetItem": lambda number, _: {"Item": {"name": {"S": str(number)}}}},
        differs="what others wrote between the two reads isn't seen",
    ),
    Case(
        "LMB512",
        "something is written in between, by a helper",
        SILENT,
        """\
import boto3

table = boto3.resource("dynamodb").Table("users")


def touch(identity):
    table.update_item(
        Key={"id": identity},
        UpdateExpression="SET age = age + :one",
        ExpressionAttributeValues={":one": 1},
    )


def lambda_handler(event, context):
    before = table.get_item(Key={"id": event["id"]})
    touch(event["id"])
    after = table.get_item(Key={"id": event["id"]})
    return after["Item"]["age"] - before["Item"]["age"]
""",
    ),
    Case(
        "LMB512",
        "the first item is changed, the second is the one that was stored",
        REFUSED,
        """\
import boto3

table = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    first = table.get_item(Key={"id": event["id"]})
    first["Item"]["name"] = event["name"]
    second = table.get_item(Key={"id": event["id"]})
    return first["Item"]["name"], second["Item"]["name"]
""",
    ),
    Case(
        "LMB512",
        "an alias of the event names another item",
        SILENT,
        """\
import boto3

table = boto3.resource("dynamodb").Table("users")


def lambda_handler(event, context):
    first = table.get_item(Key={"id": event["id"]})
    request = event
    request["id"] = "b"
    second = table.get_item(Key={"id": event["id"]})
    return first["Item"]["name"] + second["Item"]["name"]
""",
    ),
    Case(
        "LMB512",
        "bodies that can be read once",
        REFUSED,
        """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    first = s3.get_object(Bucket="reports", Key=event["key"])
    print(len(first["Body"].read()))
    second = s3.get_object(Bucket="reports", Key=event["key"])
    return second["Body"].read().decode()
""",
    ),
    # --- LMB801 -----------------------------------------------------------------------------
    Case(
        "LMB801",
        "the objects of a bucket",
        UNSAFE,
        '''\
"""Lists reports."""

import boto3

s3 = boto3.client("s3")
BUCKET = "reports"


def lambda_handler(event, context):
    response = s3.list_objects_v2(Bucket=BUCKET, Prefix=event["prefix"])
    return [(entry["Key"], entry["Size"]) for entry in response["Contents"]]
''',
        events=[{"prefix": "j"}, {"prefix": ""}],
        state=lambda remote: remote.bucket("reports", january="1", june="22", may="333"),
        calls={"s3.ListObjectsV2": (2, 2)},
    ),
    Case(
        "LMB801",
        "nothing is found: the field is missing as before",
        UNSAFE,
        """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    response = s3.list_objects_v2(Bucket="reports", Prefix=event["prefix"])
    if "Contents" not in response:
        return "nothing"
    return [entry["Key"] for entry in response["Contents"]]
""",
        events=[{"prefix": "x"}, {"prefix": "j"}],
        state=lambda remote: remote.bucket("reports", january="1"),
        calls={"s3.ListObjectsV2": (2, 2)},
    ),
    Case(
        "LMB801",
        "nothing is found, and the missing field raises",
        UNSAFE,
        """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    return [entry["Key"] for entry in s3.list_objects_v2(Bucket="reports", Prefix=event["prefix"])["Contents"]]
""",
        events=[{"prefix": "x"}, {"prefix": "j"}],
        state=lambda remote: remote.bucket("reports", january="1"),
        raises=("KeyError",),
        calls={"s3.ListObjectsV2": (2, 2)},
    ),
    Case(
        "LMB801",
        "queues, of which there may be none",
        UNSAFE,
        """\
import boto3

sqs = boto3.client("sqs")


def lambda_handler(event, context):
    return sqs.list_queues(QueueNamePrefix=event["prefix"]).get("QueueUrls", [])
""",
        events=[{"prefix": "j"}, {"prefix": "x"}],
        state=lambda remote: remote.queue("jobs"),
        calls={"sqs.ListQueues": (2, 2)},
    ),
    Case(
        "LMB801",
        "several pages of parameters",
        UNSAFE,
        """\
import boto3

ssm = boto3.client("ssm")


def lambda_handler(event, context):
    found = ssm.get_parameters_by_path(Path=event["path"])
    return {one["Name"]: one["Value"] for one in found["Parameters"]}
""",
        events=[{"path": "/app"}],
        state=lambda remote: remote.parameters(**{f"/app/p{n:02}": str(n) for n in range(13)}),
        calls={"ssm.GetParametersByPath": (1, 2)},
        differs="all pages are read, which may be many requests",
    ),
    Case(
        "LMB801",
        "another field of the answer is read",
        REFUSED,
        """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    response = s3.list_objects_v2(Bucket="reports", Prefix=event["prefix"])
    return [entry["Key"] for entry in response["Contents"]], response["KeyCount"]
""",
    ),
    Case(
        "LMB801",
        "a page of a size of its own",
        SILENT,
        """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    response = s3.list_objects_v2(Bucket="reports", MaxKeys=10)
    return [entry["Key"] for entry in response["Contents"]]
""",
    ),
]


def _years(remote: Remote) -> None:
    """A table whose key is a number."""
    dynamodb = remote.client("dynamodb")
    dynamodb.create_table(
        TableName="years",
        KeySchema=[{"AttributeName": "year", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "year", "AttributeType": "N"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName="years", Item={"year": {"N": "2000"}, "name": {"S": "dragon"}})

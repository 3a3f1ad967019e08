"""Handlers do the same before and after the fixes of the rules about reads of DynamoDB, with fewer or smaller ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from running import Event, fixed, found, run

TEMPLATE = """\
Resources:
  Users:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: users
      KeySchema:
        - {AttributeName: id, KeyType: HASH}
  Lines:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: lines
      KeySchema:
        - {AttributeName: id, KeyType: HASH}
        - {AttributeName: line, KeyType: RANGE}
"""
FILES = {"template.yaml": TEMPLATE}


def seed(session: boto3.Session) -> None:
    dynamodb = session.resource("dynamodb")
    for name, keys in (("users", ["id"]), ("lines", ["id", "line"])):
        dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": k, "KeyType": t} for k, t in zip(keys, ("HASH", "RANGE"), strict=False)],
            AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k in keys],
            BillingMode="PAY_PER_REQUEST",
        )
    dynamodb.Table("users").put_item(Item={"id": "u", "name": "Ada", "n": 1, "year": 1815, "a-b": "dash"})
    dynamodb.Table("users").put_item(Item={"id": "bare"})
    for line in "123":
        dynamodb.Table("lines").put_item(Item={"id": "o", "line": line, "n": int(line), "status": "open"})


def rows(session: boto3.Session) -> object:
    dynamodb = session.resource("dynamodb")
    return [sorted(dynamodb.Table(name).scan()["Items"], key=str) for name in ("users", "lines")]


def handler(*body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body)
    return f"""\
import boto3
from boto3.dynamodb.conditions import Key

client = boto3.client("dynamodb")
table = boto3.resource("dynamodb").Table("users")
lines = boto3.resource("dynamodb").Table("lines")
key = Key


def lambda_handler(event, context):
{lines}"""


@dataclass(frozen=True)
class Same:
    """A handler that a fix changes, the events that show it, and the calls of the first event after the fix.

    `told` are exceptions that the fix's message tells of: raised before, and after.
    """

    name: str
    rule: str
    code: str
    events: list[Event]
    calls: dict[str, int]
    told: tuple[str, str] = ("", "")


QUERY = 'lines.query(KeyConditionExpression=Key("id").eq(event["id"]) & Key("line").eq(event["line"]))'
UPDATE = (
    'table.update_item(Key={"id": event["id"]}, UpdateExpression="ADD n :one", ExpressionAttributeValues={":one": 1})'
)
ONE = [{"id": "o", "line": "2"}, {"id": "o", "line": "none"}, {"id": "", "line": "2"}]
BOTH = [{"id": "u"}, {"id": "new"}, {"id": ""}]

SAME = [
    Same(
        "the first of the items",
        "LMB509",
        handler(f'return {QUERY}["Items"][0]'),
        ONE,
        {"GetItem": 1},
        ("IndexError", "KeyError"),
    ),
    Same(
        "items that are asked for first",
        "LMB509",
        handler(
            f"answer = {QUERY}",
            'if not answer["Items"]:',
            "    return None",
            'return answer["Items"][0]["n"]',
        ),
        ONE,
        {"GetItem": 1},
    ),
    Same(
        "items that are counted",
        "LMB509",
        handler(
            f"answer = {QUERY}",
            'if len(answer.get("Items", [])) > 0 and answer["Count"] == 1:',
            '    return answer["Items"][0]["n"]',
            'return "none" if answer["Count"] == 0 else "some"',
        ),
        ONE,
        {"GetItem": 1},
    ),
    Same(
        "a condition in a text, on a client",
        "LMB509",
        handler(
            "answer = client.query(",
            '    TableName="users",',
            '    KeyConditionExpression="#id = :id",',
            '    ExpressionAttributeNames={"#id": "id"},',
            '    ExpressionAttributeValues={":id": {"S": event["id"]}},',
            "    Limit=1,",
            "    ConsistentRead=True,",
            ")",
            'return answer["Items"][0] if answer["Items"] else None',
        ),
        BOTH,
        {"GetItem": 1},
    ),
    Same(
        "what an update left",
        "LMB513",
        handler(UPDATE, 'answer = table.get_item(Key={"id": event["id"]})', 'return answer["Item"]'),
        BOTH[:2],
        {"UpdateItem": 1},
    ),
    Same(
        "what an update left, in place and by a client",
        "LMB513",
        handler(
            'user = {"S": event["id"]}',
            "client.update_item(",
            '    TableName="users", Key={"id": user}, UpdateExpression="SET seen = :t",',
            '    ExpressionAttributeValues={":t": {"N": "01.50"}},',
            ")",
            'return client.get_item(TableName="users", Key={"id": user}, ConsistentRead=True).get("Item", {})["seen"]',
        ),
        BOTH[:2],
        {"UpdateItem": 1},
    ),
    Same(
        "an update whose condition fails",
        "LMB513",
        handler(
            'user = event["id"]',
            "table.update_item(",
            '    Key={"id": user},',
            '    UpdateExpression="REMOVE n",',
            '    ConditionExpression="attribute_exists(id)",',
            ")",
            'return table.get_item(Key={"id": user})["Item"]',
        ),
        BOTH,
        {"UpdateItem": 1},
    ),
    Same(
        "what was put: texts",
        "LMB513",
        handler(
            'item = {"id": f"{event[\'id\']}!", "kind": "user", "tags": ["a", None], "on": True}',
            "table.put_item(Item=item)",
            'answer = table.get_item(Key={"id": item["id"]})',
            'return answer["Item"]',
        ),
        BOTH[:2],
        {"PutItem": 1},
    ),
    Same(
        "what was put by a client: texts by their type",
        "LMB513",
        handler(
            'item = {"id": {"S": event["id"]}, "kind": {"S": event.get("kind", "user")}}',
            'client.put_item(TableName="users", Item=item)',
            'return client.get_item(TableName="users", Key={"id": item["id"]})["Item"]',
        ),
        BOTH,
        {"PutItem": 1},
    ),
    Same(
        "some attributes, reserved ones among them",
        "LMB507",
        handler(
            'answer = table.get_item(Key={"id": event["id"]})',
            'return {"name": answer["Item"].get("name"), "n": answer["Item"].get("n")}',
        ),
        [*BOTH, {"id": "bare"}],
        {"GetItem": 1},
    ),
    Same(
        "an item that has none of the attributes is still there",
        "LMB507",
        handler(
            'item = table.get_item(Key={"id": event["id"]}).get("Item")',
            "if not item:",
            '    return "none"',
            'return item.get("year", "no year")',
        ),
        [*BOTH, {"id": "bare"}],
        {"GetItem": 1},
    ),
    Same(
        "items of a query",
        "LMB507",
        handler(
            'answer = lines.query(KeyConditionExpression=Key("id").eq(event["id"]), Limit=2)',
            'return [(item["n"], item["status"]) for item in answer["Items"]]',
        ),
        ONE,
        {"Query": 1},
    ),
]


@pytest.mark.parametrize("case", SAME, ids=lambda case: f"{case.rule} {case.name}")
def test_a_handler_does_the_same(case: Same, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after = fixed(tmp_path, case.code, case.rule, FILES)
    assert after != case.code
    for number, event in enumerate(case.events):
        old = run(monkeypatch, case.code, event, seed, rows)
        new = run(monkeypatch, after, event, seed, rows)
        if old.raised[0] and old.raised[0] == case.told[0]:
            assert new.raised == (case.told[1], "")
        else:
            assert (new.result, new.raised) == (old.result, old.raised)
        assert new.state == old.state
        assert sum(new.calls.values()) <= sum(old.calls.values())
        if number == 0:
            assert new.calls == case.calls


REFUSED: list[tuple[str, str, str]] = [
    ("the list goes to the caller", "LMB509", handler(f'return {QUERY}["Items"]')),
    ("the items are gone through", "LMB509", handler(f"answer = {QUERY}", 'return [i["n"] for i in answer["Items"]]')),
    (
        "that there is none is caught",
        "LMB509",
        handler("try:", f'    return {QUERY}["Items"][0]', "except IndexError:", "    return None"),
    ),
    (
        "placeholders of a projection",
        "LMB509",
        handler(
            "answer = client.query(",
            '    TableName="users",',
            '    KeyConditionExpression="#id = :id",',
            '    ProjectionExpression="#name",',
            '    ExpressionAttributeNames={"#id": "id", "#name": "name"},',
            '    ExpressionAttributeValues={":id": {"S": event["id"]}},',
            ")",
            'return answer["Items"][0]',
        ),
    ),
    (
        "the update's own answer is used",
        "LMB513",
        handler(f"old = {UPDATE}", 'item = table.get_item(Key={"id": event["id"]})["Item"]', "return old, item"),
    ),
    (
        "the update returns something else",
        "LMB513",
        handler(
            'table.update_item(Key={"id": event["id"]}, UpdateExpression="REMOVE n", ReturnValues="UPDATED_OLD")',
            'return table.get_item(Key={"id": event["id"]})["Item"]',
        ),
    ),
    (
        "a part of the item is read",
        "LMB513",
        handler(UPDATE, 'return table.get_item(Key={"id": event["id"]}, ProjectionExpression="n")["Item"]'),
    ),
    ("the whole answer", "LMB513", handler(UPDATE, 'return table.get_item(Key={"id": event["id"]})')),
    (
        "numbers come back as others",
        "LMB513",
        handler(
            'item = {"id": "x", "n": 1}',
            "table.put_item(Item=item)",
            'return table.get_item(Key={"id": item["id"]})["Item"]',
        ),
    ),
    (
        "what an event holds may be a number",
        "LMB513",
        handler(
            'item = {"id": "x", "n": event["n"]}',
            "table.put_item(Item=item)",
            'return table.get_item(Key={"id": item["id"]})["Item"]',
        ),
    ),
    (
        "the item is used further on",
        "LMB513",
        handler(
            'item = {"id": "x", "kind": "user"}',
            "table.put_item(Item=item)",
            'read = table.get_item(Key={"id": item["id"]})["Item"]',
            'read["kind"] = "other"',
            "return item, read",
        ),
    ),
    (
        "an item that is looked at whether it is there, by a key that isn't written out",
        "LMB507",
        handler(
            'item = table.get_item(Key=event["key"]).get("Item")',
            'return item["name"] if item else None',
        ),
    ),
    (
        "names of which some are given already",
        "LMB507",
        handler(
            "answer = client.query(",
            '    TableName="users",',
            '    KeyConditionExpression="#id = :id",',
            '    ExpressionAttributeNames={"#id": "id"},',
            '    ExpressionAttributeValues={":id": {"S": event["id"]}},',
            ")",
            'return [item["name"] for item in answer["Items"]]',
        ),
    ),
    (
        "an attribute that no placeholder can be called like",
        "LMB507",
        handler('return table.get_item(Key={"id": event["id"]})["Item"]["a-b"]'),
    ),
]


@pytest.mark.parametrize(("name", "rule", "code"), REFUSED, ids=[f"{rule} {name}" for name, rule, _ in REFUSED])
def test_a_handler_is_left_alone(name: str, rule: str, code: str, tmp_path: Path) -> None:
    """The finding stands, but nothing is changed."""
    assert found(tmp_path, code, rule, FILES)
    assert fixed(tmp_path, code, rule, FILES) == code

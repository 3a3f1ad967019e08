"""Handlers do the same before and after the fixes of the batching rules, with fewer requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from running import Event, Look, fixed, found, module, run, safely_fixed, stubbed

QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:orders"
TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema:
        - {AttributeName: id, KeyType: HASH}
        - {AttributeName: line, KeyType: RANGE}
"""


# --- what is there before and after --------------------------------------------------------------


def tables(session: boto3.Session) -> None:
    """Two tables with a composite key, one of them with rows."""
    dynamodb = session.resource("dynamodb")
    for name in ("orders", "rules"):
        dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "line", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("id", "line")],
            BillingMode="PAY_PER_REQUEST",
        )
    for number in range(30):
        dynamodb.Table("orders").put_item(Item={"id": f"old-{number}", "line": "1"})
    dynamodb.Table("rules").put_item(Item={"id": "vat", "line": "1", "rate": 19})


def rows(session: boto3.Session) -> object:
    found = session.resource("dynamodb").Table("orders").scan()["Items"]
    return sorted(found, key=lambda item: (item["id"], item["line"]))


def queue(session: boto3.Session) -> None:
    session.client("sqs").create_queue(QueueName="orders")


def messages(session: boto3.Session) -> object:
    """All messages of the queue, in order, with what tells them apart."""
    sqs, found = session.client("sqs"), []
    while True:
        url = sqs.get_queue_url(QueueName="orders")["QueueUrl"]
        got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        if "Messages" not in got:
            return found
        found += [(one["Body"], one.get("MessageAttributes")) for one in got["Messages"]]


def strict_queue(session: boto3.Session) -> None:
    session.client("sqs").create_queue(QueueName="orders.fifo", Attributes={"FifoQueue": "true"})


def strict_messages(session: boto3.Session) -> object:
    """The messages of each group, in their order."""
    sqs, found = session.client("sqs"), dict[str, list[str]]()
    url = sqs.get_queue_url(QueueName="orders.fifo")["QueueUrl"]
    while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"]).get("Messages"):
        for one in got:
            found.setdefault(one["Attributes"]["MessageGroupId"], []).append(one["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    return found


def topic(session: boto3.Session) -> None:
    """A topic whose messages end up in the queue."""
    queue(session)
    sns = session.client("sns")
    sns.create_topic(Name="orders")
    sns.subscribe(
        TopicArn=TOPIC,
        Protocol="sqs",
        Endpoint="arn:aws:sqs:eu-west-1:123456789012:orders",
        Attributes={"RawMessageDelivery": "true"},
    )


def bus(session: boto3.Session) -> None:
    """The default event bus, with a rule that sends all to the queue."""
    queue(session)
    events = session.client("events")
    events.put_rule(Name="all", EventPattern=json.dumps({"source": ["shop"]}))
    events.put_targets(Rule="all", Targets=[{"Id": "1", "Arn": "arn:aws:sqs:eu-west-1:123456789012:orders"}])


def received_events(session: boto3.Session) -> object:
    found = [json.loads(body) for body, _ in messages(session)]
    return [(one["source"], one["detail-type"], one["detail"]) for one in found]


def stream(session: boto3.Session) -> None:
    session.client("kinesis").create_stream(StreamName="orders", ShardCount=1)


def records(session: boto3.Session) -> object:
    kinesis = session.client("kinesis")
    shard = kinesis.list_shards(StreamName="orders")["Shards"][0]["ShardId"]
    start = kinesis.get_shard_iterator(StreamName="orders", ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    found = kinesis.get_records(ShardIterator=start["ShardIterator"])["Records"]
    return sorted((one["PartitionKey"], one["Data"]) for one in found)


def bucket(session: boto3.Session) -> None:
    s3 = session.client("s3")
    s3.create_bucket(Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for number in range(30):
        s3.put_object(Bucket="uploads", Key=f"tmp/{number} & co.txt", Body=b"x")


def delivery(session: boto3.Session) -> None:
    bucket(session)
    session.client("firehose").create_delivery_stream(
        DeliveryStreamName="orders",
        S3DestinationConfiguration={"RoleARN": "arn:aws:iam::123456789012:role/r", "BucketARN": "arn:aws:s3:::uploads"},
    )


def contents(session: boto3.Session) -> object:
    s3 = session.client("s3")
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket="uploads").get("Contents", [])]
    bodies = (s3.get_object(Bucket="uploads", Key=key)["Body"].read() for key in keys if not key.startswith("tmp/"))
    return sorted(key for key in keys if key.startswith("tmp/")), b"".join(bodies)


def names(session: boto3.Session) -> None:
    ssm, secrets = session.client("ssm"), session.client("secretsmanager")
    for number in range(25):
        ssm.put_parameter(
            Name=f"/app/{number}", Value=f"value {number}", Type="SecureString" if number % 2 else "String"
        )
        secrets.create_secret(Name=f"tenant/{number}", SecretString=f"secret {number}")


def nothing(session: boto3.Session) -> object:
    return None


# --- the same outcome ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Same:
    """A handler that a fix changes, the events that show it, and the calls of the first event after the fix."""

    name: str
    rule: str
    code: str
    events: list[Event]
    calls: dict[str, int]
    seed: Look
    state: Look = nothing
    files: dict[str, str] = field(default_factory=dict)


def handler(body: str, *head: str) -> str:
    """A module whose handler has this body, after the lines of `head`."""
    lines = "".join(f"    {line}\n" if line else "\n" for line in body.strip("\n").splitlines())
    return (
        "\n".join(["import json", "", "import boto3", "", *head])
        + f"\n\n\ndef lambda_handler(event, context):\n{lines}"
    )


ORDERS = 'table = boto3.resource("dynamodb").Table("orders")'
SQS = ('sqs = boto3.client("sqs")', f'QUEUE = "{QUEUE}"')
KEYED = {"template.yaml": TEMPLATE}
LINES = [{"id": f"o-{n % 28}", "line": str(n % 2), "n": n} for n in range(60)]  # some keys twice
ITEMS = [{"orders": LINES}, {"orders": []}, {"orders": LINES[:1]}]
TEXTS = [{"orders": [f"order {n}" for n in range(25)]}, {"orders": []}, {"orders": ["é" * 80_000] * 5}]

PUT = 'table.put_item(Item={"id": order["id"], "line": order["line"]})'
CLIENT = 'dynamodb = boto3.client("dynamodb")'
CLIENT_PUT = 'dynamodb.put_item(TableName="orders", Item={"id": %s, "line": {"S": order["line"]}})'
CLIENT_DELETE = (
    'dynamodb.delete_item(TableName="orders", Key={"id": {"S": order["old"]}, "line": {"S": order["line"]}})'
)
HALF_PUT = 'dynamodb.put_item(TableName="orders", Item={"id": {"S": order["id"]}})'


def loop(*body: str, head: str = 'for order in event["orders"]:', after: str = "") -> str:
    return "\n".join([head, *(f"    {line}" for line in body), *([after] if after else [])])


SAME = [
    Same(
        "puts, some keys twice: the last one wins",
        "LMB402",
        handler(
            """
for order in event["orders"]:
    # one row per line
    table.put_item(Item={"id": order["id"], "line": order["line"], "n": order["n"]})
return len(event["orders"])
""",
            ORDERS,
        ),
        ITEMS,
        {"BatchWriteItem": 3},
        tables,
        rows,
        KEYED,
    ),
    Same(
        "deletes, whose own key tells the table's",
        "LMB402",
        handler(
            """
for order in event["orders"]:
    table.delete_item(Key={"id": order["id"].replace("o", "old"), "line": "1"})
""",
            ORDERS,
        ),
        ITEMS,
        {"BatchWriteItem": 3},
        tables,
        rows,
    ),
    Same(
        "a put and a delete of the same key in one turn stay in order",
        "LMB402",
        handler(
            '''
for order in event["orders"]:
    if order["n"] % 3:
        note = """of
  two lines"""
        table.put_item(
            Item={"id": order["id"], "line": order["line"], "note": note},
        )
    table.delete_item(Key={"id": order["id"], "line": "0"})
''',
            ORDERS,
        ),
        ITEMS,
        {"BatchWriteItem": 4},
        tables,
        rows,
    ),
    Same(
        "puts through a client, some keys twice, among other statements",
        "LMB402",
        handler(
            """
count = 0
for order in event["orders"]:
    # each line by itself
    if order["line"] != "7":
        count += 1
        dynamodb.put_item(
            TableName="orders",
            Item={"id": {"S": order["id"]}, "line": {"S": order["line"]}, "n": {"N": str(count)}},
        )
return count
""",
            'dynamodb = boto3.client("dynamodb")',
        ),
        ITEMS,
        {"BatchWriteItem": 2},  # 28 keys
        tables,
        rows,
        KEYED,
    ),
    Same(
        "deletes through a client, of keys that are twice there and of one that is empty",
        "LMB402",
        handler(
            """
TABLE = "orders"
for number in event["numbers"]:
    dynamodb.delete_item(TableName=TABLE, Key={"id": {"S": f"old-{number}" if number else ""}, "line": {"S": "1"}})
""",
            'dynamodb = boto3.client("dynamodb")',
        ),
        [{"numbers": [n % 29 + 1 for n in range(40)]}, {"numbers": []}, {"numbers": [0]}],
        {"BatchWriteItem": 2},
        tables,
        rows,
    ),
    Same(
        "a record without a field: what came before it is stored",
        "LMB402",
        handler(loop(PUT), ORDERS),
        [{"orders": [*LINES[:3], {"id": "x"}, *LINES[3:5]]}],
        {"BatchWriteItem": 1},
        tables,
        rows,
        KEYED,
    ),
    Same(
        "a float is refused by both",
        "LMB402",
        handler(
            """
for order in event["orders"]:
    table.put_item(Item={"id": order["id"], "line": order["line"], "n": order["n"] / 2})
""",
            ORDERS,
        ),
        [{"orders": LINES[:1]}],
        {},
        tables,
        rows,
        KEYED,
    ),
    Same(
        "a key that is missing is refused by both",
        "LMB402",
        handler(
            """
for order in event["orders"]:
    table.put_item(Item={"id": order["id"], "line": order["line"], "state": "new"})
""",
            ORDERS,
        ),
        [{"orders": [{"id": "", "line": "1"}]}, {"orders": [{"id": "x"}]}],
        {"BatchWriteItem": 1},
        tables,
        rows,
        KEYED,
    ),
    Same(
        "a read of another table in each turn",
        "LMB402",
        handler(
            """
for order in event["orders"]:
    rule = rules.get_item(Key={"id": "vat", "line": "1"})["Item"]
    table.put_item(Item={"id": order["id"], "line": order["line"], "rate": rule["rate"]})
""",
            ORDERS,
            'rules = boto3.resource("dynamodb").Table("rules")',
        ),
        [{"orders": LINES[:26]}],
        {"GetItem": 26, "BatchWriteItem": 2},
        tables,
        rows,
        KEYED,
    ),
    Same(
        "a writer in each turn",
        "LMB407",
        handler(
            """
for order in event["orders"]:
    with table.batch_writer() as batch:
        batch.put_item(Item={"id": order["id"], "line": order["line"], "n": order["n"]})
""",
            ORDERS,
        ),
        ITEMS,
        {"BatchWriteItem": 3},
        tables,
        rows,
        KEYED,
    ),
    Same(
        "a writer that knows the key, among other statements",
        "LMB407",
        handler(
            """
total = 0
for order in event["orders"]:
    total += order["n"]
    if total % 2:
        with table.batch_writer(overwrite_by_pkeys=["id", "line"]) as batch:
            batch.put_item(Item={"id": order["id"], "line": order["line"], "n": total})
            batch.delete_item(Key={"id": order["id"], "line": "draft"})
return total
""",
            ORDERS,
        ),
        ITEMS,
        {"BatchWriteItem": 3},
        tables,
        rows,
    ),
    Same(
        "messages, of which two hundred kilobytes fit into a request",
        "LMB403",
        handler('for order in event["orders"]:\n    sqs.send_message(QueueUrl=QUEUE, MessageBody=order)', *SQS),
        TEXTS,
        {"SendMessageBatch": 3},
        queue,
        messages,
    ),
    Same(
        "messages with attributes, some of them left out",
        "LMB403",
        handler(
            """
sent = 0
for order in event["orders"]:
    if order.endswith("3"):
        continue
    sent += 1
    # one by one
    sqs.send_message(
        QueueUrl=QUEUE,
        MessageBody=json.dumps(
            {"order": order, "number": sent},
        ),
        MessageAttributes={"kind": {"DataType": "String", "StringValue": "a  b"}},
    )
return sent
""",
            *SQS,
        ),
        TEXTS,
        {"SendMessageBatch": 3},
        queue,
        messages,
    ),
    Same(
        "messages of several groups, whose order counts",
        "LMB403",
        handler(
            """
for number, order in enumerate(event["orders"]):
    sqs.send_message(
        QueueUrl=QUEUE,
        MessageBody=order,
        MessageGroupId=str(number % 2),
        MessageDeduplicationId=f"{number}",
    )
""",
            'sqs = boto3.client("sqs")',
            f'QUEUE = "{QUEUE}.fifo"',
        ),
        [{"orders": [f"order {n}" for n in range(25)]}, {"orders": []}],
        {"SendMessageBatch": 3},
        strict_queue,
        strict_messages,
    ),
    Same(
        "a queue that isn't there",
        "LMB403",
        handler(
            """
try:
    for order in event["orders"]:
        sqs.send_message(QueueUrl=QUEUE + "-2", MessageBody=order)
except sqs.exceptions.QueueDoesNotExist:
    return "no queue"
""",
            *SQS,
        ),
        TEXTS[:2],
        {"SendMessageBatch": 1},
        queue,
        messages,
    ),
    Same(
        "messages of a Queue object",
        "LMB403",
        handler(
            'for order in event["orders"]:\n    queue.send_message(MessageBody=order, DelaySeconds=0)',
            f'queue = boto3.resource("sqs").Queue("{QUEUE}")',
        ),
        TEXTS,
        {"SendMessageBatch": 3},
        queue,
        messages,
    ),
    Same(
        "messages to a topic",
        "LMB403",
        handler(
            'for order in event["orders"]:\n    sns.publish(TopicArn=TOPIC, Message=order, Subject="new")',
            'sns = boto3.client("sns")',
            f'TOPIC = "{TOPIC}"',
        ),
        TEXTS[:2],
        {"PublishBatch": 3},
        topic,
        messages,
    ),
    Same(
        "events",
        "LMB403",
        handler(
            """
for order in event["orders"]:
    entry = {"Source": "shop", "DetailType": "order", "Detail": json.dumps({"order": order})}
    events.put_events(Entries=[entry])
""",
            'events = boto3.client("events")',
        ),
        TEXTS[:2],
        {"PutEvents": 3},
        bus,
        received_events,
    ),
    Same(
        "records of a stream",
        "LMB403",
        handler(
            """
for order in event["orders"]:
    kinesis.put_record(StreamName="orders", Data=order, PartitionKey=order[-1])
""",
            'kinesis = boto3.client("kinesis")',
        ),
        [{"orders": [f"order {n}" for n in range(600)]}, {"orders": []}],
        {"PutRecords": 2},
        stream,
        records,
    ),
    Same(
        "records of a delivery stream",
        "LMB403",
        handler(
            """
for order in event["orders"]:
    firehose.put_record(DeliveryStreamName="orders", Record={"Data": order})
""",
            'firehose = boto3.client("firehose")',
        ),
        [{"orders": [f"order {n:03}" for n in range(40)]}, {"orders": []}],
        {"PutRecordBatch": 1},
        delivery,
        lambda session: None,
    ),
    Same(
        "objects, some of them not there, one twice",
        "LMB405",
        handler(
            'for key in event["keys"]:\n    s3.delete_object(Bucket="uploads", Key=key)', 's3 = boto3.client("s3")'
        ),
        [{"keys": [f"tmp/{n % 29} & co.txt" for n in range(40)]}, {"keys": []}],
        {"DeleteObjects": 1},
        bucket,
        contents,
    ),
    Same(
        "objects of a bucket that isn't named where there is nothing to do",
        "LMB405",
        handler(
            """
removed = 0
for key in event["keys"]:
    removed += 1
    s3.delete_object(Bucket=event["bucket"], Key=f"tmp/{key} & co.txt")
return removed
""",
            's3 = boto3.client("s3")',
        ),
        [{"keys": [1, 2, 3], "bucket": "uploads"}, {"keys": []}, {"keys": [1]}, {"keys": [1], "bucket": "others"}],
        {"DeleteObjects": 1},
        bucket,
        contents,
    ),
    Same(
        "parameters by name, in their order, some twice",
        "LMB404",
        handler(
            """
found = {}
for name in event["names"]:
    found[name] = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
return list(found.items())
""",
            'ssm = boto3.client("ssm")',
        ),
        [
            {"names": [f"/app/{n % 23}" for n in range(30)]},
            {"names": []},
            {"names": ["/app/3", "/app/none", "/app/4"]},
            {"names": ["/app/3", "arn:aws:ssm:eu-west-1:123456789012:parameter/app/4"]},
        ],
        {"GetParameters": 3},
        names,
    ),
    Same(
        "parameters of a comprehension, still encrypted",
        "LMB404",
        handler(
            'return [ssm.get_parameter(Name=f"/app/{name}")["Parameter"]["Value"] for name in event["names"]]',
            'ssm = boto3.client("ssm")',
        ),
        [{"names": list(range(25))}, {"names": []}, {"names": ["none"]}],
        {"GetParameters": 3},
        names,
    ),
    Same(
        "secrets",
        "LMB404",
        handler(
            """
found = []
for tenant in event["tenants"]:
    answer = secrets.get_secret_value(SecretId=tenant)
    found.append(answer["SecretString"])
return found
""",
            'secrets = boto3.client("secretsmanager")',
        ),
        [
            {"tenants": [f"tenant/{n % 24}" for n in range(30)]},
            {"tenants": []},
            {"tenants": ["tenant/1", "tenant/none"]},
        ],
        {"BatchGetSecretValue": 2},
        names,
    ),
]


@pytest.mark.parametrize("case", SAME, ids=lambda case: f"{case.rule} {case.name}")
def test_a_handler_does_the_same(case: Same, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after = fixed(tmp_path, case.code, case.rule, case.files)
    assert after != case.code
    for number, event in enumerate(case.events):
        old = run(monkeypatch, case.code, event, case.seed, case.state)
        new = run(monkeypatch, after, event, case.seed, case.state)
        assert (new.result, new.raised, new.state) == (old.result, old.raised, old.state)
        assert sum(new.calls.values()) <= sum(old.calls.values())
        if number == 0:
            assert new.calls == case.calls


# --- what is left alone ---------------------------------------------------------------------------

SEND = "sqs.send_message(QueueUrl=QUEUE, MessageBody=order)"


REFUSED: list[tuple[str, str, str, dict[str, str]]] = [
    ("the key isn't known, and may come twice", "LMB402", handler(loop(PUT), ORDERS), {}),
    (
        "a client's item whose key is a number",
        "LMB402",
        handler(loop(CLIENT_PUT % '{"N": order["id"]}'), CLIENT),
        KEYED,
    ),
    ("a client's item without half of the key", "LMB402", handler(loop(HALF_PUT), CLIENT), KEYED),
    (
        "a client's writes of two kinds, whose order counts",
        "LMB402",
        handler(loop(CLIENT_PUT % '{"S": order["id"]}', CLIENT_DELETE), CLIENT),
        KEYED,
    ),
    (
        "half of the key is all that the template tells",
        "LMB402",
        handler(loop('table.put_item(Item={"id": order["id"]})'), ORDERS),
        KEYED,
    ),
    ("a dict that others hold as well", "LMB402", handler(loop("table.put_item(Item=order)"), ORDERS), KEYED),
    (
        "a list inside the item that grows",
        "LMB402",
        handler(
            "seen = []\n"
            + loop(
                'seen.append(order["id"])',
                'table.put_item(Item={"id": order["id"], "line": order["line"], "seen": seen})',
            ),
            ORDERS,
        ),
        KEYED,
    ),
    (
        "a part of the item is changed behind the call",
        "LMB402",
        handler(
            loop(
                'table.put_item(Item={"id": order["id"], "line": order["line"], "tags": order["tags"]})',
                'order["tags"].append("saved")',
            ),
            ORDERS,
        ),
        KEYED,
    ),
    ("arguments from elsewhere", "LMB402", handler(loop('table.put_item(**{"Item": order})'), ORDERS), KEYED),
    (
        "what BatchWriteItem can't return",
        "LMB402",
        handler(
            loop('table.put_item(Item={"id": order["id"], "line": order["line"]}, ReturnConsumedCapacity="TOTAL")'),
            ORDERS,
        ),
        KEYED,
    ),
    (
        "a turn that may fail by itself",
        "LMB402",
        handler(loop("if not order:", "    raise ValueError", PUT), ORDERS),
        KEYED,
    ),
    ("an else of the loop", "LMB402", handler(loop(PUT, after="else:\n    print(1)"), ORDERS), KEYED),
    (
        "items that come while the table is read",
        "LMB402",
        handler(
            loop(PUT, head="for order in all_orders():"),
            ORDERS,
            "",
            "",
            "def all_orders():",
            '    yield from table.scan()["Items"]',
        ),
        KEYED,
    ),
    (
        "a writer without a key that is known",
        "LMB407",
        handler(loop("with table.batch_writer() as batch:", f"    {PUT.replace('table', 'batch')}"), ORDERS),
        {},
    ),
    (
        "a writer with half of the key",
        "LMB407",
        handler(
            loop(
                'with table.batch_writer(overwrite_by_pkeys=["id"]) as batch:', f"    {PUT.replace('table', 'batch')}"
            ),
            ORDERS,
        ),
        KEYED,
    ),
    (
        "a writer that something else gets, too",
        "LMB407",
        handler(
            loop("with table.batch_writer() as batch:", f"    {PUT.replace('table', 'batch')}", "    print(batch)"),
            ORDERS,
        ),
        KEYED,
    ),
    (
        "messages that are removed when they are done",
        "LMB403",
        handler(
            loop(
                'print(json.loads(order["Body"])["id"])',
                'sqs.delete_message(QueueUrl=QUEUE, ReceiptHandle=order["ReceiptHandle"])',
            ),
            *SQS,
        ),
        {},
    ),
    (
        "a call for the queue's name",
        "LMB403",
        handler(loop("sqs.send_message(QueueUrl=str(QUEUE), MessageBody=order)"), *SQS),
        {},
    ),
    (
        "attributes for all turns",
        "LMB403",
        handler(
            "attributes = {}\n"
            + loop(
                'attributes["n"] = {"DataType": "String", "StringValue": order}',
                "sqs.send_message(QueueUrl=QUEUE, MessageBody=order, MessageAttributes=attributes)",
            ),
            *SQS,
        ),
        {},
    ),
    (
        "attributes for all turns, under another name",
        "LMB403",
        handler(
            "attributes = {}\n"
            + loop(
                "given = attributes",
                'given["n"] = {"DataType": "String", "StringValue": order}',
                "sqs.send_message(QueueUrl=QUEUE, MessageBody=order, MessageAttributes=given)",
            ),
            *SQS,
        ),
        {},
    ),
    (
        "an endpoint of the events' own",
        "LMB403",
        handler(
            loop('events.put_events(Entries=[{"Detail": order}], EndpointId="abc.def")'),
            'events = boto3.client("events")',
        ),
        {},
    ),
    (
        "a comment inside the call",
        "LMB403",
        handler(loop("sqs.send_message(", "    QueueUrl=QUEUE,  # ours", "    MessageBody=order,", ")"), *SQS),
        {},
    ),
    (
        "a generator that hands on what was sent",
        "LMB403",
        handler(
            "return list(sent(event))",
            *SQS,
            "",
            "",
            "def sent(event):",
            '    for order in event["orders"]:',
            f"        {SEND}",
            "        yield order",
        ),
        {},
    ),
    (
        "an owner who is checked",
        "LMB405",
        handler(
            loop('s3.delete_object(Bucket="uploads", Key=order, ExpectedBucketOwner="123456789012")'),
            's3 = boto3.client("s3")',
        ),
        {},
    ),
    (
        "names that a turn catches",
        "LMB404",
        handler(
            "found = []\n"
            + loop(
                "try:",
                '    found.append(ssm.get_parameter(Name=order)["Parameter"]["Value"])',
                "except ssm.exceptions.ParameterNotFound:",
                '    found.append("")',
            ),
            'ssm = boto3.client("ssm")',
        ),
        {},
    ),
    (
        "names that are asked for under a condition",
        "LMB404",
        handler(
            "found = []\n" + loop('found.append(order and ssm.get_parameter(Name=order)["Parameter"]["Value"])'),
            'ssm = boto3.client("ssm")',
        ),
        {},
    ),
    (
        "names that are ARNs",
        "LMB404",
        handler(
            'return [ssm.get_parameter(Name=f"arn:aws:ssm:eu:1:parameter/{n}")["Parameter"] for n in event["names"]]',
            'ssm = boto3.client("ssm")',
        ),
        {},
    ),
    (
        "what only a single answer holds",
        "LMB404",
        handler(
            'return [ssm.get_parameter(Name=name)["ResponseMetadata"] for name in event["names"]]',
            'ssm = boto3.client("ssm")',
        ),
        {},
    ),
]


@pytest.mark.parametrize(
    ("name", "rule", "code", "files"), REFUSED, ids=[f"{rule} {name}" for name, rule, *_ in REFUSED]
)
def test_a_handler_is_left_alone(name: str, rule: str, code: str, files: dict[str, str], tmp_path: Path) -> None:
    """The finding stands, but nothing is changed."""
    assert found(tmp_path, code, rule, files)
    assert fixed(tmp_path, code, rule, files) == code


def test_only_a_loop_that_is_nothing_but_the_writer_is_changed_safely(tmp_path: Path) -> None:
    writer = ["with table.batch_writer() as batch:", f"    {PUT.replace('table', 'batch')}"]
    alone, beside = handler(loop(*writer), ORDERS), handler(loop("print(order)", *writer), ORDERS)
    assert safely_fixed(tmp_path / "alone", alone, "LMB407", KEYED) != alone
    assert safely_fixed(tmp_path / "beside", beside, "LMB407", KEYED) == beside
    assert fixed(tmp_path / "unsafe", beside, "LMB407", KEYED) != beside


# --- entries that fail --------------------------------------------------------------------------


def helper_of(tmp_path: Path, call: str, service: str, name: str) -> Callable[..., Any]:
    """The function that a fix writes for a loop around `call`."""
    code = handler(loop(call), f'client = boto3.client("{service}", "eu-west-1")')
    return module(fixed(tmp_path, code, "LMB405" if service == "s3" else "LMB403"))[name]


FAILING = [
    (
        "sqs",
        f'client.send_message(QueueUrl="{QUEUE}", MessageBody=order)',
        "_send_messages",
        (QUEUE, [{"MessageBody": "a"}, {"MessageBody": "b"}]),
        "send_message_batch",
        {"Successful": [], "Failed": [{"Id": "1", "SenderFault": True, "Code": "InvalidMessageContents"}]},
        ("InvalidMessageContents", "SendMessageBatch"),
    ),
    (
        "sns",
        f'client.publish(TopicArn="{TOPIC}", Message=order)',
        "_publish_messages",
        (TOPIC, [{"Message": "a"}]),
        "publish_batch",
        {"Failed": [{"Id": "0", "Code": "KMSThrottling", "Message": "later", "SenderFault": False}]},
        ("KMSThrottling", "PublishBatch"),
    ),
    (
        "events",
        'client.put_events(Entries=[{"Detail": order}])',
        "_put_events",
        ([{"Detail": "a"}, {"Detail": "b"}],),
        "put_events",
        {"FailedEntryCount": 1, "Entries": [{"EventId": "1"}, {"ErrorCode": "InternalFailure", "ErrorMessage": "m"}]},
        ("InternalFailure", "PutEvents"),
    ),
    (
        "s3",
        'client.delete_object(Bucket="uploads", Key=order)',
        "_delete_objects",
        ("uploads", ["a", "b"]),
        "delete_objects",
        {"Errors": [{"Key": "b", "Code": "AccessDenied", "Message": "no"}]},
        ("AccessDenied", "DeleteObjects"),
    ),
]


@pytest.mark.parametrize(
    ("service", "call", "name", "given", "operation", "answer", "raised"), FAILING, ids=[row[0] for row in FAILING]
)
def test_an_entry_that_fails_raises(
    service: str,
    call: str,
    name: str,
    given: tuple[object, ...],
    operation: str,
    answer: dict[str, Any],
    raised: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    send = helper_of(tmp_path, call, service, name)
    client, stubber = stubbed(service)
    stubber.add_response(operation, answer)
    with pytest.raises(ClientError) as caught:
        send(client, *given)
    assert (caught.value.response["Error"]["Code"], caught.value.operation_name) == raised
    stubber.assert_no_pending_responses()


def sent_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failures: int) -> tuple[list[Any], str]:
    """The batches that go to a stream whose last record fails so many times, and what is raised at the end."""
    put = helper_of(
        tmp_path, 'client.put_record(StreamName="orders", Data=order, PartitionKey=order)', "kinesis", "_put_records"
    )
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    batches: list[Any] = []

    class Stream:
        exceptions = boto3.client("kinesis", "eu-west-1").exceptions

        def put_records(self, StreamName: str, Records: list[Any]) -> dict[str, Any]:  # noqa: N803
            batches.append([record["Data"] for record in Records])
            results: list[dict[str, Any]] = [{"SequenceNumber": "1", "ShardId": "s"} for _ in Records]
            if len(batches) <= failures:
                results[-1] = {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow"}
            return {"Records": results}

    try:
        put(Stream(), "orders", [{"Data": text, "PartitionKey": text} for text in "abc"])
    except ClientError as error:
        return batches, type(error).__name__
    return batches, ""


def test_records_that_fail_are_sent_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sent_again(tmp_path, monkeypatch, 2) == ([["a", "b", "c"], ["c"], ["c"]], "")


def test_records_that_go_on_failing_raise_what_a_single_one_raises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches, raised = sent_again(tmp_path, monkeypatch, 100)
    assert batches == [["a", "b", "c"], *[["c"]] * 7]
    assert raised == "ProvisionedThroughputExceededException"


def test_keys_that_stay_unprocessed_raise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    body = 'return [dynamodb.get_item(TableName="t", Key={"id": {"S": i}})["Item"] for i in event["ids"]]'
    get = module(fixed(tmp_path, handler(body, CLIENT.replace('")', '", "eu-west-1")')), "LMB401"))["_get_items"]
    client, stubber = stubbed("dynamodb")
    keys = {"t": {"Keys": [{"id": {"S": "a"}}]}}
    for _ in range(8):
        stubber.add_response("batch_get_item", {"Responses": {}, "UnprocessedKeys": keys}, {"RequestItems": keys})
    with pytest.raises(RuntimeError, match="t: keys stay unprocessed"):
        get(client, "t", keys["t"]["Keys"])
    stubber.assert_no_pending_responses()


def test_a_bad_item_keeps_its_whole_batch_from_being_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page says: the loop stores what comes before it."""
    code = handler(loop(PUT), ORDERS)
    after = fixed(tmp_path, code, "LMB402", KEYED)
    event = {"orders": [{"id": "a", "line": "1"}, {"id": "", "line": "1"}, {"id": "b", "line": "1"}]}
    old, new = (run(monkeypatch, one, event, tables, rows) for one in (code, after))
    assert old.raised == new.raised == ("ClientError", "ValidationException")
    assert len(old.state) == 31  # type: ignore[arg-type]
    assert len(new.state) == 30  # type: ignore[arg-type]


def written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int) -> tuple[list[int], str]:
    """The sizes of the requests for 27 items, the last of which is left over so many times; and what is raised."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    placed = CLIENT.replace('")', '", "eu-west-1")')
    put = module(fixed(tmp_path, handler(loop(CLIENT_PUT % '{"S": order["id"]}'), placed), "LMB402", KEYED))
    requests: list[int] = []

    class Client:
        def batch_write_item(self, **given: Any) -> dict[str, Any]:
            ((name, asked),) = given["RequestItems"].items()
            requests.append(len(asked))
            left = [one for one in asked if one["PutRequest"]["Item"]["id"]["S"] == "26"]
            return {"UnprocessedItems": {name: left} if left and len(requests) < times + 2 else {}}

    items = [{"id": {"S": str(number)}, "line": {"S": "1"}} for number in range(27)]
    try:
        put["_put_items"](Client(), "orders", ["id", "line"], items)
    except RuntimeError as error:
        return requests, str(error)
    return requests, ""


def test_items_that_are_left_over_are_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert written_again(tmp_path, monkeypatch, 2) == ([25, 2, 1, 1], "")


def test_items_that_stay_left_over_raise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes, raised = written_again(tmp_path, monkeypatch, 100)
    assert sizes == [25, 2, *[1] * 7]
    assert raised == "orders: items stay unprocessed"


def test_an_unnamed_secret_is_asked_for_by_itself(tmp_path: Path) -> None:
    """A part of an ARN finds a secret, which comes back under its whole one."""
    body = 'return [client.get_secret_value(SecretId=name)["SecretString"] for name in event["names"]]'
    code = handler(body, 'client = boto3.client("secretsmanager", "eu-west-1")')
    fetch = module(fixed(tmp_path, code, "LMB404"))["_get_secret_values"]
    client, stubber = stubbed("secretsmanager")
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a"
    stubber.add_response(
        "batch_get_secret_value", {"SecretValues": [{"ARN": f"{arn}-x1y2z3", "Name": "a", "SecretString": "s"}]}
    )
    stubber.add_response("get_secret_value", {"ARN": f"{arn}-x1y2z3", "SecretString": "s"}, {"SecretId": arn})
    assert [answer["SecretString"] for answer in fetch(client, [arn])] == ["s"]


@pytest.mark.parametrize("service", ["sqs", "sns"])
def test_no_request_holds_more_than_ten_entries_or_a_quarter_megabyte(service: str, tmp_path: Path) -> None:
    call = {
        "sqs": f'client.send_message(QueueUrl="{QUEUE}", MessageBody=order)',
        "sns": f'client.publish(TopicArn="{TOPIC}", Message=order)',
    }[service]
    send = helper_of(tmp_path, call, service, "_send_messages" if service == "sqs" else "_publish_messages")
    batches: list[Any] = []

    class Client:
        def send_message_batch(self, QueueUrl: str, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803
            batches.append(Entries)
            return {"Successful": []}

        def publish_batch(self, TopicArn: str, PublishBatchRequestEntries: list[Any]) -> dict[str, Any]:  # noqa: N803
            batches.append(PublishBatchRequestEntries)
            return {"Successful": []}

    field = "MessageBody" if service == "sqs" else "Message"
    texts = ["x" * 100_000, "é" * 65_000, "x", "y" * 262_144, *map(str, range(25))]
    send(Client(), "place", [{field: text} for text in texts])
    assert [one[field] for batch in batches for one in batch] == texts
    assert all(len({one["Id"] for one in batch}) == len(batch) <= 10 for batch in batches)
    assert all(sum(len(one[field].encode()) for one in batch) <= 262_144 for batch in batches)

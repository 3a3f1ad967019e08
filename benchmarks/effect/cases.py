"""What is measured: the cases, the events they get, and what the emulator must hold for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "cases"
FULL_MB, BASE_MS = 1769, 5
DATABASE = "prices"  # a need that the emulator can't meet: a table of 5,000 prices in PostgreSQL
Clients = Callable[[str], Any]  # a service's name to a client that talks to the emulator itself


@dataclass(frozen=True)
class Cell:
    """One measurement: the latency in ms, the memory in MB, and the number of things in the event."""

    latency: int
    memory: int
    count: int


@dataclass(frozen=True)
class Case:
    """A handler before and after.

    `kind`: "call" is a warm invocation, "first" the first one of a new process (cold connections),
    "init" the import of the handler's module. `count` is the number of things in the event where that
    is told, `small` the same away from the base cell. `needs` names what `SEEDS` must put in place,
    `state` tells what the calls left behind.
    """

    name: str
    what: str
    event: Callable[[int], dict[str, Any]]
    count: int = 1
    small: int = 1
    tiny: int = 1
    kind: str = "call"
    tls: bool = False
    latency: bool = True  # whether it waits for anything
    same: bool = True  # whether the answers must be equal
    needs: tuple[str, ...] = ()
    state: Callable[[Clients], Any] | None = None

    @property
    def rule(self) -> str:
        return self.name[:6]

    @property
    def remark(self) -> str:
        """What a reader of its figures has to know, or ""."""
        return _REMARKS.get(self.name, "")

    @property
    def folder(self) -> Path:
        """Where its handler is; variants that differ in how they are measured share one."""
        return FOLDER / self.name.removesuffix("-cold")

    @property
    def by_hand(self) -> bool:
        """Whether the after is a remedy written by hand, since the rule applies none there."""
        return (self.folder / "remedy.py").exists()

    def cells(self, quick: bool) -> list[Cell]:
        base = (20 if quick else BASE_MS) if self.latency else 0
        latencies = (0, BASE_MS, 20, 100) if self.latency and not quick else (base,)
        slow = self.kind == "init" or "history" in self.needs
        memories = () if quick and slow else (128,) if quick else (512, 128)
        cells = [Cell(latency, FULL_MB, self.small) for latency in latencies]
        cells += [Cell(base, memory, self.small) for memory in memories]
        if self.rule == "LMB301" and not quick:
            cells.append(Cell(100, 128, self.small))
        if self.count != self.small and not quick:
            cells.append(Cell(base, FULL_MB, self.count))
        return cells


def _one(_: int) -> dict[str, Any]:
    return {"id": "p1"}


def _orders(count: int) -> dict[str, Any]:
    return {"orders": [{"id": f"o{number}", "amount": number} for number in range(count)]}


def _keys(count: int) -> dict[str, Any]:
    return {"keys": [f"report-{number}" for number in range(count)]}


def _body(count: int) -> dict[str, Any]:
    line = {"sku": "abcdefgh", "quantity": 3, "price": 12.5, "note": "x" * 30}
    return {"body": json.dumps({"customer": "c1", "lines": [line] * (count * 10)})}


def _letter(count: int) -> dict[str, Any]:
    return {"name": "Ada", "lines": [{"sku": f"s{number}", "quantity": number} for number in range(count)]}


def _priced_lines(count: int) -> dict[str, Any]:
    return {"lines": [{"net": number, "rate": "reduced"} for number in range(count)]}


def _history(_: int) -> dict[str, Any]:
    return {"customer": "c3", "at": 7}


def _late(_: int) -> dict[str, Any]:
    """The customer whom the scan meets last."""
    return {"customer": f"c{HISTORY // 10 - 1}", "at": 7}


def _messages(clients: Clients) -> Any:
    """The messages in the queue, in their order; none are left."""
    sqs = clients("sqs")
    url = sqs.get_queue_url(QueueName="orders")["QueueUrl"]
    bodies = []
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        bodies += [message["Body"] for message in found]
        entries = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(found)]
        sqs.delete_message_batch(QueueUrl=url, Entries=entries)
    return bodies


def _rows(clients: Clients) -> Any:
    dynamodb = clients("dynamodb")
    rows = [row["id"]["S"] for row in dynamodb.scan(TableName="orders")["Items"]]
    for row in rows:
        dynamodb.delete_item(TableName="orders", Key={"id": {"S": row}})
    return sorted(rows)


def _records(clients: Clients) -> Any:
    """How many records the stream got, in a stream made anew each time."""
    kinesis = clients("kinesis")
    shard = kinesis.describe_stream(StreamName="orders")["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = kinesis.get_shard_iterator(StreamName="orders", ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    records = kinesis.get_records(ShardIterator=iterator["ShardIterator"], Limit=10000)["Records"]
    kinesis.delete_stream(StreamName="orders")
    _seed_stream(clients)
    return sorted(record["Data"].decode() for record in records)


def _objects(clients: Clients) -> Any:
    left = sorted(one["Key"] for one in clients("s3").list_objects_v2(Bucket="reports").get("Contents", []))
    _seed_bucket(clients)
    return left


def _late_message(clients: Clients) -> Any:
    """The queue with one message, which can be received a second from now."""
    sqs = clients("sqs")
    url = sqs.get_queue_url(QueueName="orders")["QueueUrl"]
    sqs.delete_queue(QueueUrl=url)
    sqs.create_queue(QueueName="orders")
    sqs.send_message(QueueUrl=url, MessageBody="paid", DelaySeconds=1)
    return None


HISTORY = 20_000

_EMULATED_QUERY = (
    "The emulator itself looks through the whole table for a query (about 0.1 s); DynamoDB doesn't, "
    "so the ratio of wall times is understated."
)
_REMARKS = {
    "LMB102": "The fix of LMB102 turns `boto3.Session().client(…)` into `boto3.client(…)`; LMB101 takes the rest.",
    "LMB103": "PostgreSQL on the same machine, without TLS and passwords. Requests are what the client sends at once.",
    "LMB301-cold": "Each thread opens a connection of its own and loads the CA bundle again.",
    "LMB403-sqs": "The emulator itself works 3 to 5 times as long on a batch of ten as on one (about 26 ms to 7), "
    "so the ratio of wall times stays under that of requests.",
    "LMB501-query": f"The handler reads the first page only and misses what lies behind it, which the query finds: "
    f"the answers differ, and the time is no gain. {_EMULATED_QUERY}",
    "LMB501-query-paged": _EMULATED_QUERY,
    "LMB505": "This fix costs time: it reads what was lost before, so the answers differ.",
    "LMB506": "The bytes of the items are saved; what DynamoDB reads, and bills, stays.",
    "LMB507": "The bytes of the item are saved; what DynamoDB reads, and bills, stays.",
    "LMB801": "This fix costs time: it reads what was lost before, so the answers differ.",
    "LMB803": "A message comes after one second. Requests are saved; a function that waits is billed all the same.",
}

# Rules with a fix, of which no case measures a gain.
UNMEASURED = {
    "LMB001": "the fix takes away a comment",
    "LMB107": "the fix makes an answer right that was kept too long",
    "LMB109": "as LMB101, LMB105 and LMB106: what is kept needn't be asked again",
    "LMB110": "as LMB106: what is read once needn't be read again",
    "LMB307": "the fix ends a wait that has no limit",
    "LMB308": "without the fix the function fails on Lambda",
    "LMB310": "as LMB302: what waits doesn't hold the rest",
    "LMB311": "without the fix Lambda gets a coroutine for an answer",
    "LMB604": "the same work at another time, when the environment starts",
}

CASES: Sequence[Case] = (
    Case("LMB101", "a client and one get_item", _one, tls=True, needs=("products",)),
    Case("LMB102", "a session, a client and one get_item", _one, tls=True, needs=("products",)),
    Case("LMB103", "a database engine and one SELECT", _one, needs=(DATABASE,)),
    Case("LMB104", "a requests.Session and one GET", _one, tls=True),
    Case("LMB105", "a token by client credentials", _one, tls=True),
    Case("LMB106", "a secret", _one, tls=True, needs=("secret",)),
    Case("LMB108", "a Jinja template compiled anew", _letter, count=100, small=10, latency=False),
    Case("LMB111", "three requests.get", _one, tls=True),
    Case("LMB112", "init with an unused EC2 client", _one, kind="init", latency=False, needs=("products",)),
    Case("LMB201", "a JSON text parsed twice (about 1 KB per unit)", _body, count=1000, small=100, latency=False),
    Case(
        "LMB202",
        "json.loads of json.dumps (about 1 KB per unit)",
        lambda n: {"order": json.loads(_body(n)["body"])},
        count=1000,
        small=100,
        latency=False,
    ),
    Case("LMB203", "a text parsed in a loop", _priced_lines, count=10_000, small=1000, latency=False),
    Case("LMB301", "three independent get_item, warm connections", _one, tls=True, needs=("products", "stock")),
    Case(
        "LMB301-cold",
        "three independent get_item, first invocation",
        _one,
        kind="first",
        tls=True,
        needs=("products", "stock"),
    ),
    Case("LMB302", "three independent awaits", _one),
    Case("LMB303", "head_object in a loop", _keys, count=200, small=20, tiny=3, needs=("bucket",)),
    Case(
        "LMB309",
        "32 threads, ten connections",
        _keys,
        count=200,
        small=64,
        tiny=64,
        tls=True,
        needs=("bucket",),
    ),
    Case(
        "LMB401",
        "get_item in a loop",
        lambda n: {"ids": [f"p{i}" for i in range(n)]},
        count=1000,
        small=100,
        tiny=5,
        needs=("products",),
    ),
    Case("LMB402", "put_item in a loop", _orders, count=500, small=50, tiny=5, needs=("orders",), state=_rows),
    Case(
        "LMB403-sqs", "send_message in a loop", _orders, count=200, small=20, tiny=5, needs=("queue",), state=_messages
    ),
    Case("LMB403-sns", "publish in a loop", _orders, count=200, small=20, tiny=5, needs=("topic",)),
    Case("LMB403-events", "put_events of one entry in a loop", _orders, count=200, small=20, tiny=5),
    Case(
        "LMB403-kinesis",
        "put_record in a loop",
        _orders,
        count=500,
        small=20,
        tiny=5,
        needs=("stream",),
        state=_records,
    ),
    Case(
        "LMB404",
        "get_parameter in a loop",
        lambda n: {"names": [f"/orders/{i}" for i in range(n)]},
        count=40,
        small=20,
        tiny=5,
        needs=("parameters",),
    ),
    Case("LMB405", "delete_object in a loop", _keys, count=200, small=20, tiny=5, needs=("bucket",), state=_objects),
    Case(
        "LMB407", "a batch_writer for each item", _orders, count=500, small=50, tiny=5, needs=("orders",), state=_rows
    ),
    Case("LMB501-query", "a scan of one page to a query", _history, same=False, needs=("history",)),
    Case("LMB501-query-paged", "a scan of all pages to a query", _late, needs=("history",)),
    Case("LMB501-get-paged", "a scan of all pages to get_item", _late, needs=("history",)),
    Case("LMB505", "a scan of the first page to one of all pages", _history, same=False, needs=("history",)),
    Case("LMB506", "the number of 2,000 items of 400 bytes", lambda _: {"poll": "p1"}, needs=("votes",)),
    Case("LMB507", "one attribute of an item of 300 KB", _one, needs=("documents",)),
    Case("LMB509", "a query for one item", _one, needs=("products",)),
    Case("LMB512", "the same get_item twice", _one, needs=("products",)),
    Case("LMB513", "a read of what was just written", _one, needs=("products",)),
    Case("LMB601", "init with an unused numpy", _one, kind="init", latency=False, needs=("products",)),
    Case("LMB603", "init with numpy for a mean", lambda _: {"values": [1, 2, 6]}, kind="init", latency=False),
    Case("LMB702", "fetchall() of 5,000 rows for the first", lambda _: {"below": 5000}, needs=(DATABASE,)),
    Case("LMB801", "1,200 objects on two pages", _one, same=False, needs=("archive",)),
    Case("LMB802", "the size of an object of 20 MB", lambda _: {"key": "f1"}, needs=("films",)),
    Case("LMB803", "a message that comes after a second", _one, needs=("queue",), state=_late_message),
)


def _table(clients: Clients, name: str, items: Sequence[dict[str, Any]], *keys: tuple[str, str]) -> None:
    dynamodb = clients("dynamodb")
    dynamodb.create_table(
        TableName=name,
        KeySchema=[
            {"AttributeName": key, "KeyType": kind} for (key, _), kind in zip(keys, ("HASH", "RANGE"), strict=False)
        ],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": kind} for key, kind in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    for start in range(0, len(items), 25):
        batch = [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]
        dynamodb.batch_write_item(RequestItems={name: batch})


def _priced(count: int) -> list[dict[str, Any]]:
    return [{"id": {"S": f"p{number}"}, "price": {"N": str(number % 90)}} for number in range(count)]


def _seed_history(clients: Clients) -> None:
    customers = HISTORY // 10
    items = [
        {"customer": {"S": f"c{n % customers}"}, "at": {"N": str(n // customers)}, "text": {"S": "x" * 380}}
        for n in range(HISTORY)
    ]
    _table(clients, "history", items, ("customer", "S"), ("at", "N"))


def _seed_stock(clients: Clients) -> None:
    for name in ("stock", "reviews"):
        _table(clients, name, _priced(5), ("id", "S"))


def _seed_bucket(clients: Clients) -> None:
    s3 = clients("s3")
    s3.create_bucket(Bucket="reports")
    there = {one["Key"] for one in s3.list_objects_v2(Bucket="reports").get("Contents", [])}
    for number in range(200):
        if f"report-{number}" not in there:
            s3.put_object(Bucket="reports", Key=f"report-{number}", Body=b"x" * number)


def _seed_votes(clients: Clients) -> None:
    voters = [{"poll": {"S": "p1"}, "voter": {"S": f"v{n}"}, "text": {"S": "x" * 380}} for n in range(2000)]
    _table(clients, "votes", voters, ("poll", "S"), ("voter", "S"))


def _seed_archive(clients: Clients) -> None:
    s3 = clients("s3")
    s3.create_bucket(Bucket="archive")
    for number in range(1200):
        s3.put_object(Bucket="archive", Key=f"{number}")


def _seed_films(clients: Clients) -> None:
    clients("s3").create_bucket(Bucket="films")
    clients("s3").put_object(Bucket="films", Key="f1", Body=b"x" * 20_000_000)


def _seed_documents(clients: Clients) -> None:
    document = {"id": {"S": "p1"}, "title": {"S": "On looms"}, "text": {"S": "x" * 300_000}}
    _table(clients, "documents", [document], ("id", "S"))


def _seed_parameters(clients: Clients) -> None:
    for number in range(40):
        clients("ssm").put_parameter(Name=f"/orders/{number}", Value=str(number), Type="String", Overwrite=True)


def _seed_stream(clients: Clients) -> None:
    clients("kinesis").create_stream(StreamName="orders", ShardCount=1)


SEEDS: dict[str, Callable[[Clients], Any]] = {
    "products": lambda clients: _table(clients, "products", _priced(1000), ("id", "S")),
    "stock": _seed_stock,
    "orders": lambda clients: _table(clients, "orders", [], ("id", "S")),
    "history": _seed_history,
    "bucket": _seed_bucket,
    "parameters": _seed_parameters,
    "stream": _seed_stream,
    "votes": _seed_votes,
    "archive": _seed_archive,
    "films": _seed_films,
    "documents": _seed_documents,
    "queue": lambda clients: clients("sqs").create_queue(QueueName="orders"),
    "topic": lambda clients: clients("sns").create_topic(Name="orders"),
    "secret": lambda clients: clients("secretsmanager").create_secret(
        Name="orders/database", SecretString='{"user": "shop"}'
    ),
}

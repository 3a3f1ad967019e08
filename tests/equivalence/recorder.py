"""What generated handlers talk to: modules in the place of boto3, requests, psycopg2 and others, which answer from
a state of their own, fast, and remember each call.

The state is made anew for each run, and compared afterwards. What is stored is copied on the way in and out, as on
the way to a server; tables come in order of their keys.
"""

# ruff: noqa: N803 -- boto3's own spelling of arguments and methods
from __future__ import annotations

import contextlib
import copy
import json
from collections import Counter
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

ROWS = [{"id": identity, "line": line, "n": len(identity + line)} for identity in ("a", "b", "k") for line in "123"]
_PAGE = 2
_DEPLOYED = """\
Resources:
  Lines:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: lines
      KeySchema:
        - {AttributeName: id, KeyType: HASH}
        - {AttributeName: line, KeyType: RANGE}
  Paged:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: paged
      KeySchema:
        - {AttributeName: id, KeyType: HASH}
        - {AttributeName: line, KeyType: RANGE}
"""
# The files beside a generated handler: they tell the table's key.
FILES = {"template.yaml": _DEPLOYED}


class FailedError(Exception):
    """What botocore raises, as far as handlers look at it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.response = {"Error": {"Code": code}}


class World:
    """The remote state: `tables` by name, rows by key; what was sent to each `place`, in its order."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.tables = {name: {(row["id"], row["line"]): dict(row) for row in ROWS} for name in ("lines", "paged")}
        self.typed = {repr({"id": {"S": row["id"]}}): {"id": {"S": row["id"]}, "n": {"N": "1"}} for row in ROWS}
        self.sent: dict[str, list[object]] = {}
        self.objects = {key: f"text of {key}" for key in ("1", "2", "3", "k", "k/1", "k/2")}

    def modules(self) -> dict[str, ModuleType]:
        """By the name that they are imported by."""
        made = {
            "boto3": {
                "client": self.client,
                "resource": lambda service, **_: Resource(self),
                "Session": lambda **_: SimpleNamespace(client=self.client),
            },
            "requests": {"get": self.get, "Session": lambda: _Session(self)},
            "psycopg2": {"connect": lambda *_: _Connection()},
            "redis": {"Redis": lambda **_: SimpleNamespace(get=str.upper, ping=lambda: True)},
            "pandas": {"isna": lambda value: value is None},
            "aws_xray_sdk": {},
            "aws_xray_sdk.core": {"patch_all": lambda: self.note("patch"), "patch": lambda names: self.note("patch")},
        }
        modules = {name: ModuleType(name) for name in made}
        for name, values in made.items():
            vars(modules[name]).update(values)
        return modules

    def seen(self) -> object:
        return [self.tables, self.typed, self.sent, self.objects]

    def note(self, what: str) -> None:
        self.calls[what] += 1

    def client(self, service: str, **_: Any) -> Client:
        return Client(self, service)

    def get(self, url: str, timeout: float | None = None, **options: Any) -> Any:
        self.note(f"GET {url} {sorted(options)}")
        return SimpleNamespace(status_code=200, text=url.upper(), json=lambda: {"url": url})


class Client:
    """A client of any service. What it has no method for is answered from the request alone."""

    exceptions = SimpleNamespace(
        from_code=lambda code: lambda response, operation: FailedError(code), ClientError=FailedError
    )

    def __init__(self, world: World, service: str) -> None:
        self._world, self._service = world, service

    def __getattr__(self, operation: str) -> Any:
        if operation.startswith("_"):
            raise AttributeError(operation)
        answer = getattr(_Answers, f"{self._service}_{operation}".replace("-", "_"), _Answers.any)

        def call(**request: Any) -> dict[str, Any]:
            self._world.note(f"{self._service}.{operation} {sorted(map(repr, request.items()))}")
            found: dict[str, Any] = copy.deepcopy(answer(self._world, copy.deepcopy(request)))
            return found

        return call

    def get_paginator(self, operation: str) -> Any:
        def pages(**request: Any) -> Any:
            return SimpleNamespace(build_full_result=lambda: getattr(self, operation)(**request))

        return SimpleNamespace(paginate=pages)


class _Answers:
    """By service and operation: the answer to a request."""

    @staticmethod
    def any(world: World, request: dict[str, Any]) -> dict[str, Any]:
        return {"Size": len(repr(request)), "Item": {"id": {"S": str(request.get("Key"))}}}

    # --- S3: "nowhere" is not there

    @staticmethod
    def s3_head_object(world: World, request: dict[str, Any]) -> dict[str, Any]:
        if request["Key"] == "nowhere":
            raise FailedError("404")
        return {"Size": len(repr(request)), "ContentLength": len(request["Key"])}

    s3_get_object = s3_head_object

    @staticmethod
    def s3_delete_object(world: World, request: dict[str, Any]) -> dict[str, Any]:
        world.objects.pop(request["Key"], None)
        return {}

    @staticmethod
    def s3_delete_objects(world: World, request: dict[str, Any]) -> dict[str, Any]:
        objects = request["Delete"]["Objects"]
        assert 0 < len(objects) <= 1000
        for one in objects:
            world.objects.pop(one["Key"], None)
        return {}

    @staticmethod
    def s3_list_objects_v2(world: World, request: dict[str, Any]) -> dict[str, Any]:
        found = [{"Key": key} for key in sorted(world.objects) if key.startswith(request.get("Prefix", ""))]
        return {"Contents": found, "KeyCount": len(found)} if found else {"KeyCount": 0}

    # --- queues, topics, buses, streams

    @staticmethod
    def _send(world: World, place: str, entries: list[Any], limit: int, number: bool = False) -> dict[str, Any]:
        assert 0 < len(entries) <= limit
        if number:
            assert len({entry.pop("Id") for entry in entries}) == len(entries)
        world.sent.setdefault(place, []).extend(entries)
        return {"Entries": [{} for _ in entries], "Records": [{} for _ in entries], "MessageId": "1"}

    @staticmethod
    def sqs_send_message(world: World, request: dict[str, Any]) -> dict[str, Any]:
        return _Answers._send(world, request.pop("QueueUrl"), [request], 1)

    @staticmethod
    def sqs_send_message_batch(world: World, request: dict[str, Any]) -> dict[str, Any]:
        return _Answers._send(world, request["QueueUrl"], request["Entries"], 10, number=True)

    @staticmethod
    def sns_publish(world: World, request: dict[str, Any]) -> dict[str, Any]:
        return _Answers._send(world, request.pop("TopicArn"), [request], 1)

    @staticmethod
    def sns_publish_batch(world: World, request: dict[str, Any]) -> dict[str, Any]:
        return _Answers._send(world, request["TopicArn"], request["PublishBatchRequestEntries"], 10, number=True)

    @staticmethod
    def events_put_events(world: World, request: dict[str, Any]) -> dict[str, Any]:
        return _Answers._send(world, "bus", request["Entries"], 10)

    @staticmethod
    def kinesis_put_record(world: World, request: dict[str, Any]) -> dict[str, Any]:
        return _Answers._send(world, request.pop("StreamName"), [request], 1)

    @staticmethod
    def kinesis_put_records(world: World, request: dict[str, Any]) -> dict[str, Any]:
        return _Answers._send(world, request["StreamName"], request["Records"], 500)

    @staticmethod
    def sqs_receive_message(world: World, request: dict[str, Any]) -> dict[str, Any]:
        return {"Messages": [{"Body": "1"}, {"Body": "2"}]}

    # --- parameters: "nowhere" is not there, and batches come in another order

    @staticmethod
    def ssm_get_parameter(world: World, request: dict[str, Any]) -> dict[str, Any]:
        if request["Name"] == "nowhere":
            raise FailedError("ParameterNotFound")
        return {"Parameter": {"Name": request["Name"], "Value": f"value of {request['Name']}"}}

    @staticmethod
    def ssm_get_parameters(world: World, request: dict[str, Any]) -> dict[str, Any]:
        names = sorted(request["Names"], reverse=True)
        assert 0 < len(names) == len({*names}) <= 10
        known = [name for name in names if name != "nowhere"]
        found = [{"Name": name, "Value": f"value of {name}"} for name in known]
        return {"Parameters": found, "InvalidParameters": [name for name in names if name == "nowhere"]}

    # --- DynamoDB's typed face, on a table whose key is "id"

    @staticmethod
    def dynamodb_get_item(world: World, request: dict[str, Any]) -> dict[str, Any]:
        if "lines" in request["TableName"]:
            return _item(world, request["TableName"], request["Key"])
        found = world.typed.get(repr(request["Key"]))
        return {"Item": found} if found else {}

    @staticmethod
    def dynamodb_batch_get_item(world: World, request: dict[str, Any]) -> dict[str, Any]:
        ((name, asked),) = request["RequestItems"].items()
        assert 0 < len(asked["Keys"]) == len({*map(repr, asked["Keys"])}) <= 100
        given = {"TableName": name}
        answers = [_Answers.dynamodb_get_item(world, {**given, "Key": key}) for key in reversed(asked["Keys"])]
        return {"Responses": {name: [answer["Item"] for answer in answers if answer]}, "UnprocessedKeys": {}}

    @staticmethod
    def dynamodb_scan(world: World, request: dict[str, Any]) -> dict[str, Any]:
        return Table(world, request.pop("TableName")).scan(**request)

    @staticmethod
    def dynamodb_query(world: World, request: dict[str, Any]) -> dict[str, Any]:
        return Table(world, request.pop("TableName")).query(**request)

    @staticmethod
    def dynamodb_put_item(world: World, request: dict[str, Any]) -> dict[str, Any]:
        world.typed[repr(sorted(request["Item"].items()))] = request["Item"]
        return {}

    @staticmethod
    def dynamodb_batch_write_item(world: World, request: dict[str, Any]) -> dict[str, Any]:
        ((name, asked),) = request["RequestItems"].items()
        assert 0 < len(asked) <= 25
        for one in asked:
            _Answers.dynamodb_put_item(world, {"TableName": name, **one["PutRequest"]})
        return {"UnprocessedItems": {}}


def _item(world: World, table: str, key: dict[str, Any]) -> dict[str, Any]:
    if set(key) != {"id", "line"} or not all(key.values()):
        raise FailedError("ValidationException")
    found = world.tables[table].get((key["id"], key["line"]))
    return {"Item": found} if found else {}


class Resource:
    """`boto3.resource("dynamodb")`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def Table(self, name: str) -> Table:
        return Table(self._world, name)


class Table:
    """A table of plain values, with the key of `id` and `line`; `paged` gives two rows a page."""

    def __init__(self, world: World, name: str) -> None:
        self.name, self._world = name, world
        self.meta = SimpleNamespace(client=Client(world, "dynamodb"))

    def get_item(self, Key: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The whole item, whatever projection is asked for."""
        self._world.note(f"{self.name}.get_item {Key}")
        return copy.deepcopy(_item(self._world, self.name, Key))

    def put_item(self, Item: dict[str, Any]) -> dict[str, Any]:
        self._world.note(f"{self.name}.put_item {Item}")
        self._world.tables[self.name][Item["id"], Item["line"]] = copy.deepcopy(Item)
        return {}

    def delete_item(self, Key: dict[str, Any]) -> dict[str, Any]:
        self._world.note(f"{self.name}.delete_item {Key}")
        self._world.tables[self.name].pop((Key["id"], Key["line"]), None)
        return {}

    def update_item(self, Key: dict[str, Any], ExpressionAttributeValues: dict[str, Any], **_: Any) -> dict[str, Any]:
        """`SET n = :n`."""
        self._world.note(f"{self.name}.update_item {Key}")
        row = self._world.tables[self.name].setdefault((Key["id"], Key["line"]), dict(Key))
        row["n"] = ExpressionAttributeValues[":n"]
        return {"Attributes": dict(row)}

    @contextlib.contextmanager
    def batch_writer(self, overwrite_by_pkeys: list[str] | None = None) -> Iterator[Any]:
        """Holds references until the block is left, as boto3's does; one key twice is refused."""
        held: list[tuple[str, dict[str, Any]]] = []

        def add(kind: str, row: dict[str, Any]) -> None:
            if overwrite_by_pkeys:
                new = [row[name] for name in overwrite_by_pkeys]
                held[:] = [one for one in held if [one[1][name] for name in overwrite_by_pkeys] != new]
            held.append((kind, row))

        yield SimpleNamespace(
            put_item=lambda Item: add("put", Item), delete_item=lambda Key: add("delete", Key), flush=lambda: None
        )
        keys = [(row["id"], row["line"]) for _, row in held]
        if len({*keys}) < len(keys):
            raise FailedError("ValidationException")
        for kind, row in held:
            self.put_item(row) if kind == "put" else self.delete_item({"id": row["id"], "line": row["line"]})

    def query(self, KeyConditionExpression: Any, **request: Any) -> dict[str, Any]:
        self._world.note(f"{self.name}.query")
        asked = _asked(KeyConditionExpression)
        if "id" not in asked or not all(asked.values()) or set(asked) - {"id", "line"}:
            raise FailedError("ValidationException")
        if set(_asked(request.get("FilterExpression"))) & {"id", "line"}:
            raise FailedError("ValidationException")  # as AWS has it, where moto doesn't
        return self._page([row for row in self._rows() if _holds(KeyConditionExpression, row)], request)

    def scan(self, **request: Any) -> dict[str, Any]:
        self._world.note(f"{self.name}.scan")
        return self._page(self._rows(), request)

    def _rows(self) -> list[dict[str, Any]]:
        rows = self._world.tables[self.name]
        return [rows[key] for key in sorted(rows)]

    def _page(self, rows: list[dict[str, Any]], request: dict[str, Any]) -> dict[str, Any]:
        start = request.get("ExclusiveStartKey", {}).get("at", 0)
        size = _PAGE if self.name == "paged" else len(rows)
        if "Limit" in request:
            size = min(size, request["Limit"])
        page = rows[start : start + size]
        found = [row for row in page if _holds(request.get("FilterExpression"), row)]
        answer: dict[str, Any] = {"Items": copy.deepcopy(found), "Count": len(found), "ScannedCount": len(page)}
        if request.get("Select") == "COUNT":
            del answer["Items"]
        if self.name == "paged" and start + size < len(rows):
            answer["LastEvaluatedKey"] = {"at": start + size}
        return answer


def _holds(condition: Any, row: dict[str, Any]) -> bool:
    """Whether a condition of boto3 holds for a row."""
    if condition is None:
        return True
    made = condition.get_expression()
    left, *right = made["values"]
    if made["operator"] == "AND":
        return _holds(left, row) and _holds(right[0], row)
    value = row.get(left.name)
    tests = {"=": lambda: value == right[0], ">": lambda: value is not None and value > right[0]}
    return bool(tests[made["operator"]]())


def _asked(condition: Any) -> dict[str, Any]:
    """The values that a condition asks for, by attribute."""
    if condition is None:
        return {}
    made = condition.get_expression()
    left, *right = made["values"]
    return {**_asked(left), **_asked(right[0])} if made["operator"] == "AND" else {left.name: right[0]}


class _Session:
    def __init__(self, world: World) -> None:
        self.get = world.get
        self.headers: dict[str, str] = {}


class _Connection:
    """A connection whose answers stand in the statement: `SELECT 1, 2`."""

    def cursor(self) -> Any:
        rows: list[tuple[Any, ...]] = []

        def execute(sql: str, given: tuple[Any, ...] = ()) -> None:
            rows[:] = [(number, *given) for number in json.loads("[" + sql.partition("SELECT ")[2] + "]")]

        return SimpleNamespace(
            execute=execute, fetchall=lambda: list(rows), fetchone=lambda: rows[0] if rows else None, close=lambda: None
        )

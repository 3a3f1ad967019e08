"""A made-up project like those that people keep open in an editor: handlers, the layers behind them, a template.

The sizes are given, the texts are always the same: two runs, on any machines, look at one project.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

HANDLER = "orders/app.py"  # the file that is edited
_LAYERS = ("models", "clients", "repositories", "services")  # each imports those before it
_IMPORTED = 24  # modules that the edited handler imports itself

_MODEL = '''"""What a record of kind {n} is."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Record{n}:
    key: str
    state: str = "new"
    total: Decimal = Decimal(0)
    lines: list = field(default_factory=list)

    @classmethod
    def from_item(cls, item):
        return cls(item["pk"], item.get("state", "new"), item.get("total", Decimal(0)), item.get("lines", []))

    def to_item(self):
        return {{"pk": self.key, "state": self.state, "total": self.total, "lines": self.lines}}

    def add(self, line):
        self.lines.append(line)
        self.total += Decimal(str(line["price"])) * line["count"]
'''
_CLIENT = '''"""Talks to the outside service {n}."""

import json
import logging
import os

import boto3
import requests

logger = logging.getLogger(__name__)
queue = boto3.client("sqs")
_URL = os.environ.get("SERVICE_{n}", "https://service-{n}.example.com")


class ServiceError(Exception):
    pass


def publish_{n}(message, attributes=None):
    body = json.dumps(message)
    try:
        return queue.send_message(QueueUrl=os.environ["QUEUE_{n}"], MessageBody=body)
    except queue.exceptions.ClientError as error:
        logger.error("can't publish %s", error)
        raise ServiceError(str(error)) from error


def fetch_{n}(key, session=None):
    answer = (session or requests).get(f"{{_URL}}/things/{{key}}", timeout=5)
    if answer.status_code == 404:
        return None
    answer.raise_for_status()
    return answer.json()
'''
_REPOSITORY = '''"""Keeps the records of kind {n}."""

import os

import boto3
from boto3.dynamodb.conditions import Key

from {package}models.model_{model} import Record{model}

table = boto3.resource("dynamodb").Table(os.environ.get("TABLE_{n}", "records-{n}"))


class Repository{n}:
    def __init__(self, store=table, index="by-state"):
        self.store = store
        self.index = index

    def load(self, key):
        found = self.store.get_item(Key={{"pk": key}}).get("Item")
        return Record{model}.from_item(found) if found else None

    def save(self, record):
        self.store.put_item(Item=record.to_item())

    def all_in(self, state):
        query = {{"IndexName": self.index, "KeyConditionExpression": Key("state").eq(state)}}
        while True:
            page = self.store.query(**query)
            yield from map(Record{model}.from_item, page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]


repository_{n} = Repository{n}()
'''
_SERVICE = '''"""What is done with records of kind {n}."""

import logging

from {package}clients.client_{client} import fetch_{client}, publish_{client}
from {package}repositories.repository_{repository} import repository_{repository}
from {package}models.model_{model} import Record{model}
{above}
logger = logging.getLogger(__name__)


class Service{n}:
    """Loads, changes and saves."""

    def __init__(self, repository=repository_{repository}):
        self.repository = repository
        self.seen = {{}}

    def complete(self, key, lines):
        record = self.repository.load(key) or Record{model}(key)
        for line in lines:
            if line.get("count", 0) <= 0:
                logger.warning("line without a count: %s", line)
                continue
            record.add(line)
        self.repository.save(record)
        return record

    def refresh(self, keys):
        found = []
        for key in keys:
            if key not in self.seen:
                self.seen[key] = fetch_{client}(key)
            found.append(self.seen[key])
        return found


def handle_{n}_event(event):
    record = service_{n}.complete(event["key"], event.get("lines", []))
    publish_{client}({{"key": record.key, "total": str(record.total)}})
{call}    return {{"key": record.key, "state": record.state}}


service_{n} = Service{n}()
'''
_SMALL_HANDLER = """import json

from {package}services.service_{n} import handle_{n}_event


def lambda_handler(event, context):
    answers = [handle_{n}_event(json.loads(record["body"])) for record in event["Records"]]
    return {{"statusCode": 200, "body": json.dumps(answers)}}
"""
_STEP = '''

def step_{n}(event, settings):
    """Part {n} of an order."""
    key = event["pathParameters"]["id"]
    lines = [line for line in event.get("lines", []) if line.get("kind") == {n}]
    if not lines and settings.get("strict"):
        raise ValueError(f"nothing to do for {{key}}")
    record = service_{service}.complete(key, lines)
    {special}
    for line in lines:
        logger.info("step {n}: %s of %s", line["count"], key)
    return {{"key": record.key, "total": str(record.total), "step": {n}}}
'''
_SPECIAL = (
    'settings["last"] = record.key',
    'client = boto3.client("s3")\n    client.put_object(Bucket="orders", Key=key, Body=json.dumps(lines))',
    'found = service_{service}.refresh([line["key"] for line in lines])\n    settings["found"] = len(found)',
    'table.put_item(Item={{"pk": key, "step": {n}}})',
    'requests.post("https://example.com/hook", json=lines)',
)


def files(modules: int = 200, lines: int = 300) -> Iterator[tuple[str, str]]:
    """The project's files by name: so many modules, of which the edited handler has about so many lines."""
    handlers = modules // 10
    each = (modules - handlers - 1) // len(_LAYERS)
    package = "shop."
    yield "lambdalint.toml", ""
    yield "shop/__init__.py", ""
    for layer in _LAYERS:
        yield f"shop/{layer}/__init__.py", ""
    for n in range(each):
        yield f"shop/models/model_{n}.py", _MODEL.format(n=n)
        yield f"shop/clients/client_{n}.py", _CLIENT.format(n=n)
        yield f"shop/repositories/repository_{n}.py", _REPOSITORY.format(n=n, package=package, model=n)
        above = f"from {package}services.service_{n - 1} import handle_{n - 1}_event\n" if n % 3 else ""
        call = f"    if event.get('chained'):\n        handle_{n - 1}_event(event)\n" if n % 3 else ""
        yield (
            f"shop/services/service_{n}.py",
            _SERVICE.format(n=n, package=package, client=n, repository=n, model=n, above=above, call=call),
        )
    for n in range(handlers):
        yield f"functions/f{n}/app.py", _SMALL_HANDLER.format(n=n % each, package=package)
    yield HANDLER, handler(lines, min(_IMPORTED, each), package)
    yield "template.yaml", template(handlers)


def handler(lines: int, services: int, package: str = "shop.") -> str:
    """The edited handler: steps, one after the other, that use the services."""
    head = ["import json", "import logging", "import os", "", "import boto3", "import requests", ""]
    head += [f"from {package}services.service_{n} import service_{n}" for n in range(services)]
    head += [
        "",
        "logger = logging.getLogger(__name__)",
        'table = boto3.resource("dynamodb").Table(os.environ["TABLE"])',
    ]
    text = "\n".join(head) + "\n"
    count = max(1, (lines - len(head) - 12) // 14)
    for n in range(count):
        service = n % services
        special = _SPECIAL[n % len(_SPECIAL)].format(n=n, service=service)
        text += _STEP.format(n=n, service=service, special=special)
    steps = "".join(f"    done.append(step_{n}(event, settings))\n" for n in range(count))
    text += f"\n\ndef lambda_handler(event, context):\n    settings = {{}}\n    done = []\n{steps}"
    return text + '    return {"statusCode": 200, "body": json.dumps(done)}\n'


def template(handlers: int) -> str:
    rows = [("Orders", "orders/app")] + [(f"Function{n}", f"functions/f{n}/app") for n in range(handlers)]
    head = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
    return head + "".join(
        f"  {name}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: {path}.lambda_handler\n"
        "      Runtime: python3.12\n      CodeUri: .\n      MemorySize: 256\n      Timeout: 30\n"
        for name, path in rows
    )


def write(folder: Path, modules: int = 200, lines: int = 300) -> None:
    for name, text in files(modules, lines):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

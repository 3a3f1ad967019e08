"""LMB302, LMB307, LMB308, LMB309, LMB311: coroutines, threads, and waits that end."""

from __future__ import annotations

import asyncio
import functools
import inspect
import socket
import time
from types import ModuleType
from typing import Any
from unittest import mock

from proof import CONTEXT, REFUSED, SILENT, UNSAFE, Case
from servers import LATENESS, Remote


def _shop(remote: Remote) -> None:
    remote.bucket("reports", january="1,2,3", february="4,5", march="6")
    remote.parameters(limit="20", currency="EUR")
    remote.table("users", "id", {"id": "a", "age": 40}, {"id": "b", "age": 41})


def _slowly(number: int, request: Any) -> None:
    """The emulator's answer, after a while."""
    time.sleep(0.2)


def _impatient(module: ModuleType, event: Any) -> Any:
    """Limits of seconds pass before the answer of the host that is late, which comes in less than one."""
    original = socket.socket.settimeout

    def shorter(self: socket.socket, value: float | None) -> None:
        original(self, value if value is None or value < 1 else LATENESS / 3)

    with mock.patch.object(socket.socket, "settimeout", shorter):
        return module.lambda_handler(event, CONTEXT)


@functools.cache
def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


def _awaited(module: ModuleType, event: Any) -> Any:
    """What whoever wrote a coroutine as the handler had in mind: a runtime that awaits it, in one event loop."""
    result = module.lambda_handler(event, CONTEXT)
    return _loop().run_until_complete(result) if inspect.iscoroutine(result) else result


CASES = [
    Case(
        "LMB302",
        "requests of one client",
        UNSAFE,
        '''\
"""Asks two services."""

import asyncio

import httpx


async def load(event):
    async with httpx.AsyncClient() as client:
        order = await client.get(f"https://api.example.com/orders/{event['id']}")
        rate = await client.get("https://api.example.com/rates", params={"currency": event["currency"]})
        return order.json()["path"], rate.json()["path"], rate.status_code


def lambda_handler(event, context):
    return asyncio.run(load(event))
''',
        events=[{"id": 1, "currency": "EUR"}, {"id": 2, "currency": "SEK"}],
        calls={"connection api.example.com": (2, 4)},
        unordered=True,
    ),
    Case(
        "LMB302",
        "reads in threads, by helpers, one of which fails",
        UNSAFE,
        """\
import asyncio

import boto3

s3 = boto3.client("s3")


async def size_of(key):
    head = await asyncio.to_thread(s3.head_object, Bucket="reports", Key=key)
    return head["ContentLength"]


async def work(event):
    first = await size_of(event["first"])
    second = await size_of(event["second"])
    return first - second


def lambda_handler(event, context):
    try:
        return asyncio.run(work(event))
    except s3.exceptions.ClientError as error:
        return error.response["Error"]["Code"]
""",
        events=[{"first": "january", "second": "march"}, {"first": "nowhere", "second": "march"}],
        state=_shop,
        calls={"s3.HeadObject": (3, 4)},
    ),
    Case(
        "LMB302",
        "a comprehension: the results are a list in the order of the keys",
        UNSAFE,
        """\
import asyncio

import boto3

s3 = boto3.client("s3")


async def size_of(key):
    head = await asyncio.to_thread(s3.head_object, Bucket="reports", Key=key)
    return key, head["ContentLength"]


async def work(keys):
    return [await size_of(key) for key in keys if key]


def lambda_handler(event, context):
    return asyncio.run(work(event["keys"]))
""",
        events=[{"keys": ["march", "", "january", "february", "march"]}, {"keys": []}, {"keys": None}],
        state=_shop,
        raises=("TypeError",),
        calls={"s3.HeadObject": (4, 4)},
    ),
    Case(
        "LMB302",
        "a loop that appends: where one fails, all are asked for",
        UNSAFE,
        """\
import asyncio

import boto3

s3 = boto3.client("s3")


async def size_of(key):
    head = await asyncio.to_thread(s3.head_object, Bucket="reports", Key=key)
    return head["ContentLength"]


async def work(event):
    sizes = [0]
    for key in event["keys"]:
        sizes.append(await size_of(key))
    return sizes


def lambda_handler(event, context):
    return asyncio.run(work(event))
""",
        events=[{"keys": ["march", "january", "february"]}, {"keys": ["march", "nowhere", "january"]}],
        state=_shop,
        raises=("ClientError",),
        calls={"s3.HeadObject": (5, 6)},
    ),
    Case(
        "LMB302",
        "both fail, the second one sooner",
        UNSAFE,
        """\
import asyncio

import boto3

s3 = boto3.client("s3")
ssm = boto3.client("ssm")


async def work(event):
    report = await asyncio.to_thread(s3.get_object, Bucket="reports", Key="nowhere")
    limit = await asyncio.to_thread(ssm.get_parameter, Name="unknown")
    return report["ContentLength"], limit["Parameter"]["Value"]


def lambda_handler(event, context):
    return asyncio.run(work(event))
""",
        events=[{}],
        state=_shop,
        answers=lambda: {"s3.GetObject": _slowly},
        raises=("NoSuchKey",),
        calls={"ssm.GetParameter": (0, 1)},
        differs="the failure that comes first in time is raised",
    ),
    Case(
        "LMB302",
        "an argument whose making fails behind the first read",
        UNSAFE,
        """\
import asyncio

import boto3

s3 = boto3.client("s3")


async def size_of(key):
    head = await asyncio.to_thread(s3.head_object, Bucket="reports", Key=key)
    return head["ContentLength"]


async def work(event):
    first = await size_of("nowhere")
    second = await size_of(event["second"])
    return first + second


def lambda_handler(event, context):
    return asyncio.run(work(event))
""",
        events=[{}],
        state=_shop,
        raises=("ClientError",),
        calls={"s3.HeadObject": (1, 0)},
        differs="all arguments are made before the first answer is there",
    ),
    Case(
        "LMB302",
        "an answer that is looked at in between",
        REFUSED,
        """\
import asyncio

import boto3

s3 = boto3.client("s3")


async def work(event):
    first = await asyncio.to_thread(s3.head_object, Bucket="reports", Key=event["first"])
    size = first["ContentLength"]
    second = await asyncio.to_thread(s3.head_object, Bucket="reports", Key=event["second"])
    return size + second["ContentLength"]


def lambda_handler(event, context):
    return asyncio.run(work(event))
""",
    ),
    Case(
        "LMB302",
        "a helper that tells in what order it was called",
        REFUSED,
        """\
import asyncio

import boto3

s3 = boto3.client("s3")
seen = []


async def size_of(key):
    head = await asyncio.to_thread(s3.head_object, Bucket="reports", Key=key)
    seen.append(key)
    return head["ContentLength"], len(seen)


async def work(event):
    return [await size_of(key) for key in event["keys"]]


def lambda_handler(event, context):
    return asyncio.run(work(event))
""",
    ),
    Case(
        "LMB302",
        "a key that the first answer tells",
        SILENT,
        """\
import asyncio

import boto3

s3 = boto3.client("s3")


async def work(event):
    first = await asyncio.to_thread(s3.head_object, Bucket="reports", Key=event["first"])
    second = await asyncio.to_thread(s3.head_object, Bucket="reports", Key=first["Metadata"]["next"])
    return second["ContentLength"]


def lambda_handler(event, context):
    return asyncio.run(work(event))
""",
    ),
    # --- LMB307 -----------------------------------------------------------------------------
    Case(
        "LMB307",
        "a session whose hosts answer in time",
        UNSAFE,
        '''\
"""Asks for orders, and notes that it did."""

import requests

session = requests.Session()


def note(order):
    session.post("https://api.example.com/notes", json={"order": order})


def lambda_handler(event, context):
    response = session.get(
        f"https://api.example.com/orders/{event['id']}",
        headers={"Authorization": event["token"]},  # of the user
    )
    note(event["id"])
    return response.status_code, response.json()["path"]
''',
        events=[{"id": 1, "token": "a"}, {"id": 2, "token": "b"}],
        calls={"connection api.example.com": (1, 1)},
    ),
    Case(
        "LMB307",
        "urlopen and http.client, with the function's own timeout",
        UNSAFE,
        """\
import http.client
import json
import urllib.request


def rate():
    connection = http.client.HTTPSConnection("rates.example.org")
    connection.request("GET", "/eur")
    return json.loads(connection.getresponse().read())["path"]


def lambda_handler(event, context):
    request = urllib.request.Request("https://api.example.com/orders", data=event["body"].encode(), method="PUT")
    with urllib.request.urlopen(request) as response:
        return json.load(response)["body"], rate()
""",
        events=[{"body": "new"}, {"body": ""}],
        files={
            "template.yaml": """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.lambda_handler
      Runtime: python3.12
      CodeUri: .
      Timeout: 8
"""
        },
    ),
    Case(
        "LMB307",
        "a pool of urllib3",
        UNSAFE,
        """\
import json
import os

import urllib3

http = urllib3.PoolManager(ca_certs=os.environ["SSL_CERT_FILE"])


def lambda_handler(event, context):
    response = http.request("POST", "https://api.example.com/orders", body=json.dumps(event["order"]))
    return response.status, json.loads(response.data)["body"]
""",
        events=[{"order": {"id": 1}}, {"order": []}],
        calls={"connection api.example.com": (1, 1)},
    ),
    Case(
        "LMB307",
        "an answer that is late",
        UNSAFE,
        """\
import requests


def lambda_handler(event, context):
    return requests.get(f"http://late.example.com/orders/{event['id']}").text
""",
        events=[{"id": 1}],
        run=_impatient,
        differs="an answer that takes longer raises from then on",
    ),
    Case(
        "LMB307",
        "an answer that is late, to a handler that expects failures",
        UNSAFE,
        """\
import urllib.request


def lambda_handler(event, context):
    try:
        with urllib.request.urlopen("http://late.example.com/rates") as response:
            return response.read()
    except OSError:
        return b"none"
""",
        events=[{}],
        run=_impatient,
        differs="an answer that takes longer raises from then on",
    ),
    Case(
        "LMB307",
        "told to wait for ever",
        REFUSED,
        """\
import requests


def lambda_handler(event, context):
    return requests.get("http://late.example.com/reports", timeout=None).text
""",
    ),
    Case(
        "LMB307",
        "a database whose limit would end long queries",
        REFUSED,
        """\
import os

import pg8000.native


def lambda_handler(event, context):
    connection = pg8000.native.Connection("reports", host="db.example.com", password=os.environ["PASSWORD"])
    return connection.run("SELECT sum(total) FROM orders")
""",
    ),
    Case(
        "LMB307",
        "a limit that all sockets have",
        SILENT,
        """\
import socket

import requests

socket.setdefaulttimeout(5)


def lambda_handler(event, context):
    return requests.get("http://late.example.com/reports").text
""",
    ),
    # --- LMB308 -----------------------------------------------------------------------------
    Case(
        "LMB308",
        "a pool for one `map`",
        UNSAFE,
        '''\
"""Adds up the sizes of reports."""

from multiprocessing.pool import ThreadPool

import boto3

s3 = boto3.client("s3")


def size(key):
    return s3.head_object(Bucket="reports", Key=key)["ContentLength"]


def lambda_handler(event, context):
    with ThreadPool(event["threads"]) as pool:  # of threads
        sizes = pool.map(size, event["keys"])
    sizes.append(sum(sizes))
    return sizes
''',
        events=[
            {"threads": 4, "keys": ["march", "january", "february"] * 4},
            {"threads": 2, "keys": []},
            {"threads": None, "keys": ["march"]},
            {"threads": 0, "keys": ["march"]},
            {"threads": 2, "keys": ["nowhere"]},
        ],
        state=_shop,
        raises=("ValueError", "ClientError"),
        calls={"s3.HeadObject": (14, 14)},
    ),
    Case(
        "LMB308",
        "a pool that is closed and joined, and goes on to be used twice",
        UNSAFE,
        """\
import multiprocessing.pool

import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    workers = multiprocessing.pool.ThreadPool(processes=3)
    heads = workers.map(lambda key: s3.head_object(Bucket="reports", Key=key), event["keys"])
    sizes = workers.map(lambda head: head["ContentLength"], heads)
    workers.close()
    workers.join()
    return dict(zip(event["keys"], sizes))
""",
        events=[{"keys": ["march", "january"]}, {"keys": []}],
        state=_shop,
        calls={"s3.HeadObject": (2, 2)},
    ),
    Case(
        "LMB308",
        "a failure, which ends what a thread has to do",
        UNSAFE,
        """\
import threading
from multiprocessing.pool import ThreadPool


def lambda_handler(event, context):
    done, second = [], threading.Event()

    def work(number):
        if number == 0:
            second.wait(0.3)
            raise ValueError(number)
        done.append(number)
        second.set()

    try:
        with ThreadPool(2) as pool:
            pool.map(work, range(16))
    except ValueError:
        return 1 in done
    return None
""",
        events=[{}],
        differs="a `ThreadPool` leaves the rest of a chunk undone",
    ),
    Case(
        "LMB308",
        "results as they come",
        REFUSED,
        """\
from multiprocessing.pool import ThreadPool


def lambda_handler(event, context):
    with ThreadPool(4) as pool:
        return sorted(pool.imap_unordered(len, event["texts"]))
""",
    ),
    Case(
        "LMB308",
        "threads that are prepared",
        REFUSED,
        """\
from multiprocessing.pool import ThreadPool

ready = []


def lambda_handler(event, context):
    with ThreadPool(4, ready.append, (1,)) as pool:
        return pool.map(len, event["texts"])
""",
    ),
    Case(
        "LMB308",
        "threads of concurrent.futures",
        SILENT,
        """\
from concurrent.futures import ThreadPoolExecutor


def lambda_handler(event, context):
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(len, event["texts"]))
""",
    ),
    # --- LMB309 -----------------------------------------------------------------------------
    Case(
        "LMB309",
        "a client of the module",
        UNSAFE,
        '''\
"""Adds up the sizes of reports."""

from concurrent.futures import ThreadPoolExecutor

import boto3

s3 = boto3.client("s3", region_name="eu-west-1")  # for all threads


def size(key):
    return s3.head_object(Bucket="reports", Key=key)["ContentLength"]


def lambda_handler(event, context):
    with ThreadPoolExecutor(max_workers=16) as pool:
        return list(pool.map(size, event["keys"]))
''',
        events=[{"keys": ["march", "january", "february"] * 7}, {"keys": []}, {"keys": ["nowhere"]}],
        state=_shop,
        raises=("ClientError",),
        calls={"s3 client": (1, 1), "s3.HeadObject": (22, 22)},
    ),
    Case(
        "LMB309",
        "a configuration that says something else, of two clients",
        UNSAFE,
        """\
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

settings = Config(retries={"max_attempts": 2}, user_agent_extra="reports")
s3 = boto3.client("s3", config=settings)
ssm = boto3.client("ssm", config=settings)


def size(key):
    return s3.head_object(Bucket="reports", Key=key)["ContentLength"]


def lambda_handler(event, context):
    limit = int(ssm.get_parameter(Name="limit")["Parameter"]["Value"])
    with ThreadPoolExecutor(20) as pool:
        return [n for n in pool.map(size, event["keys"]) if n < limit], s3.meta.config.user_agent_extra
""",
        events=[{"keys": ["march", "january"] * 6}],
        state=_shop,
        calls={"s3.HeadObject": (12, 12)},
    ),
    Case(
        "LMB309",
        "how many connections a client may keep",
        UNSAFE,
        """\
from concurrent.futures import ThreadPoolExecutor

import boto3

s3 = boto3.client("s3")


def size(key):
    return s3.head_object(Bucket="reports", Key=key)["ContentLength"]


def lambda_handler(event, context):
    with ThreadPoolExecutor(24) as pool:
        sizes = list(pool.map(size, event["keys"]))
    return sizes, s3.meta.config.max_pool_connections
""",
        events=[{"keys": ["march"] * 3}],
        state=_shop,
        differs="the connections stay open for as long as the execution environment",
    ),
    Case(
        "LMB309",
        "a client of another file",
        REFUSED,
        """\
from concurrent.futures import ThreadPoolExecutor

from clients import s3


def size(key):
    return s3.head_object(Bucket="reports", Key=key)["ContentLength"]


def lambda_handler(event, context):
    with ThreadPoolExecutor(24) as pool:
        return list(pool.map(size, event["keys"]))
""",
        files={"clients.py": 'import boto3\n\ns3 = boto3.client("s3")\n'},
    ),
    Case(
        "LMB309",
        "as many connections as threads",
        SILENT,
        """\
from concurrent.futures import ThreadPoolExecutor

import boto3

s3 = boto3.client("s3")


def size(key):
    return s3.head_object(Bucket="reports", Key=key)["ContentLength"]


def lambda_handler(event, context):
    with ThreadPoolExecutor(10) as pool:
        return list(pool.map(size, event["keys"]))
""",
    ),
    # --- LMB311 -----------------------------------------------------------------------------
    Case(
        "LMB311",
        "a coroutine that reads, fails and keeps count",
        UNSAFE,
        '''\
"""Tells a report's size."""

import boto3

import asyncio

s3 = boto3.client("s3")
count = 0


# what Lambda calls
async def lambda_handler(event, context):
    """The size of what the event names."""
    global count
    count += 1
    print(context.function_name)
    head = await asyncio.to_thread(s3.head_object, Bucket="reports", Key=event["key"])
    event["seen"] = True
    return head["ContentLength"], count
''',
        events=[{"key": "january"}, {"key": "nowhere"}, {}, {"key": "march"}],
        state=_shop,
        run=_awaited,
        raises=("ClientError", "KeyError"),
    ),
    Case(
        "LMB311",
        "names that are taken, and a client for each event",
        UNSAFE,
        """\
import httpx


def _lambda_handler_async(path):
    return f"https://api.example.com/{path}"


async def lambda_handler(_event, _):
    async with httpx.AsyncClient() as client:
        response = await client.get(_lambda_handler_async(_event["path"]))
    return response.json()["path"]
""",
        events=[{"path": "a"}, {"path": "b"}],
        run=_awaited,
    ),
    Case(
        "LMB311",
        "a client of the module, which belongs to an event loop",
        UNSAFE,
        """\
import httpx

client = httpx.AsyncClient()


async def lambda_handler(event, context):
    response = await client.get(f"https://api.example.com/{event['path']}")
    return response.json()["path"]
""",
        events=[{"path": "a"}, {"path": "b"}],
        run=_awaited,
        calls={"connection api.example.com": (1, 1)},
        differs="what is kept at module scope and belongs to an event loop breaks",
    ),
    Case(
        "LMB311",
        "a parameter with a default",
        REFUSED,
        """\
import asyncio


async def lambda_handler(event, context=None):
    await asyncio.sleep(0)
    return event["name"]
""",
    ),
    Case(
        "LMB311",
        "a test that awaits it",
        REFUSED,
        """\
import asyncio


async def lambda_handler(event, context):
    await asyncio.sleep(0)
    return event["name"]
""",
        files={
            "tests/test_app.py": """\
import asyncio

import app


def test_it():
    assert asyncio.run(app.lambda_handler({"name": "ada"}, None)) == "ada"
"""
        },
    ),
    Case(
        "LMB311",
        "a coroutine that is run by hand",
        SILENT,
        """\
import asyncio


async def work(event):
    await asyncio.sleep(0)
    return event["name"]


def lambda_handler(event, context):
    return asyncio.run(work(event))
""",
    ),
]

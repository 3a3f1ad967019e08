"""LMB104, LMB108, LMB111: sessions and set-up that are kept, against an HTTPS server."""

from __future__ import annotations

from types import ModuleType
from typing import Any
from unittest import mock

from proof import CONTEXT, REFUSED, SAFE, SILENT, UNSAFE, Case

ORDERS = [{"id": "1"}, {"id": "2"}, {"id": "missing"}]


def _patched(module: ModuleType, event: Any) -> Any:
    """What a unit test does: its own answer in the place of the request."""
    with mock.patch("requests.get") as get:
        get.return_value.json.return_value = {"path": event["id"]}
        return module.lambda_handler(event, CONTEXT)


CASES = [
    Case(
        "LMB104",
        "a session for one request, and headers of the request alone",
        UNSAFE,
        '''\
"""Asks the order service."""

import requests

BASE = "https://api.example.com/orders"


def lambda_handler(event, context):
    session = requests.Session()
    answer = session.get(f"{BASE}/{event['id']}", headers={"Authorization": event.get("token", "")}, timeout=5)
    if answer.status_code != 200:
        return {"statusCode": answer.status_code}
    return {"statusCode": 200, "body": answer.json()["path"]}
''',
        events=[{"id": "1", "token": "a"}, {"id": "2"}, {"id": "3", "token": "c"}],
        calls={"connection api.example.com": (3, 1)},
    ),
    Case(
        "LMB104",
        "a pool of urllib3, and a client of httpx in a helper",
        UNSAFE,
        """\
import httpx
import urllib3


def price(product):
    client = httpx.Client(timeout=5)
    return client.post("https://rates.example.org/prices", json={"id": product}).json()["body"]


def lambda_handler(event, context):
    http = urllib3.PoolManager()
    answer = http.request("GET", "https://api.example.com/orders/" + event["id"], timeout=5.0)
    return answer.status, answer.json()["path"], price(event["id"])
""",
        events=ORDERS,
        environment={"REQUESTS_CA_BUNDLE": None},
        calls={"connection api.example.com": (3, 1), "connection rates.example.org": (3, 1)},
    ),
    Case(
        "LMB104",
        "cookies that the server sets",
        UNSAFE,
        """\
import requests


def lambda_handler(event, context):
    session = requests.Session()
    return session.get("https://api.example.com/visits", timeout=5).json()["visits"]
""",
        events=[{}, {}],
        calls={"connection api.example.com": (2, 1)},
        differs="all invocations share the session and what it keeps, such as cookies",
    ),
    Case(
        "LMB104",
        "headers and adapters that are put on the session",
        SILENT,
        """\
import requests


def lambda_handler(event, context):
    session = requests.Session()
    session.headers.update({"Authorization": "Bearer " + event["token"]})
    return session.get("https://api.example.com/orders", timeout=5).json()
""",
    ),
    Case(
        "LMB104",
        "a method of the session that sets it up for one invocation",
        REFUSED,
        """\
import requests
from requests.adapters import HTTPAdapter


def lambda_handler(event, context):
    session = requests.Session()
    session.mount("https://", HTTPAdapter(max_retries=event["retries"]))
    return session.get("https://api.example.com/orders", timeout=5).json()
""",
    ),
    Case(
        "LMB104",
        "a session that is closed at the end of a with",
        REFUSED,
        """\
import requests


def lambda_handler(event, context):
    with requests.Session() as session:
        return session.get("https://api.example.com/orders", timeout=5).json()["path"]
""",
    ),
    Case(
        "LMB104",
        "a key that comes with the event",
        SILENT,
        """\
import httpx


def lambda_handler(event, context):
    client = httpx.Client(headers={"Authorization": event["token"]})
    return client.get("https://api.example.com/orders").json()["path"]
""",
    ),
    # --- LMB108 -----------------------------------------------------------------------------
    Case(
        "LMB108",
        "a template of a constant",
        SAFE,
        '''\
"""Greets customers."""

from jinja2 import Template

GREETING = "Dear {{ name }}{% if items %}, {{ items|length }} things{% endif %}."


def greeting(name, items):
    # One for each customer.
    template = Template(GREETING, trim_blocks=True)
    return template.render(name=name, items=items)


def lambda_handler(event, context):
    return [greeting(name, event.get("items", [])) for name in event["names"]]
''',
        events=[{"names": ["Ada", "<Bob>"]}, {"names": [], "items": [1]}, {"names": ["Cyd"], "items": [1, 2]}],
    ),
    Case(
        "LMB108",
        "an environment whose filters are set for one invocation",
        REFUSED,
        """\
import jinja2


def lambda_handler(event, context):
    environment = jinja2.Environment()
    environment.filters["money"] = lambda value: f"{value:.2f} {event['currency']}"
    return environment.from_string("{{ total|money }}").render(total=event["total"])
""",
    ),
    Case(
        "LMB108",
        "a template whose globals the handler changes",
        SILENT,
        """\
from jinja2 import Template


def lambda_handler(event, context):
    template = Template("{{ name }} {{ day }}")
    template.globals["day"] = event.get("day", "")
    return template.render(name=event["name"])
""",
    ),
    Case(
        "LMB108",
        "a template of the event",
        SILENT,
        """\
from jinja2 import Template


def lambda_handler(event, context):
    return Template(event["template"]).render(name=event["name"])
""",
    ),
    Case(
        "LMB108",
        "an environment, and a template that counts in a variable of its own",
        SAFE,
        """\
import jinja2

BYE = "{% set n = namespace(i=1) %}{% for x in names %}{% set n.i = n.i + 1 %}{{ x }}{% endfor %}{{ n.i }}"


def lambda_handler(event, context):
    environment = jinja2.Environment(autoescape=True, keep_trailing_newline=True)
    try:
        return environment.from_string(BYE).render(names=event["names"])
    except jinja2.TemplateError as error:
        return str(error)
""",
        events=[{"names": ["<a>", "b"]}, {"names": []}, {"names": ["c"]}, {}],
        raises=("KeyError",),
    ),
    Case(
        "LMB108",
        "a loader is made for the environment",
        REFUSED,
        """\
import jinja2

TEMPLATES = {"hello": "Hello {{ name }}"}


def lambda_handler(event, context):
    environment = jinja2.Environment(loader=jinja2.DictLoader(TEMPLATES), autoescape=True)
    return environment.get_template(event["template"]).render(name=event["name"])
""",
    ),
    Case(
        "LMB108",
        "the templates of the module are changed between invocations",
        SILENT,
        """\
import jinja2

TEMPLATES = {"hello": "Hello {{ name }}"}


def lambda_handler(event, context):
    if "template" in event:
        TEMPLATES["hello"] = event["template"]
    environment = jinja2.Environment(loader=jinja2.DictLoader(dict(TEMPLATES)))
    return environment.get_template("hello").render(name=event["name"])
""",
    ),
    # --- LMB111 -----------------------------------------------------------------------------
    Case(
        "LMB111",
        "requests of two kinds, one of them in a helper",
        UNSAFE,
        '''\
"""Passes orders on."""

import requests

BASE = "https://api.example.com"


def store(order):
    answer = requests.post(f"{BASE}/orders", json=order, timeout=5)
    answer.raise_for_status()
    return answer.json()["body"]


def lambda_handler(event, context):
    known = requests.get(f"{BASE}/orders/{event['id']}", params={"full": "1"}, auth=("u", event["id"]), timeout=5)
    return known.json()["path"], store({"id": event["id"]})
''',
        events=ORDERS,
        calls={"connection api.example.com": (6, 1)},
    ),
    Case(
        "LMB111",
        "an answer that is an error",
        UNSAFE,
        """\
import requests


def lambda_handler(event, context):
    try:
        answer = requests.get(f"https://api.example.com/{event['path']}", timeout=5)
        answer.raise_for_status()
    except requests.HTTPError as error:
        return error.response.status_code
    return answer.json()["path"]
""",
        events=[{"path": "missing"}, {"path": "orders"}, {"path": "missing"}],
        calls={"connection api.example.com": (3, 1)},
    ),
    Case(
        "LMB111",
        "httpx, whose top-level functions take what a client takes",
        UNSAFE,
        """\
import httpx


def lambda_handler(event, context):
    answer = httpx.get("https://api.example.com/orders", params={"id": event["id"]}, timeout=5)
    return answer.status_code, answer.json()["path"]
""",
        events=ORDERS,
        calls={"connection api.example.com": (3, 1)},
    ),
    Case(
        "LMB111",
        "cookies that the server sets",
        UNSAFE,
        """\
import requests


def lambda_handler(event, context):
    return requests.get("https://api.example.com/visits", timeout=5).json()["visits"]
""",
        events=[{}, {}],
        calls={"connection api.example.com": (2, 1)},
        differs="the session keeps cookies from one invocation to the next",
    ),
    Case(
        "LMB111",
        "a test that patches the function",
        UNSAFE,
        """\
import requests


def lambda_handler(event, context):
    return requests.get(f"https://api.example.com/orders/{event['id']}", timeout=5).json()["path"]
""",
        events=[{"id": "1"}],
        run=_patched,
        calls={"connection api.example.com": (0, 1)},
        differs="is not seen by tests that patch the function",
    ),
    Case(
        "LMB111",
        "certificates and proxies of httpx, which a client takes when it is made",
        REFUSED,
        """\
import httpx


def lambda_handler(event, context):
    return httpx.get("https://api.example.com/orders", verify=False).json()["path"]
""",
    ),
    Case(
        "LMB111",
        "a session of the module that has a header of its own",
        UNSAFE,
        """\
import requests

session = requests.Session()
session.headers["Authorization"] = "Bearer secret"


def lambda_handler(event, context):
    mine = session.get("https://api.example.com/orders", timeout=5).json()["path"]
    theirs = requests.get("https://rates.example.org/rates", timeout=5).json()["path"]
    return mine, theirs
""",
        events=[{}, {}],
        calls={"connection rates.example.org": (2, 1), "connection api.example.com": (1, 1)},
    ),
    Case(
        "LMB111",
        "in the threads of a pool",
        REFUSED,
        """\
from concurrent.futures import ThreadPoolExecutor

import requests


def load(identity):
    return requests.get(f"https://api.example.com/orders/{identity}", timeout=5).json()["path"]


def lambda_handler(event, context):
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(load, event["ids"]))
""",
    ),
    Case(
        "LMB111",
        "a host that comes with the event",
        SILENT,
        """\
import requests


def lambda_handler(event, context):
    return requests.get(event["url"], timeout=5).status_code
""",
    ),
]

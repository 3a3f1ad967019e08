"""LMB201, LMB202, LMB203: texts that are parsed once instead of several times."""

from __future__ import annotations

from decimal import Decimal

from proof import REFUSED, SAFE, SILENT, UNSAFE, Case

CASES = [
    Case(
        "LMB201",
        "the first object has a name, and both are only read",
        SAFE,
        '''\
"""Prices an order."""

import json

FREE_FROM = 100


def lambda_handler(event, context):
    order = json.loads(event["body"])
    print("order", order["id"])
    shipping = 0
    if order["total"] < FREE_FROM:
        # Abroad costs more.
        abroad = json.loads(event["body"])["country"] != "LU"
        shipping = 15 if abroad else 5
    count = len(json.loads(event["body"])["lines"])
    return {"statusCode": 200, "body": json.dumps({"shipping": shipping, "lines": count})}
''',
        events=[
            {"body": '{"id": 1, "total": 20, "country": "LU", "lines": [{"name": "a"}]}'},
            {"body": '{"id": 2, "total": 200, "lines": []}'},
            {"body": '{"id": 3, "total": 2.0, "lines": []}'},
            {"body": "{"},
        ],
        raises=("KeyError", "JSONDecodeError"),
    ),
    Case(
        "LMB201",
        "something keeps the event, and code that doesn't name it runs between the parses",
        UNSAFE,
        """\
import contextlib
import functools
import json


class Request:
    def __init__(self, event):
        self.event = event

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.event["body"] = self.event.get("of a block", self.event["body"])


def from_generator(event):
    yield "first"
    event["body"] = event.get("of a generator", event["body"])


def change(kept):
    event = kept if "body" in kept else kept["event"]
    event["body"] = event.get("of a function", event["body"])


@contextlib.contextmanager
def block(event):
    yield
    change(event)


def generator(event):
    parts = from_generator(event)
    first = json.loads(event["body"])
    for part in parts:
        print(part)
    second = json.loads(event["body"])
    return first["n"] == 1, second["n"] == 1


def container(event):
    kept = {"event": event}
    first = json.loads(event["body"])
    change(kept)
    second = json.loads(event["body"])
    return first["n"] == 1, second["n"] == 1


def partial(event):
    later = functools.partial(change, event)
    first = json.loads(event["body"])
    later()
    second = json.loads(event["body"])
    return first["n"] == 1, second["n"] == 1


def instance(event):
    with Request(event):
        first = json.loads(event["body"])
    second = json.loads(event["body"])
    return first["n"] == 1, second["n"] == 1


def context_manager(event):
    with block(event):
        first = json.loads(event["body"])
    second = json.loads(event["body"])
    return first["n"] == 1, second["n"] == 1


def lambda_handler(event, context):
    return [way(dict(event)) for way in (generator, container, partial, instance, context_manager)]
""",
        events=[
            {"body": '{"n": 1}', **{f"of a {who}": '{"n": 2}' for who in ("generator", "function", "block")}},
            {"body": '{"n": 1}'},
        ],
        differs="may use it to put another text there",
    ),
    Case(
        "LMB201",
        "a container keeps the event, and nothing runs between the parses that may use it",
        SAFE,
        """\
import json


def lambda_handler(event, context):
    kept = [event]
    order = json.loads(event["body"])
    print("order", order["id"])
    if order["id"] > 1:
        return json.loads(event["body"])["id"] > 2, len(kept)
    return "first"
""",
        events=[{"body": '{"id": 1}'}, {"body": '{"id": 2}'}],
    ),
    Case(
        "LMB201",
        "neither object has a name",
        SAFE,
        """\
import json

parsed = "a name of the module"


def lambda_handler(event, context):
    if json.loads(event["body"])["version"] != 2:
        return {"statusCode": 400, "parsed": parsed}
    return {"statusCode": 200, "named": json.loads(event["body"])["name"] != ""}
""",
        events=[{"body": '{"version": 2, "name": "a"}'}, {"body": '{"version": 1}'}, {}, {"body": "x"}],
        raises=("KeyError", "JSONDecodeError"),
    ),
    Case(
        "LMB201",
        "something else of the statement comes before the first parse",
        UNSAFE,
        """\
import json


def lambda_handler(event, context):
    kind, name = event["kind"].upper(), json.loads(event["body"])["name"]
    return [kind, name, json.loads(event["body"])["id"]]
""",
        events=[{"kind": "a", "body": '{"name": "b", "id": 1}'}, {"kind": "a", "body": "{"}, {"body": "{"}],
        raises=("JSONDecodeError", "KeyError"),
        differs="what stands before it in its statement would come after it",
    ),
    Case(
        "LMB201",
        "an early return stands in front of the second parse, and the first is in a branch",
        REFUSED,
        """\
import json


def lambda_handler(event, context):
    if event["kind"] == "order":
        order = json.loads(event["body"])
        print(order["id"])
    if event.get("skip"):
        return "skipped"
    return json.loads(event["body"])["id"]
""",
    ),
    Case(
        "LMB201",
        "an early return stands between the parses",
        SAFE,
        """\
import json


def lambda_handler(event, context):
    order = json.loads(event["body"])
    if event.get("skip"):
        return "skipped"
    again = json.loads(event["body"])
    return str(order["id"]), again["total"] * 2
""",
        events=[{"body": '{"id": 1, "total": 1.50}', "skip": True}, {"body": '{"id": 1, "total": 1.50}'}],
    ),
    Case(
        "LMB201",
        "one of the objects is changed",
        SILENT,
        """\
import json


def lambda_handler(event, context):
    order = json.loads(event["body"])
    order["lines"].append({"name": "gift"})
    before = json.loads(event["body"])
    return len(order["lines"]) - len(before["lines"])
""",
    ),
    Case(
        "LMB201",
        "a part of one object is changed under another name",
        UNSAFE,
        """\
import json


def lambda_handler(event, context):
    order = json.loads(event["body"])
    lines = order["lines"]
    add(lines)
    before = json.loads(event["body"])
    return len(lines), len(before["lines"])


def add(lines):
    lines.append({"name": "gift"})
""",
        events=[{"body": '{"lines": []}'}],
        differs="two names would then share it",
    ),
    Case(
        "LMB201",
        "the first object is returned, the second read afterwards",
        UNSAFE,
        """\
import json


def total(order):
    order["total"] = sum(line["price"] for line in order["lines"])
    return order


def lambda_handler(event, context):
    order = total(json.loads(event["body"]))
    return order, json.loads(event["body"]).get("total", "none yet")
""",
        events=[{"body": '{"lines": [{"price": 2}]}'}],
        differs="two names would then share it",
    ),
    Case(
        "LMB201",
        "numbers are parsed in another way",
        SILENT,
        """\
import json
from decimal import Decimal


def lambda_handler(event, context):
    order = json.loads(event["body"])
    exact = json.loads(event["body"], parse_float=Decimal)
    return order["total"], str(exact["total"])
""",
    ),
    Case(
        "LMB201",
        "the text is assigned in between",
        SILENT,
        """\
import json


def lambda_handler(event, context):
    body = event["body"]
    first = json.loads(body)
    body = first["inner"]
    second = json.loads(body)
    return first["id"], second["id"]
""",
    ),
    Case(
        "LMB201",
        "the name of the first object is bound again",
        REFUSED,
        """\
import json


def lambda_handler(event, context):
    order = json.loads(event["body"])
    number = order["id"]
    order = {"id": 0}
    again = json.loads(event["body"])
    return number, order["id"], again["id"]
""",
    ),
    Case(
        "LMB201",
        "in a try whose handler reads the text again",
        SAFE,
        """\
import json


def lambda_handler(event, context):
    order = json.loads(event["body"])
    try:
        return str(order["customer"]["name"])
    except KeyError:
        return str(json.loads(event["body"])["name"])
""",
        events=[{"body": '{"name": "a"}'}, {"body": '{"customer": {"name": "b"}}'}],
    ),
    Case(
        "LMB201",
        "the first parse fails and is caught",
        SILENT,
        """\
import json


def lambda_handler(event, context):
    try:
        order = json.loads(event["body"])
    except ValueError:
        event["body"] = "{}"
        print("no JSON")
    return json.loads(event["body"] or "{}").get("id"), len(json.loads(event["body"]))
""",
    ),
    Case(
        "LMB201",
        "the objects are compared by identity",
        UNSAFE,
        """\
import json


def lambda_handler(event, context):
    first = json.loads(event["body"])
    second = json.loads(event["body"])
    return first is second
""",
        events=[{"body": "{}"}],
        differs="two names would then share it",
    ),
    Case(
        "LMB201",
        "the text's owner has another name, by which it is changed",
        SILENT,
        """\
import json


def lambda_handler(event, context):
    first = json.loads(event["body"])
    request = event
    request["body"] = '{"id": 0}'
    return str(first["id"]), str(json.loads(event["body"])["id"])
""",
    ),
    Case(
        "LMB201",
        "a nested function changes the text",
        SILENT,
        """\
import json


def lambda_handler(event, context):
    def strip():
        event["body"] = event["body"].replace("1", "2")

    first = json.loads(event["body"])
    strip()
    return str(first["id"]), str(json.loads(event["body"])["id"])
""",
    ),
    Case(
        "LMB201",
        "a method changes the text that the object holds",
        SILENT,
        """\
import json


class Request:
    def __init__(self, event):
        self.bodies = list(event["bodies"])
        self.body = self.bodies.pop(0)

    def advance(self):
        self.body = self.bodies.pop(0)

    def both(self):
        first = json.loads(self.body)
        self.advance()
        second = json.loads(self.body)
        return str(first["id"]), str(second["id"])


def lambda_handler(event, context):
    return Request(event).both()
""",
    ),
    Case(
        "LMB201",
        "a function changes the text that the module holds",
        SILENT,
        """\
import json

state = {"body": '{"id": 0}'}


def read(event):
    state["body"] = event["body"]


def lambda_handler(event, context):
    before = json.loads(state["body"])
    read(event)
    return str(before["id"]), str(json.loads(state["body"])["id"])
""",
    ),
    Case(
        "LMB201",
        "a function assigns the module's text",
        SILENT,
        """\
import json

body = '{"id": 0}'


def read(event):
    global body
    body = event["body"]


def lambda_handler(event, context):
    before = json.loads(body)
    read(event)
    return str(before["id"]), str(json.loads(body)["id"])
""",
    ),
    Case(
        "LMB201",
        "a walrus, a deletion and a loop's variable give the text another value",
        SILENT,
        """\
import json


def lambda_handler(event, context):
    body = event["bodies"][0]
    first = json.loads(body)
    for body in event["bodies"]:
        print(len(body))
    return str(first["id"]), str(json.loads(body)["id"])
""",
    ),
    Case(
        "LMB201",
        "a file that is read from on",
        SILENT,
        """\
import io
import json


def lambda_handler(event, context):
    lines = io.StringIO(event["body"])
    first = json.loads(lines.readline())
    second = json.loads(lines.readline())
    return first["id"], second["id"]
""",
    ),
    Case(
        "LMB201",
        "an iterator goes through each of the objects",
        UNSAFE,
        """\
import json


def lambda_handler(event, context):
    first = json.loads(event["body"])
    names = iter(first["names"])
    head = next(names)
    rest = iter(json.loads(event["body"])["names"])
    return head, next(rest), next(names)
""",
        events=[{"body": '{"names": ["a", "b"]}'}],
    ),
    # --- LMB202 -----------------------------------------------------------------------------
    Case(
        "LMB202",
        "a part of the event is copied and read",
        UNSAFE,
        '''\
"""Reads an order out of an event of EventBridge."""

import json


def lambda_handler(event, context):
    detail = json.loads(json.dumps(event["detail"]))
    names = [line["name"] for line in detail["lines"]]
    if not detail.get("paid"):
        return {"open": names}
    return {"done": names, "total": sum(line["price"] for line in detail["lines"])}
''',
        events=[
            {"detail": {"lines": [{"name": "a", "price": 2}], "paid": True}},
            {"detail": {"lines": []}},
            {"detail": {}},
        ],
        raises=("KeyError",),
    ),
    Case(
        "LMB202",
        "tuples and texts become lists and keys",
        UNSAFE,
        """\
import json


def lambda_handler(event, context):
    point = json.loads(json.dumps({"at": (1, 2), 3: "three"}))
    return point["at"] == [1, 2], point.get("3")
""",
        events=[{}],
        differs="JSON makes lists of tuples, texts of other keys, and fails for what it can't write",
    ),
    Case(
        "LMB202",
        "what JSON can't write",
        UNSAFE,
        """\
import json
from decimal import Decimal

PRICES = {"a": Decimal("1.50")}


def lambda_handler(event, context):
    prices = json.loads(json.dumps(PRICES))
    return str(prices["a"])
""",
        events=[{}],
        raises=("TypeError",),
        differs="JSON makes lists of tuples, texts of other keys, and fails for what it can't write",
    ),
    Case(
        "LMB202",
        "the copy is changed",
        SILENT,
        """\
import json


def lambda_handler(event, context):
    order = json.loads(json.dumps(event["order"]))
    order["lines"].append("gift")
    return len(order["lines"]), len(event["order"]["lines"])
""",
    ),
    Case(
        "LMB202",
        "the original is changed later",
        SILENT,
        """\
import json


def lambda_handler(event, context):
    before = json.loads(json.dumps(event["order"]))
    event["order"]["lines"].append("gift")
    return before["lines"]
""",
    ),
    Case(
        "LMB202",
        "the original is changed by a function that gets the event",
        SILENT,
        """\
import json


def add(event):
    event["order"]["lines"].append("gift")


def lambda_handler(event, context):
    before = json.loads(json.dumps(event["order"]))
    add(event)
    return len(before["lines"]), len(event["order"]["lines"])
""",
    ),
    Case(
        "LMB202",
        "the original has another name, under which it is changed",
        SILENT,
        """\
import json


def lambda_handler(event, context):
    order = event["order"]
    lines = order["lines"]
    before = json.loads(json.dumps(order))
    lines.append("gift")
    return len(before["lines"]), len(lines)
""",
    ),
    Case(
        "LMB202",
        "decimals and other objects are written in a way of their own",
        SILENT,
        """\
import json
from decimal import Decimal


def lambda_handler(event, context):
    item = json.loads(json.dumps({"total": Decimal("1.50")}, default=str))
    return item["total"]
""",
        events=[{"total": Decimal(1)}],
    ),
    # --- LMB203 -----------------------------------------------------------------------------
    Case(
        "LMB203",
        "a constant is parsed in each turn",
        SAFE,
        '''\
"""Value added tax of an invoice."""

import json

RATES = '{"standard": 20, "reduced": 7.5}'


def lambda_handler(event, context):
    total = 0
    for line in event["lines"]:
        rates = json.loads(RATES)  # percent
        # What isn't known is standard.
        total += line["net"] * rates.get(line["rate"], rates["standard"])
    return total
''',
        events=[{"lines": [{"net": 1, "rate": "reduced"}, {"net": 2, "rate": "?"}]}, {"lines": []}, {}],
        raises=("KeyError",),
    ),
    Case(
        "LMB203",
        "a constant in a comprehension and in a nested loop",
        SAFE,
        """\
import json

RATES = '{"a": 1, "b": 2}'


def lambda_handler(event, context):
    firsts = [json.loads(RATES)[name] for name in event["names"]]
    for group in event["groups"]:
        for name in group:
            firsts.append(json.loads(RATES)[name] * 10)
    return firsts
""",
        events=[{"names": ["a", "b"], "groups": [["b"], []]}, {"names": [], "groups": []}, {"names": ["z"]}],
        raises=("KeyError",),
    ),
    Case(
        "LMB203",
        "a text of the event, which may be no JSON",
        UNSAFE,
        """\
import json


def lambda_handler(event, context):
    found = []
    for name in event["names"]:
        order = json.loads(event["body"])
        found.append(order[name])
    return found
""",
        events=[{"names": [], "body": "no JSON"}],
        raises=("JSONDecodeError",),
        differs="a loop without a single turn would then parse, and fail on bad text, where it did nothing before",
    ),
    Case(
        "LMB203",
        "a text of the event in a loop with turns",
        UNSAFE,
        """\
import json


def lambda_handler(event, context):
    found = []
    for name in event["names"]:
        if name == "skip":
            continue
        order = json.loads(event["body"])
        found.append(order[name])
    return found
""",
        events=[{"names": ["a", "skip"], "body": '{"a": 1}'}, {"names": ["a"], "body": "{"}],
        raises=("JSONDecodeError",),
    ),
    Case(
        "LMB203",
        "each turn keeps its object",
        SILENT,
        """\
import json

EMPTY = '{"lines": []}'


def lambda_handler(event, context):
    found = []
    for name in event["names"]:
        order = json.loads(EMPTY)
        order["lines"].append(name)
        found.append(order)
    return found
""",
    ),
    Case(
        "LMB203",
        "the objects are collected",
        REFUSED,
        """\
import json

EMPTY = '{"lines": []}'


def lambda_handler(event, context):
    orders = [json.loads(EMPTY) for name in event["names"]]
    for order, name in zip(orders, event["names"]):
        order["lines"].append(name)
    return orders
""",
    ),
    Case(
        "LMB203",
        "the name of the object is used after the loop",
        SILENT,
        """\
import json

RATES = '{"a": 1}'


def lambda_handler(event, context):
    rates = None
    for name in event["names"]:
        rates = json.loads(RATES)
        print(rates[name])
    return rates is None
""",
    ),
    Case(
        "LMB203",
        "a constant that is no JSON, in a try",
        SILENT,
        """\
import json

RATES = "{standard: 20}"


def lambda_handler(event, context):
    found = 0
    for line in event["lines"]:
        try:
            rates = json.loads(RATES)
        except ValueError:
            rates = {"standard": 1}
        found += rates["standard"] * line
    return found
""",
    ),
    Case(
        "LMB203",
        "a while loop whose condition the body changes",
        SAFE,
        """\
import json

STEPS = '{"size": 2}'
# How far one goes.


def lambda_handler(event, context):
    left, turns = event["left"], 0
    while left > 0:
        steps = json.loads(STEPS)
        left = left - steps["size"]
        turns += 1
    else:
        turns += 100
    return turns
""",
        events=[{"left": 5}, {"left": 0}],
    ),
]

"""Fixes of handlers that are put together at random: patterns that the rules report, in surroundings that vary.

Whatever is fixed compiles, does what it did on a client that only records, keeps its comments, and isn't changed by
a second run.
"""

from __future__ import annotations

import copy
import os
import sys
import tempfile
import textwrap
from collections import Counter
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from proof import comments, plain

from lambdalint.engine import session
from lambdalint.engine.session import Request


def _apart(texts: str) -> list[str]:
    return texts.strip("\n").split("\n---\n")


# Each has places for names of its own ({a}, {b}) and for comments ({c}, {c2}, which may be empty).
PATTERNS = _apart("""
{a} = boto3.client("s3"){c}
out.append({a}.head_object(Bucket="b", Key=event["key"])["Size"])
---
out.append(boto3.Session().client("s3").head_object(Bucket="b", Key=event["key"])["Size"]){c}
---
{a} = (
    boto3{c2}
    .client(
        "s3",{c}
    )
)
out.append({a}.get_object(Bucket="b", Key="k")["Size"])
---
{a} = boto3.client("sqs"); out.append({a}.list_queues()["Size"]){c}
---
{a} = json.loads(event["body"]){c}
{b} = json.loads(event["body"])
out.append({a}["n"] == {b}["n"])
---
if json.loads(event["body"])["n"] > 1:{c}
    out.append(str(json.loads(event["body"])["n"]))
---
{a} = json.loads(event["body"])
event["body"] = '{{"n": 7}}'{c}
out.append({a}["n"] + json.loads(event["body"])["n"])
---
{a} = json.loads(json.dumps(event["detail"])){c}
out.append({a}["x"] == 1)
---
{a} = json.loads(json.dumps(event["detail"]))
{a}["x"] = 2{c}
out.append(event["detail"]["x"])
---
for {a} in event["keys"]:{c}
    {b} = json.loads(RATES)
    out.append({b}["n"] * 2)
---
{a} = [json.loads(RATES)["n"] for {b} in event["keys"]]{c}
out.append(sum({a}))
---
{a} = s3.head_object(Bucket="b", Key="1")
{b} = s3.head_object(Bucket="b", Key="2"){c}
out.append({a}["Size"] + {b}["Size"])
---
{a} = [s3.head_object(Bucket="b", Key={b}) for {b} in event["keys"]]{c}
out.append(len({a}))
---
for {a} in event["keys"]:{c}
    out.append(s3.get_object(Bucket="b", Key={a})["Size"])
---
key = {{"id": {{"S": event["key"]}}}}
{a} = ddb.get_item(TableName="t", Key=key)
{b} = ddb.get_item(TableName="t", Key=key){c}
out.append({a}["Item"]["id"]["S"] == {b}["Item"]["id"]["S"])
---
def {a}():
    return boto3.client("sns").list_topics()["Size"]{c}
out.append({a}())
---
out.append(f"{{boto3.client('sts').get_caller_identity()['Size']}}"){c}
---
out.append(event["missing"]){c}
""")
SURROUNDINGS = _apart("""
{body}
---
if event.get("flag"):{c}
{body}
else:
    out.append("else")
---
for turn in range(2):{c}
{body}
---
try:{c}
{body}
except KeyError:
    out.append('KeyError')
finally:
    out.append('finally')
---
with contextlib.nullcontext():{c}
{body}
---
while len(out) < 3:{c}
{body}
    out.append('turn')
---
{c2}

{body}
""")
CLASHES = (
    "functools = 1", "_s3_client = 2", "parsed = 3", "pool = 4", "response = 5", "keys = 6", "pending = 7",
    "def _get_items(): return 8", "from functools import lru_cache",
)  # fmt: skip
HEADERS = (
    "",
    '"""A handler."""\n\n',
    "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n",
    "from __future__ import annotations\n\n",
)
DECORATORS = ("", "@plainly\n", "@plainly  # twice\n@plainly\n")
EVENTS: tuple[dict[str, Any], ...] = (
    {"key": "k", "body": '{"n": 3}', "detail": {"x": 1}, "keys": ["1", "2", "1"], "flag": True},
    {"key": "z", "body": '{"n": 1}', "detail": {"x": 2}, "keys": []},
    # The last one only for safe fixes: unsafe ones parse in front of loops without a turn.
    {"key": "q", "body": "no JSON", "detail": {}, "keys": ["3"], "flag": True},
)


@st.composite
def handlers(draw: st.DrawFn) -> str:
    """The text of a module."""
    number = 0

    def comment(likely: bool) -> str:
        nonlocal number
        number += 1
        return f"  # note {number}" if likely else ""

    blocks = []
    for index in range(draw(st.integers(1, 4))):
        pattern = draw(st.sampled_from(PATTERNS))
        names = {"a": f"one_{index}", "b": draw(st.sampled_from([f"two_{index}", "parsed", "pool", "response"]))}
        body = pattern.strip("\n").format(c=comment(draw(st.booleans())), c2=comment(draw(st.booleans())), **names)
        around = draw(st.sampled_from(SURROUNDINGS))
        own_line = comment(draw(st.booleans())).strip()
        indent = "" if around.strip().endswith("{body}") and ":" not in around else "    "
        text = around.replace("{c2}", own_line).replace("{c}", comment(draw(st.booleans())))
        blocks.append(text.replace("{body}", textwrap.indent(body, indent)))
    lines = [draw(st.sampled_from(HEADERS)) + "import contextlib\nimport json", "import boto3", ""]
    lines += draw(st.lists(st.sampled_from(CLASHES), max_size=2, unique=True))
    lines += ["RATES = '{\"n\": 20}'  # percent", 's3, ddb = boto3.client("s3"), boto3.client("dynamodb")', ""]
    lines += ["def plainly(function):", "    return function", "", ""]
    lines.append(draw(st.sampled_from(DECORATORS)) + "def lambda_handler(event, context):")
    lines += ["    out = []", *(textwrap.indent(block, "    ") for block in blocks), "    return out", ""]
    text = "\n".join(lines)
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


class _Client:
    """Answers from the request alone, and remembers it."""

    def __init__(self, service: str, calls: Counter[str]) -> None:
        self._service, self._calls = service, calls

    def __getattr__(self, operation: str) -> Any:
        if operation.startswith("_"):
            raise AttributeError(operation)

        def call(**request: Any) -> dict[str, Any]:
            self._calls[f"{self._service}.{operation} {sorted(map(repr, request.items()))}"] += 1
            return {"Size": len(repr(request)), "Item": {"id": {"S": str(request.get("Key"))}}}

        return call


def _results(text: str, unsafe: bool) -> tuple[list[object], Counter[str]]:
    """What the handler gives for all events, with the calls it made."""
    calls: Counter[str] = Counter()
    boto3 = ModuleType("boto3")
    boto3.client = lambda service: _Client(service, calls)  # type: ignore[attr-defined]
    boto3.Session = lambda: SimpleNamespace(client=boto3.client)  # type: ignore[attr-defined]
    module = ModuleType("app")
    found: list[object] = []
    with mock.patch.dict(sys.modules, {"boto3": boto3, "app": module}):
        exec(compile(text, "app.py", "exec"), module.__dict__)
        for event in copy.deepcopy(EVENTS[:-1] if unsafe else EVENTS):
            try:
                value: object = module.lambda_handler(event, None)
            except Exception as error:
                value = type(error).__name__
            found.append(plain([value, event]))
    return found, calls


def _fixed(text: str, unsafe: bool) -> tuple[str, bool]:
    """The text after all fixes, and whether all of them could be made."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / ".git").mkdir()
        path = Path(folder) / "app.py"
        path.write_bytes(text.encode())
        fixed = session.fix(Request((folder,)), unsafe=unsafe, write=True)
        return path.read_bytes().decode(), not fixed.dropped


EXAMPLES = int(os.environ.get("LAMBDALINT_EXAMPLES", "80"))


@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(handlers(), st.booleans())
def test_what_is_made_of_random_handlers(text: str, unsafe: bool) -> None:
    fixed, all_made = _fixed(text, unsafe)
    if fixed == text:
        return
    compile(fixed, "app.py", "exec")
    results, calls = _results(text, unsafe)
    again, fewer = _results(fixed, unsafe)
    assert again == results, fixed
    assert unsafe or not fewer - calls, fixed
    assert not comments(text) - comments(fixed), fixed
    assert not all_made or _fixed(fixed, unsafe)[0] == fixed

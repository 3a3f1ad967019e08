"""Fixes of handlers that are put together at random: patterns that the rules report, in surroundings that vary.

Whatever is fixed compiles, does what it did on a client that only records, keeps its comments, and isn't changed by
a second run.
"""

from __future__ import annotations

import copy
import io
import sys
import tempfile
import textwrap
import tokenize
from collections import Counter
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from proof import plain

from lambdalint.engine import session
from lambdalint.engine.session import Request

# Each has places for names of its own ({a}, {b}) and for comments ({c}, which may be empty).
PATTERNS = (
    '{a} = boto3.client("s3"){c}\nout.append({a}.head_object(Bucket="b", Key=event["key"])["Size"])',
    'out.append(boto3.Session().client("s3").head_object(Bucket="b", Key=event["key"])["Size"]){c}',
    '{a} = (\n    boto3  {c2}\n    .client(\n        "s3",{c}\n    )\n)\nout.append({a}.get_object(Bucket="b", Key="k")["Size"])',
    '{a} = boto3.client("sqs"); out.append({a}.list_queues()["Size"]){c}',
    '{a} = json.loads(event["body"]){c}\n{b} = json.loads(event["body"])\nout.append({a}["n"] == {b}["n"])',
    'if json.loads(event["body"])["n"] > 1:{c}\n    out.append(str(json.loads(event["body"])["n"]))',
    '{a} = json.loads(event["body"])\nevent["body"] = \'{{"n": 7}}\'{c}\nout.append({a}["n"] + json.loads(event["body"])["n"])',
    '{a} = json.loads(json.dumps(event["detail"])){c}\nout.append({a}["x"] == 1)',
    '{a} = json.loads(json.dumps(event["detail"]))\n{a}["x"] = 2{c}\nout.append(event["detail"]["x"])',
    'for {a} in event["keys"]:{c}\n    {b} = json.loads(RATES)\n    out.append({b}["n"] * 2)',
    '{a} = [json.loads(RATES)["n"] for {b} in event["keys"]]{c}\nout.append(sum({a}))',
    '{a} = s3.head_object(Bucket="b", Key="1")\n{b} = s3.head_object(Bucket="b", Key="2"){c}\nout.append({a}["Size"] + {b}["Size"])',
    '{a} = [s3.head_object(Bucket="b", Key={b}) for {b} in event["keys"]]{c}\nout.append(len({a}))',
    'for {a} in event["keys"]:{c}\n    out.append(s3.get_object(Bucket="b", Key={a})["Size"])',
    '{a} = ddb.get_item(TableName="t", Key={{"id": {{"S": event["key"]}}}})\n{b} = ddb.get_item(TableName="t", Key={{"id": {{"S": event["key"]}}}}){c}\nout.append({a}["Item"]["id"]["S"] == {b}["Item"]["id"]["S"])',
    'def {a}(){c2}:\n    return boto3.client("sns").list_topics()["Size"]{c}\nout.append({a}())',
    'out.append(f"{{boto3.client(\'sts\').get_caller_identity()[\'Size\']}}"){c}',
    'out.append(event["missing"]){c}',
)
SURROUNDINGS = (
    "{body}",
    'if event.get("flag"):{c}\n{body}\nelse:\n    out.append("else")',
    "for turn in range(2):{c}\n{body}",
    "try:{c}\n{body}\nexcept KeyError:\n    out.append('KeyError')\nfinally:\n    out.append('finally')",
    "with contextlib.nullcontext():{c}\n{body}",
    "while len(out) < 3:{c}\n{body}\n    out.append('turn')",
    "{c2}\n\n{body}",
)
CLASHES = (
    "functools = 1", "_s3_client = 2", "parsed = 3", "pool = 4", "response = 5", "keys = 6", "pending = 7",
    "def _get_items(): return 8", "from functools import lru_cache",
)  # fmt: skip
HEADERS = ("", '"""A handler."""\n\n', "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n", "from __future__ import annotations\n\n")
DECORATORS = ("", "@plainly\n", "@plainly  # twice\n@plainly\n")
EVENTS: tuple[dict[str, Any], ...] = (
    {"key": "k", "body": '{"n": 3}', "detail": {"x": 1}, "keys": ["1", "2", "1"], "flag": True},
    {"key": "z", "body": '{"n": 1}', "detail": {"x": 2}, "keys": []},
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
        body = pattern.replace("{c2}", "").format(c=comment(draw(st.booleans())), **names)
        around = draw(st.sampled_from(SURROUNDINGS))
        own_line = comment(draw(st.booleans())).strip()
        indent = "" if around in ("{body}", SURROUNDINGS[-1]) else "    "
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


def _results(text: str) -> tuple[list[object], Counter[str]]:
    """What the handler gives for all events, with the calls it made."""
    calls: Counter[str] = Counter()
    boto3 = ModuleType("boto3")
    boto3.client = lambda service: _Client(service, calls)  # type: ignore[attr-defined]
    boto3.Session = lambda: SimpleNamespace(client=boto3.client)  # type: ignore[attr-defined]
    module = ModuleType("app")
    found: list[object] = []
    with mock.patch.dict(sys.modules, {"boto3": boto3, "app": module}):
        exec(compile(text, "app.py", "exec"), module.__dict__)
        for event in copy.deepcopy(EVENTS):
            try:
                value: object = module.lambda_handler(event, None)
            except Exception as error:
                value = type(error).__name__
            found.append(plain([value, event]))
    return found, calls


def _comments(text: str) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


def _fixed(text: str, unsafe: bool) -> str:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / ".git").mkdir()
        path = Path(folder) / "app.py"
        path.write_bytes(text.encode())
        fixed = session.fix(Request((folder,)), unsafe=unsafe, write=True)
        assert not fixed.dropped, fixed.dropped
        return path.read_bytes().decode()


@settings(
    max_examples=int(__import__("os").environ.get("N","30")),
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(handlers(), st.booleans())
def test_what_is_made_of_random_handlers(text: str, unsafe: bool) -> None:
    fixed = _fixed(text, unsafe)
    if fixed == text:
        return
    compile(fixed, "app.py", "exec")
    results, calls = _results(text)
    again, fewer = _results(fixed)
    assert again == results, fixed
    assert unsafe or not fewer - calls, fixed
    assert not _comments(text) - _comments(fixed), fixed
    assert _fixed(fixed, unsafe) == fixed

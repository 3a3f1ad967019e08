"""Fixes of handlers that are put together at random: patterns that the rules report, in surroundings that vary.

Whatever is fixed compiles, does what it did on servers that only record, keeps its comments, and isn't changed by
a second run.
"""

from __future__ import annotations

import asyncio
import copy
import inspect
import io
import os
import re
import sys
import tempfile
import textwrap
import tokenize
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import boto3.dynamodb.conditions
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from patterns import CLASHES, DECORATORS, GLOBALS, HEADERS, IMPORTS, PATTERNS, SIGNATURES, SURROUNDINGS, used
from proof import DELETING, comments, plain
from recorder import FILES, World

from lambdalint.engine import session
from lambdalint.engine.catalogue import entries
from lambdalint.engine.session import Request
from lambdalint.findings import Safety

EVENTS: tuple[dict[str, Any], ...] = (
    {"key": "k", "body": '{"n": 3}', "detail": {"x": 1}, "keys": ["1", "2", "1"], "ids": ["a", "k", "zz"], "flag": 1},
    {"key": "b", "body": '{"n": 1}', "detail": {"x": 2}, "keys": [], "ids": []},
    {"key": "z", "body": '{"n": 2}', "detail": {"x": 2}, "keys": [str(n) for n in range(23)], "ids": ["a"] * 3},
    # The last one only for safe fixes: unsafe ones parse in front of loops without a turn.
    {"key": "q", "body": "no JSON", "detail": {}, "keys": ["3"], "ids": ["b"], "flag": True},
)
SELECTED = {"select": ("LMB", "LMB507")}
# The rules that no pattern holds, with the reason.
ELSEWHERE = {
    "LMB001": "comments alone",
    "LMB603": "a package that another function of the project needs: cases_imports.py",
}


def plainly_written(text: str) -> str:
    return text


def with_tabs(text: str) -> str:
    return re.sub(r"^(?:    )+", lambda match: "\t" * (len(match[0]) // 4), text, flags=re.MULTILINE)


def with_two_columns(text: str) -> str:
    return re.sub(r"^(?:    )+", lambda match: "  " * (len(match[0]) // 4), text, flags=re.MULTILINE)


def with_spaces(text: str) -> str:
    """Blanks where formatters want none, and none at the end of the file."""
    lines = text.split("\n")
    for token in reversed([*tokenize.generate_tokens(io.StringIO(text).readline)]):
        if token.type == tokenize.OP and token.string in "([,":
            row, column = token.end
            lines[row - 1] = lines[row - 1][:column] + " " + lines[row - 1][column:]
    return "\n".join(lines).rstrip("\n")


def with_crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


WRITTEN = (plainly_written, plainly_written, with_tabs, with_two_columns, with_spaces, with_crlf)


def module_of(blocks: list[str], header: str = "", clashes: tuple[str, ...] = (), signature: str = "") -> str:
    """The text of a module whose handler consists of some blocks."""
    body = [signature or SIGNATURES[0], "    out = []"]
    body += [*(textwrap.indent(block, "    ") for block in blocks), "    return out", ""]
    made = used(GLOBALS, "\n".join(body))
    imports = used(IMPORTS, "\n".join([*clashes, *made, *body]))
    decorator = ["", "", "def plainly(function):", "    return function"] if "@plainly" in signature else []
    return header + "\n".join([*imports, "", *clashes, *made, *decorator, "", "", *body])


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
        around = draw(st.sampled_from(SURROUNDINGS)).replace("{n}", str(index))
        own_line = comment(draw(st.booleans())).strip()
        text = around.replace("{c2}", own_line).replace("{c}", comment(draw(st.booleans())))
        blocks.append(_filled(text, body))
    clashes = tuple(draw(st.lists(st.sampled_from(CLASHES), max_size=2, unique=True)))
    signature = draw(st.sampled_from(DECORATORS)) + draw(st.sampled_from(SIGNATURES))
    return draw(st.sampled_from(WRITTEN))(module_of(blocks, draw(st.sampled_from(HEADERS)), clashes, signature))


def _filled(around: str, body: str) -> str:
    """A block in its surroundings: below a line that opens one, or in the block that is open there."""
    lines: list[str] = []
    for line in around.split("\n"):
        if line.strip() != "{body}":
            lines.append(line)
            continue
        above = next((one for one in reversed(lines) if one.strip() and not one.strip().startswith("#")), "")
        columns = len(above) - len(above.lstrip())
        if above.partition("#")[0].rstrip().endswith(":"):
            columns += 4
        elif above.strip() == "continue":
            columns -= 4
        lines.append(textwrap.indent(body, " " * columns))
    return "\n".join(lines)


def _results(text: str, unsafe: bool) -> tuple[list[object], Counter[str]]:
    """What the handler gives for all events and leaves behind, with the calls it made."""
    world = World()
    module = ModuleType("app")
    found: list[object] = []
    modules = {**world.modules(), "boto3.dynamodb.conditions": boto3.dynamodb.conditions, "app": module}
    with mock.patch.dict(sys.modules, modules):
        exec(compile(text, "app.py", "exec"), module.__dict__)
        for event in copy.deepcopy(EVENTS[:-1] if unsafe else EVENTS):
            try:
                value: object = module.lambda_handler(event, None)
                if inspect.iscoroutine(value):
                    value = asyncio.run(value)
            except Exception as error:
                value = type(error).__name__
            found.append(plain([value, event]))
    return [*found, plain(copy.deepcopy(world.seen()))], world.calls


def _fixed(text: str, unsafe: bool) -> tuple[str, session.Fixed]:
    """The text after all fixes, and what was done."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / ".git").mkdir()
        for name, content in FILES.items():
            (Path(folder) / name).write_text(content)
        path = Path(folder) / "app.py"
        path.write_bytes(text.encode())
        fixed = session.fix(Request((folder,), SELECTED, cache=False), unsafe=unsafe, write=True)
        return path.read_bytes().decode(), fixed


EXAMPLES = int(os.environ.get("LAMBDALINT_EXAMPLES", "80"))
SEED = os.environ.get("LAMBDALINT_SEED", "")


@settings(
    max_examples=EXAMPLES,
    derandomize=not SEED,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(handlers(), st.booleans())
def test_what_is_made_of_random_handlers(text: str, unsafe: bool) -> None:
    judge(text, unsafe)


# What went wrong once.
FOUND = {
    "a parse in front of a loop, beside one that an earlier parse stands for": """\
import json


def lambda_handler(event, context):
    out = []
    if event.get("flag"):
        one = json.loads(event["body"])
        two = json.loads(event["body"])
        out.append(one["n"] == two["n"])
    for turn in range(2):
        three = json.loads(event["body"])
        four = json.loads(event["body"])
        out.append(three["n"] == four["n"])
    return out
""",
    "a module that is imported twice": """\
def lambda_handler(event, context):
    out = []
    import pandas
    out.append(pandas.isna(event["key"]))
    if event.get("flag"):
        import pandas
        out.append(pandas.isna(event["key"]))
    return out
""",
    "an argument for a call that becomes another": """\
import boto3

table = boto3.resource("dynamodb").Table("lines")


def lambda_handler(event, context):
    rows = table.scan()["Items"]  # all
    return [row["n"] for row in rows]
""",
}


@pytest.mark.parametrize("name", FOUND)
def test_what_went_wrong_once(name: str) -> None:
    judge(FOUND[name], unsafe=True)
    judge(FOUND[name], unsafe=False)


def judge(text: str, unsafe: bool) -> None:
    """Fail unless the fixes of a module keep what it does."""
    fixed, done = _fixed(text, unsafe)
    assert not done.dropped, text
    if fixed == text:
        return
    compile(fixed, "app.py", "exec")
    results, calls = _results(text, unsafe)
    again, fewer = _results(fixed, unsafe)
    assert again == results, fixed
    assert unsafe or not fewer - calls, fixed
    if not any(finding.code in DELETING for finding in done.applied):
        assert not comments(text) - comments(fixed), fixed
    assert _fixed(fixed, unsafe)[0] == fixed


def test_every_fixable_rule_is_among_the_patterns() -> None:
    applied: set[str] = set()
    for block in (*PATTERNS, *CLASHES):
        text = block.format(a="one", b="two", c="", c2="") if block in PATTERNS else "ddb.list_tables()"
        module = module_of([text], clashes=(block,) if block in CLASHES else ())
        applied |= {finding.code for finding in _fixed(module, unsafe=True)[1].applied}
    for signature in SIGNATURES:
        applied |= {f.code for f in _fixed(module_of(["pass"], signature=signature), unsafe=True)[1].applied}
    fixable = {entry.code for entry in entries() if entry.safety in (Safety.SAFE, Safety.UNSAFE)}
    assert fixable - applied == {*ELSEWHERE}


@pytest.mark.parametrize("block", PATTERNS)
def test_each_pattern_by_itself(block: str) -> None:
    """As it is written, without anything around: the machine's handlers are seldom so plain."""
    text = module_of([block.format(a="one", b="two", c="  # why", c2="  # how")])
    fixed, done = _fixed(text, unsafe=True)
    assert not done.dropped
    assert _results(fixed, unsafe=True)[0] == _results(text, unsafe=True)[0], fixed
    assert not comments(text) - comments(fixed), fixed

"""The cheap look at bytes that decides which files may define a handler: yes too often, never no too often."""

from __future__ import annotations

import sys

import pytest

from lambdalint.engine import screen
from lambdalint.knowledge import tables

MAY = [
    "def lambda_handler(event, context): pass",
    "async def users_handler(event, context): pass",
    "def handle(evt: dict[str, Any],\n           _: Context) -> dict: pass",
    "def lambda_handler(*args): pass",
    "@with_session\n@logged(\n    level=1,\n)\ndef handler(session): pass",
    "handler = Mangum(app)",
    "lambda_handler: Callable = make()",
    "users_handler=wrap(run)",
    "from aws_lambda_powertools import Logger",
    "from chalice import Chalice",
    "from mangum import Mangum\nserve = Mangum(app)",
    "import serverless_wsgi",
]
MAY_NOT = [
    "",
    "def run(event, context): pass",
    "class App:\n    def handle(self, event, context): pass",
    "def error_handler(exc, interval): pass",
    "@app.get\ndef index(): pass\ndef exit_handler(signum, frame): pass",
    "def event_handler(event): pass\ncontext = 1",
    "def in_sighandler(event, context): pass",
    "    handler = logging.StreamHandler()",
    "from fastapi import FastAPI",
    "from flask import Flask",
    "x = handler",
    "mangument = 1",
]


@pytest.mark.parametrize("code", MAY)
def test_files_that_may_define_a_handler(code: str) -> None:
    assert screen.may_define_handler(code.encode())


@pytest.mark.parametrize("code", MAY_NOT)
def test_files_that_define_no_handler(code: str) -> None:
    assert not screen.may_define_handler(code.encode())


# Packages of the tables whose calls are nothing to report by themselves: they keep, retry or wrap.
BESIDE = {
    "anyio", "attr", "attrs", "async_lru", "aws_lambda_powertools", "aws_secretsmanager_caching", "backports", "beaker",
    "cachetools", "cachier", "cfnresponse", "chalice", "diskcache", "expiringdict", "lambda_cache", "mangum",
    "memoization", "methodtools", "repoze", "retry", "ring", "tenacity", "toml", "tomli", "tomllib", "tqdm",
}  # fmt: skip


def packages(table: object) -> set[str]:
    """The packages whose members a knowledge table names."""
    if isinstance(table, dict):
        named = [table.get(key, ()) for key in ("name", "names", "constructors", "functions", "posts", "gets", "pools")]
        texts = [t for value in named for t in ([value] if isinstance(value, str) else value) if isinstance(t, str)]
        return {t.split(".")[0] for t in texts if "." in t}.union(*map(packages, table.values()))
    return set().union(*map(packages, table)) if isinstance(table, list) else set()


@pytest.mark.parametrize("table", ["constructors", "objects", "setups", "effects", "tokens", "callables"])
def test_files_that_use_what_the_tables_know_have_a_subject(table: str) -> None:
    known = packages(tables.load(table)) - sys.stdlib_module_names - BESIDE
    assert [name for name in sorted(known) if not screen.has_subject(f"import {name}\n".encode())] == []


@pytest.mark.parametrize(
    "code", ["time.sleep(9)", 'open("config.json")', "print(event)", "logger.info(event)", "await read(x)"]
)
def test_plain_python_that_a_rule_may_speak_of_is_a_subject(code: str) -> None:
    assert screen.has_subject(code.encode())


def test_arithmetic_is_no_subject() -> None:
    assert not screen.has_subject(b"import math\n\n\ndef area(radius):\n    return math.pi * radius**2\n")

"""The cheap look at bytes that decides which files may define a handler: yes too often, never no too often."""

from __future__ import annotations

import pytest

from lambdalint.engine import screen

MAY = [
    "def lambda_handler(event, context): pass",
    "async def users_handler(event, context): pass",
    "    def handle(event, context): pass",
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

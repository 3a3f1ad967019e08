"""Handlers that run before and after a fix against an emulator, and what can be told of the two runs.

A handler's code asks for what it needs at module scope, as on Lambda; each run has an emulator of its
own, which `seed` fills and `state` looks at. The calls that the handler makes are counted by
botocore's own events.
"""

from __future__ import annotations

import collections
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
import rule_cases
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

Look = Callable[[boto3.Session], object]
Event = dict[str, Any]


@dataclass(frozen=True)
class Ran:
    """What a run gave: the result, or what it raised with the service's code, what is there then, and the calls."""

    result: object
    raised: tuple[str, str]
    state: object
    calls: dict[str, int]


def fixed(folder: Path, code: str, rule: str, files: Mapping[str, str] | None = None) -> str:
    """The code after all fixes of a rule, the unsafe ones included; the same where there is none."""
    case = rule_cases.Case(rule, {"app.py": code, **(files or {})})
    rule_cases.fix(rule_cases.write(case, folder), True, select=(rule,))
    return rule_cases.texts(folder, case)["app.py"]


def safely_fixed(folder: Path, code: str, rule: str, files: Mapping[str, str] | None = None) -> str:
    """The code after the safe fixes of a rule."""
    case = rule_cases.Case(rule, {"app.py": code, **(files or {})})
    rule_cases.fix(rule_cases.write(case, folder), False, select=(rule,))
    return rule_cases.texts(folder, case)["app.py"]


def found(folder: Path, code: str, rule: str, files: Mapping[str, str] | None = None) -> int:
    """How many findings of a rule there are in the code."""
    case = rule_cases.Case(rule, {"app.py": code, **(files or {})})
    return len(rule_cases.check(rule_cases.write(case, folder), select=(rule,)))


def run(monkeypatch: pytest.MonkeyPatch, code: str, event: Event, seed: Look, state: Look) -> Ran:
    """One invocation of the handler in `code`, in a world of its own."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    calls: collections.Counter[str] = collections.Counter()
    with mock_aws():
        outside = boto3.Session()
        seed(outside)
        boto3.setup_default_session()
        events = boto3._get_default_session().events
        events.register("before-call", lambda model, **_: calls.update([model.name]))
        result, raised = None, ("", "")
        try:
            result = module(code)["lambda_handler"](event, None)
        except ClientError as error:
            raised = (type(error).__name__, error.response["Error"]["Code"])
        except Exception as error:
            raised = (type(error).__name__, "")
        return Ran(result, raised, state(outside), dict(calls))


def module(code: str) -> dict[str, Any]:
    """The names of a module that was just imported."""
    names: dict[str, Any] = {"__name__": "app"}
    exec(compile(code, "app.py", "exec"), names)
    return names


def stubbed(service: str) -> tuple[Any, Stubber]:
    """A client that answers what it is told to."""
    client = boto3.client(service, "eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing")
    stubber = Stubber(client)
    stubber.activate()
    return client, stubber

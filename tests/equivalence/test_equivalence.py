"""A fix changes nothing but what a handler costs: each is run before and after it."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import cases_aws
import cases_concurrency
import cases_http
import cases_imports
import cases_keys
import cases_named
import cases_parsing
import cases_reads
import cases_rest
import cases_reuse
import cases_waiting
import pytest
from proof import REFUSED, SAFE, SILENT, UNSAFE, Case, prove
from servers import World
from traps import TRAPS

from lambdalint.engine import session
from lambdalint.engine.catalogue import entries
from lambdalint.engine.session import Request
from lambdalint.findings import Safety

CASES = [
    *cases_reuse.CASES,
    *cases_http.CASES,
    *cases_parsing.CASES,
    *cases_waiting.CASES,
    *cases_reads.CASES,
    *cases_keys.CASES,
    *cases_named.CASES,
    *cases_concurrency.CASES,
    *cases_aws.CASES,
    *cases_imports.CASES,
    *cases_rest.CASES,
]
# Tests beside the fixes' builders, in tests/fixing, that run handlers before and after a fix in the same manner.
FIXING = Path(__file__).parents[1] / "fixing"
ELSEWHERE = {
    "test_batching_equivalence": {"LMB402", "LMB403", "LMB404", "LMB405", "LMB407"},
    "test_dynamodb_equivalence": {"LMB507", "LMB509", "LMB513"},
}


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")  # where making the next one fails
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_fix_keeps_what_a_handler_does(case: Case, tmp_path: Path, world: World) -> None:
    prove(case, tmp_path, world)


def test_every_fix_is_proven() -> None:
    """Three handlers at least, one of which has no fix or one that users have to ask for."""
    elsewhere = {code for codes in ELSEWHERE.values() for code in codes}
    for code in _fixable() - elsewhere:
        expected = [case.expected for case in CASES if case.rule == code]
        assert len(expected) >= 3, code
        assert {SAFE, UNSAFE} & {*expected}, code
        assert {REFUSED, SILENT} & {*expected}, code


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_proven_elsewhere(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many handlers as here, with fixes and without, among those that the tests there run."""
    monkeypatch.syspath_prepend(FIXING)
    module = importlib.import_module(name)
    same = Counter(case.rule for case in _parameters(module.test_a_handler_does_the_same))
    left = Counter(rule for _, rule, *_ in _parameters(module.test_a_handler_is_left_alone))
    for code in ELSEWHERE[name]:
        assert code in _fixable(), f"{code} has no fix any more"
        assert same[code] + left[code] >= 3, code
        assert same[code], code
        assert left[code], code


def test_every_trap_has_its_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a name in the table of traps leads to is there."""
    monkeypatch.syspath_prepend(FIXING)
    known = {str(case) for case in CASES}
    for name in ELSEWHERE:
        module = importlib.import_module(name)
        known |= {f"{case.rule}: {case.name}" for case in _parameters(module.test_a_handler_does_the_same)}
        known |= {f"{rule}: {name}" for name, rule, *_ in _parameters(module.test_a_handler_is_left_alone)}
    for folder in (FIXING, Path(__file__).parent):
        for path in folder.glob("test_*.py"):
            known |= {f"{path.name}::{name}" for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)}
    fixtures = FIXING.parent / "fixtures"
    known |= {path.relative_to(fixtures).as_posix() for path in fixtures.glob("LMB*/*.py")}
    missing = {proof for proofs in TRAPS.values() for proof in proofs} - known
    assert not missing
    assert all(TRAPS.values())


def _fixable() -> set[str]:
    """The rules that have fixes which lambdalint makes."""
    return {entry.code for entry in entries() if entry.safety in (Safety.SAFE, Safety.UNSAFE)}


def _parameters(test: Any) -> list[Any]:
    """What a test is run with."""
    (mark,) = (mark for mark in test.pytestmark if mark.name == "parametrize")
    return list(mark.args[1])


def test_cases_have_names_of_their_own() -> None:
    names = [str(case) for case in CASES]
    assert len(names) == len({*names})


TEST_OF_USERS = """\
import app  # first, outside of any mock

from moto import mock_aws

for name in ("one", "two"):
    with mock_aws():
        import boto3

        boto3.client("sqs", region_name="eu-west-1").create_queue(QueueName=name)
        assert [url.rpartition("/")[2] for url in app.lambda_handler({}, None)] == [name]
"""


def test_the_emulator_may_be_imported_after_what_was_fixed(tmp_path: Path) -> None:
    """A client of the module would be made before the emulator is there: a getter's isn't."""
    app = (
        "import boto3\n\n\ndef lambda_handler(event, context):\n"
        '    sqs = boto3.client("sqs", region_name="eu-west-1")\n    return sqs.list_queues()["QueueUrls"]\n'
    )
    (tmp_path / "app.py").write_text(app)
    session.fix(Request((str(tmp_path),), {"select": ("LMB101",)}), unsafe=False, write=True)
    assert "@functools.cache" in (tmp_path / "app.py").read_text()
    without_region = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    command = [sys.executable, "-c", TEST_OF_USERS]
    done = subprocess.run(
        command, cwd=tmp_path, env=without_region, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr

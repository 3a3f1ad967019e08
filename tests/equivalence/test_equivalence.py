"""A fix changes nothing but what a handler costs: each is run before and after it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import cases_http
import cases_parsing
import cases_reads
import cases_rest
import cases_reuse
import cases_waiting
import pytest
from proof import REFUSED, SAFE, SILENT, UNSAFE, Case, prove
from servers import World

from lambdalint.engine import session
from lambdalint.engine.catalogue import entries
from lambdalint.engine.session import Request

CASES = [
    *cases_reuse.CASES,
    *cases_http.CASES,
    *cases_parsing.CASES,
    *cases_waiting.CASES,
    *cases_reads.CASES,
    *cases_rest.CASES,
]
# Those whose fixes write batches are proven beside their builders, in tests/fixing.
ELSEWHERE = {"LMB402", "LMB403", "LMB404", "LMB405", "LMB407", "LMB507", "LMB509", "LMB513"}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_fix_keeps_what_a_handler_does(case: Case, tmp_path: Path, world: World) -> None:
    prove(case, tmp_path, world)


def test_every_fix_is_proven() -> None:
    """Three handlers at least, one of which has no fix or one that users have to ask for."""
    fixable = {entry.code for entry in entries() if any(example.fixed for example in entry.examples)}
    for code in fixable - ELSEWHERE:
        expected = [case.expected for case in CASES if case.rule == code]
        assert len(expected) >= 3, code
        assert {SAFE, UNSAFE} & {*expected}, code
        assert {REFUSED, SILENT} & {*expected}, code


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
    assert "lru_cache" in (tmp_path / "app.py").read_text()
    without_region = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    command = [sys.executable, "-c", TEST_OF_USERS]
    done = subprocess.run(
        command, cwd=tmp_path, env=without_region, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr

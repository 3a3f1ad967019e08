"""A fix changes nothing but what a handler costs: each is run before and after it."""

from __future__ import annotations

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

from lambdalint.engine.catalogue import entries

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

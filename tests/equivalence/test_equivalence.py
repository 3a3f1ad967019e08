"""A fix changes nothing but what a handler costs: each is run before and after it."""

from __future__ import annotations

from pathlib import Path

import cases_http
import cases_parsing
import cases_reads
import cases_reuse
import cases_waiting
import pytest
from proof import Case, prove
from servers import World

CASES = [*cases_reuse.CASES, *cases_parsing.CASES, *cases_reads.CASES, *cases_http.CASES, *cases_waiting.CASES]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_fix_keeps_what_a_handler_does(case: Case, tmp_path: Path, world: World) -> None:
    prove(case, tmp_path, world)

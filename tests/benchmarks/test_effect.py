"""The benchmark of the fixes runs, and what quotes it says what it measured. No timing is judged."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
sys.path.insert(0, str(TOP))

from benchmarks.effect import cpu, report  # noqa: E402
from benchmarks.effect.cases import CASES, FULL_MB, UNMEASURED, Case, Cell  # noqa: E402
from benchmarks.effect.claims import CLAIMS  # noqa: E402
from benchmarks.effect.measure import Bench, measure  # noqa: E402
from benchmarks.effect.servers import emulator, proxy  # noqa: E402
from lambdalint.engine import catalogue  # noqa: E402


class Unlimited:
    """All the CPU there is."""

    method = "nothing"

    @contextlib.contextmanager
    def held(self, pid: int, memory: int) -> Iterator[None]:
        yield


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("effect")
    with emulator() as port, proxy(port, folder) as between:
        made = Bench(between, Unlimited(), folder, 0.0)  # type: ignore[arg-type]
        with made.ready([named(name) for name in ("LMB101", "LMB106", "LMB402", "LMB403-sqs")]):
            yield made


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        pytest.param("LMB101", (1, 1), (1, 0), id="connection kept"),
        pytest.param("LMB106", (1, 0), (0, 0), id="remedy by hand"),
        pytest.param("LMB401", (5, 0), (1, 0), id="reads in one batch"),
        pytest.param("LMB402", (5, 0), (1, 0), id="writes in one batch"),
        pytest.param("LMB403-sqs", (5, 0), (1, 0), id="messages in one batch"),
    ],
)
def test_requests_and_connections_are_counted(
    bench: Bench, name: str, before: tuple[int, int], after: tuple[int, int]
) -> None:
    case = named(name)
    row = measure(bench, case, [Cell(0, FULL_MB, case.tiny)])
    (cell,) = row["cells"]
    assert row["equal"]
    assert counts(cell["before"]) == before
    assert counts(cell["after"]) == after


def test_an_import_is_measured_in_a_process_of_its_own(bench: Bench) -> None:
    row = measure(bench, named("LMB112"), [Cell(0, FULL_MB, 1)])
    assert row["equal"]
    assert row["cells"][0]["before"]["cpu_ms"] > 0


def test_a_database_is_reached_through_the_proxy(bench: Bench) -> None:
    case = named("LMB702")
    with bench.ready([case]):
        row = measure(bench, case, [Cell(0, FULL_MB, 1)])
    assert row["equal"]
    assert row["cells"][0]["before"]["requests"] > 0


def test_other_answers_are_told(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app.py").write_text("def lambda_handler(event, context):\n    return 1\n", "utf-8")
    (tmp_path / "remedy.py").write_text("def lambda_handler(event, context):\n    return 2\n", "utf-8")
    monkeypatch.setattr(Case, "folder", tmp_path)
    row = measure(bench, dataclasses.replace(named("LMB201"), name="LMB999"), [Cell(0, FULL_MB, 1)])
    assert not row["equal"]


def test_a_handler_that_no_fix_changes_is_refused(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app.py").write_text("def lambda_handler(event, context):\n    return 1\n", "utf-8")
    monkeypatch.setattr(Case, "folder", tmp_path)
    with pytest.raises(AssertionError, match="nothing was fixed"):
        measure(bench, dataclasses.replace(named("LMB201"), name="LMB201-other"), [Cell(0, FULL_MB, 1)])


def test_the_cpu_is_held_without_control_groups() -> None:
    loop = "import time\nwhile True: pass"
    with subprocess.Popen([sys.executable, "-c", loop]) as process:
        with cpu._duty(process.pid, 0.05):
            time.sleep(0.5)
        used = sum(map(int, Path(f"/proc/{process.pid}/stat").read_text().split()[13:15])) / os.sysconf("SC_CLK_TCK")
        process.kill()
    assert used < 0.35


def test_what_is_made_from_the_results_is_up_to_date() -> None:
    different = [str(path) for path, text in report.wanted(TOP).items() if (TOP / path).read_text("utf-8") != text]
    assert different == [], "run benchmarks/effect/run.py --report"


def test_every_fix_is_measured_or_it_is_said_why_not() -> None:
    fixable = {entry.code for entry in catalogue.entries() if entry.safety is not None}
    assert {case.rule for case in CASES} | UNMEASURED.keys() == fixable
    assert not {case.rule for case in CASES} & UNMEASURED.keys()


def test_all_cases_were_measured() -> None:
    assert [row["case"] for row in report.load(TOP)["cases"]] == [case.name for case in CASES]


def test_every_claim_is_held_against_a_measurement() -> None:
    text = report.page(report.load(TOP))
    assert [claim.text for claim in CLAIMS if f"| {claim.text} |" not in text] == []


def named(name: str) -> Case:
    return next(case for case in CASES if case.name == name)


def counts(variant: dict[str, int]) -> tuple[int, int]:
    return variant["requests"], variant["connections"]

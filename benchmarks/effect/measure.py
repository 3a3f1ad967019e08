"""Makes the after of a case, runs both in processes of their own, and measures them in turn."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.effect.cases import DATABASE, SEEDS, Case, Cell
from benchmarks.effect.cpu import Limits
from benchmarks.effect.servers import Proxy, bundle, database
from lambdalint.engine.session import Request, fix

_HERE = Path(__file__).parent
_LONGEST = 120.0  # seconds that one answer of a worker is waited for
_THOROUGH = 0.5  # the budget from which the least holds
_LEAST, _MOST = 3, 7  # measurements of one cell; the least holds where each takes a new process


@dataclass
class Bench:
    """What all measurements share. `budget` is how many seconds a cell may take after its first pair."""

    proxy: Proxy
    limits: Limits
    folder: Path
    budget: float

    def clients(self, service: str) -> Any:
        """A client that talks to the emulator itself, past the proxy."""
        import boto3

        return boto3.client(
            service,
            endpoint_url=f"http://127.0.0.1:{self.proxy.backend}",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    @contextlib.contextmanager
    def ready(self, cases: Sequence[Case]) -> Iterator[None]:
        """What the cases need is in place, the database behind the proxy included."""
        needs = {need for case in cases for need in case.needs}
        with database() if DATABASE in needs else contextlib.nullcontext(0) as self.proxy.database:
            for name in sorted(needs - {DATABASE}):
                SEEDS[name](self.clients)
            yield

    def environment(self, case: Case) -> dict[str, str]:
        """The environment of a worker: everything it may ask is the proxy."""
        proxy = self.proxy
        address = f"https://localhost:{proxy.tls_port}" if case.tls else f"http://127.0.0.1:{proxy.port}"
        sql = f"tester@127.0.0.1:{proxy.database_port}/postgres"
        trusted = str(bundle(self.folder))
        return {
            "PATH": os.environ["PATH"],
            "AWS_ENDPOINT_URL": address,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CA_BUNDLE": trusted,
            "REQUESTS_CA_BUNDLE": trusted,
            "ORDERS_API": f"{address}/plain",
            "DATABASE_URL": f"postgresql://{sql}",
            "ENGINE_URL": f"postgresql+psycopg2://{sql}",
            "CLIENT_SECRET": "secret",
            "QUEUE_URL": f"{address}/123456789012/orders",
            "TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:orders",
        }


def after(case: Case, folder: Path) -> str:
    """The text that lambdalint itself makes of the case's handler, or the remedy where it applies none."""
    if case.by_hand:
        return (case.folder / "remedy.py").read_text("utf-8")
    folder.mkdir(parents=True)
    shutil.copy(case.folder / "app.py", folder)
    shutil.copy(_HERE / "lambdalint.toml", folder)
    fixed = fix(Request(paths=(str(folder),), overrides={"select": (case.rule,)}), unsafe=True, write=True)
    assert {finding.code for finding in fixed.applied} == {case.rule}, f"{case.name}: nothing was fixed"
    return (folder / "app.py").read_text("utf-8")


@dataclass
class Worker:
    """A process that holds one variant of a handler."""

    process: subprocess.Popen[str]

    def ask(self, line: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        watch = threading.Timer(_LONGEST, self.process.kill)
        watch.start()
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        finally:
            watch.cancel()
        if not answer:
            raise RuntimeError(f"the worker ended: {self.process.args!r}")
        found: dict[str, Any] = json.loads(answer)
        return found


@contextlib.contextmanager
def worker(bench: Bench, case: Case, folder: Path) -> Iterator[Worker]:
    """A worker that waits for the go-ahead."""
    process = subprocess.Popen(
        [sys.executable, str(_HERE / "worker.py"), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=bench.environment(case),
        cwd=folder,
    )
    try:
        yield Worker(process)
    finally:
        process.kill()
        process.communicate()


def measure(bench: Bench, case: Case, cells: list[Cell]) -> dict[str, Any]:
    """The case's row of the results."""
    folders = _variants(bench, case)
    runner = _warm if case.kind == "call" else _fresh
    found = runner(bench, case, folders, cells)
    return {
        "case": case.name,
        "rule": case.rule,
        "what": case.what,
        "kind": case.kind,
        "tls": case.tls,
        "after_is": "remedy by hand" if case.by_hand else "lambdalint's fix",
        **found,
    }


def _variants(bench: Bench, case: Case) -> list[Path]:
    top = bench.folder / case.name
    folders = [top / "before", top / "after"]
    texts = [(case.folder / "app.py").read_text("utf-8"), after(case, top / "fixed")]
    for folder, text in zip(folders, texts, strict=True):
        folder.mkdir(parents=True)
        (folder / "app.py").write_text(text, "utf-8")
    return folders


def _warm(bench: Bench, case: Case, folders: list[Path], cells: list[Cell]) -> dict[str, Any]:
    """Both variants imported and called once, then each cell."""
    bench.proxy.latency = 0.0
    first = json.dumps(case.event(cells[0].count))
    with worker(bench, case, folders[0]) as before, worker(bench, case, folders[1]) as fixed:
        workers = [before, fixed]
        for one in workers:
            one.ask("")
        answers, states = [], []
        if case.state is not None:
            case.state(bench.clients)  # what earlier runs left
        for one in workers:
            answers.append(one.ask(first)["result"])
            states.append(case.state(bench.clients) if case.state is not None else None)
            if case.state is None:
                one.ask(first)  # threads open the last of their connections
        rows = [_cell(bench, cell, lambda index, cell=cell: _held(bench, case, cell, workers[index])) for cell in cells]
    return {"equal": answers[0] == answers[1] and states[0] == states[1], "cells": rows}


def _fresh(bench: Bench, case: Case, folders: list[Path], cells: list[Cell]) -> dict[str, Any]:
    """A new process for each measurement."""
    answers: list[dict[str, Any]] = [{}, {}]

    def once(cell: Cell, index: int) -> dict[str, Any]:
        with worker(bench, case, folders[index]) as one:
            if case.kind == "first":
                one.ask("")
                answer = _held(bench, case, cell, one)
                answers[index] = answer["result"]
                return answer
            with bench.limits.held(one.process.pid, cell.memory):
                answer = one.ask("")
            answers[index] = one.ask(json.dumps(case.event(cell.count)))["result"]
            return {**answer, "requests": 0, "connections": 0}

    bench.proxy.latency = 0.0
    least = _LEAST if bench.budget >= _THOROUGH else 1
    rows = [_cell(bench, cell, lambda index, cell=cell: once(cell, index), least) for cell in cells]
    return {"equal": answers[0] == answers[1], "cells": rows}


def _held(bench: Bench, case: Case, cell: Cell, one: Worker) -> dict[str, Any]:
    """One invocation under the conditions of a cell, with what the proxy counted."""
    bench.proxy.latency = cell.latency / 1000
    bench.proxy.reset()
    with bench.limits.held(one.process.pid, cell.memory):
        answer = one.ask(json.dumps(case.event(cell.count)))
    counted = {"requests": bench.proxy.requests, "connections": bench.proxy.connections}
    if case.state is not None:
        case.state(bench.clients)  # each run starts from the same state
    return {**answer, **counted}


def _cell(bench: Bench, cell: Cell, once: Any, least: int = 1) -> dict[str, Any]:
    """Before and after in turn, so that both meet the same disturbances; medians."""
    runs: list[list[dict[str, Any]]] = [[], []]
    end = time.monotonic() + bench.budget
    while len(runs[0]) < least or (len(runs[0]) < _MOST and time.monotonic() < end):
        for index in (0, 1):
            runs[index].append(once(index))
    before, fixed = (_medians(one) for one in runs)
    return {
        "latency_ms": cell.latency,
        "memory_mb": cell.memory,
        "count": cell.count,
        "runs": len(runs[0]),
        "before": before,
        "after": fixed,
        "wall_ratio": _ratio(before["wall_ms"], fixed["wall_ms"]),
        "cpu_ratio": _ratio(before["cpu_ms"], fixed["cpu_ms"]),
    }


def _medians(runs: list[dict[str, Any]]) -> dict[str, Any]:
    middle = {key: statistics.median(run[key] for run in runs) for key in ("wall", "cpu", "requests", "connections")}
    return {
        "requests": int(middle["requests"]),
        "connections": int(middle["connections"]),
        "wall_ms": round(middle["wall"], 3),
        "cpu_ms": round(middle["cpu"], 3),
    }


def _ratio(before: float, fixed: float) -> float | None:
    return float(f"{before / fixed:.3g}") if fixed else None

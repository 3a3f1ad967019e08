"""Checking a project part by part and in several processes: the same answers, whatever happens to one of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lambdalint.engine import check as checking
from lambdalint.engine import pool, session, shares, texts
from lambdalint.engine.parts import Parts
from lambdalint.engine.run import Checker, Result
from lambdalint.engine.workspace import Workspace
from lambdalint.findings import Finding
from lambdalint.source import Source

HANDLER = """\
import boto3
{imports}

def lambda_handler(event, context):
    return boto3.client("s3").get_object(Bucket="b", Key=event["key"])
"""
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no such processes here")


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part is a task of its own, however small."""
    monkeypatch.setattr(shares, "_BATCH", 1)
    monkeypatch.setattr(shares, "_PAYS", 0)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four functions, two of which share a module, and two files that no handler knows."""
    monkeypatch.chdir(tmp_path)
    for name, imports in {"a": "import shared", "b": "import shared", "c": "", "d": ""}.items():
        write(tmp_path, f"{name}/app.py", HANDLER.format(imports=imports))
    write(tmp_path, "shared.py", "import boto3\ndef load(key):\n    return boto3.client('s3').get_object(Key=key)\n")
    write(tmp_path, "tool.py", "print(1)\n")
    write(tmp_path, "broken.py", "def f(:\n")
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def run(jobs: int = 1) -> list[Finding]:
    return session.check(session.Request(cache=False, jobs=jobs)).findings


def parts(folder: Path) -> list[list[str]]:
    settings = session.settings_for(str(folder), session.Request())
    return [sorted(part.files) for part in Parts(Workspace(settings)).all()]


def at(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.path, finding.code) for finding in findings]


def whole() -> list[Finding]:
    """What one model of everything gives."""
    (job,) = session._jobs(session.Request(cache=False), Result())
    checker = Checker(job.workspace, job.files)
    found = [finding for path in job.files for finding in checker.check(path)[0]]
    return sorted(found, key=Finding.sort_key)


# --- parts ------------------------------------------------------------------------------------


def test_handlers_that_share_a_module_are_one_part(project: Path) -> None:
    assert parts(project) == [["a/app.py", "b/app.py", "shared.py"], ["c/app.py"], ["d/app.py"]]


@pytest.mark.parametrize(
    "imports",
    [
        pytest.param("from pkg import inner", id="of a package"),
        pytest.param("from pkg.inner import load", id="of a module"),
        pytest.param("import pkg.inner", id="by its dotted name"),
    ],
)
def test_an_import_brings_the_package_with_it(imports: str, tmp_path: Path) -> None:
    write(tmp_path, "app.py", HANDLER.format(imports=imports))
    write(tmp_path, "pkg/__init__.py", "")
    write(tmp_path, "pkg/inner.py", "def load(): pass\n")
    assert parts(tmp_path) == [["app.py", "pkg/__init__.py", "pkg/inner.py"]]


def test_an_import_in_a_function_counts_too(tmp_path: Path) -> None:
    write(tmp_path, "a/app.py", HANDLER.format(imports="def later():\n    import shared\n"))
    write(tmp_path, "b/app.py", HANDLER.format(imports="import shared"))
    write(tmp_path, "shared.py", "")
    assert parts(tmp_path) == [["a/app.py", "b/app.py", "shared.py"]]


def test_a_script_that_imports_two_handlers_doesnt_make_them_one_part(tmp_path: Path) -> None:
    write(tmp_path, "first.py", HANDLER.format(imports=""))
    write(tmp_path, "second.py", HANDLER.format(imports=""))
    write(tmp_path, "deploy.py", "import first, second\n")
    assert parts(tmp_path) == [["first.py"], ["second.py"]]


@pytest.mark.parametrize(
    ("imports", "count"),
    [("from aws_xray_sdk.core import patch_all", 1), ("from aws_xray_sdk.core import xray_recorder", 1), ("", 2)],
)
def test_what_is_deployed_together_is_one_part_where_all_of_it_may_be_patched(
    imports: str, count: int, tmp_path: Path
) -> None:
    write(tmp_path, "src/first.py", HANDLER.format(imports=imports))
    write(tmp_path, "src/second.py", HANDLER.format(imports=""))
    function = "  {0}:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: src\n      Handler: {1}\n"
    resources = function.format("A", "first.lambda_handler") + function.format("B", "second.lambda_handler")
    write(tmp_path, "template.yaml", f"Transform: AWS::Serverless-2016-10-31\nResources:\n{resources}")
    assert len(parts(tmp_path)) == count


# --- the same answers ----------------------------------------------------------------------------


@needs_fork
@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_any_number_of_processes_finds_the_same_in_the_same_order(jobs: int, project: Path, many: None) -> None:
    found = run(jobs)
    assert found == whole()
    assert [path for path, code in at(found) if code == "LMB101"] == ["a/app.py", "b/app.py", "c/app.py", "d/app.py"]
    assert ("broken.py", "LMB000") in at(found)


@needs_fork
@pytest.mark.parametrize("jobs", [1, 3])
def test_a_large_part_is_divided(jobs: int, project: Path, many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = whole()
    monkeypatch.setattr(shares, "LARGE", 1)
    assert run(jobs) == expected


def test_a_module_that_a_string_names_brings_parts_together(project: Path, many: None) -> None:
    dynamic = "import importlib\nhelper = importlib.import_module('hidden.helper')\n"
    text = HANDLER.format(imports=dynamic).replace("return", "helper.load(event)\n    return")
    write(project, "c/app.py", text)
    write(project, "hidden/helper.py", "import boto3\ndef load(event):\n    boto3.client('sqs').list_queues()\n")
    assert ("hidden/helper.py", "LMB101") in at(whole())
    assert run() == whole()


@needs_fork
def test_a_second_run_takes_what_other_processes_found(project: Path, many: None) -> None:
    def cached(jobs: int) -> list[Finding]:
        return session.check(session.Request(jobs=jobs)).findings

    for path in project.rglob("*.py"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    first = cached(2)
    assert (project / ".lambdalint_cache").is_dir()
    assert cached(1) == first == run()


@needs_fork
def test_descriptions_are_told_the_same_of_their_handlers(project: Path, many: None) -> None:
    function = "  {0}:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: {0}\n      Handler: {1}\n"
    named = {"a": "app.lambda_handler", "c": "app.missing", "d": "gone.handler"}
    resources = "".join(function.format(name, handler) for name, handler in named.items())
    write(project, "template.yaml", f"Transform: AWS::Serverless-2016-10-31\nResources:\n{resources}")
    told = [finding.problem for finding in run() if finding.code == "LMB002"]
    assert len(told) == 2
    assert [finding.problem for finding in run(3) if finding.code == "LMB002"] == told


# --- trouble ---------------------------------------------------------------------------------------


def kill(path: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def exhaust(path: str) -> None:
    raise MemoryError


def recurse(path: str) -> None:
    raise RecursionError("too deep")


def broken(monkeypatch: pytest.MonkeyPatch, wanted: str, how: Callable[[str], None]) -> None:
    """Make the work on a file end badly."""
    original = Checker._check_source

    def work(self: Checker, path: str, source: Source, data: bytes) -> list[Finding]:
        if path == wanted:
            how(path)
        return original(self, path, source, data)

    monkeypatch.setattr(Checker, "_check_source", work)


@needs_fork
@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(
    ("how", "words"), [(kill, "signal 9"), (exhaust, "MemoryError"), (recurse, "RecursionError: too deep")]
)
def test_what_ends_the_check_of_one_file_is_told_and_costs_no_other(
    how: Callable[[str], None],
    words: str,
    large: bool,
    project: Path,
    many: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = [one for one in at(whole()) if one[0] != "b/app.py"]
    if large:
        monkeypatch.setattr(shares, "LARGE", 1)
    broken(monkeypatch, "b/app.py", how)
    findings = run(2)
    (told,) = (finding for finding in findings if finding.path == "b/app.py")
    assert told.code == "LMB000"
    assert words in told.problem
    assert [one for one in at(findings) if one[0] != "b/app.py"] == expected


@needs_fork
@pytest.mark.parametrize(("how", "words"), [(kill, "signal 9"), (exhaust, "MemoryError")])
def test_what_ends_the_analysis_of_a_part_is_told_for_its_files(
    how: Callable[[str], None], words: str, project: Path, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Workspace.project

    def build(self: Workspace, *given: object, **named: object) -> object:
        if "shared.py" in given[2].files:  # type: ignore[attr-defined]
            how("")
        return original(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Workspace, "project", build)
    findings = run(2)
    told = {finding.path for finding in findings if words in finding.problem}
    assert told == {"a/app.py", "b/app.py", "shared.py"}
    assert {path for path, code in at(findings) if code == "LMB101"} == {"c/app.py", "d/app.py"}


@needs_fork
def test_what_a_dead_process_has_read_isnt_known_so_nothing_is_kept(
    project: Path, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch, "c/app.py", kill)
    session.check(session.Request(jobs=2))
    assert not (project / ".lambdalint_cache").exists()


@needs_fork
def test_whoever_interrupts_a_run_leaves_no_process_behind() -> None:
    pids: list[int] = []

    def work(task: int, send: Callable[[int], None]) -> None:
        send(os.getpid())
        time.sleep(600)

    def interrupted(task: int, pid: int) -> None:
        pids.append(pid)
        if len(pids) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pool.Pool(2, work, interrupted, lambda task, how: ()).run([1, 2, 3])
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


# --- when there are several processes ---------------------------------------------------------------


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many tasks each pool was given."""
    counts: list[int] = []
    original = pool.Pool.run

    def counted(self: pool.Pool[object], tasks: list[object]) -> None:
        counts.append(len(tasks))
        original(self, tasks)

    monkeypatch.setattr(pool.Pool, "run", counted)
    return counts


def test_a_small_project_needs_one_process(project: Path, forked: list[int]) -> None:
    run(8)
    assert forked == []


def test_one_job_is_one_process(project: Path, many: None, forked: list[int]) -> None:
    run(1)
    assert forked == []


@needs_fork
def test_several_jobs_are_several_processes(project: Path, many: None, forked: list[int]) -> None:
    run(2)
    assert forked == [4]


def test_a_process_with_threads_isnt_forked(project: Path, many: None, forked: list[int]) -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert run(2) == whole()
    finally:
        done.set()
        thread.join()
    assert forked == []


@pytest.mark.parametrize("platform", ["win32", "cygwin"])
def test_where_there_is_no_fork_one_process_does_it(
    platform: str, project: Path, many: None, forked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool.sys, "platform", platform)  # type: ignore[attr-defined]
    assert not pool.can_fork()


def test_flake8_and_editors_get_no_further_processes(project: Path, many: None, forked: list[int]) -> None:
    texts.check_text(str(project / "a" / "app.py"), (project / "a" / "app.py").read_bytes())
    assert session.Request().jobs == 1
    assert forked == []


@pytest.mark.parametrize(
    ("text", "count"), [("max 100000", 0), ("150000 100000", 2), ("400000 100000", 4), ("", 0), ("x y", 0)]
)
def test_a_containers_quota_is_kept(text: str, count: int, tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text(text)
    assert pool._quota(str(tmp_path)) == count


def test_without_a_control_group_there_is_no_quota(tmp_path: Path) -> None:
    assert pool._quota(str(tmp_path)) == 0
    assert pool.usable_processors() >= 1


@needs_fork
def test_the_command_line_takes_a_number_of_jobs(project: Path) -> None:
    def output(jobs: str) -> object:
        command = [sys.executable, "-m", "lambdalint", "check", "--no-cache", "--output-format", "json", "--jobs", jobs]
        return json.loads(subprocess.run(command, capture_output=True, text=True).stdout)

    assert output("1") == output("3")


def test_progress_counts_each_file_once(project: Path) -> None:
    seen: list[tuple[int, int]] = []
    session.check(session.Request(cache=False), lambda done, total: seen.append((done, total)))
    assert seen == [(number, 7) for number in range(1, 8)]
    assert checking.UNREADABLE[0] == "LMB000"

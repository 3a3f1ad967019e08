"""Fixing a project part by part: what one model of all would give, at the cost of what is fixed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lambdalint.engine import rounds, session
from lambdalint.engine.run import Checker
from lambdalint.semantics import modules

CLIENT = 'import boto3\n\n\ndef lambda_handler(event, context):\n    return boto3.client("s3").list_buckets()\n'
PLAIN = "import boto3\n\nclient = boto3.client('s3')\n\n\ndef lambda_handler(event, context):\n    return client\n"
DYNAMIC = "import importlib\n\nhelper = importlib.import_module('hidden.helper')\n"
HELPER = 'import boto3\n\n\ndef load():\n    return boto3.client("sqs").list_queues()\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two functions to fix, one that needs no fix, one that loads a module which is named in a text alone."""
    monkeypatch.chdir(tmp_path)
    texts = {
        "a/app.py": CLIENT,
        "b/app.py": CLIENT,
        "c/app.py": PLAIN,
        "d/app.py": DYNAMIC + CLIENT.replace("boto3.client", "helper.load() or boto3.client"),
        "hidden/__init__.py": "",
        "hidden/helper.py": HELPER,
        "tool.py": "x = 1  # noqa: LMB101\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def fix() -> session.Fixed:
    return session.fix(session.Request(cache=False, overrides={"select": ["LMB"]}), unsafe=True, write=False)


def test_the_parts_are_fixed_as_a_model_of_all_would_fix_them(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apart = fix()
    monkeypatch.setattr(rounds, "_parted", lambda checker, paths, repairs: [(checker, list(paths))])
    together = fix()
    assert {path: text for path, (_, text) in apart.changed.items()} == {
        path: text for path, (_, text) in together.changed.items()
    }
    assert apart.result.findings == together.result.findings
    assert sorted(apart.changed) == ["a/app.py", "b/app.py", "d/app.py", "hidden/helper.py", "tool.py"]


def test_only_the_parts_with_fixes_are_analysed_for_them(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (job,) = session._jobs(session.Request(cache=False), session.Result())
    checker = Checker(job.workspace, job.files)
    total = session.Fixed(session.Result())
    for path in job.files:
        checker.check(path)  # what is found is known
    lowered: Counter[str] = Counter()
    lower = modules.lower

    def counted(tree: object, path: str) -> object:
        lowered[path] += 1
        return lower(tree, path)  # type: ignore[arg-type]

    monkeypatch.setattr(modules, "lower", counted)
    rounds.fix_files(checker, job.files, ["LMB101"], write=False, total=total)
    assert "c/app.py" not in lowered
    assert total.changed.keys() >= {"a/app.py", "b/app.py"}
    # Once to know the part, once or twice with what was fixed, however many parts there are.
    assert lowered["a/app.py"] <= 4

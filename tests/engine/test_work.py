"""How much is done, counted in ways that no machine changes: what is parsed, and how the work grows."""

from __future__ import annotations

import os
import subprocess
import sys
import weakref
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from lambdalint.engine import session, shares
from lambdalint.engine.workspace import Workspace
from lambdalint.semantics.project import Project
from lambdalint.semantics.solving import Solver

HANDLER = "import boto3\nimport helper\n\ndef lambda_handler(event, context):\n    return helper.load(event)\n"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The questions that the model worked out, each time that it did."""
    found: list[object] = []
    solve = Solver.solve

    def noted(self: Solver, key: object, compute: object, nothing: object, deep: object) -> object:
        def worked() -> object:
            found.append(key)
            return compute()  # type: ignore[operator]

        return solve(self, key, worked, nothing, deep)  # type: ignore[arg-type]

    monkeypatch.setattr(Solver, "solve", noted)
    return found


def check(folder: Path) -> list[str]:
    request = session.Request((str(folder),), cache=False)
    return [finding.code for finding in session.check(request).findings]


def test_a_file_is_parsed_once_and_only_where_a_handler_may_reach_it(tmp_path: Path, parsed: Counter[str]) -> None:
    (tmp_path / "app.py").write_text(HANDLER)
    (tmp_path / "helper.py").write_text("def load(event):\n    return event\n")
    (tmp_path / "tool.py").write_text("import boto3\nboto3.client('s3')\n")
    check(tmp_path)
    assert parsed == {"app.py": 1, "helper.py": 1}


def test_of_a_large_part_a_file_is_parsed_once_for_the_model_and_once_for_the_rules(
    tmp_path: Path, parsed: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "LARGE", 10)
    monkeypatch.setattr(shares, "can_fork", lambda: False)  # what other processes parse isn't counted
    (tmp_path / "app.py").write_text(HANDLER)
    (tmp_path / "helper.py").write_text("def load(event):\n    return event\n")
    check(tmp_path)
    assert parsed == {"app.py": 2, "helper.py": 2}


def test_of_handlers_that_share_no_code_one_is_held_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "_PAYS", 0)
    monkeypatch.setattr(shares, "_BATCH", 1)
    alive: list[int] = []
    models: list[weakref.ref[Project]] = []
    build = Workspace.project

    def counted(self: Workspace, *given: object) -> Project:
        project = build(self, *given)  # type: ignore[arg-type]
        models.append(weakref.ref(project))
        alive.append(sum(model() is not None for model in models))
        return project

    monkeypatch.setattr(Workspace, "project", counted)
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "app.py").write_text("def lambda_handler(event, context):\n    return event\n")
    check(tmp_path)
    assert alive == [1, 1, 1]


# What a run that looks at one handler loads grows with lambdalint; what none needs stays out of it.
_NEEDLESS = ("sqlglot", "yaml", "tree_sitter", "multiprocessing", "tomllib", "tomli", "zipfile", "logging", "hashlib")


def test_the_check_of_a_file_loads_nothing_that_it_has_no_use_for(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "import json\n\ndef lambda_handler(event, context):\n    return json.dumps(event)\n"
    )
    code = (
        "import sys; from lambdalint.engine import session\n"
        "assert session.check(session.Request(('app.py',), cache=False)).files == 1\n"
        f"print([name for name in {_NEEDLESS!r} if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", code]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)  # compiles the tables
    ran = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
    assert ran.stdout == "[]\n"


def test_without_a_handler_nothing_is_parsed(tmp_path: Path, parsed: Counter[str]) -> None:
    (tmp_path / "tool.py").write_text("import boto3\nboto3.client('s3')\n")
    check(tmp_path)
    assert not parsed


def chain(depth: int) -> str:
    functions = "".join(f"def f{n}(key):\n    return f{n + 1}(key)\n" for n in range(depth))
    last = f"def f{depth}(key):\n    return boto3.client('s3').get_object(Bucket='b', Key=key)\n"
    return f"import boto3\n{functions}{last}def lambda_handler(event, context):\n    return f0(event['key'])\n"


def statements(count: int) -> str:
    lines = "".join(f"    c{n} = boto3.client('s3')\n    print(c{n})\n" for n in range(count))
    return f"import boto3\ndef lambda_handler(event, context):\n{lines}"


def circle(count: int) -> str:
    """Functions that all call the next two, around and around."""
    functions = "".join(
        f"def f{n}(key):\n    table.get_item(Key=key)\n    f{(n + 1) % count}(key)\n    f{(n + 2) % count}(key)\n"
        for n in range(count)
    )
    start = "import boto3\ntable = boto3.resource('dynamodb').Table('t')\n"
    return f"{start}{functions}def lambda_handler(event, context):\n    f0(event['key'])\n"


# Each function of a circle asks for all of it once: quadratic in the circle, and no worse.
@pytest.mark.parametrize(("shape", "size", "factor"), [(chain, 20, 2.6), (statements, 60, 2.6), (circle, 30, 5)])
def test_the_work_grows_with_the_code(
    shape: Callable[[int], str], size: int, factor: float, tmp_path: Path, asked: list[object]
) -> None:
    counts = []
    for times in (1, 2):
        asked.clear()
        (tmp_path / "app.py").write_text(shape(size * times))
        check(tmp_path)
        counts.append(len(asked))
    assert counts[0] > size
    assert counts[1] < factor * counts[0]


def test_a_named_file_that_holds_nothing_to_report_costs_no_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    monkeypatch.setattr(Workspace, "project", lambda *arguments: made.append(arguments))
    (tmp_path / "app.py").write_text(HANDLER)
    (tmp_path / "shapes.py").write_text("class Shape:\n    sides = 4  # noqa: LMB101\n")
    (tmp_path / "broken.py").write_text("def f(:\n")
    named = (str(tmp_path / "shapes.py"), str(tmp_path / "broken.py"))
    found = session.check(session.Request(named, cache=False)).findings
    assert sorted(finding.code for finding in found) == ["LMB000", "LMB001"]
    assert made == []

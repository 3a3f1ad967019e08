"""How much is done, counted in ways that no machine changes: what is parsed, and how the work grows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from lambdalint.engine import session
from lambdalint.semantics.solving import Solver
from lambdalint.source import Source
from lambdalint.syntax import again

HANDLER = "import boto3\nimport helper\n\ndef lambda_handler(event, context):\n    return helper.load(event)\n"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file was parsed for the model."""
    counts: Counter[str] = Counter()
    parse = again.parse

    def counted(source: Source) -> object:
        counts[source.path] += 1
        return parse(source)

    monkeypatch.setattr(again, "parse", counted)
    return counts


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

"""The flake8 face, through flake8 itself."""

from __future__ import annotations

import ast
import importlib.metadata
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flake8.main import cli
from flake8.options.manager import OptionManager

from lambdalint.engine import catalogue, texts
from lambdalint.flake8_plugin import Plugin
from lambdalint.semantics import modules

HANDLER = """\
import boto3


def lambda_handler(event, context):
    s3 = boto3.client("s3")
    return s3.head_object(Bucket="reports", Key=event["key"])["ContentLength"]
"""
HELPER = """\
import boto3


def load(key):
    s3 = boto3.client("s3")
    return s3.head_object(Bucket="reports", Key=key)["ContentLength"]
"""
CALLER = """\
from helper import load


def lambda_handler(event, context):
    return load(event["key"])
"""
# For a checkout that isn't installed: the same plugin, as a local one.
LOCAL = "[flake8:local-plugins]\nextension = LMB = lambdalint.flake8_plugin:Plugin\n"


def installed() -> bool:
    entries = importlib.metadata.entry_points(group="flake8.extension")
    return any(entry.value.startswith("lambdalint.") for entry in entries)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "lambdalint.toml").write_text("")
    configure(tmp_path, "")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configure(folder: Path, options: str) -> None:
    (folder / ".flake8").write_text(f"[flake8]\n{options}\n{'' if installed() else LOCAL}")


@pytest.fixture
def flake8(project: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    def flake8(*argv: str) -> list[str]:
        capsys.readouterr()
        cli.main(["-j1", *argv])
        return capsys.readouterr().out.splitlines()

    return flake8


Flake8 = Callable[..., list[str]]


def test_a_finding_with_its_place_and_the_way_to_its_fix(project: Path, flake8: Flake8) -> None:
    (project / "app.py").write_text(HANDLER)
    (line,) = flake8("app.py")
    assert line.startswith('app.py:5:10: LMB101 boto3.client("s3") is created on every invocation')
    assert line.endswith(" (fixable: lambdalint --fix)")


def test_columns_count_characters(project: Path, flake8: Flake8) -> None:
    (project / "app.py").write_text(HANDLER.replace("    s3 =", '    x = "日本😀"; s3 ='), encoding="utf-8")
    (line,) = flake8("--select", "LMB", "app.py")
    assert line.startswith("app.py:5:21: LMB101")


def test_unsafe_fixes_name_their_option(project: Path, flake8: Flake8) -> None:
    (project / "app.py").write_text(
        HANDLER.replace("import boto3", "import os\n\nimport boto3").replace(
            '"s3")', '"s3", region_name=os.environ["REGION"])'
        )
    )
    (line,) = flake8("app.py", "--max-line-length=200")
    assert line.endswith(" (fixable: lambdalint --fix --unsafe-fixes)")


def test_the_whole_project_is_known(project: Path, flake8: Flake8) -> None:
    (project / "app.py").write_text(CALLER)
    (project / "helper.py").write_text(HELPER)
    (line,) = flake8("helper.py")
    assert line.startswith("helper.py:5:10: LMB101")
    assert "(lambda_handler → load)" in line
    assert flake8(".") == [f"./{line}"]


def test_what_the_configuration_says_of_calls_counts_even_where_nothing_else_speaks_for_a_file(
    project: Path, flake8: Flake8
) -> None:
    (project / "app.py").write_text(CALLER)
    (project / "helper.py").write_text(
        'import acme.db\n\n\ndef load(key):\n    return acme.db.connect("shop").find(key)\n'
    )
    assert flake8(".") == []
    own = project / "own"
    own.mkdir()
    for name in ("app.py", "helper.py"):
        (own / name).write_text((project / name).read_text())
    (own / "lambdalint.toml").write_text('[calls]\n"acme.db.connect" = "connection"\n')
    (line,) = flake8(".")
    assert line.startswith("./own/helper.py:5:12: LMB103")


def test_a_helper_that_nothing_reaches_is_left_alone(project: Path, flake8: Flake8) -> None:
    (project / "helper.py").write_text(HELPER)
    assert flake8("helper.py") == []


@pytest.mark.parametrize(
    ("argv", "count"),
    [
        (("--select", "LMB"), 1),
        (("--select", "LMB101"), 1),
        (("--select", "LMB2"), 0),
        (("--ignore", "LMB101"), 0),
        (("--extend-ignore", "LMB1"), 0),
        (("--per-file-ignores", "app.py:LMB1"), 0),
    ],
)
def test_flake8_selects(project: Path, flake8: Flake8, argv: tuple[str, ...], count: int) -> None:
    (project / "app.py").write_text(HANDLER)
    assert len(flake8(*argv, "app.py")) == count


def test_flake8s_configuration_selects(project: Path, flake8: Flake8) -> None:
    (project / "app.py").write_text(HANDLER)
    configure(project, "extend-ignore = LMB101")
    assert flake8("app.py") == []
    configure(project, "per-file-ignores = other.py:LMB101")
    assert len(flake8("app.py")) == 1


def test_the_projects_configuration_holds_too(project: Path, flake8: Flake8) -> None:
    (project / "app.py").write_text(HANDLER.replace("lambda_handler", "load"))
    assert flake8("app.py") == []
    (project / "sub").mkdir()
    (project / "sub" / "lambdalint.toml").write_text('handlers = ["app.py:load"]\n')
    (project / "sub" / "app.py").write_text(HANDLER.replace("lambda_handler", "load"))
    assert len(flake8("sub/app.py")) == 1
    (project / "more").mkdir()
    (project / "more" / "lambdalint.toml").write_text('ignore = ["LMB101"]\n')
    (project / "more" / "app.py").write_text(HANDLER)
    assert flake8("more/app.py") == []


@pytest.mark.parametrize(
    "comment",
    ["# noqa", "# noqa: LMB101", "# NOQA:E501,LMB101", "# noqa: LMB1", "# lambdalint: ignore[LMB101]"],
)
def test_comments_suppress(project: Path, flake8: Flake8, comment: str) -> None:
    (project / "app.py").write_text(HANDLER.replace('client("s3")', f'client("s3")  {comment}'))
    assert flake8("app.py") == []


def test_unused_suppressions_are_left_to_the_command_line(project: Path, flake8: Flake8) -> None:
    (project / "app.py").write_text(CALLER.replace("import load", "import load  # noqa: LMB101"))
    (project / "helper.py").write_text(HELPER)
    assert flake8("app.py") == []


def test_standard_input_is_what_is_checked(project: Path, flake8: Flake8, monkeypatch: pytest.MonkeyPatch) -> None:
    def give(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        # flake8 keeps what it read, for one run of its process
        from flake8 import utils

        utils.stdin_get_value.cache_clear()

    (project / "app.py").write_text(HANDLER)
    give(CALLER.replace("from helper import load", "load = len"))
    assert flake8("-", "--stdin-display-name", "app.py") == []
    give(HANDLER)
    assert flake8("-")[0].startswith("stdin:5:10: LMB101")
    give(HANDLER)
    assert flake8("-", "--stdin-display-name", "new.py")[0].startswith("new.py:5:10: LMB101")


def test_other_encodings(project: Path, flake8: Flake8) -> None:
    text = "# -*- coding: latin-1 -*-\n" + HANDLER.replace("s3 =", 'x = "é"; s3 =')
    (project / "app.py").write_bytes(text.encode("latin-1"))
    (project / "mark.py").write_bytes(b"\xef\xbb\xbf" + HANDLER.replace("\n", "\r\n").encode())
    latin, mark = flake8("--select", "LMB", "app.py", "mark.py")
    assert latin.startswith("app.py:6:19: LMB101")
    assert mark.startswith("mark.py:5:10: LMB101")


def test_syntax_errors_are_flake8s_own(project: Path, flake8: Flake8) -> None:
    (project / "app.py").write_text("def lambda_handler(event, context:\n    boto3.client('s3')\n")
    assert [line for line in flake8("app.py") if "LMB" in line] == []


def test_a_crash_is_one_finding(project: Path, flake8: Flake8, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise ZeroDivisionError("by zero\nand more")

    (project / "app.py").write_text(HANDLER)
    monkeypatch.setattr(texts, "check_text", broken)
    assert flake8("app.py") == [
        "app.py:1:1: LMB000 lambdalint failed on this file (ZeroDivisionError: by zero); please report it"
    ]


def test_a_broken_configuration_is_one_finding(project: Path, flake8: Flake8) -> None:
    (project / "app.py").write_text(HANDLER)
    (project / "lambdalint.toml").write_text('selekt = ["LMB1"]\n')
    (line,) = flake8("app.py")
    assert line.startswith('app.py:1:1: LMB000 lambdalint.toml:1: unknown key "selekt"')


def test_opt_in_codes_are_ignored_unless_selected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "OPT_IN", ("LMB110", "LMB507"))
    manager = OptionManager(version="1", plugin_versions="", parents=[], formatter_names=[])
    Plugin.add_options(manager)
    assert manager.extended_default_ignore == ["LMB110", "LMB507"]


def test_what_is_opt_in_now_is_off_by_default() -> None:
    manager = OptionManager(version="1", plugin_versions="", parents=[], formatter_names=[])
    Plugin.add_options(manager)
    assert "LMB507" in manager.extended_default_ignore


def test_opt_in_codes_are_asked_of_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def remember(filename: str, data: bytes, overrides: object) -> list[object]:
        asked.append(overrides)
        return []

    monkeypatch.setattr(catalogue, "OPT_IN", ("LMB110",))
    monkeypatch.setattr(texts, "check_text", remember)
    assert list(Plugin(ast.parse(HANDLER), "app.py", HANDLER.splitlines(True)).run()) == []
    assert asked == [{"select": ("LMB", "LMB110")}]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_several_processes(project: Path, method: str) -> None:
    if method == "fork" and sys.platform == "win32":
        pytest.skip("no fork here")
    names = ["a.py", "b.py", "c.py", "d.py"]
    for name in names:
        (project / name).write_text(HANDLER)
    code = (
        "import multiprocessing, sys; from flake8.main.cli import main\n"
        f"multiprocessing.set_start_method({method!r}); sys.exit(main({['-j2', *names]!r}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True)
    assert [line.partition(" ")[0] for line in ran.stdout.splitlines()] == [f"{name}:5:10:" for name in names]
    assert (ran.returncode, ran.stderr) == (1, "")


def test_files_that_cannot_matter_cost_no_parser(project: Path) -> None:
    (project / "plain.py").write_text("def add(a, b):\n    return a + b\n")
    code = (
        "import sys; from flake8.main.cli import main\n"
        "code = main(['-j1', 'plain.py']); print([m for m in ('libcst', 'yaml') if m in sys.modules], code)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=True)
    assert ran.stdout == "[] 0\n"


def test_a_part_of_the_project_is_analysed_and_no_other(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lowered: list[str] = []
    lower = modules.lower

    def noted(tree: object, path: str, by_statement: bool = False) -> object:
        lowered.append(path)
        return lower(tree, path, by_statement)  # type: ignore[arg-type]

    for name in ("one", "two"):
        (project / name).mkdir()
        (project / name / "app.py").write_text(HANDLER)
    monkeypatch.setattr(texts, "_projects", {})
    monkeypatch.setattr(modules, "lower", noted)
    found = texts.check_text("one/app.py", HANDLER.encode())
    assert [finding.code for finding in found] == ["LMB101"]
    assert lowered == ["one/app.py"]


def test_what_is_found_is_written_when_the_process_ends(project: Path) -> None:
    for number in range(8):
        (project / f"app{number}.py").write_text(HANDLER)
        os.utime(project / f"app{number}.py", (1_000_000_000, 1_000_000_000))
    program = """
import sys
from lambdalint.engine import texts
for name in sys.argv[1:]:
    assert texts.check_text(name, open(name, "rb").read())
print("libcst" in sys.modules)
"""

    def run(*names: str) -> str:
        command = [sys.executable, "-c", program, *names]
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd=project).stdout.strip()

    assert run(*(f"app{number}.py" for number in range(5))) == "True"
    assert run(*(f"app{number}.py" for number in range(5, 8))) == "True"  # beside what the first one found
    assert run(*(f"app{number}.py" for number in range(8))) == "False"

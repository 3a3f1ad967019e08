"""`lambdalint imports`: a handler's import, measured in an interpreter of its own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_samples import Ran

Run = Callable[..., Ran]

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersTable:
    Type: AWS::DynamoDB::Table
  CommonLayer:
    Type: AWS::Serverless::LayerVersion
    Properties:
      ContentUri: layer/
  GetOrder:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.lambda_handler
      Runtime: python3.11
      MemorySize: 512
      Layers:
        - !Ref CommonLayer
      Environment:
        Variables:
          TABLE: !Ref OrdersTable
          STAGE: test
"""
APP = """\
import os

import helper
from common import names

print("noise on standard output")
TABLE = os.environ["TABLE"], os.environ["STAGE"], os.environ["AWS_LAMBDA_FUNCTION_NAME"]
assert TABLE == ("OrdersTable", "test", "GetOrder")
assert os.environ["AWS_DEFAULT_REGION"]
assert os.path.exists("app.py"), "the code's root is the working directory"


def lambda_handler(event, context):
    return TABLE
"""
# Slow enough to be told from anything else on a busy machine.
SLOW = "import time\n\ntime.sleep(0.15)\n"
FILES = {
    "template.yaml": TEMPLATE,
    "src/app.py": APP,
    "src/helper.py": "import slow.part\nimport small\n",
    "src/small.py": "",
    "src/slow/__init__.py": "",
    "src/slow/part.py": SLOW,
    "layer/python/common/names.py": "NAMES = 1\n",
}
PLAIN = "def lambda_handler(event, context):\n    return 1\n"


def lay(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def measure(run: Run, *words: str) -> list[dict[str, Any]]:
    """What `imports --output-format json` tells, quickly."""
    ran = run("imports", *words, "--runs", "1", "--python", sys.executable, "--output-format", "json")
    assert ran.code == 0, ran.err
    told: list[dict[str, Any]] = json.loads(ran.out)
    return told


def named(tree: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found = {}
    for row in tree:
        found[row["name"]] = row
        found.update(named(row["imports"]))
    return found


@pytest.fixture
def service(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in ("TABLE", "STAGE", "AWS_LAMBDA_FUNCTION_NAME", "VIRTUAL_ENV"):
        monkeypatch.delenv(variable, raising=False)
    lay(project, FILES)
    return project


def test_the_tree_has_own_and_cumulative_times(run: Run, service: Path) -> None:
    (told,) = measure(run)
    assert (told["handler"], told["function"], told["module"]) == ("app.lambda_handler", "GetOrder", "app")
    assert told["filename"] == str(service / "src" / "app.py")
    assert told["error"] is None
    rows = named(told["tree"])
    assert rows["slow.part"]["own_ms"] >= 150
    assert rows["helper"]["own_ms"] < 100 < 150 <= rows["helper"]["cumulative_ms"] <= rows["app"]["cumulative_ms"]
    assert rows["app"]["cumulative_ms"] == pytest.approx(told["total_ms"], abs=0.01)
    assert [row["name"] for row in rows["helper"]["imports"]] == ["slow", "slow.part", "small"]
    assert "common.names" in rows
    assert told["modules"] >= 6


def test_times_are_scaled_to_the_memory_of_the_template(run: Run, service: Path) -> None:
    (told,) = measure(run)
    assert told["memory"] == 512
    assert told["total_ms_at_memory"] == pytest.approx(told["total_ms"] * 1769 / 512, rel=1e-3)


def test_what_is_heavy_is_marked_where_it_is_caused(run: Run, service: Path) -> None:
    lay(service, {"lambdalint.toml": "heavy-import-ms = 100\n"})
    (told,) = measure(run)
    assert [name for name, row in named(told["tree"]).items() if row["heavy"]] == ["slow.part"]
    lay(service, {"lambdalint.toml": "heavy-import-ms = 9000\n"})
    (told,) = measure(run)
    assert not any(row["heavy"] for row in named(told["tree"]).values())


def test_a_tree_for_people(run: Run, service: Path) -> None:
    ran = run("imports", "--runs", "2", "--min-ms", "100", "--python", sys.executable)
    assert ran.code == 0
    assert "noise" not in ran.out + ran.err
    assert f"Importing src/app.py with {sys.executable}: this runs its module-level code." in ran.err
    lines = ran.out.splitlines()
    assert lines[1].split() == ["total", "own", "at", "512", "MB", "module"]
    assert lines[2].endswith("  app")
    assert any(line.endswith(("├─ helper", "└─ helper")) for line in lines)
    assert any("slow.part  heavy" in line for line in lines)
    assert not any("small" in line for line in lines)
    assert "app.lambda_handler: " in ran.out
    assert " at 512 MB." in ran.out
    assert "The median of 2 runs" in ran.out
    assert "slow " in ran.out.partition("By package")[2]


def test_another_version_of_python_is_told(run: Run, service: Path) -> None:
    words = ("imports", "--runs", "1", "--python", sys.executable)
    own = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for runtime, told in ((own, False), ("python3.99", True)):
        lay(service, {"template.yaml": TEMPLATE.replace("python3.11", runtime)})
        assert ("The function runs on python3.99" in run(*words).out) is told


def test_small_modules_are_summed_up_and_depth_is_bounded(run: Run, service: Path) -> None:
    lay(service, {"src/small.py": "import time\ntime.sleep(0.02)\n"})
    words = ("imports", "--runs", "1", "--python", sys.executable, "--min-ms", "100")
    assert "… and 2 more" in run(*words).out
    flat = run(*words, "--depth", "1").out
    assert "helper" in flat
    assert "slow.part" not in flat


def test_colour_follows_the_usual_variables(run: Run, service: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("imports", "--runs", "1", "--python", sys.executable)
    assert "\x1b[" not in run(*words).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;31mslow.part\x1b[0m" in run(*words).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run(*words).out


# --- which handler ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word", ["GetOrder", "app.lambda_handler", "src/app.py:lambda_handler", "src/app.py", "./src/app.py"]
)
def test_a_handler_goes_by_many_names(run: Run, service: Path, word: str) -> None:
    lay(service, {"other/app2.py": PLAIN})
    (told,) = measure(run, word)
    assert told["function"] == "GetOrder"


def test_of_several_handlers_one_is_to_be_chosen(run: Run, service: Path) -> None:
    lay(service, {"other/jobs.py": PLAIN})
    ran = run("imports")
    assert (ran.code, ran.out) == (2, "")
    assert "name one, or give --all:\n  app.lambda_handler  (src/app.py, GetOrder)\n" in ran.err
    assert "  jobs.lambda_handler  (other/jobs.py)\n" in ran.err
    assert "Importing" not in ran.err
    assert [told["module"] for told in measure(run, "--all")] == ["app", "jobs"]


def test_functions_that_share_a_module_are_one_import_at_the_least_memory(run: Run, service: Path) -> None:
    again = TEMPLATE.partition("  GetOrder:")[2].replace("512", "256")
    lay(service, {"template.yaml": f"{TEMPLATE}  PutOrder:{again}"})
    lay(service, {"src/app.py": PLAIN})
    (told,) = measure(run)
    assert told["memory"] == 256


def test_an_unknown_handler_ends_with_2_and_a_hint(run: Run, service: Path) -> None:
    ran = run("imports", "app.lambda_handle")
    assert (ran.code, ran.out) == (2, "")
    assert 'there is no handler "app.lambda_handle"; did you mean "app.lambda_handler"?' in ran.err


def test_a_project_without_handlers(run: Run, project: Path) -> None:
    lay(project, {"tool.py": "import json\n"})
    ran = run("imports")
    assert ran.code == 2
    assert "no handler was found" in ran.err
    (told,) = measure(run, "tool.py")  # named, any file is measured
    assert (told["module"], told["function"], told["memory"]) == ("tool", None, None)


def test_a_handler_without_description_is_imported_from_above_its_package(run: Run, project: Path) -> None:
    lay(project, {"pkg/__init__.py": "", "pkg/app.py": f"from . import part\n{PLAIN}", "pkg/part.py": ""})
    (told,) = measure(run)
    assert told["module"] == "pkg.app"
    assert [row["name"] for row in told["tree"]] == ["pkg", "pkg.app"]


def test_code_in_a_template_cant_be_imported(run: Run, project: Path) -> None:
    code = "          def handler(event, context):\n            return 1\n"
    function = "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: python3.11\n"
    text = f"{function}      Handler: index.handler\n      Code:\n        ZipFile: |\n{code}"
    lay(project, {"template.yaml": text})
    ran = run("imports", "F")
    assert ran.code == 2
    assert "its code stands in a template" in ran.err


# --- what may go wrong -----------------------------------------------------------------------


def test_a_missing_package_is_named_with_what_was_measured_until_then(run: Run, project: Path) -> None:
    lay(project, {"app.py": f"import before\nimport not_there.at_all\n{PLAIN}", "before.py": SLOW})
    ran = run("imports", "--runs", "1", "--python", sys.executable)
    assert ran.code == 2
    assert "before" in ran.out
    assert "until it failed" in ran.out
    assert "importing app failed: ModuleNotFoundError: No module named 'not_there' (app.py:2)" in ran.err
    assert "--python names another interpreter" in ran.err
    assert "Traceback" not in ran.err
    ran = run("imports", "--runs", "1", "--python", sys.executable, "--output-format", "json")
    (told,) = json.loads(ran.out)
    assert told["error"]["row"] == 2
    assert told["runs"] == []
    assert "before" in named(told["tree"])


def test_a_missing_variable_is_named_and_may_be_handed_on(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QUEUE_URL", raising=False)
    lay(project, {"app.py": f"import os\nURL = os.environ['QUEUE_URL']\n{PLAIN}"})
    ran = run("imports", "--python", sys.executable)
    assert ran.code == 2
    assert "importing app failed: KeyError: 'QUEUE_URL' (app.py:2)" in ran.err
    assert "QUEUE_URL=… lambdalint imports app.lambda_handler" in ran.err
    monkeypatch.setenv("QUEUE_URL", "here")
    assert measure(run)[0]["error"] is None


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("import os\nos._exit(4)", "the process ended by itself, with code 4"),
        ("def broken(:\n    pass", "SyntaxError: "),
        ("raise ValueError('first\\nsecond')", "ValueError: first"),
    ],
)
def test_other_failures_are_told(run: Run, project: Path, code: str, said: str) -> None:
    lay(project, {"app.py": f"import bad\n{PLAIN}", "bad.py": f"{code}\n"})
    ran = run("imports", "--python", sys.executable)
    assert ran.code == 2
    assert f"importing app failed: {said}" in ran.err
    assert "second" not in ran.err


def test_an_import_that_never_ends_is_ended(run: Run, project: Path) -> None:
    lay(project, {"app.py": f"import before\nimport time\ntime.sleep(600)\n{PLAIN}", "before.py": ""})
    ran = run("imports", "--timeout", "1.5", "--python", sys.executable)
    assert ran.code == 2
    assert "it took longer than 1.5 s" in ran.err


def test_an_interpreter_that_isnt_one(run: Run, project: Path) -> None:
    lay(project, {"app.py": PLAIN})
    ran = run("imports", "--python", "no/such/python")
    assert ran.code == 2
    assert "can't be run: No such file or directory" in ran.err
    fake = project / "fake"
    fake.write_text("#!/bin/sh\nexit 7\n")
    fake.chmod(0o755)
    ran = run("imports", "--python", "./fake")
    assert ran.code == 2
    assert "can't measure imports: it ended with code 7" in ran.err


@pytest.mark.parametrize("words", [("--runs", "0"), ("--runs", "x"), ("--min-ms", "-1"), ("--timeout", "nan")])
def test_wrong_numbers_are_refused(run: Run, project: Path, words: tuple[str, str]) -> None:
    ran = run("imports", *words)
    assert ran.code == 2
    assert words[0] in ran.err


# --- what the child may and may not ---------------------------------------------------------


def test_the_project_reaches_no_account_and_is_left_as_it_is(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_PROFILE", "production")
    checks = (
        "import os, sys\n"
        "assert 'AWS_SECRET_ACCESS_KEY' not in os.environ and 'AWS_PROFILE' not in os.environ\n"
        "assert os.environ['AWS_SHARED_CREDENTIALS_FILE'] == os.devnull\n"
        "assert sys.stdin.read() == ''\n"
        "assert len(sys.argv) == 1\n"
    )
    lay(project, {"app.py": f"{checks}import helper\n{PLAIN}", "helper.py": ""})
    before = sorted(project.rglob("*"))
    assert measure(run)[0]["error"] is None
    assert sorted(project.rglob("*")) == before


def test_what_boto3_loads_anyway_is_told(run: Run, project: Path) -> None:
    lay(project, {"app.py": f"import json.decoder\nimport wave\nimport boto3\n{PLAIN}"})
    (told,) = measure(run)
    rows = named(told["tree"])
    assert rows["json.decoder"]["loaded_by_boto3"]
    assert rows["boto3"]["loaded_by_boto3"]
    assert not rows["boto3"]["heavy"]
    assert not rows["wave"]["loaded_by_boto3"]
    assert isinstance(rows["boto3"]["table_ms"], float)
    ran = run("imports", "--runs", "1", "--min-ms", "0", "--depth", "1", "--python", sys.executable)
    (line,) = [line for line in ran.out.splitlines() if " json" in line and "─" in line and "json." not in line]
    assert line.endswith("json  boto3 loads it anyway")


def test_the_projects_own_environment_is_preferred(run: Run, service: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = service / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(os.path.realpath(sys.executable))
    ran = run("imports", "--runs", "1")
    assert f"with {python}: " in ran.err
    monkeypatch.setenv("VIRTUAL_ENV", str(service / "elsewhere"))
    assert f"with {python}: " in run("imports", "--runs", "1").err


def test_handlers_of_the_current_folder_come_first(run: Run, service: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(service, {"other/jobs.py": PLAIN})
    assert run("imports").code == 2
    monkeypatch.chdir(service / "other")
    assert [told["module"] for told in measure(run)] == ["jobs"]

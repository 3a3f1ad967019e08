"""Programs that describe a deployment, as a workspace comes upon them among a project's files."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from lambdalint.engine.workspace import Workspace
from lambdalint.settings import Settings

PYTHON = """\
from aws_cdk import Stack, aws_lambda as lambda_
lambda_.Function(Stack(), "Py", handler="app.load", code=lambda_.Code.from_asset("src"))
"""
SCRIPT = """\
import { Function, Code } from 'aws-cdk-lib/aws-lambda';
new Function(stack, 'Ts', { handler: 'app.store', code: Code.fromAsset('src') });
"""


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def names(workspace: Workspace) -> list[str]:
    return sorted(function.name for function in workspace.functions)


def test_programs_in_python_and_in_scripts_are_found(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": PYTHON, "lib/app.ts": SCRIPT, "src/app.py": "def load(event, context): ...\n"})
    workspace = Workspace(Settings(str(tmp_path)))
    assert names(workspace) == ["Py", "Ts"]
    assert workspace.problems == []
    assert [function.code_roots for function in workspace.functions] == [("src",), ("src",)]


@pytest.mark.parametrize(
    "path",
    ["node_modules/x/app.js", "cdk.out/app.js", "lib/app.d.ts", "lib/app.min.js", "lib/app.test.ts", "test/app.ts"],
)
def test_scripts_that_describe_nothing(path: str, tmp_path: Path) -> None:
    write(tmp_path, {path: SCRIPT})
    assert names(Workspace(Settings(str(tmp_path)))) == []


def test_tests_of_stacks_describe_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"tests/unit/test_stack.py": PYTHON})
    assert names(Workspace(Settings(str(tmp_path)))) == []


def test_programs_may_be_spread_over_files_that_do_not_look_like_one(tmp_path: Path) -> None:
    text = PYTHON.replace('"app.load"', "HANDLER").replace("lambda_\n", "lambda_\nfrom names import HANDLER\n", 1)
    write(tmp_path, {"app.py": text, "names.py": "HANDLER = 'app.load'\n"})
    assert [function.handler for function in Workspace(Settings(str(tmp_path))).functions] == ["app.load"]


def test_the_overlay_wins(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": PYTHON})
    assert names(Workspace(Settings(str(tmp_path)), {"app.py": PYTHON.replace("Py", "New").encode()})) == ["New"]


def test_files_that_are_no_program_are_read_once(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": PYTHON, "src/app.py": "def load(event, context): ...\n", "web/app.js": "x = 1\n"})
    counted: Counter[str] = Counter()

    class Counting(Workspace):
        def read_file(self, path: str) -> bytes:
            counted[path] += 1
            return super().read_file(path)

    workspace = Counting(Settings(str(tmp_path)))
    assert workspace.has_handlers()
    assert workspace.functions
    # A module that a handler is looked for in is read for that as well.
    assert counted == {"app.py": 3, "src/app.py": 2, "web/app.js": 1}


def test_a_project_without_programs_loads_no_parser_of_scripts(tmp_path: Path) -> None:

    write(tmp_path, {"app.py": "def load(event, context): ...\n", "web/app.ts": "const x = 1;\n"})
    code = (
        "import sys\n"
        "from lambdalint.engine.workspace import Workspace\n"
        "from lambdalint.settings import Settings\n"
        "Workspace(Settings(sys.argv[1])).deployments\n"
        "assert not [name for name in sys.modules if 'tree_sitter' in name or '.cdk' in name]\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)


def test_an_image_whose_own_command_names_the_handler_is_not_missed(tmp_path: Path) -> None:
    image = 'lambda_.DockerImageFunction(s, "{}", code=lambda_.DockerImageCode.from_image_asset("img"{}))\n'
    text = PYTHON + image.format("Own", "") + image.format("Gone", ', cmd=["gone.handler"]')
    write(tmp_path, {"app.py": text, "src/app.py": "def load(event, context): ...\n"})
    workspace = Workspace(Settings(str(tmp_path)))
    assert names(workspace) == ["Gone", "Own", "Py"]
    assert [one.deployed.name for one in workspace.project(workspace.python).unresolved] == ["Gone"]

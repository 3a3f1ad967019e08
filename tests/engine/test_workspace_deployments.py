"""What a project's descriptions say, joined with the files that are there."""

from __future__ import annotations

from pathlib import Path

from lambdalint.engine.workspace import Workspace
from lambdalint.settings import load

HANDLER = "def handler(event, context):\n    return {}\n"


def workspace(root: Path, files: dict[str, str]) -> Workspace:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Workspace(load(str(root), None))


def test_the_folders_files_are_read_together_and_the_code_is_found(tmp_path: Path) -> None:
    settings = 'handler = local.handler\n  filename = "b.zip"'
    found = workspace(
        tmp_path,
        {
            "infra/main.tf": f'resource "aws_lambda_function" "f" {{\n  {settings}\n}}\n',
            "infra/locals.tf": 'locals {\n  handler = "app.handler"\n}\n',
            "src/app.py": HANDLER,
        },
    )
    (function,) = found.functions
    assert (function.template, function.line, function.code_roots) == ("infra/locals.tf", 2, ("src",))
    (handler,) = found.project(found.python).handlers
    assert handler.deployed == function


def test_an_application_is_no_missing_function(tmp_path: Path) -> None:
    found = workspace(
        tmp_path,
        {
            "zappa_settings.json": '{"dev": {"app_function": "shop.app"}, "lost": {"app_function": "gone.app"}}',
            "shop.py": "from flask import Flask\napp = Flask(__name__)\n",
        },
    )
    assert [one.deployed.handler for one in found.project(found.python).unresolved] == ["gone.app"]


def test_a_description_that_cant_be_read_is_a_problem(tmp_path: Path) -> None:
    found = workspace(tmp_path, {"t.yaml": "Resources:\n  F: {Type: AWS::Lambda::Function\n", "app.py": HANDLER})
    assert [(problem.path, problem.line) for problem in found.problems] == [("t.yaml", 3)]

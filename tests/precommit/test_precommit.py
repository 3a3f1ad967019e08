"""The hooks, through pre-commit and git themselves. Installs the package into pre-commit's environments."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.precommit,
    pytest.mark.skipif(importlib.util.find_spec("pre_commit") is None, reason="pre-commit isn't installed"),
    pytest.mark.skipif(shutil.which("git") is None, reason="git isn't installed"),
]
TOP = Path(__file__).parents[2]
PACKAGE = (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE", "NOTICE", "docs", "src")
CALLER = "from helper import load\n\n\ndef lambda_handler(event, context):\n    return load(event)\n"
HELPER = """\
import boto3


def load(event):
    s3 = boto3.client("s3")
    return s3.head_object(Bucket="reports", Key=event["key"])["ContentLength"]
"""
PLACE = "helper.py:5:10: LMB101"

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Neither the user's git nor their pre-commit has a say, and environments are built once."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
    who = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com"}
    who |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in who.items()}
    folder = tmp_path_factory.mktemp("pre-commit-home")
    config = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return {**kept, **who, **config, "PRE_COMMIT_HOME": str(folder), "PRE_COMMIT_COLOR": "never"}


def run_in(folder: Path, environment: dict[str, str], *argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, cwd=folder, env=environment, capture_output=True, text=True)


def commit_all(folder: Path, environment: dict[str, str]) -> str:
    for argv in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "all")):
        ran = run_in(folder, environment, "git", *argv)
        assert ran.returncode == 0, ran.stderr
    return run_in(folder, environment, "git", "rev-parse", "HEAD").stdout.strip()


@pytest.fixture(scope="session")
def hooks(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> tuple[Path, str]:
    """A repository with this package alone, and its commit."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in PACKAGE:
        if (TOP / name).is_dir():
            shutil.copytree(TOP / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy(TOP / name, folder / name)
    return folder, commit_all(folder, environment)


@pytest.fixture
def project(tmp_path: Path, environment: dict[str, str]) -> Path:
    (tmp_path / "app.py").write_text(CALLER)
    (tmp_path / "helper.py").write_text(HELPER)
    (tmp_path / "notes.txt").write_text("notes\n")
    commit_all(tmp_path, environment)
    return tmp_path


@pytest.fixture
def commit(project: Path, hooks: tuple[Path, str], environment: dict[str, str]) -> Command:
    """Installs a hook and gives a function that changes a file and commits it."""

    def install(hook: str, arguments: str = "") -> None:
        folder, revision = hooks
        (project / ".pre-commit-config.yaml").write_text(
            f"repos:\n- repo: {folder.as_uri()}\n  rev: {revision}\n  hooks:\n  - id: {hook}\n{arguments}"
        )
        run_in(project, environment, "git", "add", ".pre-commit-config.yaml")
        ran = run_in(project, environment, sys.executable, "-m", "pre_commit", "install")
        assert ran.returncode == 0, ran.stdout

    def commit(name: str, text: str, *, hook: str = "lambdalint", arguments: str = "") -> object:
        install(hook, arguments)
        (project / name).write_text(text)
        run_in(project, environment, "git", "add", name)
        return run_in(project, environment, "git", "commit", "-m", "change")

    return commit  # type: ignore[return-value]


def test_the_manifest_is_valid() -> None:
    argv = [sys.executable, "-m", "pre_commit", "validate-manifest", str(TOP / ".pre-commit-hooks.yaml")]
    assert subprocess.run(argv, check=False).returncode == 0


def test_try_repo(project: Path, hooks: tuple[Path, str], environment: dict[str, str]) -> None:
    argv = ("try-repo", str(hooks[0]), "lambdalint", "--all-files")
    ran = run_in(project, environment, sys.executable, "-m", "pre_commit", *argv)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert PLACE in ran.stdout
    assert "- exit code: 1" in ran.stdout


def test_a_commit_with_a_finding_is_refused(project: Path, commit: Command) -> None:
    ran = commit("helper.py", HELPER + "\n")
    assert ran.returncode == 1
    assert PLACE in ran.stderr
    # Only helper.py was handed over: that a handler reaches it was read from disk.
    assert "= way: lambda_handler → load" in ran.stderr


def test_a_commit_without_findings_passes(project: Path, commit: Command, environment: dict[str, str]) -> None:
    ran = commit("app.py", CALLER + "\n")
    assert ran.returncode == 0, ran.stderr
    assert "Passed" in ran.stderr
    assert run_in(project, environment, "git", "status", "--short").stdout == ""


def test_a_commit_without_python_is_skipped(commit: Command) -> None:
    ran = commit("notes.txt", "other notes\n")
    assert ran.returncode == 0
    assert "Skipped" in ran.stderr


def test_arguments_reach_the_command_line(commit: Command) -> None:
    ran = commit("helper.py", HELPER + "\n", arguments="    args: [--ignore, LMB101]\n")
    assert ran.returncode == 0, ran.stderr


def test_the_fixing_hook_repairs_and_refuses_once(project: Path, commit: Command, environment: dict[str, str]) -> None:
    ran = commit("helper.py", HELPER + "\n", hook="lambdalint-fix")
    assert ran.returncode == 1
    assert "Fixed 1 finding in 1 file:" in ran.stderr
    fixed = (project / "helper.py").read_text()
    assert "@functools.cache" in fixed
    ran = commit("helper.py", fixed, hook="lambdalint-fix")
    assert ran.returncode == 0, ran.stderr
    assert run_in(project, environment, "git", "show", "HEAD:helper.py").stdout == fixed

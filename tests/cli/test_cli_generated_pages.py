"""The generated documentation is what the rules say today."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

TOP = Path(__file__).parents[2]


@pytest.fixture
def generator() -> ModuleType:
    specification = importlib.util.spec_from_file_location("pages", TOP / "tools" / "generate_rule_pages.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_pages_and_lists_are_up_to_date(generator: ModuleType) -> None:
    hint = "run tools/generate_rule_pages.py"
    assert [str(path.relative_to(TOP)) for path in generator.differing()] == [], hint


def test_what_differs_is_found(generator: ModuleType, tmp_path: Path) -> None:
    for name in ("README.md", "CHANGELOG.md"):
        shutil.copy(TOP / name, tmp_path)
    shutil.copytree(TOP / "docs", tmp_path / "docs")
    pages = tmp_path / "docs" / "rules"
    (pages / "client-in-handler.md").write_text("other")
    (pages / "no-such-rule.md").write_text("")
    readme = (tmp_path / "README.md").read_text("utf-8")
    (tmp_path / "README.md").write_text(readme.replace("| [client-in-handler]", "| [client]"), "utf-8")
    found = {path.relative_to(tmp_path).as_posix() for path in generator.differing(tmp_path)}
    assert found >= {"docs/rules/client-in-handler.md", "docs/rules/no-such-rule.md", "README.md"}

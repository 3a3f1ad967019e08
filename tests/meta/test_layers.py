"""The parts of the package know of each other only in the order that the architecture gives."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "lambdalint"
FILES = sorted(SOURCE.rglob("*.py"))
# Which parts a part may import, besides itself; all may ask for the version.
_BASE = {"findings", "source", "checkpoints", "heap"}
_DATA = _BASE | {"knowledge", "settings"}
_TEXTS = _DATA | {"deployment", "syntax"}
ALLOWED: dict[str, set[str]] = {
    "__init__": set(),
    "__main__": {"cli"},
    "findings": set(),
    "checkpoints": set(),
    "heap": set(),
    "source": {"findings"},
    "knowledge": _BASE,
    "settings": _BASE,
    "deployment": _DATA,
    "syntax": _DATA,
    "semantics": _TEXTS,
    "fixing": _TEXTS | {"semantics"},
    "rules": _TEXTS | {"semantics", "fixing"},
    "engine": _TEXTS | {"semantics", "fixing", "rules"},
    "report": _BASE,
    "cli": _DATA | {"deployment", "engine", "report", "lsp"},  # `lambdalint server` starts the other face
    "flake8_plugin": _DATA | {"deployment", "engine", "report"},
    "lsp": _DATA | {"deployment", "engine", "report"},
}
# What a project's configuration may add to is asked of its own `Facts`, never of the tables behind them.
BEHIND_FACTS = {
    "tables": {"constructor_kind", "call_effect", "hands_on", "is_container"},
    "objects": {"made_by", "kind", "package_effect"},
    "setups": {"setup_kind"},
}
# What a rule may use; a rule asks the model and touches neither files nor other rules.
RULES_MAY = ("__future__", "typing", "collections.abc", "msgspec", "libcst", "lambdalint.rules.base")
RULES_MAY_BELOW = ("lambdalint.fixing.", "lambdalint.knowledge")
# Nothing that a start without work needs loads the parser.
WITHOUT_PARSER = (
    "lambdalint.findings",
    "lambdalint.source",
    "lambdalint.settings",
    "lambdalint.engine.screen",
    "lambdalint.engine.files",
    "lambdalint.engine.observed",
    "lambdalint.engine.stored",
    "lambdalint.engine.cache",
    "lambdalint.engine.memory",
    "lambdalint.engine.run",
    "lambdalint.engine.session",
    "lambdalint.cli.arguments",
    "lambdalint.cli.check",
)


def imported(path: Path) -> Iterator[str]:
    """The dotted names that a file imports, at any depth."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            assert node.module is not None
            # `from package import part` may name a module of it.
            if node.module in ("lambdalint", "libcst"):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield node.module


def part_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def shown(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_imports_point_to_the_left(path: Path) -> None:
    part = part_of(path)
    for name in imported(path):
        top, _, rest = name.partition(".")
        other = rest.partition(".")[0]
        if top == "lambdalint" and other not in (part, "__version__"):
            assert other in ALLOWED[part], f"{part} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_the_slow_parts_of_the_parser_are_left_alone(path: Path) -> None:
    slow = ("libcst.matchers", "libcst.codemod")
    assert [name for name in imported(path) if name.startswith(slow)] == []


RULES = [path for path in FILES if part_of(path) == "rules" and len(path.relative_to(SOURCE).parts) > 2]


@pytest.mark.parametrize("path", RULES, ids=shown)
def test_a_rule_knows_its_model_alone(path: Path) -> None:
    for name in imported(path):
        assert name.startswith(RULES_MAY_BELOW) or name in RULES_MAY or name.startswith("libcst."), name


@pytest.mark.parametrize("path", [path for path in FILES if part_of(path) != "knowledge"], ids=shown)
def test_what_a_project_may_add_to_is_asked_of_its_facts(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    knowledge = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "lambdalint.knowledge"
        for alias in node.names
    }
    asked = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in knowledge
        if node.attr in BEHIND_FACTS.get(node.value.id, ())
    }
    assert asked == set()


def test_all_parts_are_known() -> None:
    assert {part_of(path) for path in FILES} <= set(ALLOWED)
    assert len(RULES) > 15


@pytest.mark.parametrize("module", WITHOUT_PARSER)
def test_a_start_without_work_loads_no_parser(module: str) -> None:
    code = (
        f"import pkgutil, sys, {module} as module\n"
        "for found in pkgutil.walk_packages(getattr(module, '__path__', ()), module.__name__ + '.'):\n"
        "    __import__(found.name)\n"
        "print([name for name in ('libcst', 'yaml', 'flake8') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"

"""What the VS Code extension says of itself agrees with its sources, its README and the server."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path
from typing import Any

import pytest

import lambdalint
from lambdalint.lsp.actions import FIX_ALL

TOP = Path(__file__).parents[2]
FOLDER = TOP / "editors" / "vscode"
LARGEST = 200_000  # bytes of a picture

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="not a checkout")


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def settings(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    properties: dict[str, dict[str, Any]] = manifest["contributes"]["configuration"]["properties"]
    return properties


@pytest.fixture(scope="module")
def sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("src/*.ts")))


def text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def test_its_version_is_lambdalints(manifest: dict[str, Any]) -> None:
    assert manifest["version"] == lambdalint.__version__
    assert f"## {lambdalint.__version__}" in text("CHANGELOG.md")


def test_its_licence_is_lambdalints(manifest: dict[str, Any]) -> None:
    assert manifest["license"] == "MIT"
    assert text("LICENSE") == (TOP / "LICENSE").read_text(encoding="utf-8")


def test_its_packages_are_pinned(manifest: dict[str, Any]) -> None:
    packages = {**manifest["dependencies"], **manifest["devDependencies"]}
    assert [name for name, version in packages.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_its_commands_are_those_that_its_sources_register_and_its_readme_names(
    manifest: dict[str, Any], sources: str
) -> None:
    commands = manifest["contributes"]["commands"]
    registered = re.findall(r'registerCommand\("(lambdalint\.\w+)"', sources)
    assert sorted(one["command"] for one in commands) == sorted(registered)
    readme = text("README.md")
    assert [one for one in commands if f"`{one['category']}: {one['title']}`" not in readme] == []


def test_its_settings_are_those_that_its_sources_read(settings: dict[str, dict[str, Any]], sources: str) -> None:
    read = {f"lambdalint.{name}" for name in re.findall(r'\bsettings\.get(?:<.*?>)?\("(\w+)"', sources)}
    # The client reads how much of its messages is written down by itself, under the name that it is given.
    assert 'new QuietClient("lambdalint", "lambdalint"' in sources
    assert set(settings) == read | {"lambdalint.trace.server"}


def test_its_settings_have_the_defaults_that_its_sources_take(
    settings: dict[str, dict[str, Any]], sources: str
) -> None:
    taken = re.findall(r'\bsettings\.get(?:<.*?>)?\("(\w+)", (.+?)\)[.,;]', sources.replace(".trim()", ""))
    assert len(taken) == len(settings) - 1
    for name, default in taken:
        assert settings[f"lambdalint.{name}"]["default"] == json.loads(default), name


@pytest.mark.parametrize("page", [FOLDER / "README.md", TOP / "docs" / "editors.md"], ids=lambda page: page.name)
def test_its_settings_are_documented(settings: dict[str, dict[str, Any]], page: Path) -> None:
    written = page.read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(lambdalint\.[\w.]+)` \|", written, re.MULTILINE))
    assert documented == set(settings)
    for name, one in settings.items():
        row = next(line for line in written.splitlines() if line.startswith(f"| `{name}` |"))
        assert row.split(" | ")[1] == f"`{json.dumps(one['default'])}`", name


def test_settings_that_name_what_is_run_dont_count_before_a_workspace_is_trusted(
    manifest: dict[str, Any], settings: dict[str, dict[str, Any]]
) -> None:
    restricted = manifest["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]
    assert set(restricted) == {name for name, one in settings.items() if one["scope"] == "machine-overridable"}
    assert {"lambdalint.path", "lambdalint.interpreter"} <= set(restricted)


@pytest.mark.parametrize("page", [FOLDER / "README.md", TOP / "docs" / "editors.md"], ids=lambda page: page.name)
def test_fixing_on_save_is_named_as_the_server_names_it(page: Path, sources: str) -> None:
    assert f'"{FIX_ALL}"' in page.read_text(encoding="utf-8")
    assert f'"{FIX_ALL}"' in sources


def test_its_pictures_are_there_small_and_shown(manifest: dict[str, Any]) -> None:
    shown = set(re.findall(r"!\[[^\]]+\]\((images/[\w-]+\.png)\)", text("README.md")))
    there = {f"images/{path.name}" for path in FOLDER.glob("images/*.png")}
    assert there == shown | {manifest["icon"]}
    assert [name for name in there if (FOLDER / name).stat().st_size > LARGEST] == []
    width, height = struct.unpack(">II", (FOLDER / manifest["icon"]).read_bytes()[16:24])
    assert (width, height) == (256, 256)

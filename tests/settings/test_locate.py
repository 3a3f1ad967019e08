"""Where a project begins."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lambdalint.settings import SettingsError, find_root, load

OURS = "[tool.lambdalint]\n"


def make(root: Path, *names: str) -> None:
    """Folders end with a slash; a pyproject.toml is ours when its name is written `pyproject.toml!`."""
    for name in names:
        path = root / name.rstrip("!")
        if name.endswith("/"):
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            ours = name.endswith(("!", "lambdalint.toml"))
            path.write_text((OURS if "pyproject" in name else "") if ours else "[tool.other]\n# lambdalint\n")


CASES = [
    # what is there, root, configuration
    (["p/.git/"], "p", None),
    (["p/.git/", "p/pyproject.toml!"], "p", "p/pyproject.toml"),
    (["p/.git"], "p", None),  # a worktree's or submodule's .git is a file
    (["p/.git/", "p/pyproject.toml"], "p", None),
    (["p/.git/", "p/pyproject.toml!", "p/a/lambdalint.toml"], "p", "p/a/lambdalint.toml"),
    (["p/.git/", "p/a/lambdalint.toml", "p/a/pyproject.toml!"], "p", "p/a/lambdalint.toml"),
    (["p/.git/", "p/lambdalint.toml", "p/a/pyproject.toml!"], "p", "p/a/pyproject.toml"),
    (["lambdalint.toml", "p/.git/"], "p", None),  # beyond the repository
    (["p/lambdalint.toml"], "p", "p/lambdalint.toml"),
    (["p/lambdalint.toml", "p/a/pyproject.toml!"], "p/a", "p/a/pyproject.toml"),
    (["p/.git/", "p/a/.git/", "p/lambdalint.toml"], "p/a", None),
    (["p/a/pyproject.toml"], "p/a/b", None),
    (["p/lambdalint.toml/"], "p/a/b", None),  # a folder of that name is no configuration
]


@pytest.mark.parametrize(("there", "root", "config"), CASES)
def test_root_and_configuration(tmp_path: Path, there: list[str], root: str, config: str | None) -> None:
    make(tmp_path, *there)
    (tmp_path / "p/a/b").mkdir(parents=True, exist_ok=True)
    (tmp_path / "p/a/b/app.py").touch()
    wanted = (str(tmp_path / root), str(tmp_path / config) if config else None)
    assert find_root(str(tmp_path / "p/a/b/app.py")) == wanted
    assert find_root(str(tmp_path / "p/a/b")) == wanted
    assert find_root(str(tmp_path / "p/a/b/not_yet_written.py")) == wanted


def test_without_any_mark_the_working_directory_or_the_files_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "p/a/", "q/")
    monkeypatch.chdir(tmp_path / "p")
    assert find_root("a/app.py") == (str(tmp_path / "p"), None)
    assert find_root(".") == (str(tmp_path / "p"), None)
    assert find_root(str(tmp_path / "q" / "app.py")) == (str(tmp_path / "q"), None)
    monkeypatch.chdir(os.sep)
    assert find_root(str(tmp_path / "q" / "app.py")) == (str(tmp_path / "q"), None), "a disk is no project"


def test_a_home_folder_is_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, ".git/", "p/", "lambdalint.toml")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    app = str(tmp_path / "p/app.py")
    assert find_root(app) == (str(tmp_path / "p"), str(tmp_path / "lambdalint.toml"))


def test_a_broken_shared_file_is_found_and_said(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool.lambdalint]\nselect = [\n")
    root, config = find_root(str(tmp_path))
    assert config == str(path)
    with pytest.raises(SettingsError, match="no valid TOML"):
        load(root, config)


def test_another_tools_broken_file_is_not_ours_to_report(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.x\n# mentions lambdalint\n")
    assert find_root(str(tmp_path))[1] is None

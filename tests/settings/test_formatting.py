"""How long lines may get, as the project's other tools are told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from lambdalint.settings import load
from lambdalint.settings.formatting import line_length


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, None),
        ({"pyproject.toml": "[project]\nname = 'x'\n"}, None),
        ({"pyproject.toml": "[tool.ruff]\nline-length = 100\n"}, 100),
        ({"pyproject.toml": "[tool.ruff.lint]\nselect = ['E']\n"}, 88),
        ({"pyproject.toml": "[tool.black]\nline-length = 120\n"}, 120),
        ({"pyproject.toml": "[tool.black]\nskip-string-normalization = true\n"}, 88),
        ({"pyproject.toml": "[tool.ruff]\nline-length = 'long'\n"}, 88),
        ({"pyproject.toml": "[tool.ruff]\nline-length = 100\n[tool.black]\nline-length = 90\n"}, 100),
        ({"pyproject.toml": "[tool.ruff\n"}, None),
        ({"ruff.toml": "line-length = 110\n", "pyproject.toml": "[tool.ruff]\nline-length = 90\n"}, 110),
        ({".flake8": "[flake8]\nmax-line-length = 99\n"}, 99),
        ({"setup.cfg": "[flake8]\nmax_line_length = 95\n"}, 95),
        ({"tox.ini": "[tox]\nenvlist = py\n[flake8]\nignore = E203\n"}, None),
        ({"setup.cfg": "flake8 without a section\n"}, None),
        ({".flake8": "[flake8]\nmax-line-length = 0\n"}, None),
        ({".flake8": "[flake8]\nmax-line-length = 99\n", "pyproject.toml": "[tool.black]\n"}, 88),
    ],
)
def test_line_length(files: Mapping[str, str], expected: int | None, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert line_length(str(tmp_path)) == expected
    assert load(str(tmp_path)).line_length == expected


def test_a_file_that_is_no_text_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"[tool.ruff]\n# \xff\nline-length = 100\n")
    (tmp_path / ".flake8").mkdir()
    assert line_length(str(tmp_path)) is None

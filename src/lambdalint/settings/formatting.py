"""How long the lines of a project may get, as its formatter or its other linters are told."""

from __future__ import annotations

import configparser
import os

from lambdalint.settings.model import SettingsError
from lambdalint.settings.toml import parse

_DEFAULT = 88  # of ruff and of black
_RUFF = (".ruff.toml", "ruff.toml")
_FLAKE8 = (".flake8", "setup.cfg", "tox.ini")
_MOST = 320  # what ruff takes at most


def line_length(root: str) -> int | None:
    """The limit at a project's root: that of ruff, of black, or of flake8; None where nothing says it.

    Files that can't be read or parsed say nothing: they are other tools' files.
    """
    for name in _RUFF:
        text = _text(root, name)
        if text:
            return _limit(_table(name, text))
    text = _text(root, "pyproject.toml")
    if "ruff" in text or "black" in text:  # spares parsing most of them
        tools = _table("pyproject.toml", text).get("tool")
        for tool in ("ruff", "black"):
            table = tools.get(tool) if isinstance(tools, dict) else None
            if isinstance(table, dict):
                return _limit(table)
    return next((limit for name in _FLAKE8 if (limit := _of_flake8(_text(root, name))) is not None), None)


def _limit(table: dict[str, object]) -> int:
    value = table.get("line-length", table.get("line_length"))
    return value if isinstance(value, int) and 0 < value <= _MOST else _DEFAULT


def _table(name: str, text: str) -> dict[str, object]:
    try:
        return parse(name, text)
    except SettingsError:
        return {}


def _of_flake8(text: str) -> int | None:
    if "flake8" not in text:
        return None
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
        section = parser["flake8"] if parser.has_section("flake8") else {}
        value = section.get("max-line-length") or section.get("max_line_length") or ""
    except configparser.Error:
        return None
    return int(value) if value.isascii() and value.isdigit() and 0 < int(value) <= _MOST else None


def _text(root: str, name: str) -> str:
    try:
        with open(os.path.join(root, name), encoding="utf-8-sig") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return ""

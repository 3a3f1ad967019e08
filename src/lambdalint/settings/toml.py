"""TOML, and the line on which a key stands: the standard reader keeps no places."""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Sequence

from lambdalint.settings.model import SettingsError

_NAME = r"""(?:"[^"]*"|'[^']*'|[A-Za-z0-9_\-]+)"""
_NAMES = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_LINE = re.compile(rf"\s*(?:\[\[?\s*(?P<header>{_NAMES})\s*\]|(?P<key>{_NAMES})\s*=)")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_\-]+)""")


def read_text(path: str) -> str:
    """The text of a configuration file; SettingsError where it can't be read."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise SettingsError(f"{shown(path)}: can't be read: {error.strerror or error}") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{shown(path)}:{line}: isn't valid UTF-8, as TOML has to be") from error


def parse(path: str, text: str) -> dict[str, object]:
    """The document; SettingsError with the place where it is no TOML."""
    # Imported here: most runs find no configuration. `tomli` is the same reader for older Pythons.
    toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        document: dict[str, object] = toml.loads(text)
    except ValueError as error:
        reason = str(error).replace("\n", " ")
        place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", reason)
        where = shown(path)
        if place is not None:
            reason = reason[: place.start()]
            where += f":{place[1]}:{place[2]}" if place[1] else f":{text.rstrip().count(chr(10)) + 1}"
        raise SettingsError(f"{where}: no valid TOML: {reason}") from error
    except RecursionError as error:
        raise SettingsError(f"{shown(path)}: no valid TOML: nested too deeply") from error
    return document


def line_of(text: str, keys: Sequence[str]) -> int | None:
    """The line (from 1) where the key path `keys` is written, as far as a scan can tell.

    A key given by its table's header, dotted, or inside an inline table is found
    at the nearest line that leads to it.
    """
    wanted = list(keys)
    table: list[str] = []
    best: tuple[int, int] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.match(line)
        if match is None:
            continue
        if match["header"] is not None:
            table = here = _parts(match["header"])
        else:
            here = table + _parts(match["key"])
        # A header longer than the path still shows where the path's last key is.
        common = here[: len(wanted)]
        if common == wanted:
            return number
        if wanted[: len(here)] == here and (best is None or len(here) > best[0]):
            best = (len(here), number)
    return best[1] if best else None


def is_bare(key: str) -> bool:
    """Whether TOML takes the key without quotes."""
    return re.fullmatch(r"[A-Za-z0-9_-]+", key) is not None


def shown(path: str) -> str:
    """A path as messages write it: relative where it lies below the working directory."""
    try:
        here = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return path if here.startswith(os.pardir) else here


def _parts(dotted: str) -> list[str]:
    return [a or b or c for a, b, c in _PART.findall(dotted)]

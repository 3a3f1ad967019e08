"""TOML, and the line on which a key stands: the standard reader keeps no places."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Mapping, Sequence

from lambdalint.settings.model import SettingsError

NO_TEXTS: Mapping[str, bytes] = {}
_NAME = r"""(?:"[^"]*"|'[^']*'|[A-Za-z0-9_\-]+)"""
_NAMES = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_LINE = re.compile(rf"\s*(?:\[\[?\s*(?P<header>{_NAMES})\s*\]|(?P<key>{_NAMES})\s*=)")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_\-]+)""")


def read_text(path: str, texts: Mapping[str, bytes] = NO_TEXTS) -> str:
    """The text of a configuration file, from `texts` if it's there; SettingsError where it can't be read."""
    try:
        data = read(path, texts)
    except OSError as error:
        raise SettingsError(f"can't be read: {error.strerror or error}", path) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError("isn't valid UTF-8, as TOML has to be", path, line) from error


def read(path: str, texts: Mapping[str, bytes]) -> bytes:
    """The bytes of a file; those of `texts`, by absolute path, win over the disk."""
    if path in texts:
        return texts[path]
    with open(path, "rb") as file:
        return file.read()


def parse(path: str, text: str) -> dict[str, object]:
    """The document; SettingsError with the place where it is no TOML."""
    # Imported here: most runs find no configuration. `tomli` is the same reader for older Pythons.
    toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        document: dict[str, object] = toml.loads(text)
    except ValueError as error:
        reason = str(error).replace("\n", " ")
        place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", reason)
        line = column = None
        if place is not None:
            reason = reason[: place.start()]
            line = int(place[1]) if place[1] else text.rstrip().count("\n") + 1
            column = int(place[2]) if place[2] else None
        raise SettingsError(f"no valid TOML: {reason}", path, line, column) from error
    except RecursionError as error:
        raise SettingsError("no valid TOML: nested too deeply", path) from error
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


def _parts(dotted: str) -> list[str]:
    return [a or b or c for a, b, c in _PART.findall(dotted)]

"""A project's configuration file, read and checked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lambdalint.settings import toml
from lambdalint.settings.formatting import line_length
from lambdalint.settings.locate import OWN_FILE, find_root
from lambdalint.settings.model import HandlerSpec, Settings, parse_handler
from lambdalint.settings.place import Place, nearest, read_table
from lambdalint.settings.schema import READERS

_TABLE = ("tool", "lambdalint")


def load_for(path: str, slugs: Mapping[str, str] | None = None) -> Settings:
    """The settings that hold for a file or folder; see `find_root` and `load`."""
    return load(*find_root(path), slugs)


def load(
    root: str,
    config: str | None = None,
    slugs: Mapping[str, str] | None = None,
    texts: Mapping[str, bytes] = toml.NO_TEXTS,
) -> Settings:
    """The settings of the project at `root`, from the file `config`; defaults without one.

    Any file but pyproject.toml holds the keys at its top level. `slugs` maps
    rule slugs to codes: with it, slugs are taken where codes are. Patterns and
    paths count from the configuration's folder where that lies inside the
    project, and from the root otherwise. `texts` win over the disk, by absolute
    path. Raises SettingsError.
    """
    root = os.path.abspath(root)
    if config is None:
        return Settings(root, line_length=line_length(root))
    config = os.path.abspath(config)
    text = toml.read_text(config, texts)
    document: object = toml.parse(config, text)
    place = Place(config, text, (), slugs or {})
    if os.path.basename(config) == "pyproject.toml":
        for key in _TABLE:
            document = read_table(document, place).get(key, {})
            place = place.at(key)
    elif isinstance(document, dict) and document.keys() == {"tool"}:
        raise place.at("tool").error(
            'unknown key "tool"', f"in {OWN_FILE} the keys stand at the top level, without [tool.lambdalint]"
        )
    values: dict[str, Any] = {}
    for key, value in read_table(document, place).items():
        if key not in READERS:
            raise place.at(key).error(f'unknown key "{place.at(key).key}"', nearest(key, READERS))
        values[key.replace("-", "_")] = READERS[key](value, place.at(key))
    return _rebased(Settings(root, config=config, line_length=line_length(root), **values))


def _rebased(settings: Settings) -> Settings:
    """Patterns and paths of a configuration in a sub-folder, as seen from the root."""
    own = os.path.dirname(settings.config or "")
    inside = own.startswith(settings.root.rstrip(os.sep) + os.sep)
    folder = os.path.relpath(own, settings.root).replace(os.sep, "/") if inside else "."
    return replace(
        settings,
        exclude=tuple(_pattern(text, folder) for text in settings.exclude),
        extend_exclude=tuple(_pattern(text, folder) for text in settings.extend_exclude),
        per_file_ignores=tuple((_pattern(text, folder), codes) for text, codes in settings.per_file_ignores),
        import_roots=tuple(_path(text, folder) for text in settings.import_roots),
        handlers=tuple(_handler(text, folder) for text in settings.handlers),
    )


def _pattern(text: str, folder: str) -> str:
    if folder == ".":
        return text
    sign, body = ("!", text[1:]) if text.startswith("!") else ("", text)
    # A slash anywhere but at the end ties a pattern to its folder; others hold at any depth.
    deep = "/" not in body.rstrip("/")
    return f"{sign}/{folder}/{'**/' if deep else ''}{body.lstrip('/')}"


def _path(text: str, folder: str) -> str:
    return os.path.normpath(os.path.join(folder, text)).replace(os.sep, "/")


def _handler(text: str, folder: str) -> str:
    spec = parse_handler(text) or HandlerSpec(text)
    return f"{_path(spec.path, folder)}:{spec.name}" if spec.path else text

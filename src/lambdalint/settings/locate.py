"""Where a project begins, and which configuration holds for a path."""

from __future__ import annotations

import os
from collections.abc import Mapping

from lambdalint.settings.model import SettingsError
from lambdalint.settings.toml import NO_TEXTS, parse, read

OWN_FILE = "lambdalint.toml"
SHARED_FILE = "pyproject.toml"


def find_root(path: str, texts: Mapping[str, bytes] = NO_TEXTS) -> tuple[str, str | None]:
    """The project root for a file or folder, and the configuration that holds there.

    The closest configuration on the way up holds: `lambdalint.toml`, or a
    `pyproject.toml` with a table `tool.lambdalint`. The root is the folder of the
    closest `.git` at or above the path (a configuration above it doesn't
    count); without one, the configuration's own folder; without that as well,
    the working directory where the path lies inside it, else the path's folder.
    Both come back absolute; nothing is raised, a path needn't exist. `texts` win
    over the disk, by absolute path.
    """
    path = os.path.abspath(path)
    start = path if os.path.isdir(path) else os.path.dirname(path)
    config: str | None = None
    folder = start
    while True:
        config = config or _config_in(folder, texts)
        if os.path.exists(os.path.join(folder, ".git")) and not _too_wide(folder):
            return folder, config
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    if config is not None and not _too_wide(os.path.dirname(config)):
        return os.path.dirname(config), config
    here = os.getcwd()
    inside = start == here or start.startswith(here.rstrip(os.sep) + os.sep)
    return (here if inside and not _too_wide(here) else start), config


def _too_wide(folder: str) -> bool:
    """A disk, or a home folder (which may be a repository of dotfiles), is no project."""
    return folder == os.path.dirname(folder) or folder == os.path.expanduser("~")


def _config_in(folder: str, texts: Mapping[str, bytes]) -> str | None:
    own = os.path.join(folder, OWN_FILE)
    if own in texts or os.path.isfile(own):
        return own
    shared = os.path.join(folder, SHARED_FILE)
    return shared if (shared in texts or os.path.isfile(shared)) and _has_table(shared, texts) else None


def _has_table(path: str, texts: Mapping[str, bytes]) -> bool:
    """Whether a pyproject.toml has our table; one that is broken and names us has, so that it's said."""
    try:
        data = read(path, texts)
    except OSError:
        return False
    if b"lambdalint" not in data:  # spares parsing almost all of them
        return False
    try:
        tool = parse(path, data.decode("utf-8-sig")).get("tool")
    except (SettingsError, UnicodeDecodeError):
        return b"tool.lambdalint" in data
    return isinstance(tool, dict) and "lambdalint" in tool

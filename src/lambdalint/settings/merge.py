"""The command line's wishes laid over a project's settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lambdalint.settings.model import Settings
from lambdalint.settings.place import Place
from lambdalint.settings.schema import READERS


def merge(
    settings: Settings,
    *,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    extend_select: Sequence[str] | None = None,
    extend_ignore: Sequence[str] | None = None,
    exclude: Sequence[str] | None = None,
    extend_exclude: Sequence[str] | None = None,
    handlers: Sequence[str] | None = None,
    reuse_style: str | None = None,
    heavy_import_ms: int | None = None,
    respect_gitignore: bool | None = None,
    slugs: Mapping[str, str] | None = None,
) -> Settings:
    """New settings: what is given replaces, what begins with `extend` is added, None changes nothing.

    Values are checked as in a configuration file; SettingsError names the
    option, e.g. `--select: the unknown code "X"`.
    """
    given: dict[str, object] = {
        "select": select,
        "ignore": ignore,
        "extend_select": extend_select,
        "extend_ignore": extend_ignore,
        "exclude": exclude,
        "extend_exclude": extend_exclude,
        "handlers": handlers,
        "reuse_style": reuse_style,
        "heavy_import_ms": heavy_import_ms,
        "respect_gitignore": respect_gitignore,
    }
    changes: dict[str, Any] = {}
    for field, raw in given.items():
        if raw is None:
            continue
        option = field.replace("_", "-")
        reader = READERS["ignore" if field == "extend_ignore" else option]
        changes[field] = reader(raw, Place(keys=(f"--{option}",), slugs=slugs or {}))
    if "extend_ignore" in changes:
        changes["ignore"] = changes.get("ignore", settings.ignore) + changes.pop("extend_ignore")
    for field in ("extend_select", "extend_exclude"):
        if field in changes:
            changes[field] = getattr(settings, field) + changes[field]
    return replace(settings, **changes)

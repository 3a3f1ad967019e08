"""The settings of one project as plain, frozen data: hashable, picklable, comparable."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

ReuseStyle = Literal["auto", "getter", "module"]


class SettingsError(Exception):
    """The configuration can't be used; its text is one line for the user, place first.

    `file` and `line` name that place, and `problem` is the text without it, where it's a place in a file.
    """

    def __init__(self, problem: str, file: str = "", line: int | None = None, column: int | None = None) -> None:
        place = ":".join(str(part) for part in (_shown(file), line, column) if part) if file else ""
        super().__init__(f"{place}: {problem}" if place else problem)
        self.problem = problem
        self.file = file
        self.line = line


def _shown(path: str) -> str:
    """A path as messages write it: relative where it lies below the working directory."""
    try:
        here = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return path if here.startswith(os.pardir) else here


@dataclass(frozen=True)
class TableIndex:
    """The keys of a secondary index of a DynamoDB table."""

    name: str
    hash_key: str
    range_key: str | None = None


@dataclass(frozen=True)
class TableKeys:
    """The keys of a DynamoDB table, for projects whose templates don't tell them."""

    name: str
    hash_key: str
    range_key: str | None = None
    indexes: tuple[TableIndex, ...] = ()


@dataclass(frozen=True)
class CallRow:
    """What calls of `name`, a dotted name, make or do: one of the kinds that `settings.calls` lists.

    `members` are (name, effect) pairs of what the object's members do, in the words of the configuration;
    `service`: the AWS service, where the call doesn't name it; `pooled`: it opens its connections anew by
    itself; `asynchronous`: it belongs to an event loop.
    """

    name: str
    kind: str
    members: tuple[tuple[str, str], ...] = ()
    service: str = ""
    pooled: bool = False
    asynchronous: bool = False


@dataclass(frozen=True)
class HandlerSpec:
    """One entry of `handlers`, taken apart.

    Either `path` (a glob, relative to the project root, with forward slashes) or
    `module` (dotted) is set; `name` is the function's.
    """

    name: str
    path: str = ""
    module: str = ""


@dataclass(frozen=True)
class Settings:
    """What a project's configuration says, with the defaults filled in.

    `root` is the project's folder, absolute. Codes are upper-case prefixes such
    as "LMB", "LMB1" or "LMB101". Patterns follow the rules of `.gitignore`, and
    they and all paths count from `root`, wherever the configuration stands.

    - select, ignore: the longest prefix that matches a code decides.
    - extend_select: added to `select`; here, or in `select`, anything longer than
      "LMB" also turns on the opt-in rules it matches.
    - per_file_ignores: (pattern, codes) pairs; codes that such files may break.
    - extend_safe_fixes, extend_unsafe_fixes: rules whose fixes are all taken for safe, or for unsafe.
    - exclude, extend_exclude: what isn't walked, besides the usual folders of
      tools and installed packages; `!pattern` brings something back, be it
      ignored by git or by default.
    - handlers: functions that Lambda calls, see `HandlerSpec`.
    - import_roots: folders from which the functions' imports are resolved.
    - cache_dir: the folder that results are kept in between runs.
    - tables: DynamoDB keys; sparse_indexes: indexes whose scan is meant.
    - calls: what calls of packages make or do that lambdalint doesn't know.
    - line_length: how long lines may get, as the project's formatter or flake8 is told.
    """

    root: str
    select: tuple[str, ...] = ("LMB",)
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    extend_safe_fixes: tuple[str, ...] = ()
    extend_unsafe_fixes: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    extend_exclude: tuple[str, ...] = ()
    respect_gitignore: bool = True
    handlers: tuple[str, ...] = ()
    import_roots: tuple[str, ...] = ()
    reuse_style: ReuseStyle = "auto"
    heavy_import_ms: int = 50
    tables: tuple[TableKeys, ...] = ()
    sparse_indexes: tuple[str, ...] = ()
    calls: tuple[CallRow, ...] = ()
    config: str | None = None
    cache_dir: str = ".lambdalint_cache"
    line_length: int | None = None


def parse_handler(text: str) -> HandlerSpec | None:
    """Take a handler's name apart; None where it names no function.

    Known forms: "path/to/app.py:handler", "pkg.module:handler",
    "pkg.module.handler", and the one of the Lambda console, "path/to/app.handler".
    """
    place, colon, name = text.rpartition(":")
    if not colon:
        place, _, name = text.rpartition(".")
        if name == "py":  # a file without a function
            return None
    if not place or not name.isidentifier():
        return None
    if place.endswith(".py"):
        return HandlerSpec(name, path=place) if colon else None
    if "/" in place:
        return None if colon else HandlerSpec(name, path=f"{place}.py")
    if all(part.isidentifier() for part in place.split(".")):
        return HandlerSpec(name, module=place)
    return None

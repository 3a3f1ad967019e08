"""Which files are checked: the paths a user names, and all that belongs to a project.

Folders are read with `os.scandir` and without recursion. Left out are what git
ignores, what the configuration excludes, the folders of tools, virtual
environments and installed packages.
"""

from __future__ import annotations

import enum
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lambdalint.engine.foreign import is_tools_folder, left_out
from lambdalint.engine.tracked import Tracked
from lambdalint.settings import Settings
from lambdalint.settings.patterns import Patterns

_PROJECT_FILES = frozenset({"pyproject.toml", "setup.cfg", "setup.py"})


class Problem(NamedTuple):
    """A path that could not be looked at, and why, in words."""

    path: str
    reason: str


class Link(NamedTuple):
    """A symbolic link to a file or folder that stands in the result under its own name."""

    path: str
    target: str


@dataclass(frozen=True)
class ProjectFiles:
    """What was found: absolute paths, sorted, each file once.

    `deployment_candidates` are files whose name may be a deployment
    description's. `links` aren't followed twice: an import that goes through
    `path` finds its module under `target`.
    """

    python: list[str] = field(default_factory=list)
    deployment_candidates: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


Discovery = ProjectFiles
IsDeployment = Callable[[str], bool]


def discover(
    paths: Sequence[str],
    settings: Settings,
    is_deployment: IsDeployment | None = None,
    *,
    force_exclude: bool = False,
) -> Discovery:
    """The files that `paths` (files and folders, relative to the working directory) stand for.

    What is named is taken, even if it's ignored or excluded; `force_exclude`
    holds named paths to the rules as well, for callers such as pre-commit that
    name every file. `is_deployment` tells by a file's name whether it may be a
    deployment description. A path that doesn't exist is a problem, not an error.
    """
    walker = _Walker(settings, is_deployment)
    for path in dict.fromkeys(map(os.path.abspath, paths)):
        if force_exclude and not walker.admits(path):
            continue
        if os.path.isdir(path):
            walker.walk(path)
        elif os.path.isfile(path):
            walker.take_named(path)
        else:
            exists = os.path.exists(path)
            walker.problem(path, "it is neither a file nor a folder" if exists else "no such file or folder")
    return walker.result()


def walk(root: str, settings: Settings, is_deployment: IsDeployment | None = None) -> Discovery:
    """All files of a project, in one pass; see `discover`."""
    return discover([root], settings, is_deployment)


class _Folder(NamedTuple):
    """A folder to be read: `relative` counts from the walk's base and ends with a slash, or is empty."""

    path: str
    real: str
    relative: str
    ignores: tuple[tuple[int, Patterns], ...]  # innermost first, with the length of their folder's `relative`
    generated: bool = False  # a `build` folder that setuptools fills
    ignored: bool = False  # entered for some of its files; the others are still ignored


class _Verdict(enum.Enum):
    IN = enum.auto()
    OUT = enum.auto()
    IGNORED = enum.auto()  # a folder that is ignored and holds files that aren't


class _Opened(NamedTuple):
    """A folder that was read: `ignores` with its own, and the names of entries that aren't looked at."""

    folder: _Folder
    entries: list[os.DirEntry[str]]
    ignores: tuple[tuple[int, Patterns], ...]
    left_out: frozenset[str]
    set_up: bool


class _Walker:
    def __init__(self, settings: Settings, is_deployment: IsDeployment | None) -> None:
        self._settings = settings
        self._is_deployment = is_deployment or (lambda name: False)
        self._excludes = Patterns([*settings.exclude, *settings.extend_exclude])
        self._root = settings.root.rstrip(os.sep) + os.sep
        self._python: dict[str, str] = {}  # real path → path
        self._deployment: dict[str, str] = {}
        self._problems: dict[str, Problem] = {}
        self._links: dict[str, Link] = {}
        self._visited: set[str] = set()  # real paths of folders
        self._linked: list[tuple[_Folder, os.DirEntry[str], str]] = []
        self._above: dict[str, Patterns | None] = {}  # by the path of the file that holds them
        self._tracked = Tracked(settings.root)

    def result(self) -> Discovery:
        return Discovery(
            sorted(self._python.values()),
            sorted(self._deployment.values()),
            sorted(self._problems.values()),
            sorted(self._links.values()),
        )

    def problem(self, path: str, reason: str) -> None:
        self._problems[path] = Problem(path, reason)

    def take_named(self, path: str) -> None:
        """Add a file that the user named: Python, unless its name is a deployment description's."""
        name = os.path.basename(path)
        files = self._deployment if self._is_deployment(name) and not name.endswith(".py") else self._python
        files.setdefault(os.path.realpath(path), path)

    def walk(self, path: str) -> None:
        """Add all files below a folder; links last, so that real places come first."""
        start = self._start(path)
        excludes, self._excludes = self._excludes, self._excludes.entered(start.relative)
        tracked, self._tracked = self._tracked, self._tracked if self._within(path) else Tracked(path)
        self._descend([start])
        while self._linked:
            linked, self._linked = sorted(self._linked, key=lambda item: item[1].path), []
            for folder, entry, relative in linked:
                self._follow(folder, entry, relative, start.real)
        self._excludes, self._tracked = excludes, tracked

    def admits(self, path: str) -> bool:
        """Whether a walk from the project's root would come upon `path`; outside of it, True."""
        if not path.startswith(self._root):  # the root itself as well
            return True
        folder = self._start(self._settings.root)
        relative = path[len(self._root) :].replace(os.sep, "/") + ("/" if os.path.isdir(path) else "")
        end = 0
        while end < len(relative):
            opened = self._open(folder)
            start, end = end, relative.find("/", end) + 1 or len(relative)
            name = relative[start:end].rstrip("/")
            verdict = self._verdict(opened, name, relative[:end]) if opened else _Verdict.OUT
            if opened is None or verdict is _Verdict.OUT:
                return False
            folder = self._child(opened, name, relative[:end], verdict)
        return True

    def _within(self, path: str) -> bool:
        return (path + os.sep).startswith(self._root)

    def _start(self, path: str) -> _Folder:
        """The folder of a walk, with the patterns of those above it, up to the project's root."""
        base = self._settings.root if self._within(path) else path
        parts = os.path.relpath(path, base).split(os.sep) if path != base else []
        relative = "".join(f"{part}/" for part in parts)
        files = [(0, os.path.join(base, ".git", "info", "exclude"))]
        above, length = base, 0
        for part in parts:
            files.append((length, os.path.join(above, ".gitignore")))
            above, length = os.path.join(above, part), length + len(part) + 1
        ignores: tuple[tuple[int, Patterns], ...] = ()
        for length, file in files if self._settings.respect_gitignore else ():
            if file not in self._above:
                self._above[file] = Patterns.read(file)
            patterns = self._above[file]
            if patterns:
                ignores = ((length, patterns.entered(relative[length:])), *ignores)
        return _Folder(path, os.path.realpath(path), relative, ignores)

    def _descend(self, folders: list[_Folder]) -> None:
        """Add the files of these folders and of all below them that aren't links."""
        while folders:
            folder = folders.pop()
            if folder.real in self._visited:
                continue
            self._visited.add(folder.real)
            opened = self._open(folder)
            if opened is None:
                continue
            for entry in opened.entries:
                name = entry.name
                wanted = name.endswith(".py") or self._is_deployment(name)
                try:
                    is_folder = entry.is_dir(follow_symlinks=True)
                    if not is_folder and not (wanted and entry.is_file()):
                        continue
                except OSError:  # a link that leads to itself
                    continue
                relative = f"{folder.relative}{name}/" if is_folder else folder.relative + name
                verdict = self._verdict(opened, name, relative)
                if verdict is _Verdict.OUT:
                    continue
                if entry.is_symlink():
                    self._linked.append((folder, entry, relative))
                elif is_folder:
                    folders.append(self._child(opened, name, relative, verdict))
                else:
                    self._take(entry.path, os.path.join(folder.real, name), name)

    def _open(self, folder: _Folder) -> _Opened | None:
        """Read a folder; None, and a problem, where that fails."""
        try:
            with os.scandir(folder.path) as entries:
                listed = list(entries)
        except OSError as error:
            self.problem(folder.path, f"the folder can't be read: {error.strerror or error}")
            return None
        names = {entry.name for entry in listed}
        ignores = folder.ignores
        if ".gitignore" in names and self._settings.respect_gitignore:
            patterns = Patterns.read(os.path.join(folder.path, ".gitignore"))
            if patterns:
                ignores = ((len(folder.relative), patterns), *ignores)
        hidden = left_out(folder.path, names, generated=folder.generated)
        return _Opened(folder, listed, ignores, hidden, not names.isdisjoint(_PROJECT_FILES))

    def _child(self, opened: _Opened, name: str, relative: str, verdict: _Verdict) -> _Folder:
        return _Folder(
            os.path.join(opened.folder.path, name),
            os.path.join(opened.folder.real, name),
            relative,
            opened.ignores,
            generated=name == "build" and opened.set_up,
            ignored=verdict is _Verdict.IGNORED,
        )

    def _verdict(self, opened: _Opened, name: str, relative: str) -> _Verdict:
        """Whether an entry is taken: the configuration speaks first, then the defaults, then git."""
        said = self._excludes.check(relative)
        if said is not None:
            return _Verdict.OUT if said else _Verdict.IN
        is_folder = relative.endswith("/")
        if name in opened.left_out or (is_folder and is_tools_folder(name)):
            return _Verdict.OUT
        for length, patterns in opened.ignores:
            said = patterns.check(relative[length:])
            if said is not None:
                break
        if not (opened.folder.ignored if said is None else said):
            return _Verdict.IN
        if not is_folder:
            return _Verdict.IN if self._tracked.holds(relative) else _Verdict.OUT
        # Git doesn't look for what a `!` line takes back in an ignored folder. But who writes such a
        # line has the files tracked, so they are taken even where the index can't be read.
        taken_back = any(patterns.takes_back_in(relative[length:]) for length, patterns in opened.ignores)
        return _Verdict.IGNORED if taken_back or self._tracked.holds(relative) else _Verdict.OUT

    def _follow(self, folder: _Folder, entry: os.DirEntry[str], relative: str, start: str) -> None:
        """Add what a link leads to, unless it was added already or was left out in its real place."""
        real = os.path.realpath(entry.path)
        self._links[entry.path] = Link(entry.path, real)
        if not entry.is_dir():
            self._take(entry.path, real, entry.name)
            return
        inside = (real + os.sep).startswith(start.rstrip(os.sep) + os.sep)
        around = (start + os.sep).startswith(real.rstrip(os.sep) + os.sep)
        if not inside and not around and not any(map(is_tools_folder, real.split(os.sep))):
            self._descend([_Folder(entry.path, real, relative, folder.ignores)])

    def _take(self, path: str, real: str, name: str) -> None:
        files = self._python if name.endswith(".py") else self._deployment
        files.setdefault(real, path)

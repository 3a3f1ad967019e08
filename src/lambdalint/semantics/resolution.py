"""Which file of the project an import means."""

from __future__ import annotations

import posixpath
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence

from lambdalint.knowledge import tables
from lambdalint.semantics import ir


class Resolver:
    """Finds modules by their dotted names.

    `files` are the project's Python files, by path relative to its root; `roots` are folders that
    imports start from, best first, besides the importing file's own ancestors.
    `alone` are files that are deployed each by itself: none of the others is there.
    """

    def __init__(self, files: Iterable[str], roots: Sequence[str] = (), alone: Iterable[str] = ()) -> None:
        self.files = set(files)
        self.roots = list(roots)
        self.alone = set(alone)
        self.folders: set[str] = set()
        self.homes: dict[str, set[str]] = defaultdict(set)  # top-level name → folders that hold it
        for path in self.files - self.alone:
            folder, name = posixpath.split(path)
            self.homes[name.removesuffix(".py")].add(folder)
            while folder and folder not in self.folders:
                self.folders.add(folder)
                above, package = posixpath.split(folder)
                self.homes[package].add(above)
                folder = above
        self.resolved: dict[tuple[str, str], str | None] = {}
        # What was asked about the list of files: which file an import means, which files have a name.
        self.asked: set[tuple[str, str]] = set()
        self.asked_names: set[str] = set()

    def find(self, importer: str, dotted: str, level: int = 0) -> str | None:
        """The file (or folder of a namespace package) that `dotted` means in `importer`."""
        if importer in self.alone:
            return None
        key = (posixpath.dirname(importer), "." * level + dotted)
        self.asked.add(key)
        if key not in self.resolved:
            self.resolved[key] = self._find(key[0], dotted, level)
        return self.resolved[key]

    def named(self, name: str) -> list[str]:
        """The files of that name, in whatever folder."""
        self.asked_names.add(name)
        return sorted(path for path in self.files if posixpath.basename(path) == name)

    def targets(self, path: str, statement: ir.Import) -> list[str]:
        """The project files that one import statement runs, outermost package first."""
        wanted: list[tuple[str, int]] = []
        if statement.is_from:
            wanted.append((statement.module, statement.level))
            wanted += [
                (f"{statement.module}.{name}".strip("."), statement.level) for name, _ in statement.names if name != "*"
            ]
        else:
            wanted += [(name, 0) for name, _ in statement.names]
        found: dict[str, None] = {}
        for dotted, level in wanted:
            parts = dotted.split(".") if dotted else []
            for length in range(1, len(parts) + 1):
                target = self.find(path, ".".join(parts[:length]), level)
                if target is not None and target.endswith(".py"):
                    found[target] = None
            if not parts:
                target = self.find(path, "", level)
                init = f"{target}/__init__.py" if target else ""
                if init in self.files:
                    found[init] = None
        found.pop(path, None)
        return list(found)

    def _find(self, folder: str, dotted: str, level: int) -> str | None:
        relative = dotted.replace(".", "/")
        if level:
            for _ in range(level - 1):
                folder = posixpath.dirname(folder)
            return self._at(folder, relative)
        top = dotted.split(".")[0]
        if top not in self.homes or top in sys.stdlib_module_names or tables.is_third_party(top):
            return None
        for root in self.search_path(folder):
            found = self._at(root, relative)
            if found is not None:
                return found
        # No root of the importing file has it: take the only place in the project that does.
        # A folder without `__init__.py` that shares the name is no module beside one that is.
        places = {home: self._at(home, relative) for home in self.homes[top]}
        modules = {place for home, place in places.items() if self._is_module(home, top) and place is not None}
        found_anywhere = modules or {place for place in places.values() if place is not None}
        return found_anywhere.pop() if len(found_anywhere) == 1 else None

    def _is_module(self, home: str, top: str) -> bool:
        base = posixpath.join(home, top)
        return f"{base}.py" in self.files or f"{base}/__init__.py" in self.files

    def search_path(self, folder: str) -> Iterable[str]:
        """Where absolute imports of a file in `folder` are looked for, nearest first."""
        yield folder
        yield from (root for root in self.roots if folder == root or folder.startswith(root + "/"))
        yield posixpath.join(folder, "src")
        while folder:
            folder = posixpath.dirname(folder)
            yield folder
            yield posixpath.join(folder, "src")
        yield from self.roots

    def _at(self, root: str, relative: str) -> str | None:
        base = posixpath.join(root, relative) if relative else root
        for candidate in (f"{base}/__init__.py", f"{base}.py"):  # Python's own order
            if candidate in self.files:
                return candidate
        return base if base in self.folders else None

"""Folders relative to the project root, and the files that handler strings name."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from lambdalint.deployment.model import DeployedFunction


class Target(NamedTuple):
    """What a handler string names: the module's path below an import root, without suffix, and a name in it."""

    module: str
    name: str

    @property
    def files(self) -> tuple[str, str]:
        """The two places that the module may have below an import root."""
        return f"{self.module}.py", f"{self.module}/__init__.py"


class Place(NamedTuple):
    """A file that a handler string may mean, and the import root that it was taken from."""

    path: str
    root: str


def inside(folder: str, path: str | None) -> str | None:
    """`path` taken from `folder`, normalised; None for a URL, an archive or a place outside."""
    if path is None or "://" in path or is_archive(path):
        return None
    joined = posixpath.normpath(posixpath.join(folder, path))
    return None if joined == ".." or joined.startswith(("../", "/")) or "\0" in joined else joined


def is_archive(path: str) -> bool:
    """Whether a path names a built package."""
    return path.endswith((".zip", ".jar"))


def unique(paths: Iterable[str | None]) -> tuple[str, ...]:
    """The paths without None and repetitions, in order."""
    return tuple(dict.fromkeys(path for path in paths if path is not None))


def handler_text(written: str | None) -> str:
    """A handler string as Python's runtime takes it; empty for another language's (`Class::method`) or none."""
    text = (written or "").strip()
    return "" if "::" in text or len(text.split()) != 1 else text


def handler_target(handler: str) -> Target | None:
    """The module and the name of `src/app.handler` or `src.app.handler`; None where it is neither."""
    module, _, name = handler.rpartition(".")
    if not name.isidentifier() or not module or module.startswith("/"):
        return None
    parts: list[str] = []
    for segment in module.split("/"):
        # The runtime takes both separators: `src/app.handler` and `src.app.handler` are one.
        parts += [segment] if segment in (".", "..") else filter(None, segment.split("."))
    if not parts or parts[-1] in (".", ".."):
        return None
    return Target("/".join(parts), name)


def places(function: DeployedFunction) -> Iterator[Place]:
    """The files that the runtime would load, best first, whether they are there or not."""
    target = handler_target(function.handler)
    if target is None:
        return
    for there, here in function.moved:
        for file in map(posixpath.normpath, target.files):
            if file == there:
                yield Place(here, posixpath.dirname(here) or ".")
            elif file.startswith(f"{there}/"):
                yield Place(posixpath.normpath(f"{here}/{file[len(there) + 1 :]}"), here)
    layers = [f"{layer}/{python}" for layer in function.layers for python in ("python", "")]
    for root in (*function.code_roots, *layers):
        for file in target.files:
            path = inside(root, file)
            if path is not None:
                yield Place(path, root)


def resolve_handler(function: DeployedFunction, exists: Callable[[str], bool]) -> tuple[str, str] | None:
    """The file and the name in it that the runtime would call.

    `exists` tells whether a path relative to the project root is a file. The result is the path
    of the `.py` file and the function's name; None where no code root and no layer has it.
    """
    target = handler_target(function.handler)
    found = next((place.path for place in places(function) if exists(place.path)), None)
    return None if target is None or found is None else (found, target.name)

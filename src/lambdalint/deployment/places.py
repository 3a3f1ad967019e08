"""Folders relative to the project root, and the files that handler strings name."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable

from lambdalint.deployment.model import DeployedFunction


def inside(folder: str, path: str | None) -> str | None:
    """`path` taken from `folder`, normalised; None for a URL, an archive or a place outside."""
    if path is None or "://" in path or path.endswith((".zip", ".jar")):
        return None
    joined = posixpath.normpath(posixpath.join(folder, path))
    return None if joined == ".." or joined.startswith(("../", "/")) or "\0" in joined else joined


def unique(paths: Iterable[str | None]) -> tuple[str, ...]:
    """The paths without None and repetitions, in order."""
    return tuple(dict.fromkeys(path for path in paths if path is not None))


def handler_path(handler: str) -> str | None:
    """The module's path, without suffix, that a handler string names; None where it names none."""
    module, _, name = handler.rpartition(".")
    if not name.isidentifier() or not module or module.startswith("/"):
        return None
    parts: list[str] = []
    for segment in module.split("/"):
        # The runtime takes both separators: `src/app.handler` and `src.app.handler` are one.
        parts += [segment] if segment in (".", "..") else filter(None, segment.split("."))
    return "/".join(parts) if parts and parts[-1] not in (".", "..") else None


def resolve_handler(function: DeployedFunction, exists: Callable[[str], bool]) -> tuple[str, str] | None:
    """The file and the name in it that the runtime would call.

    `exists` tells whether a path relative to the project root is a file. The result is the path
    of the `.py` file and the function's name; None where no code root and no layer has it.
    """
    below = handler_path(function.handler)
    if below is None:
        return None
    name = function.handler.rpartition(".")[2]
    layers = [f"{layer}/{python}" for layer in function.layers for python in ("python", "")]
    for root in (*function.code_roots, *layers):
        for file in (f"{below}.py", f"{below}/__init__.py"):
            path = inside(root, file)
            if path is not None and exists(path):
                return path, name
    return None

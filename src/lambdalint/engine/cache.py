"""The folder that results are kept in between runs, one file for each question that was asked of a project.

A file's name tells what was asked, by which version: two runs never disagree
about its contents, so they may write side by side, each whole and in one step.
What can't be read, or doesn't have the right form, isn't there. The files are JSON, since
a folder that comes with somebody's project must not run code.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from importlib.util import find_spec
from typing import Any

from lambdalint import __version__
from lambdalint.engine.observed import digest

VARIABLE = "LAMBDALINT_CACHE_DIR"
_TAG = "CACHEDIR.TAG"
_MARKS = {
    _TAG: "Signature: 8a477f597d28d172789f06886806bc55\n# This folder holds what lambdalint remembers between runs.\n",
    ".gitignore": "# Written by lambdalint.\n*\n",
}
_SUFFIX = ".json"
_MOST = 24  # files that are kept: a project is asked few different questions
_UNFINISHED = 3600  # seconds after which a temporary file is nobody's any more
# What the findings depend on besides: everything that files are read with.
_LIBRARIES = (
    *("libcst", "sqlglot", "tree_sitter", "tree_sitter_dockerfile", "tree_sitter_hcl", "tree_sitter_typescript"),
    "yaml",
)


def folder_for(root: str, configured: str, wanted: str | None) -> str:
    """Where the results of the project at `root` are kept: where the caller wants, the environment, or the settings."""
    return os.path.join(root, os.path.expanduser(wanted or os.environ.get(VARIABLE) or configured))


def key(*question: object) -> str:
    """The name for a question, as the running version of everything would answer it."""
    return digest(repr((*_versions(), *question)).encode("utf-8", "surrogateescape"))


class Folder:
    def __init__(self, path: str) -> None:
        self.path = path

    def load(self, name: str) -> Any:
        """What was stored under a name, or None."""
        try:
            with open(os.path.join(self.path, name + _SUFFIX), "rb") as stream:
                return json.loads(stream.read())
        except (OSError, ValueError, RecursionError):
            return None

    def store(self, name: str, value: Any) -> bool:
        """Keep a value under a name; False where that can't be done, which is nobody's concern."""
        try:
            if not self._ours():
                return False
            self._replace(name + _SUFFIX, json.dumps(value, separators=(",", ":")).encode("ascii"))
            self._prune()
        except (OSError, ValueError):
            return False
        return True

    def _ours(self) -> bool:
        """Whether the folder is one that we made, now or earlier: no other is written to."""
        if not os.path.lexists(self.path):
            os.makedirs(self.path, exist_ok=True)
        elif os.path.islink(self.path) or not os.path.isdir(self.path):
            return False
        tag = os.path.join(self.path, _TAG)
        if os.path.isfile(tag):
            return True
        if set(os.listdir(self.path)) - _MARKS.keys():
            return False
        # The tag comes last: whoever sees it finds the rest.
        for name in sorted(_MARKS, key=_TAG.__eq__):
            self._replace(name, _MARKS[name].encode("ascii"))
        return True

    def _replace(self, name: str, data: bytes) -> None:
        """Write a file of the folder whole; a link in its place is replaced and not followed."""
        import tempfile

        handle, temporary = tempfile.mkstemp(suffix=".tmp", dir=self.path)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            os.replace(temporary, os.path.join(self.path, name))
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise

    def _prune(self) -> None:
        """Remove the files that were written longest ago, and what broken runs left."""
        kept: list[tuple[float, str]] = []
        with os.scandir(self.path) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):  # another run may be removing it
                    written = entry.stat(follow_symlinks=False).st_mtime
                    if entry.name.endswith(_SUFFIX):
                        kept.append((written, entry.path))
                    elif entry.name.endswith(".tmp") and time.time() - written > _UNFINISHED:
                        os.unlink(entry.path)
        for _, path in sorted(kept)[:-_MOST]:
            with contextlib.suppress(OSError):
                os.unlink(path)


def _versions() -> tuple[object, ...]:
    """What runs: the interpreter, the libraries, and lambdalint itself with its tables, down to each file."""
    libraries = []
    for name in _LIBRARIES:
        spec = find_spec(name)
        origin = spec.origin if spec is not None else None
        libraries.append((name, origin, _stamp(origin) if origin is not None else None))
    return (__version__, sys.version, libraries, _own_files())


def _own_files() -> str:
    found: list[tuple[object, ...]] = []
    stack = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
    while stack:
        with os.scandir(stack.pop()) as entries:
            for entry in entries:
                if entry.name == "__pycache__":
                    continue
                if entry.is_dir():
                    stack.append(entry.path)
                else:
                    status = entry.stat()
                    found.append((entry.path, status.st_size, status.st_mtime_ns))
    return digest(repr(sorted(found)).encode("utf-8", "surrogateescape"))


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return (status.st_size, status.st_mtime_ns)

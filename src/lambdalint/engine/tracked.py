"""Which files git tracks: those aren't ignored, whatever `.gitignore` says.

Templates of `.gitignore` leave out `lib/`, `build/` and the like, and projects
that keep sources there add them by force. The index is read as it is on disk;
no git is run.
"""

from __future__ import annotations

import os
from functools import cached_property

_HEADER = 12
_FIXED = 62  # bytes of an entry before its path, in versions 2 to 4 with SHA-1
_EXTENDED = 0x4000


class Tracked:
    """The tracked files of the repository whose work tree begins at `root`; none where there's no index."""

    def __init__(self, root: str) -> None:
        self._root = root

    def holds(self, relative: str) -> bool:
        """Whether a file, or (with a slash at its end) anything in a folder, is tracked."""
        data = self._data
        if not data:
            return False
        # Most ignored paths aren't in the index at all, and a search in its bytes tells so. Version 4
        # shortens paths by what they share, so there it tells nothing.
        if self._version < 4 and os.fsencode(relative) not in data:
            return False
        return relative in (self._folders if relative.endswith("/") else self._files)

    @cached_property
    def _data(self) -> bytes:
        folder = os.path.join(self._root, ".git")
        try:
            if os.path.isfile(folder):  # a worktree or submodule: "gitdir: elsewhere"
                with open(folder, "rb") as file:
                    folder = os.path.join(self._root, os.fsdecode(file.read()).partition("gitdir:")[2].strip())
            with open(os.path.join(folder, "index"), "rb") as file:
                data = file.read()
        except OSError:
            return b""
        return data if data[:4] == b"DIRC" else b""

    @property
    def _version(self) -> int:
        return int.from_bytes(self._data[4:8], "big")

    @cached_property
    def _folders(self) -> frozenset[str]:
        folders: set[str] = set()
        for path in self._files:
            end = path.rfind("/")
            while end > 0 and path[: end + 1] not in folders:
                folders.add(path[: end + 1])
                end = path.rfind("/", 0, end)
        return frozenset(folders)

    @cached_property
    def _files(self) -> frozenset[str]:
        """The paths in the index; as many as can be read where it's damaged or of another kind."""
        data, version = self._data, self._version
        paths: list[str] = []
        position, previous = _HEADER, b""
        for _ in range(int.from_bytes(data[8:12], "big") if version in (2, 3, 4) else 0):
            flags = int.from_bytes(data[position + _FIXED - 2 : position + _FIXED], "big")
            start = position + _FIXED + (2 if flags & _EXTENDED else 0)
            if version == 4:
                dropped, start = _number(data, start)
                previous = previous[: len(previous) - dropped]
            end = data.find(b"\0", start)
            if end < 0:
                break
            path = data[start:end]
            if version == 4:
                path = previous = previous + path
                position = end + 1
            else:
                position += (end - position) // 8 * 8 + 8  # one to eight NULs fill up to a multiple of 8
            paths.append(os.fsdecode(path))
        return frozenset(paths)


def _number(data: bytes, position: int) -> tuple[int, int]:
    """An offset in git's variable-width form, and where it ends."""
    value = -1
    while position < len(data):
        byte = data[position]
        value = (value + 1) << 7 | (byte & 0x7F)
        position += 1
        if not byte & 0x80:
            break
    return max(value, 0), position

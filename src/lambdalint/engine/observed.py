"""Reading a project's files while noting what was read, and telling later whether that is still so."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass

try:
    from _blake2 import blake2b  # `hashlib` loads all of OpenSSL, for longer than the rest of a start without work
except ImportError:
    from hashlib import blake2b

Stamp = tuple[int, ...]
# A file that changed so short a time before it was read may change again without another time of change.
_SETTLED = 2_000_000_000  # nanoseconds: the coarsest file systems count in two seconds


@dataclass(frozen=True)
class Seen:
    """What a file, or with a slash at its end a folder's list of names, was: `digest` is empty where there was none.

    `stamp` is what the file system says of a file as long as nobody writes to it; empty where that can't be relied on.
    """

    digest: str
    stamp: Stamp = ()


class Reads:
    """The files below `root` that were read, by path relative to it."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.seen: dict[str, Seen] = {}
        self.steady = True  # False where a file changed meanwhile, or couldn't be read though it is there

    def read(self, path: str) -> bytes:
        """The bytes of a file. OSError where it can't be read."""
        try:
            with open(os.path.join(self.root, path), "rb") as stream:
                now = time.time_ns()
                stamp = _stamp(os.fstat(stream.fileno()), now)
                data = stream.read()
        except FileNotFoundError:
            self._note(path, Seen(""))
            raise
        except OSError:
            self.steady = False
            raise
        known = self.seen.get(path)
        if known is None or not stamp or known.stamp != stamp:
            self._note(path, Seen(digest(data), stamp))
        return data

    def names(self, folder: str) -> list[str]:
        """The names in a folder, sorted. OSError where it can't be read."""
        key = folder.rstrip("/") + "/"
        try:
            found = sorted(os.listdir(os.path.join(self.root, folder)))
        except OSError:
            self._note(key, Seen(""))
            raise
        self._note(key, Seen(digest("\0".join(found).encode("utf-8", "surrogateescape"))))
        return found

    def same(self, path: str, then: Seen) -> bool:
        """Whether a file or folder is what it was; read only where the file system can't tell."""
        try:
            if path.endswith("/"):
                self.names(path)
            else:
                if then.stamp and _stamp(os.stat(os.path.join(self.root, path)), time.time_ns()) == then.stamp:
                    self.seen[path] = then
                    return True
                self.read(path)
        except OSError:
            pass
        now = self.seen.get(path)
        return now is not None and now.digest == then.digest

    def add(self, seen: Mapping[str, Seen], steady: bool) -> None:
        """Take over what another process read of the same files."""
        for path, one in seen.items():
            self._note(path, one)
        self.steady = self.steady and steady

    def _note(self, path: str, seen: Seen) -> None:
        known = self.seen.setdefault(path, seen)
        if known.digest != seen.digest:
            self.steady = False


def digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def _stamp(status: os.stat_result, now: int) -> Stamp:
    if now - max(status.st_mtime_ns, status.st_ctime_ns) < _SETTLED:
        return ()
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)

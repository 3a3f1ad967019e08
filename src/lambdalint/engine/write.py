"""Writing a file so that it is either the old one or the new one, and never half of each."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile


def write_atomically(path: str, data: bytes) -> None:
    """Replace the content of the file at `path`; a new file is created where there's none.

    The content goes to a temporary file beside it that then takes its place, with
    the mode and, where permitted, the owner of the old one. A symbolic link stays
    and its target is written. Raises OSError, naming `path`, and leaves the old
    file and no temporary one: where the folder or the file may not be written
    (a read-only file isn't replaced, although its folder would permit it), or
    `path` is no regular file.
    """
    target = os.path.realpath(path)
    try:
        old = os.stat(target)
    except FileNotFoundError:
        old = None
    if old is not None:
        if not stat.S_ISREG(old.st_mode):
            raise OSError(f"{path} is no regular file")
        if not os.access(target, os.W_OK):
            raise PermissionError(f"{path} is read-only")
    folder, name = os.path.split(target)
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{name[:100]}.", suffix=".tmp", dir=folder)
    except OSError as error:
        raise type(error)(f"{path} can't be replaced: {error.strerror}: {folder}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if old is None:
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(temporary, 0o666 & ~umask)
        else:
            _take_after(temporary, old)
        os.replace(temporary, target)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        if isinstance(error, OSError):
            raise type(error)(f"{path} can't be written: {error.strerror or error}") from error
        raise


def _take_after(path: str, old: os.stat_result) -> None:
    """Give a file the owner, where permitted, and the mode of another."""
    if hasattr(os, "chown"):
        new = os.stat(path)
        if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
            with contextlib.suppress(PermissionError):
                os.chown(path, old.st_uid, old.st_gid)
    os.chmod(path, stat.S_IMODE(old.st_mode))

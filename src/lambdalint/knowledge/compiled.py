"""The tables in the form that is loaded quickest, kept as Python keeps its own compiled modules.

A table `name.toml` has a file `name.toml.<interpreter>.bin` in the folder for bytecode, which is taken as long
as the table is of the size and age that it was made from. Where that folder can't be written to, or Python
was told to write no bytecode, tables are read anew each time.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
from importlib.util import cache_from_source
from typing import Any, cast

_FORM = 1


def read(path: str) -> dict[str, Any]:
    """The contents of the table at `path`."""
    status = os.stat(path)
    of = (_FORM, status.st_size, status.st_mtime_ns)
    kept = _kept(path)
    known = _load(kept)
    if known is not None and known[0] == of:
        return known[1]
    table = _parse(path)
    if not sys.dont_write_bytecode:
        _store(kept, (of, table))
    return table


def _kept(path: str) -> str:
    """Where the compiled form of a table is kept."""
    bytecode = cache_from_source(f"{path}.py", optimization="")
    return f"{bytecode.removesuffix('.pyc')}.bin"


def _parse(path: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    with open(path, "rb") as stream:
        return cast("dict[str, Any]", tomllib.load(stream))


def _load(path: str) -> tuple[tuple[int, ...], dict[str, Any]] | None:
    try:
        with open(path, "rb") as stream:
            of, table = marshal.loads(stream.read())
    except (OSError, EOFError, ValueError, TypeError):
        return None
    return (of, table) if isinstance(table, dict) else None


def _store(path: str, value: object) -> None:
    """Write a file whole or not at all, as several processes may do at once."""
    temporary = f"{path}.{os.getpid()}"
    with contextlib.suppress(OSError):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        try:
            with open(temporary, "xb") as stream:
                stream.write(marshal.dumps(cast(Any, value)))
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise

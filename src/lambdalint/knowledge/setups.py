"""What is worth making once per execution environment: connections, sessions, clients, models, applications."""

from __future__ import annotations

import functools

from msgspec import Struct

from lambdalint.knowledge import tables


class SetupKind(Struct, frozen=True):
    """One row of setups.toml; `text` and `file` are positions of arguments, or -1."""

    group: str
    what: str
    pooled: bool
    asynchronous: bool
    pure: bool
    text: int
    file: int


@functools.cache
def _kinds() -> dict[str, SetupKind]:
    found = {}
    for row in tables.load("setups")["setup"]:
        kind = SetupKind(
            group=row["group"],
            what=row["what"],
            pooled=row.get("pooled", False),
            asynchronous=row.get("asynchronous", False),
            pure=row.get("pure", False),
            text=row.get("text", -1),
            file=row.get("file", -1),
        )
        found.update(dict.fromkeys(row["names"], kind))
    return found


def setup_kind(name: str) -> SetupKind | None:
    """What calling something outside the project sets up, or None."""
    if not name:
        return None
    package, _, rest = name.partition(".")
    return _kinds().get(name) or _kinds().get(f"{package}.*.{rest.rpartition('.')[2]}")


def names(table: str, field: str) -> frozenset[str]:
    """One of the lists beside the rows."""
    return frozenset(tables.load("setups")[table][field])


def in_folder(path: str, table: str) -> bool:
    """Whether an absolute path is one of a table's folders, or in one."""
    return any(path == folder or path.startswith(f"{folder}/") for folder in names(table, "folders"))


class SingleRequest(Struct, frozen=True):
    """A function that opens a connection for one request, and the `session` that would keep it."""

    session: str
    method: bool
    keywords: tuple[str, ...]


@functools.cache
def _requests() -> dict[str, SingleRequest]:
    rows = tables.load("setups")["request"]
    return {n: SingleRequest(r["session"], r["method"], tuple(r["keywords"])) for r in rows for n in r["names"]}


def single_request(name: str) -> SingleRequest | None:
    return _requests().get(name)

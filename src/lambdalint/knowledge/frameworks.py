"""What web and Lambda frameworks make of the functions they are given, from the table beside this file.

Every question takes the whole dotted name of what is called or put in front of a
function: `fastapi.FastAPI.get` is the method `get` of what `fastapi.FastAPI(…)` gives.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from msgspec import Struct

from lambdalint.knowledge import tables


class Role(Struct, frozen=True):
    """What a decorator makes of a function, or of the `methods` of a class.

    `served`: only where something serves the application that it belongs to.
    """

    name: str
    served: bool
    methods: tuple[str, ...] = ()


class Argument(Struct, frozen=True):
    """Where a call is given something: -1 for what a method is called on, -2 for a keyword alone.

    `role` and the `methods` of a class say what becomes of it. `injects`: as a parameter's
    default the call stands for what that gives. `served`: only where something serves the
    application that it belongs to.
    """

    index: int
    keyword: str
    role: str = ""
    methods: tuple[str, ...] = ()
    injects: bool = False
    served: bool = True


def decorator(name: str) -> Role | None:
    """What a decorator makes of the function below it, or None."""
    row = _find("decorator", name)
    return Role(row["role"], row.get("served", False), _methods(row)) if row is not None else None


def keeps_result(name: str) -> bool:
    """Whether a decorator gives what the function below it gives, be it a coroutine."""
    row = _find("decorator", name)
    return row is not None and row.get("keeps_result", False)


def registration(name: str) -> Argument | None:
    """What a call gives an application to run per request, or None."""
    return _argument("registration", name)


def extension(name: str) -> Argument | None:
    """Where the call that makes something that belongs to an application is given that application, or None."""
    return _argument("extension", name)


def adapter(name: str) -> Argument | None:
    """Where a call that serves an application from Lambda is given it, or None."""
    return _argument("adapter", name)


@functools.cache
def adapter_packages() -> frozenset[str]:
    """The top-level packages that adapters are imported from."""
    return _packages("adapter")


@functools.cache
def handler_packages() -> frozenset[str]:
    """The top-level packages of applications that are handlers themselves."""
    return _packages("registration")


def _packages(table: str) -> frozenset[str]:
    return frozenset(name for row in tables.load("frameworks")[table] for name in row.get("packages", ()))


def wrapper(name: str) -> Argument | None:
    """Where a call that only puts something around an application is given it, or None."""
    return _argument("wrapper", name)


def makes_decorator(name: str) -> bool:
    """Whether a decorator makes a decorator of the function below it, whose first parameter is then what it wraps."""
    return _find("decorator_maker", name) is not None


def wraps_handlers(name: str) -> bool:
    """Whether the decorators that it makes are for Lambda handlers alone."""
    row = _find("decorator_maker", name)
    return row is not None and row.get("handlers", False)


def listed(name: str) -> str:
    """The name of the files that hold the routes of an application that doesn't import them itself, or ""."""
    row = _find("listed", name)
    return row["files"] if row is not None else ""


def _argument(table: str, name: str) -> Argument | None:
    row = _find(table, name)
    if row is None:
        return None
    keyword, role = row.get("keyword", ""), row.get("role", "")
    injects, served = row.get("injects", False), row.get("served", True)
    return Argument(row["argument"], keyword, role, _methods(row), injects, served)


def _methods(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(tables.load("frameworks")["methods"][row["methods"]]) if "methods" in row else ()


@functools.cache
def _patterns(table: str) -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    return [(re.compile(row["pattern"]), row) for row in tables.load("frameworks")[table]]


@functools.lru_cache(4096)  # by names of any code, which an editor types letter by letter
def _find(table: str, name: str) -> dict[str, Any] | None:
    for pattern, row in _patterns(table):
        if pattern.fullmatch(name):
            return row
    return None

"""The values of Terraform's expressions.

Texts, numbers, booleans, lists, mappings, a `Reference` to a resource, a text that is known in part
(`Partial`) or holds a value (`Encoded`), and None for what isn't known; a mapping or list may hold
unknown values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Union

from msgspec import Struct

MAX_TEXT = 4096
MAX_ITEMS = 200


@dataclass(frozen=True)  # a `Struct` compares all that it holds
class Reference:
    """`aws_lambda_function.x["key"].arn`: the names on the way, and the last index on it.

    `home` is the module whose names they are; a caller may hand a reference to a module that it calls.
    """

    names: tuple[str, ...]
    key: str | None = None
    home: object = field(default=None, compare=False)


class FileText(Struct, frozen=True):
    """The content of a file, which isn't read: `file("…")`."""

    path: str


class Partial(Struct, frozen=True):
    """A text whose layout or some of whose parts aren't known: these stand in it as they are written."""

    written: str


class Encoded(Struct, frozen=True):
    """The text that `jsonencode(…)` makes of a value."""

    value: Value


Value = Union[str, int, float, bool, "list[Value]", "dict[str, Value]", Reference, FileText, Partial, Encoded, None]


def text(value: Value) -> str | None:
    """A value as Terraform writes it into a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return value if isinstance(value, str) else None


def number(value: Value) -> int | None:
    """A whole number, also one that is written as a text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) else None

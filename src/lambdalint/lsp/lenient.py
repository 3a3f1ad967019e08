"""Reading what newer clients say: values of an enumeration that this version doesn't know are kept as they are."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.protocol import default_converter

if TYPE_CHECKING:
    from cattrs import Converter


def converter() -> Converter:
    """pygls's converter; an unknown number in a client's capabilities would leave `initialize` without an answer."""
    made: Converter = default_converter()  # type: ignore[no-untyped-call]
    for kind in vars(types).values():
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            made.register_structure_hook(kind, _known_or_raw(kind))
    return made


def _known_or_raw(kind: type[enum.Enum]) -> Callable[[Any, Any], Any]:
    def structure(value: Any, _: Any) -> Any:
        try:
            return kind(value)
        except ValueError:
            return value

    return structure

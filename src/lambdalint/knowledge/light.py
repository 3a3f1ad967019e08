"""What light modules do as well as heavy ones, from the table light_replacements.toml beside this file."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from lambdalint.knowledge import tables


class LightFunction(Struct, frozen=True):
    """A function or constant of a heavy module; see the table for what the fields mean."""

    use: str
    by: str
    most: int


class FrameSource(Struct, frozen=True):
    """A function that makes a frame; `argument` is what of, `options` are arguments that don't compute."""

    by: str
    argument: str
    options: frozenset[str]


@functools.cache
def _functions() -> dict[str, LightFunction]:
    return {
        f"{row['module']}.{name}": LightFunction(row["use"], row["by"], row.get("most", 1))
        for row in tables.load("light_replacements")["function"]
        for name in row["names"]
    }


@functools.cache
def _frames() -> dict[str, FrameSource]:
    rows = tables.load("light_replacements")["frame"]
    return {row["name"]: FrameSource(row["by"], row["argument"], frozenset(row["options"])) for row in rows}


def light_function(name: str) -> LightFunction | None:
    """What a light module does as well as the heavy one's function `name` (dotted)."""
    return _functions().get(name)


def frame_source(name: str) -> FrameSource | None:
    """What makes a frame, by its dotted name."""
    return _frames().get(name)


def frame_uses() -> Mapping[str, Any]:
    """The names of methods and attributes that don't compute on a frame."""
    found: Mapping[str, Any] = tables.load("light_replacements")["frame_uses"]
    return found


@functools.cache
def replaceable() -> frozenset[str]:
    """The packages of which the table knows anything."""
    return frozenset(name.partition(".")[0] for name in (*_functions(), *_frames()))

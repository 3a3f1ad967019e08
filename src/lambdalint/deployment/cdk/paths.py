"""Texts and paths, which are texts as well, as the languages put them together."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from lambdalint.deployment.cdk.values import MAX_TEXT, UNKNOWN, Beneath, Row, Value, text

_MAX_PARENTS = 50


def concatenate(parts: Sequence[Value]) -> Value:
    """The text of several parts; a path where only the folder that it begins with is unknown."""
    if not parts or text(parts[0]) is not None:
        whole = _joined(parts)
        return UNKNOWN if whole is None else whole
    tail = _joined(parts[1:])
    if tail is not None and isinstance(parts[0], Beneath):
        return Beneath(parts[0].tail + tail)
    return UNKNOWN if tail is None or not tail.startswith("/") else Beneath(tail.lstrip("/"))


def _joined(parts: Sequence[Value]) -> str | None:
    pieces, size = [], 0
    for part in parts:
        piece = text(part)
        size += len(piece or "")
        if piece is None or size > MAX_TEXT:
            return None
        pieces.append(piece)
    return "".join(pieces)


def join(parts: Sequence[Value], restarts: bool = True) -> Value:
    """A path of several parts, below an unknown folder where only the first is unknown.

    `restarts`: a later part that begins with a slash stands for itself, as it doesn't in Node's `join`.
    """
    path: Value = None
    for place, part in enumerate(parts):
        if place and not restarts and isinstance(part, str):
            part = part.lstrip("/")
        if isinstance(part, str) and (path is None or part.startswith("/")):
            path = part
        elif isinstance(part, str) and isinstance(path, str):
            path = posixpath.join(path, part)
        elif isinstance(part, str) and isinstance(path, Beneath):
            path = Beneath(posixpath.join(path.tail, part))
        elif place == 0:
            path = part if isinstance(part, Beneath) else Beneath("")
        else:
            return UNKNOWN
    if isinstance(path, Beneath) and not path.tail:
        return UNKNOWN
    return UNKNOWN if path is None else normal(path)


def normal(path: Value) -> Value:
    if isinstance(path, Beneath):
        return Beneath(posixpath.normpath(path.tail))
    return posixpath.normpath(path) if isinstance(path, str) else path


def parent(path: Value) -> Value:
    if not isinstance(path, str):
        return UNKNOWN
    return posixpath.dirname(path) or ("." if path != "." else "..")


def path_attribute(base: Value, name: str) -> Value:
    """An attribute of a text that is a path (`pathlib`)."""
    if isinstance(base, str):
        if name == "parent":
            return parent(base)
        if name == "parents":
            found: list[Value] = []
            while base != (base := posixpath.dirname(base)) and len(found) < _MAX_PARENTS:
                found.append(base)
            return Row(found)
        if name == "name":
            return posixpath.basename(base)
        if name == "stem":
            return posixpath.splitext(posixpath.basename(base))[0]
    return UNKNOWN

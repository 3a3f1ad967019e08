"""Terraform's functions, as far as a function's settings are made with them.

Each takes the values of its arguments and gives None where the result isn't known.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from lambdalint.deployment.terraform.values import MAX_ITEMS, MAX_TEXT, Encoded, FileText, Value, text


def _file(arguments: list[Value]) -> Value:
    return FileText(arguments[0]) if arguments and isinstance(arguments[0], str) else None


def _encoded(arguments: list[Value]) -> Value:
    return Encoded(arguments[0]) if arguments else None


def _merge(arguments: list[Value]) -> Value:
    found: dict[str, Value] = {}
    for argument in arguments:
        if isinstance(argument, dict):
            found.update(argument)
        else:
            # What isn't known may hold any of the keys before it.
            found = dict.fromkeys(found)
    return found if len(found) <= MAX_ITEMS else None


def _concat(arguments: list[Value]) -> Value:
    found: list[Value] = []
    for argument in arguments:
        found += argument if isinstance(argument, list) else [None]
    return found if len(found) <= MAX_ITEMS else None


def _join(arguments: list[Value]) -> Value:
    if len(arguments) != 2 or not isinstance(arguments[1], list):
        return None
    texts = [text(item) for item in (arguments[0], *arguments[1])]
    known = [item for item in texts if item is not None]
    if len(known) < len(texts) or sum(map(len, known)) > MAX_TEXT:
        return None
    return known[0].join(known[1:])


def _format(arguments: list[Value]) -> Value:
    texts = [text(argument) for argument in arguments]
    known = [item for item in texts if item is not None]
    if not known or len(known) < len(texts):
        return None
    pieces = known[0].split("%s")
    if len(pieces) != len(known) or any("%" in piece for piece in pieces):
        return None
    return "".join(piece for pair in zip(pieces, [*known[1:], ""], strict=True) for piece in pair)[:MAX_TEXT]


def _length(arguments: list[Value]) -> Value:
    return len(arguments[0]) if arguments and isinstance(arguments[0], (list, dict)) else None


def _replace(arguments: list[Value]) -> Value:
    """A plain text replaced; a pattern between slashes isn't followed."""
    if len(arguments) != 3 or not all(isinstance(argument, str) for argument in arguments):
        return None
    whole, old, new = map(str, arguments)
    if not old or (len(old) > 1 and old[0] == old[-1] == "/"):
        return None
    replaced = whole.replace(old, new)
    return replaced if len(replaced) <= MAX_TEXT else None


def _keys(arguments: list[Value]) -> Value:
    return [*arguments[0]] if arguments and isinstance(arguments[0], dict) else None


def _values(arguments: list[Value]) -> Value:
    return [*arguments[0].values()] if arguments and isinstance(arguments[0], dict) else None


def _first(arguments: list[Value]) -> Value:
    """The first argument, which the function gives back, where it is known."""
    return arguments[0] if arguments else None


def _on_path(change: Callable[[str], str]) -> Callable[[list[Value]], Value]:
    def changed(arguments: list[Value]) -> Value:
        return change(arguments[0]) if arguments and isinstance(arguments[0], str) else None

    return changed


FUNCTIONS: dict[str, Callable[[list[Value]], Value]] = {
    "abspath": _first,
    "basename": _on_path(posixpath.basename),
    "coalesce": _first,
    "concat": _concat,
    "dirname": _on_path(posixpath.dirname),
    "file": _file,
    "format": _format,
    "join": _join,
    "jsonencode": _encoded,
    "keys": _keys,
    "length": _length,
    "lower": _on_path(str.lower),
    "merge": _merge,
    "pathexpand": _first,
    "replace": _replace,
    "templatefile": _file,
    "tolist": _first,
    "tomap": _first,
    "tonumber": _first,
    "toset": _first,
    "tostring": _first,
    "trimspace": _on_path(str.strip),
    "try": _first,
    "values": _values,
}

"""The key `calls`: what functions and classes make or do that the tables of lambdalint don't know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lambdalint.settings.model import CallRow
from lambdalint.settings.place import Place, kind_of, nearest, read_boolean, read_strings, read_table

# What a member of an object may do.
EFFECTS = ("read", "write", "local", "sql", "http-request")
_OBJECT = ("async", *EFFECTS)
# The kinds of calls, and what may be said of each beside its kind.
CALL_KINDS: dict[str, tuple[str, ...]] = {
    "aws-client": ("service",),
    "aws-resource": ("service",),
    "aws-session": (),
    "connection": ("pooled", *_OBJECT),
    "sql-connection": ("pooled", *_OBJECT),
    "http-session": _OBJECT,
    "api-client": _OBJECT,
    "model": (),
    "token": (),
    "secret": (),
    "read": (),
    "write": (),
    "local": (),
    "http-request": (),
    "sql": (),
}
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def read_calls(value: object, place: Place) -> tuple[CallRow, ...]:
    """The rows, by the names of what is called; these may be quoted, or split into tables by their dots."""
    rows: dict[str, CallRow] = {}
    for name, given, here in _named(read_table(value, place), place, ""):
        if not _DOTTED.fullmatch(name) or "." not in name:
            raise here.error(f'"{here.key}" is no dotted name', 'write "package.module.function"')
        if name in rows:
            raise here.error(f'"{here.key}" is there twice')
        rows[name] = _row(name, given, here)
    return tuple(rows.values())


def _named(table: dict[str, object], place: Place, before: str) -> Iterator[tuple[str, object, Place]]:
    """Each name with what is said of it: `acme.db.connect = …` without quotes is a table in a table to TOML."""
    for key, given in table.items():
        name, here = f"{before}{key}", place.at(key)
        if isinstance(given, dict) and "." not in key and not _says_something(given):
            yield from _named(given, here, f"{name}.")
        else:
            yield name, given, here


def _says_something(given: dict[str, object]) -> bool:
    """Whether a table is a row, and no part of a name."""
    whole = isinstance(given.get("kind"), str) or not given
    return whole or any(not isinstance(value, (str, dict)) for value in given.values())


def _row(name: str, given: object, place: Place) -> CallRow:
    if not isinstance(given, dict):
        return CallRow(name, _kind(given, place))
    if "kind" not in given:
        raise place.error(f'"{place.key}" lacks "kind"', f"known are {', '.join(CALL_KINDS)}")
    kind = _kind(given["kind"], place.at("kind"))
    table = read_table(given, place, ("kind", "service", "pooled", *_OBJECT))
    for key in table:
        if key != "kind" and key not in CALL_KINDS[kind]:
            fitting = ", ".join(f'"{other}"' for other, keys in CALL_KINDS.items() if key in keys)
            raise place.at(key).error(f'"{place.at(key).key}" goes with {fitting}, not with "{kind}"')
    flags = {key: read_boolean(table[key], place.at(key)) for key in ("pooled", "async") if key in table}
    return CallRow(
        name,
        kind,
        _members(table, place),
        _service(table, place),
        pooled=flags.get("pooled", False),
        asynchronous=flags.get("async", False),
    )


def _service(table: dict[str, object], place: Place) -> str:
    given = table.get("service", "")
    if "service" in table and not (isinstance(given, str) and given):
        here = place.at("service")
        raise here.error(f'"{here.key}" must be the name of a service, such as "s3", not {kind_of(given)}')
    return str(given)


def _members(table: dict[str, object], place: Place) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for effect in EFFECTS:
        here = place.at(effect)
        for member in read_strings(table.get(effect, []), here):
            if not _DOTTED.fullmatch(member):
                raise here.error(f'"{here.key}" holds "{member}", which is no name of a method')
            if found.setdefault(member, effect) != effect:
                raise here.error(f'"{here.key}" holds "{member}", which "{found[member]}" holds as well')
    return tuple(found.items())


def _kind(given: object, place: Place) -> str:
    if not isinstance(given, str):
        raise place.error(f'"{place.key}" must be a kind or a table with one, not {kind_of(given)}')
    if given not in CALL_KINDS:
        hint = nearest(given, CALL_KINDS)
        raise place.error(f'"{place.key}" has the unknown kind "{given}"', hint)
    return given

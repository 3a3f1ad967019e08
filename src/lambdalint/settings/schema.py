"""The keys of the configuration and what may stand behind each.

A reader takes the raw value and a `Place` and gives the value of the setting's
field, or raises SettingsError. The same readers serve the command line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from lambdalint.settings.calls import read_calls
from lambdalint.settings.model import TableIndex, TableKeys, parse_handler
from lambdalint.settings.patterns import translate
from lambdalint.settings.place import Place, kind_of, read_boolean, read_strings, read_table

_PREFIX = re.compile(r"LMB[0-9]{0,3}", re.ASCII)
_REUSE_STYLES = ("auto", "getter", "module")


def read_codes(value: object, place: Place) -> tuple[str, ...]:
    """Code prefixes; slugs become codes."""
    return tuple(_code(item, place) for item in read_strings(value, place))


def read_patterns(value: object, place: Place) -> tuple[str, ...]:
    """Patterns in gitignore's form."""
    patterns = read_strings(value, place)
    for pattern in patterns:
        check_pattern(pattern, place)
    return patterns


def check_pattern(pattern: str, place: Place) -> None:
    if translate(pattern.removeprefix("!").strip("/")) is None:
        raise place.error(f'"{place.key}" holds "{pattern}", which is no gitignore pattern')


def read_handlers(value: object, place: Place) -> tuple[str, ...]:
    handlers = read_strings(value, place)
    for text in handlers:
        if parse_handler(text) is None:
            raise place.error(
                f'"{place.key}" holds "{text}", which names no function',
                'write "path/to/app.py:lambda_handler" or "package.module.lambda_handler"',
            )
    return handlers


def read_path(value: object, place: Place) -> str:
    if not isinstance(value, str):
        raise place.error(f'"{place.key}" must be a path, not {kind_of(value)}')
    if not value.strip() or "\0" in value:
        raise place.error(f'"{place.key}" holds no path')
    return value


def read_milliseconds(value: object, place: Place) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise place.error(f'"{place.key}" must be a whole number of milliseconds, not {kind_of(value)}')
    if value < 0:
        raise place.error(f'"{place.key}" must not be negative, but is {value}')
    return value


def read_reuse_style(value: object, place: Place) -> str:
    if not isinstance(value, str) or value not in _REUSE_STYLES:
        given = f'"{value}"' if isinstance(value, str) else kind_of(value)
        names = ", ".join(f'"{style}"' for style in _REUSE_STYLES)
        raise place.error(f'"{place.key}" must be one of {names}, not {given}')
    return value


def read_per_file_ignores(value: object, place: Place) -> tuple[tuple[str, tuple[str, ...]], ...]:
    pairs = []
    for pattern, codes in read_table(value, place).items():
        here = place.at(pattern)
        check_pattern(pattern, here)
        pairs.append((pattern, read_codes(codes, here)))
    return tuple(pairs)


def read_tables(value: object, place: Place) -> tuple[TableKeys, ...]:
    tables = []
    for name, keys in read_table(value, place).items():
        here = place.at(name)
        table = read_table(keys, here, ("hash-key", "range-key", "indexes"))
        indexes = []
        for index_name, index in read_table(table.get("indexes", {}), here.at("indexes")).items():
            there = here.at("indexes").at(index_name)
            read = read_table(index, there, ("hash-key", "range-key"))
            indexes.append(TableIndex(index_name, *_keys(read, there)))
        tables.append(TableKeys(name, *_keys(table, here), tuple(indexes)))
    return tuple(tables)


# The configuration's keys, the fields of Settings they fill, and how they're read.
READERS: dict[str, Callable[[object, Place], object]] = {
    "select": read_codes,
    "ignore": read_codes,
    "extend-select": read_codes,
    "per-file-ignores": read_per_file_ignores,
    "extend-safe-fixes": read_codes,
    "extend-unsafe-fixes": read_codes,
    "exclude": read_patterns,
    "extend-exclude": read_patterns,
    "respect-gitignore": read_boolean,
    "handlers": read_handlers,
    "import-roots": read_strings,
    "reuse-style": read_reuse_style,
    "heavy-import-ms": read_milliseconds,
    "tables": read_tables,
    "sparse-indexes": read_strings,
    "calls": read_calls,
    "cache-dir": read_path,
}


def _keys(table: Mapping[str, object], place: Place) -> tuple[str, str | None]:
    if "hash-key" not in table:
        raise place.error(f'"{place.key}" lacks "hash-key", the name of its partition key')
    keys = []
    for key in ("hash-key", "range-key"):
        value = table.get(key)
        if key in table and not (isinstance(value, str) and value):
            here = place.at(key)
            raise here.error(f'"{here.key}" must be the name of an attribute, not {kind_of(value)}')
        keys.append(value if isinstance(value, str) else None)
    return keys[0] or "", keys[1]


def _code(text: str, place: Place) -> str:
    if _PREFIX.fullmatch(text):
        return text
    if text in place.slugs:
        return place.slugs[text]
    shown = f'"{place.key}" names ' if place.file else f"{place.key}: "
    if _PREFIX.fullmatch(text.upper()):
        hint = f'did you mean "{text.upper()}"?'
    elif re.match(r"(?i)lmb", text) or not place.slugs or re.fullmatch(r"[A-Z]+[0-9]*", text):
        hint = 'codes are "LMB" and up to three digits'
    else:
        import difflib

        close = difflib.get_close_matches(text.lower(), place.slugs, n=1)
        hint = f'did you mean "{close[0]}"?' if close else 'codes are "LMB" and up to three digits'
    raise place.error(f'{shown}the unknown code "{text}"', hint)

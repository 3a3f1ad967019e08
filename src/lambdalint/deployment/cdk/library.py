"""What the languages' own functions and operators do, as far as CDK programs need it: texts, paths, collections."""

from __future__ import annotations

import enum
from collections.abc import Callable

from lambdalint.deployment.cdk.paths import concatenate, join, normal, parent, path_attribute
from lambdalint.deployment.cdk.values import (
    MAX_TEXT,
    UNKNOWN,
    Beneath,
    Either,
    Made,
    Qualified,
    Record,
    Row,
    Value,
    is_object,
    merge,
    same,
    text,
)


class NotKnown(enum.Enum):
    NOT_KNOWN = enum.auto()


_MAX_RANGE = 100
_MAX_ROUNDS = 400


def iterate(value: Value) -> list[Value] | None:
    """The items that a loop goes through; None where they aren't all known."""
    if isinstance(value, Row) and value.complete:
        return list(value.items)
    if isinstance(value, Record) and value.complete:
        return list(value.entries)
    return None


def rounds(value: Value) -> list[Value] | None:
    """The items that a loop goes through; None where they aren't all known, or too many to follow."""
    items = iterate(value)
    return None if items is None or len(items) > _MAX_ROUNDS else items


def update(record: Record, other: Value) -> None:
    """Add the entries of `other` as a spread does; one that isn't known may overrule all."""
    if other is None or other is False:
        return
    options = other.options if isinstance(other, Either) else (other,)
    spread = [option for option in options if option is not None]
    sources = [option.entries if isinstance(option, Record) else {} for option in spread]
    if all(isinstance(option, Record) for option in spread):
        for name in dict.fromkeys(name for source in sources for name in source):
            held = [source[name] for source in sources if name in source]
            if len(held) < len(options) and name in record.entries:
                held.append(record.entries[name])
            record.entries[name] = merge(*held)
    for option in spread:
        if not isinstance(option, Record) or not option.complete:
            record.complete = False
            known = option.entries if isinstance(option, Record) else {}
            for name in record.entries:
                if name not in known:
                    record.entries[name] = UNKNOWN


def updated(record: Record, method: str, arguments: Row, keywords: Record) -> Record:
    """What a dict is after `update` or `setdefault`."""
    copy = Record(dict(record.entries), record.complete)
    first = arguments.items[0] if arguments.items else None
    if method == "update":
        update(copy, first)
        update(copy, keywords)
    elif isinstance(first, str):
        copy.entries.setdefault(first, arguments.items[1] if len(arguments.items) > 1 else None)
    return copy


def operate(operator: str, left: Value, right: Value) -> Value:
    if operator in ("==", "!="):
        equal = _equal(left, right)
        return UNKNOWN if equal is None else equal == (operator == "==")
    if operator == "/":
        return join([left, right]) if isinstance(right, str | Beneath) else UNKNOWN
    if operator == "+" and isinstance(left, Row) and isinstance(right, Row):
        return Row(left.items + right.items, left.complete and right.complete)
    if operator == "+" and isinstance(left, int) and isinstance(right, int):
        return left + right
    if operator == "+" and (isinstance(left, str) or isinstance(right, str)):
        return concatenate([left, right])
    if operator == "*" and isinstance(left, int) and isinstance(right, int):
        return left * right if abs(left) < 10**9 and abs(right) < 10**9 else UNKNOWN
    if operator == "|" and isinstance(left, Record):
        record = Record(dict(left.entries), left.complete)
        update(record, right)
        return record
    return UNKNOWN


def _equal(left: Value, right: Value) -> bool | None:
    plain = [value is None or isinstance(value, str | int | float) for value in (left, right)]
    if all(plain):
        return left == right
    if any(plain) and None in (left, right):
        other = right if left is None else left
        return False if isinstance(other, Record | Row) or is_object(other) else None
    return True if isinstance(left, Qualified) and same(left, right) else None


def attribute(base: Value, name: str) -> Value:
    if name == "length" and isinstance(base, Row) and base.complete:
        return len(base.items)
    return path_attribute(base, name)


def item(base: Value, key: Value) -> Value:
    if isinstance(base, Record):
        name = text(key)
        if name is None:
            return UNKNOWN
        return base.entries.get(name, None if base.complete else UNKNOWN)
    if isinstance(base, Row) and isinstance(key, int) and -len(base.items) <= key < len(base.items):
        return base.items[key] if base.complete or key >= 0 else UNKNOWN
    return UNKNOWN


def method(receiver: Value, name: str, arguments: Row) -> Value:
    """A method of a text, a path, a list or a dict; lists are changed in place.

    A list that a branch extends may hold that branch's items.
    """
    given = arguments.items
    first = given[0] if given else None
    if name in _SAME_PATH and isinstance(receiver, str | Beneath):
        return normal(receiver)
    if name in ("joinpath", "__truediv__"):
        return join([receiver, *given])
    if name == "read_text" and isinstance(receiver, str | Beneath):
        # As `open(path).read()` gives it.
        opened = Made("open", None, Row([receiver]), Record(), "", 0)
        return Made("open.read", opened, Row(), Record(), "", 0)
    if isinstance(receiver, str):
        return _text_method(receiver, name, given)
    if isinstance(receiver, Row):
        if name in ("append", "push", "add"):
            receiver.items += given
        elif name == "extend" and isinstance(first, Row):
            receiver.items += first.items
            receiver.complete &= first.complete
        elif name == "concat" and isinstance(first, Row):
            return Row(receiver.items + first.items, receiver.complete and first.complete)
        elif name == "copy":
            return Row(list(receiver.items), receiver.complete)
        elif name == "entries":
            return Row([Row([place, value]) for place, value in enumerate(receiver.items)], receiver.complete)
    if isinstance(receiver, Record):
        if name == "get":
            default = given[1] if len(given) > 1 else None
            found = item(receiver, first)
            return default if found is None and text(first) not in receiver.entries else found
        if name == "copy":
            return Record(dict(receiver.entries), receiver.complete)
        if name in ("items", "keys", "values"):
            return _listed(receiver, name)
    return UNKNOWN


_SAME_PATH = frozenset({"resolve", "absolute", "as_posix", "expanduser", "toString", "__str__"})
_TEXT_METHODS: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "title": str.title,
    "capitalize": str.capitalize,
    "strip": str.strip,
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "trim": str.strip,
}


def _text_method(receiver: str, name: str, given: list[Value]) -> Value:
    if name in _TEXT_METHODS and not given:
        return _TEXT_METHODS[name](receiver)
    old, new = (*given[:2], None, None)[:2]
    if name in ("replace", "replaceAll") and isinstance(old, str) and isinstance(new, str) and old:
        # Python replaces all, JavaScript's `replace` the first: where they differ it can't be told.
        if name == "replaceAll" or receiver.count(old) <= 1:
            return receiver.replace(old, new) if receiver.count(old) * len(new) < MAX_TEXT else UNKNOWN
    if name == "join" and isinstance(old, Row) and old.complete:
        parts: list[Value] = []
        for value in old.items:
            parts += [receiver, value] if parts else [value]
        return concatenate(parts)
    if name == "split" and isinstance(old, str) and old and len(given) == 1:
        return Row(list(receiver.split(old)))
    return UNKNOWN


def _listed(record: Record, what: str) -> Row:
    if what == "keys":
        return Row(list(record.entries), record.complete)
    if what == "values":
        return Row(list(record.entries.values()), record.complete)
    return Row([Row([key, value]) for key, value in record.entries.items()], record.complete)


_NODE_JOINS = frozenset({"path.join", "path.posix.join"})
_JOINS = (
    _NODE_JOINS | {f"pathlib.{name}" for name in ("Path", "PurePath", "PosixPath")} | {"os.path.join", "path.resolve"}
)
_NORMALISES = frozenset(
    {f"os.path.{name}" for name in ("abspath", "realpath", "normpath")}
    | {"os.fspath", "path.normalize", "url.file_url_to_path"}
)
_PARENTS = frozenset({"os.path.dirname", "path.dirname", "path.posix.dirname"})
_WORKING = frozenset({"os.getcwd", "process.cwd", "pathlib.Path.cwd"})
_OBJECTS = {"Object.entries": "items", "Object.keys": "keys", "Object.values": "values"}


def call(path: str, arguments: Row, keywords: Record) -> Value | NotKnown:
    """What a function of the languages' own libraries gives; `NOT_KNOWN` for any other."""
    given = arguments.items
    first = given[0] if given else None
    if path in _JOINS:
        return join(given, restarts=path not in _NODE_JOINS) if arguments.complete else UNKNOWN
    if path in _NORMALISES:
        return first if isinstance(first, str | Beneath) else UNKNOWN
    if path in ("str", "String"):
        return first if isinstance(first, Beneath) else concatenate([first])
    if path in _PARENTS:
        return parent(first)
    if path in _WORKING:
        return "."
    if path == "dict":
        record = Record()
        update(record, first)
        update(record, keywords)
        return record
    if path in ("list", "tuple", "sorted", "Array.from"):
        items = iterate(first) if given else []
        return UNKNOWN if items is None else Row(items)
    if path == "enumerate":
        items = iterate(first)
        return UNKNOWN if items is None else Row([Row([place, value]) for place, value in enumerate(items)])
    if path == "zip":
        rows = [iterate(value) for value in given]
        known = [row for row in rows if row is not None]
        return Row([Row(list(group)) for group in zip(*known, strict=False)]) if len(known) == len(rows) else UNKNOWN
    if path == "range":
        return Row(list(range(first))) if len(given) == 1 and isinstance(first, int) and first < _MAX_RANGE else UNKNOWN
    if path in _OBJECTS:
        return _listed(first, _OBJECTS[path]) if isinstance(first, Record) else UNKNOWN
    if path == "Object.assign" and isinstance(first, Record):
        record = Record(dict(first.entries), first.complete)
        for other in given[1:]:
            update(record, other)
        return record
    return NotKnown.NOT_KNOWN

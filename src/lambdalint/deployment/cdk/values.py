"""What the expressions of a CDK program come to."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct, field

from lambdalint.deployment.cdk.names import snake
from lambdalint.deployment.cdk.program import Class, Function, Plain

MAX_TEXT = 4096
_MAX_OPTIONS = 6
_MAX_WALK = 200
_MAX_PATH = 500
_MAX_LINEAGE = 20


class Unknown(enum.Enum):
    UNKNOWN = enum.auto()


UNKNOWN = Unknown.UNKNOWN


class Qualified(Struct, frozen=True):
    """Something of another module, or a name that nothing here binds: its dotted path."""

    path: str


class Made(Struct, eq=False):
    """What a call of something outside this file gives: a construct, or a value that describes one.

    `file` and `line` are where it is made; `path` is the callee's, for a method that of the
    `receiver`, a dot and the method's name. `branches` are those around it of conditions that
    aren't known.
    """

    path: str
    receiver: Made | None
    arguments: Row
    keywords: Record
    file: str
    line: int
    branches: tuple[int, ...] = ()

    @property
    def method(self) -> str:
        """The name of the method or class that was called."""
        return self.path.rpartition(".")[2]

    def argument(self, position: int, name: str) -> Value:
        """An argument by its place or its name; None where it isn't given."""
        if name in self.keywords.entries:
            return self.keywords.entries[name]
        if position < len(self.arguments.items):
            return self.arguments.items[position]
        return None if self.arguments.complete and self.keywords.complete else UNKNOWN

    def option(self, name: str) -> Value:
        """A named setting: a keyword, or a property of the object given last; None without it."""
        if self.keywords.entries or not self.keywords.complete:
            return self.keywords.option(name)
        last = self.arguments.items[-1] if self.arguments.items else None
        if isinstance(last, Record):
            return last.option(name)
        if isinstance(last, Unknown | Either | Qualified | Part) or not self.arguments.complete:
            return UNKNOWN
        return None


class Part(Struct, frozen=True, eq=False):
    """An attribute of what was made elsewhere (`table.table_name`), or of such a one, with dots."""

    of: Made
    name: str


class Record(Struct, eq=False):
    """A dict or object; where it isn't `complete`, it may have more entries."""

    entries: dict[str, Value] = field(default_factory=dict)
    complete: bool = True

    def option(self, name: str) -> Value:
        """The entry that is called `name` in Python's spelling; None without it."""
        for key in (name, camel(name)):
            if key in self.entries:
                return self.entries[key]
        return None if self.complete else UNKNOWN


class Row(Struct, eq=False):
    """A list, tuple or array; where it isn't `complete`, it may have more items."""

    items: list[Value] = field(default_factory=list)
    complete: bool = True


class Either(Struct, frozen=True, eq=False):
    """One of several values, as a condition decides that only a deployment knows."""

    options: tuple[Value, ...]


class Beneath(Struct, frozen=True):
    """A path in a folder that isn't known."""

    tail: str


class Scope(Struct, eq=False):
    """The variables of a module or of one call of a function."""

    parent: Scope | None = None
    variables: dict[str, Value] = field(default_factory=dict)
    path: str = ""

    @property
    def file(self) -> str:
        """The path of the module."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope.path

    def holder(self, name: str) -> Scope | None:
        """The innermost scope that binds `name`."""
        scope: Scope | None = self
        while scope is not None and name not in scope.variables:
            scope = scope.parent
        return scope


class Closure(Struct, eq=False):
    """A function of this file; a method holds what it was taken from."""

    function: Function
    scope: Scope
    this: Value = None
    owner: ClassValue | None = None


class ClassValue(Struct, eq=False):
    declaration: Class
    scope: Scope
    bases: tuple[Value, ...]
    entries: dict[str, Value] = field(default_factory=dict)

    def lineage(self) -> list[ClassValue]:
        """The class and its bases of this file, nearest first."""
        found: list[ClassValue] = []
        waiting: list[ClassValue] = [self]
        while waiting and len(found) < _MAX_LINEAGE:
            one = waiting.pop(0)
            if one not in found:
                found.append(one)
                waiting += [base for base in one.bases if isinstance(base, ClassValue)]
        return found

    def find(self, name: str) -> tuple[Function, ClassValue] | None:
        """A method and the class that has it."""
        for one in self.lineage():
            for method in one.declaration.methods:
                if method.name == name:
                    return method, one
        return None


class Instance(Struct, eq=False):
    """An object of a class of this file; `made` is what its base class of another module makes of it."""

    of: ClassValue
    entries: dict[str, Value] = field(default_factory=dict)
    made: Made | None = None


class Super(Struct, frozen=True, eq=False):
    """`super` in a method: `this` seen as the bases of the class that has the method."""

    this: Value
    owner: ClassValue


class Module(Struct, frozen=True, eq=False):
    """A module of the project."""

    scope: Scope


Value: TypeAlias = (
    Plain
    | Unknown
    | Qualified
    | Made
    | Part
    | Record
    | Row
    | Either
    | Beneath
    | Closure
    | ClassValue
    | Instance
    | Super
    | Module
)


def camel(name: str) -> str:
    """`table_name` as `tableName`."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def same(left: Value, right: Value) -> bool:
    """Whether both are surely one value. Containers are compared by identity, which is cheap."""
    if left is right:
        return True
    if isinstance(left, str | int | float | Qualified | Beneath):
        return type(left) is type(right) and left == right
    return False


def merge(*values: Value) -> Value:
    """What may be any of `values`."""
    options: list[Value] = []
    for value in values:
        for option in value.options if isinstance(value, Either) else (value,):
            if not any(same(option, known) for known in options):
                options.append(option)
    if UNKNOWN in options or len(options) > _MAX_OPTIONS:
        return UNKNOWN
    return options[0] if len(options) == 1 else Either(tuple(options))


def truth(value: Value) -> bool | None:
    """Whether a condition holds; None where that can't be told, or the languages differ."""
    if value is None or isinstance(value, str | int | float):
        return bool(value)
    if is_object(value):
        return True
    if isinstance(value, Row | Record) and (value.items if isinstance(value, Row) else value.entries):
        return True
    return None


def text(value: Value) -> str | None:
    """A value as part of a text."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def is_object(value: Value) -> bool:
    """Whether it is surely an object, not nothing: what a class makes, but not what a function gives."""
    if isinstance(value, Made):
        return value.method[:1].isupper()
    return isinstance(value, Closure | ClassValue | Instance | Module)


def size(*values: Value) -> int:
    """How many items and entries values hold themselves."""
    known = [value for value in values if isinstance(value, Row | Record)]
    return sum(len(value.items if isinstance(value, Row) else value.entries) for value in known)


def attribute_path(path: str, name: str) -> str:
    return f"{path}.{snake(name)}" if len(path) < _MAX_PATH else path


def things(*values: Value) -> Iterator[Made]:
    """What was made elsewhere and `values` hold or take a part of, without what is inside of it."""
    seen: set[int] = set()
    waiting = list(reversed(values))
    while waiting and len(seen) < _MAX_WALK:
        value = waiting.pop()
        if value is None or isinstance(value, str | int | float) or id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, Made):
            yield value
        elif isinstance(value, Part):
            waiting.append(value.of)
        elif isinstance(value, Instance):
            waiting.append(value.made)
        elif isinstance(value, Row):
            waiting += value.items[_MAX_WALK::-1]
        elif isinstance(value, Record):
            waiting += list(value.entries.values())[_MAX_WALK::-1]
        elif isinstance(value, Either):
            waiting += value.options[::-1]

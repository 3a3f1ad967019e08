"""What is known of the answers of remote reads, and of what their arguments are made of (answers.toml)."""

from __future__ import annotations

import functools
import re

from lambdalint.knowledge.tables import load


@functools.cache
def _volatile() -> re.Pattern[str]:
    return re.compile("|".join(word for row in load("answers")["volatile"] for word in row["words"]))


def is_volatile(operation: str) -> bool:
    """Whether an operation's answer is new each time, or changes by itself."""
    return _volatile().search(operation) is not None


@functools.cache
def _pure(what: str) -> frozenset[str]:
    return frozenset(name for row in load("answers")["pure"] for name in row.get(what, ()))


def is_pure_method(name: str) -> bool:
    """Whether a method only makes a condition or a text of what it is given."""
    return name in _pure("methods")


def is_pure_function(name: str) -> bool:
    """Whether a function (by its name from outside, or a builtin) only makes something of what it is given."""
    return name in _pure("functions")


def is_number(name: str) -> bool:
    """Whether a constructor, as it is spelled, makes a number of what it is given."""
    return name in load("answers")["numbers"]["constructors"]


def head_lacks() -> frozenset[str]:
    """The fields of a whole object's answer that a head request doesn't give."""
    return frozenset(load("answers")["head"]["lacks"])


def missing_object_errors() -> tuple[str, ...]:
    """The names of errors that a whole request raises for a missing object, and a head request doesn't."""
    return tuple(load("answers")["head"]["missing"])


@functools.cache
def key_endings() -> frozenset[str]:
    """The endings by which a prefix is the whole key of a file."""
    return frozenset(load("answers")["key_endings"]["endings"])


def logs(owner: str, method: str) -> bool:
    """Whether a method of an outside object writes to the log at INFO or above (`log`: at the level it is given)."""
    table = load("answers")["logging"]
    return owner in table["loggers"] and method in table["shown"]


def is_printing(name: str) -> bool:
    """Whether a function writes what it is given to the standard output."""
    return name in load("answers")["logging"]["printing"]


def keeps_all(name: str) -> bool:
    """Whether a function gives a text with all that it was given."""
    return name in load("answers")["logging"]["whole"]


def level(name: str) -> int | None:
    """The number of a log level, by its name."""
    found = load("answers")["logging"]["levels"].get(name)
    return found if isinstance(found, int) else None


def event_loggers() -> frozenset[str]:
    """The decorators that can be told to log the event of each invocation."""
    return frozenset(load("answers")["logging"]["handlers"])

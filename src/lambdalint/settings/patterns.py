"""Patterns in gitignore's form: of `.gitignore` files, and of the configuration.

A folder is asked about before anything in it, as git itself does, so a pattern
is held against one entry at a time and never against what an entry contains.
Libraries that match whole paths can't tell `*`, `!*/`, `!*.py` (all Python
files, at any depth) from a folder that is left out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t-\\r",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_PLAIN = re.compile(r"[^*?\[\\/]+")


class Patterns:
    """The patterns of one folder; paths given to it count from that folder, with forward slashes.

    A folder's path ends with a slash.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = list(lines)
        self._runs: list[_Run] = []  # of patterns with the same sign, the last first: that one decides
        self._taken_back: list[str] = []
        for line in self._lines:
            body = _trimmed(line)
            taken_back = body.startswith("!")
            body = body[1:] if taken_back else body
            if not body or line.startswith("#"):
                continue
            if not self._runs or self._runs[0].ignores == taken_back:
                self._runs.insert(0, _Run(not taken_back))
            self._runs[0].add(body)
            if taken_back:
                self._taken_back.append(body.lstrip("/"))
        for run in self._runs:
            run.compile()

    @classmethod
    def read(cls, path: str) -> Patterns | None:
        """The patterns of a file; None where it can't be read or holds none."""
        try:
            with open(path, "rb") as file:
                text = os.fsdecode(file.read()).removeprefix("\ufeff")
        except OSError:
            return None
        patterns = cls(line.removesuffix("\r") for line in text.split("\n"))
        return patterns if patterns._runs else None

    def check(self, relative: str) -> bool | None:
        """True: left out. False: taken back by a `!` line. None: nothing is said."""
        is_folder = relative.endswith("/")
        path = relative[:-1] if is_folder else relative
        name = path[path.rfind("/") + 1 :]
        for run in self._runs:
            if run.matches(path, name, is_folder):
                return run.ignores
        return None

    def covers(self, relative: str) -> bool:
        """Whether a file, or a folder above it, is left out."""
        end = relative.find("/")
        while end >= 0:
            if self.check(relative[: end + 1]):
                return True
            end = relative.find("/", end + 1)
        return bool(self.check(relative))

    def takes_back_in(self, relative: str) -> bool:
        """Whether a `!` line names something below the folder `relative`."""
        return any(body.startswith(relative) and body != relative for body in self._taken_back)

    def entered(self, relative: str) -> Patterns:
        """The patterns for walking a folder that they leave out: without those that match it.

        `*` or `gen/**` would leave out all that the folder holds as well.
        """
        if not relative or not self.check(relative):
            return self
        return Patterns(line for line in self._lines if not Patterns([line]).check(relative))


class _Run:
    """Neighbouring patterns with the same sign, whose order therefore doesn't matter.

    Most are a plain name or `*.suffix` and are looked up; the rest becomes one
    expression each for names and for paths, and for folders alone.
    """

    def __init__(self, ignores: bool) -> None:
        self.ignores = ignores
        self._names: tuple[set[str], set[str]] = (set(), set())  # of anything, of folders alone
        self._suffixes: tuple[str, ...] = ()
        self._expressions: dict[tuple[bool, bool], list[str]] = {}  # (path or name, folders alone)
        self._compiled: list[tuple[bool, bool, re.Pattern[str]]] = []

    def add(self, body: str) -> None:
        """Take in one pattern, without its sign; what is no pattern matches nothing, as in git."""
        folders_only = body.endswith("/")
        body = body[:-1] if folders_only else body
        by_path = "/" in body
        if _PLAIN.fullmatch(body):
            self._names[folders_only].add(body)
        elif not folders_only and body[:1] == "*" and _PLAIN.fullmatch(body[1:]):
            self._suffixes += (body[1:],)
        else:
            expression = translate(body.removeprefix("/"))
            if expression is not None:
                self._expressions.setdefault((by_path, folders_only), []).append(expression)

    def compile(self) -> None:
        for (by_path, folders_only), parts in self._expressions.items():
            self._compiled.append((by_path, folders_only, re.compile("|".join(parts), re.DOTALL)))

    def matches(self, path: str, name: str, is_folder: bool) -> bool:
        if name in self._names[0] or name.endswith(self._suffixes) or (is_folder and name in self._names[1]):
            return True
        return any(
            expression.fullmatch(path if by_path else name) is not None
            for by_path, folders_only, expression in self._compiled
            if is_folder or not folders_only
        )


def translate(pattern: str) -> str | None:
    """The expression for a pattern without sign and outer slashes; None where it's malformed."""
    result = ""
    position = 0
    while position < len(pattern):
        char = pattern[position]
        if char == "*":
            stars = position
            while pattern[position : position + 1] == "*":
                position += 1
            whole = stars == 0 or pattern[stars - 1] == "/"
            if position - stars > 1 and whole and pattern[position : position + 1] in ("", "/"):
                # `**/` stands for any folders or none, `/**` at the end for all that is inside.
                result += "(?:.*/)?" if position < len(pattern) else ".*"
                position += 1
            else:
                result += "[^/]*"
            continue
        if char == "?":
            result += "[^/]"
        elif char == "[":
            found = _bracket(pattern, position + 1)
            if found is None:
                return None
            part, position = found
            result += part
            continue
        else:
            if char == "\\":
                position += 1
                if position == len(pattern):
                    return None
                char = pattern[position]
            result += re.escape(char)
        position += 1
    return result or None


def _bracket(pattern: str, position: int) -> tuple[str, int] | None:
    """The expression for a bracket whose inside begins at `position`, and where it ends."""
    negated = pattern[position : position + 1] in ("!", "^")
    position += negated
    parts: list[str] = []
    previous = ""  # what a range may begin with
    first = True
    while first or pattern[position : position + 1] != "]":
        first = False
        char = pattern[position : position + 1]
        if pattern.startswith("[:", position):
            end = pattern.find("]", position + 2)
            if end < 0:
                return None
            if end > position + 2 and pattern[end - 1] == ":":
                if pattern[position + 2 : end - 1] not in _CLASSES:
                    return None
                parts.append(_CLASSES[pattern[position + 2 : end - 1]])
                previous, position = "", end + 1
                continue
        is_range = char == "-" and previous != "" and pattern[position + 1 : position + 2] not in ("", "]")
        position += is_range
        if pattern[position : position + 1] == "\\":
            position += 1
        char = pattern[position : position + 1]
        if not char:
            return None
        if is_range and previous <= char:
            parts.append(f"{re.escape(previous)}-{re.escape(char)}")
        elif not is_range:
            parts.append(re.escape(char))
        previous = "" if is_range else char
        position += 1
    inside = "".join(parts)
    return f"(?!/)[{'^' if negated else ''}{inside}]" if inside else "(?!)", position + 1


def _trimmed(line: str) -> str:
    """The line without spaces at its end, unless a backslash keeps them."""
    end = len(line)
    while end and line[end - 1] == " ":
        end -= 1
    backslashes = end - len(line[:end].rstrip("\\"))
    return line[: end + 1] if backslashes % 2 and end < len(line) else line[:end]

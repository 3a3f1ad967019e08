"""Where the code of a deployed function is, when its description names a place that is built.

A description may name a zip, a build folder or an image: what stands in the project has another
path then. The import root is found by trying: a Python file whose path ends in the handler's
module path and which defines the handler's name. Several such files are none, unless the code's
path names the folder of exactly one, or one is nearer to the description than all others.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile

from msgspec import Struct

from lambdalint.deployment.model import DeployedFunction, InlineCode
from lambdalint.deployment.places import Target, handler_target, is_archive, places, unique
from lambdalint.knowledge.layout import is_test_path

_FUNCTION = re.compile(rb"(?m)^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)\b(?!\s*\(\s*(?:self|cls)\b)")
_DEFINITION = r"""(?mx)
    ^ (?: [ \t]* (?:async[ \t]+)? def [ \t]+ {0} \b (?! \s*\(\s*(?:self|cls)\b )
        | (?:[\w.]+,[ \t]*)* {0} [ \t]* (?:=(?!=) | :[^=\n]+= | ,[^=\n]*=)
        | class [ \t]+ {0} \b
        | [ \t]* from [ \t]+ [\w.]+ [ \t]+ import [ \t]* (?: \([^)]{{0,1000}}\b{0}\b | [^\n]*\b{0}\b | \* )
      )"""
_SHOWN = 3


class Search:
    """The project's Python files: `read` gives the bytes of one, or raises OSError.

    `inline` is code that stands in the descriptions: its functions need no search.
    """

    def __init__(self, files: Iterable[str], read: Callable[[str], bytes], inline: Iterable[InlineCode] = ()) -> None:
        self.files = set(files)
        self.written = {posixpath.dirname(code.path) for code in inline}
        self.read = read
        # By the last part of their module path.
        self.named: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self.files):
            self.named[posixpath.basename(_module(path))].append(path)
        self._candidates: dict[tuple[Target, bool], list[str]] = {}
        self._defines: dict[tuple[str, str], bool] = {}
        self._functions: dict[str, set[bytes]] = {}

    def locate(self, functions: Iterable[DeployedFunction]) -> tuple[DeployedFunction, ...]:
        """The functions, each with the code root first that holds its handler, and the note of how it was found."""
        found = [self._place(function) for function in functions]
        nearest: dict[str, _Found] = {}
        for one in found:
            if one.path not in nearest or one.shared > nearest[one.path].shared:
                nearest[one.path] = one
        return tuple(one.located() if one.stands_beside(nearest[one.path]) else one.given_up() for one in found)

    def _place(self, function: DeployedFunction) -> _Found:
        if self.written.intersection(function.code_roots):
            return _Found(function, note="the description holds the code itself")
        if not function.handler:
            return _Found(function)
        target = handler_target(function.handler)
        if target is None:
            return _Found(function, note=f"{function.handler} is no module with a name in it")
        declared = [place for place in places(function) if place.path in self.files]
        for place in declared:
            if self.defines(place.path, target.name):
                return _Found(function, place.path, place.root, f"{place.path}, by the code's place in the description")
        if declared:
            place = declared[0]
            return _Found(function, place.path, place.root, f"{place.path} doesn't define {target.name}")
        return self._search(function, target)

    def _search(self, function: DeployedFunction, target: Target) -> _Found:
        """For a handler that isn't where the description puts the code."""
        below = "/".join(part for part in target.module.split("/") if part not in (".", ".."))
        ending = Target(below, target.name)
        defining = self._defining(ending, is_test_path(function.template))
        if not defining:
            return _Found(function, note=f"no {below}.py of the project defines {target.name}{_built(function)}")
        named = _named(defining, function)
        pool = named or defining
        chosen = pool[0] if len(pool) == 1 else _nearest(pool, function.template)
        if chosen is None:
            shown = ", ".join(pool[:_SHOWN]) + (", …" if len(pool) > _SHOWN else "")
            return _Found(function, note=f"{len(pool)} files may be meant: {shown}{_built(function)}")
        if len(pool) > 1:
            why = "the nearest to the description"
        else:
            why = "whose folder the code's path names" if named else "the only file that fits"
        if ".." in target.module:
            function = replace(function, handler=f"{below}.{target.name}")
        return _Found(
            function, chosen, _root(chosen, ending) or ".", f"{chosen}, {why}{_built(function)}", weak=not named
        )

    def _defining(self, target: Target, in_tests: bool) -> list[str]:
        """The files that may be the target's module and define its name; those of tests for tests alone."""
        key = (target, in_tests)
        if key not in self._candidates:
            self._candidates[key] = [
                path
                for path in self.named[posixpath.basename(target.module)]
                if _root(path, target) is not None
                and (in_tests or not is_test_path(path))
                and self.defines(path, target.name)
            ]
        return self._candidates[key]

    def defines(self, path: str, name: str) -> bool:
        """Whether the file seems to bind `name` at its top level."""
        key = (path, name)
        if key not in self._defines:
            self._defines[key] = name.encode() in self._functions_of(path) or (
                re.search(_DEFINITION.format(re.escape(name)).encode(), self._text(path)) is not None
            )
        return self._defines[key]

    def _functions_of(self, path: str) -> set[bytes]:
        """What `_DEFINITION` finds first, for all names at once: one file may hold thousands of handlers."""
        if path not in self._functions:
            self._functions[path] = set(_FUNCTION.findall(self._text(path)))
        return self._functions[path]

    def _text(self, path: str) -> bytes:
        try:
            return self.read(path)
        except OSError:
            return b""


class _Found(Struct):
    """A function with its file and import root, where there is one. `weak`: a guess that a better claim beats."""

    function: DeployedFunction
    path: str = ""
    root: str = ""
    note: str = ""
    weak: bool = False

    @property
    def shared(self) -> int:
        """How many folders the description and the file have in common."""
        pairs = zip(self.function.template.split("/")[:-1], self.path.split("/")[:-1], strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

    def stands_beside(self, nearest: _Found) -> bool:
        """Whether the file is this function's, as far as the nearest claim on the same file leaves it open.

        What a nearer description has is hardly what this one builds, unless both call it the same.
        """
        return not self.weak or self.shared == nearest.shared or self.function.name == nearest.function.name

    def given_up(self) -> DeployedFunction:
        """The function without the file."""
        return replace(self.function, note=f"{self.path} is a nearer description's{_built(self.function)}")

    def located(self) -> DeployedFunction:
        """The function with its code root first."""
        roots = unique([self.root, *self.function.code_roots]) if self.root else self.function.code_roots
        return replace(self.function, code_roots=roots, note=self.note)


def _nearest(paths: list[str], template: str) -> str | None:
    """The one path that shares more of its folders with the description than all others."""
    folder = posixpath.dirname(template)
    while True:
        near = [path for path in paths if not folder or path.startswith(f"{folder}/")]
        if near:
            return near[0] if len(near) == 1 else None
        folder = posixpath.dirname(folder)


def _named(paths: list[str], function: DeployedFunction) -> list[str]:
    """The paths that have the longest folder name among those that the code's path ends in.

    `room_generator_api_handler.zip` names `src/api_handler/app.py`.
    """
    written = {_plain(posixpath.basename(path)) for path in (function.artifact, *function.code_roots)}
    # The description's own folder stands for no place of the code.
    written -= {"", ".", _plain(posixpath.basename(posixpath.dirname(function.template)))}
    parts = [word.split("_") for word in written]
    ends = {"_".join(words[index:]) for words in parts for index in range(len(words))}
    best: dict[str, int] = {}
    for path in paths:
        best[path] = max((len(name) for name in _folders(path) & ends), default=0)
    longest = max(best.values(), default=0)
    return [path for path in paths if longest and best[path] == longest]


@lru_cache(maxsize=10_000)
def _folders(path: str) -> frozenset[str]:
    """The names of the folders that a file stands in."""
    return frozenset(map(_plain, posixpath.dirname(path).split("/"))) - {""}


def _plain(name: str) -> str:
    stem = posixpath.splitext(name)[0] if is_archive(name) else name
    return stem.lower().replace("-", "_")


def _module(path: str) -> str:
    """The path without suffix, that of a package being its folder's."""
    return path.removesuffix(".py").removesuffix("/__init__")


def _root(path: str, target: Target) -> str | None:
    """The folder below which `path` is the target's module."""
    for file in target.files:
        if path == file:
            return "."
        if path.endswith(f"/{file}"):
            return path[: -len(file) - 1]
    return None


def _built(function: DeployedFunction) -> str:
    return f" (deployed as {function.artifact})" if function.artifact else ""

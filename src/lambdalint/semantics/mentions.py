"""Which files of a project speak of a module, as their bytes say."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property

_WORD = re.compile(rb"\w+")
_STAR = re.compile(rb"\bimport\s*\(?\s*\*")
_LISTED = re.compile(rb"import\s*(\([^)]*|[^\n(]*)")
_QUOTED = re.compile(rb"[\"'](\w+)(?=[\"'])")
_MEMBER = re.compile(rb"\.(\w+)")


class Text:
    """The bytes of a file, with what is quickly asked of them."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data

    @cached_property
    def imports_star(self) -> bool:
        """Whether it may import all names of something."""
        return _STAR.search(self.data) is not None

    def may_take(self, name: bytes) -> bool:
        """Whether it may take a name from a module: quoted, behind a dot or an `import`."""
        return name in self._taken or _WORD.fullmatch(name) is None

    @cached_property
    def _taken(self) -> set[bytes]:
        listed = {word for names in _LISTED.findall(self.data) for word in _WORD.findall(names)}
        return listed.union(_QUOTED.findall(self.data), _MEMBER.findall(self.data))


class Mentions:
    """Which files, tests included, speak of a module by its name."""

    def __init__(self, files: Sequence[str], read: Callable[[str], bytes]) -> None:
        self._files = files
        self._read = read
        self._unreadable: dict[str, OSError] = {}
        self._words: dict[str, set[bytes]] = {}  # by file, of those that modules are called by
        self._holding: dict[bytes, list[str]] | None = None
        self._by_stem: dict[bytes, dict[str, Text]] = {}
        self._texts: dict[str, Text] = {}

    def without(self, paths: Collection[str], read: Callable[[str], bytes]) -> Mentions:
        """The same with some files to be looked at anew."""
        other = Mentions(self._files, read)
        other._words = {path: words for path, words in self._words.items() if path not in paths}
        other._texts = {path: text for path, text in self._texts.items() if path not in paths}
        return other

    def of(self, path: str) -> Iterator[Text]:
        """The texts of the other files that speak of a module. Raises OSError where one of them can't be read."""
        found = self._speaking(_stem(path))
        for unreadable, error in self._unreadable.items():
            if unreadable != path:
                raise error
        return (text for other, text in found.items() if other != path)

    def _speaking(self, stem: bytes) -> dict[str, Text]:
        known = self._by_stem.get(stem)
        if known is None:
            words = re.escape(stem)
            name = re.compile(
                rb"\b(?:from|import)\b[^\n]*\b" + words + rb"\b|[\"'.]" + words + rb"[\"'.]|\b" + words + rb"\."
            )
            texts = ((path, self._text(path)) for path in self._with_words(stem))
            known = self._by_stem[stem] = {path: text for path, text in texts if name.search(text.data)}
        return known

    def _text(self, path: str) -> Text:
        if path not in self._texts:
            self._texts[path] = Text(path, self._read(path))
        return self._texts[path]

    def _with_words(self, stem: bytes) -> Sequence[str]:
        """The files that hold the longest word of a module's name."""
        if self._holding is None:
            self._holding = self._look()
        words = _WORD.findall(stem)
        return self._holding.get(max(words, key=len), []) if words else self._files

    def _look(self) -> dict[bytes, list[str]]:
        wanted = {word for path in self._files for word in _WORD.findall(_stem(path))}
        holding: dict[bytes, list[str]] = defaultdict(list)
        for path in self._files:
            if path not in self._words:
                try:
                    self._words[path] = wanted.intersection(_WORD.findall(self._read(path)))
                except OSError as error:
                    self._unreadable[path] = error
                    continue
            for word in self._words[path]:
                holding[word].append(path)
        return holding


def _stem(path: str) -> bytes:
    return posixpath.basename(path).removesuffix(".py").encode()

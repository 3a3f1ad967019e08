"""Suppressions as they stand in a file: flake8's `# noqa`, and our own `# lambdalint: ignore[...]`.

`# noqa` means here exactly what it means to flake8, oddities included, so that
the command line and the plugin say the same:

- the first `# noqa` counts, on the finding's physical line or, where a string or
  a backslash joins several lines, anywhere in them, be it inside the string;
- `# noqa: LMB1` covers all codes that begin so, `# noqa: lmb101` covers nothing,
  and `# noqa : LMB101` or `# noqa: LMB` cover everything;
- a line that begins with `# flake8: noqa` silences the file, whatever follows.
"""

from __future__ import annotations

import bisect
import contextlib
import functools
import io
import itertools
import re
import tokenize
from collections.abc import Iterator

from msgspec import Struct

from lambdalint.source import Source

# Both are flake8's own, and a test holds them equal to the installed flake8's.
NOQA_INLINE = re.compile(r"# noqa(?::[\s]?(?P<codes>([A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.IGNORECASE)
NOQA_FILE = re.compile(r"\s*# flake8[:=]\s*noqa", re.IGNORECASE)
_OWN = re.compile(r"#\s*lambdalint\s*:\s*ignore(?P<file>-file)?(?![\w-])(?:\s*\[(?P<codes>[^\]\n]*)\])?", re.IGNORECASE)
# `ignore: LMB101`, `ignore(LMB101)`, `ignore LMB101`, `ignore[LMB101`: taken as `ignore`, all would go.
_MALFORMED = re.compile(r"\s*\[|[(:=]|\s+LMB[0-9]", re.IGNORECASE)
_DEFINITION = re.compile(r"^(?:@|def |class |async def )", re.MULTILINE)  # at the left margin
_MENTIONS = re.compile(r"noqa|lambdalint\s*:", re.IGNORECASE)
_OURS = re.compile(r"LMB|[Ll][Aa][Mm][Bb][Dd][Aa][Ll][Ii][Nn][Tt]")
_NAME = re.compile(r"[^,\s]+")
_NO_CODE = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT})
_TEMPLATES = (".json", ".template", ".tf", ".toml", ".ts", ".yaml", ".yml")


class Name(Struct, frozen=True):
    """A code or slug as it's written, and its offsets in the text."""

    text: str
    start: int
    end: int


class Suppression(Struct, frozen=True):
    """One suppression.

    `first` and `last` are the lines it holds for, `first` 0 for the whole file; `names` what it
    suppresses, None for everything.
    `start` and `end` are the offsets of the suppression, `comment` those of the comment around it:
    None where it can't be told whether it is one. `malformed`: it was meant, but can't be read.
    """

    first: int
    last: int
    names: tuple[Name, ...] | None
    own: bool
    start: int
    end: int
    comment: tuple[int, int] | None
    malformed: bool = False


def mentions(source: Source) -> bool:
    """Whether a file may hold a suppression at all."""
    return _MENTIONS.search(source.text) is not None


def mentions_us(source: Source) -> bool:
    """Whether a suppression may be meant for us, so that it can be told that it has no effect."""
    return _OURS.search(source.text) is not None


def read(source: Source) -> list[Suppression] | None:
    """The suppressions of a file; None where `# flake8: noqa` silences all of it."""
    if any(map(NOQA_FILE.match, source.lines)):
        return None
    layout = _Layout(source)
    return [*_noqa(source, layout), *_own(source, layout)]


def joined_lines(source: Source) -> list[tuple[int, int]]:
    """By line: the first and the last of the lines that a comment at the end of the last one holds for."""
    if source.path.endswith(_TEMPLATES):
        return _Layout(source).groups
    # Functions and classes one by one: while one of them is typed in, the others are as they were.
    starts = sorted({0, len(source.text), *(found.start() for found in _DEFINITION.finditer(source.text))})
    groups: list[tuple[int, int]] = []
    for start, end in itertools.pairwise(starts):
        found = _joined(source.text[start:end])
        if found is None:  # what looks like a definition stands in a string, or the text is no Python
            return _Layout(source).groups
        before = len(groups)
        groups += [(first + before, last + before) for first, last in found]
    return groups


@functools.lru_cache(maxsize=512)
def _joined(text: str) -> tuple[tuple[int, int], ...] | None:
    """As `joined_lines`, of a piece of a file; None where it doesn't end where a statement ends."""
    layout = _Layout(Source("", text))
    return None if layout.comments is None else tuple(layout.groups)


class _Layout:
    """A file's lines as flake8 joins them, and its comments. Templates, and files that can't be split
    into tokens, have their lines alone: `comments` is None."""

    def __init__(self, source: Source) -> None:
        self.source = source
        ended = source.text.endswith(("\n", "\r"))
        self.lines = [f"{line}\n" for line in source.lines]
        if ended:
            self.lines.pop()
        numbered = list(enumerate(self.lines, 1))
        self.groups = [(number, number) for number, _ in numbered]  # by line: those that it's joined with
        self.comments: list[tuple[int, int]] | None = None
        self._code = [number for number, line in numbered if line.strip() and line.lstrip()[0] != "#"]
        self._statements = [(number, number) for number in self._code]
        if not source.path.endswith(_TEMPLATES):
            with contextlib.suppress(SyntaxError, tokenize.TokenError):
                self._tokenize()

    def _tokenize(self) -> None:
        first, last = len(self.lines) + 2, -1
        statement = 0
        code: list[int] = []
        statements: list[tuple[int, int]] = []
        comments: list[tuple[int, int]] = []
        mapped: dict[int, tuple[int, int]] = {}
        for kind, text, (line, column), (end_line, _), _ in tokenize.generate_tokens(
            io.StringIO("".join(self.lines)).readline
        ):
            if kind == tokenize.COMMENT:
                start = self.source.line_starts[line - 1] + column
                comments.append((start, start + len(text)))
            if kind in (tokenize.ENDMARKER, tokenize.DEDENT):
                continue
            first, last = min(first, line), max(last, end_line)
            if kind not in _NO_CODE:
                code.append(line)
                statement = statement or line
            if kind in (tokenize.NL, tokenize.NEWLINE):
                for number in range(first, last + 1):
                    mapped[number] = (first, last)
                first, last = len(self.lines) + 2, -1
            if kind == tokenize.NEWLINE:
                statements.append((statement or line, end_line))
                statement = 0
        # A line that no token touches stands for itself.
        self.groups = [mapped.get(number, group) for number, group in enumerate(self.groups, 1)]
        self.comments, self._code, self._statements = comments, code, statements

    def after(self, line: int) -> tuple[int, int]:
        """The lines that a comment alone on `line` speaks of: the next statement's, or in the midst of a
        statement the next line with code."""
        index = bisect.bisect_right(self._statements, (line, len(self.lines) + 2))
        if index and self._statements[index - 1][1] >= line:
            following = bisect.bisect_right(self._code, line)
            return self.groups[self._code[following] - 1] if following < len(self._code) else (1, 0)
        return self._statements[index] if index < len(self._statements) else (1, 0)


def _noqa(source: Source, layout: _Layout) -> Iterator[Suppression]:
    for first, last in dict.fromkeys(layout.groups):
        joined = "".join(layout.lines[first - 1 : last])
        match = NOQA_INLINE.search(joined)
        if match is None:
            continue

        def offset(index: int, first: int = first, joined: str = joined) -> int:
            line = joined.count("\n", 0, index)
            return source.line_starts[first - 1 + line] + index - (joined.rfind("\n", 0, index) + 1)

        names = None
        end = match.end()
        if match["codes"] is not None:
            spans = [found.span() for found in _NAME.finditer(joined, *match.span("codes"))]
            names = tuple(Name(joined[start:end], offset(start), offset(end)) for start, end in spans)
            end = spans[-1][1]
        start = offset(match.start())
        around = (span for span in layout.comments or () if span[0] <= start < span[1])
        yield Suppression(first, last, names, False, start, offset(end), next(around, None))


def _own(source: Source, layout: _Layout) -> Iterator[Suppression]:
    text = source.text
    if layout.comments is not None:
        spans = layout.comments
    else:
        spans = [(start, start + len(line)) for start, line in zip(source.line_starts, source.lines, strict=True)]
    for start, end in spans:
        for match in _OWN.finditer(text, start, end):
            line = source.position(match.start()).line
            alone = not text[source.line_starts[line - 1] : match.start()].strip(" \t\f#")
            if match["file"]:
                first, last = 0, 0
            else:
                first, last = layout.after(line) if alone else layout.groups[line - 1]
            names = None
            if match["codes"] is not None:
                names = tuple(Name(n.group(), *n.span()) for n in _NAME.finditer(text, *match.span("codes")))
            malformed = match["codes"] is None and _MALFORMED.match(text, match.end(), end) is not None
            # What follows is the reason, which goes with the suppression.
            stop = text.find("#", match.end(), end)
            stop = end if stop < 0 else stop
            comment = (start, end) if layout.comments is not None else None
            yield Suppression(first, last, names, True, match.start(), stop, comment, malformed)

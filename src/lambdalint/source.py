"""Bytes to text and back, and offsets to places, without loss.

A file's byte order mark, encoding and newlines survive a round trip: a `Source`
holds the text as decoded (newlines untouched, mark stripped) and knows how to
write an edited text in the same form.
"""

from __future__ import annotations

import bisect
import codecs
import io
import re
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from lambdalint.findings import Edit, Position, Span

# Python's own idea of a line: form feeds and Unicode separators don't end one.
_NEWLINE = re.compile(r"\r\n|\r|\n")


class UnreadableError(Exception):
    """The bytes are no text: `reason` says why, `line` where as far as known."""

    def __init__(self, reason: str, line: int = 1, column: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column


@dataclass(frozen=True)
class Source:
    """The decoded text of one file; `path` is how the user named it."""

    path: str
    text: str
    encoding: str = "utf-8"
    bom: bool = False

    @classmethod
    def from_bytes(cls, path: str, data: bytes) -> Source:
        """Decode by the byte order mark and the coding line (PEP 263).

        Raises UnreadableError where the bytes can't be decoded or hold a NUL.
        """
        bom = data.startswith(codecs.BOM_UTF8)
        body = data[len(codecs.BOM_UTF8) :] if bom else data
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
            encoding = "utf-8" if bom else encoding
            text = body.decode(encoding)
        except SyntaxError as error:
            # Bytes in the first two lines that aren't UTF-8 end up here as well; else the name is unknown.
            _require_utf8(body)
            raise UnreadableError(f"its encoding can't be told: {error.msg}") from error
        except UnicodeDecodeError as error:
            raise _undecodable(body, error) from error
        except (LookupError, UnicodeError) as error:
            raise UnreadableError(f"its encoding {encoding} can't be decoded: {error}") from error
        if "\0" in text:
            line = _line_at(text, text.index("\0"))
            raise UnreadableError("it holds a NUL byte, so it is no Python source", line)
        return cls(path, text, encoding, bom)

    def encode(self, text: str) -> bytes:
        """The bytes of an edited text in this file's own encoding and mark."""
        data = text.encode(self.encoding)
        return codecs.BOM_UTF8 + data if self.bom else data

    @cached_property
    def newline(self) -> str:
        """The file's first line ending, or a line feed."""
        found = _NEWLINE.search(self.text)
        return found.group() if found else "\n"

    @cached_property
    def line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _NEWLINE.finditer(self.text))]

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their endings; line n is `lines[n - 1]`."""
        return _NEWLINE.split(self.text)

    def offset(self, position: Position) -> int:
        """The index into `text` of a place; past the end is the end."""
        if position.line > len(self.line_starts):
            return len(self.text)
        return min(self.line_starts[position.line - 1] + position.column, len(self.text))

    def position(self, offset: int) -> Position:
        line = bisect.bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1])

    def slice(self, span: Span) -> str:
        return self.text[self.offset(span.start) : self.offset(span.end)]

    def apply(self, edits: Iterable[Edit]) -> str:
        """The text after `edits`, which must not overlap (ValueError)."""
        pieces: list[str] = []
        done = 0
        for edit in sorted(edits, key=lambda e: (e.span.start, e.span.end)):
            start, end = self.offset(edit.span.start), self.offset(edit.span.end)
            if start < done:
                raise ValueError(f"edits overlap at line {edit.span.start.line}")
            pieces += (self.text[done:start], edit.text)
            done = end
        return "".join([*pieces, self.text[done:]])


def _require_utf8(data: bytes) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _undecodable(data, error) from error


def _undecodable(data: bytes, error: UnicodeDecodeError) -> UnreadableError:
    reason = f"it isn't valid {error.encoding}: byte 0x{data[error.start]:02x} can't be decoded"
    return UnreadableError(reason, _line_at(data[: error.start].decode("latin-1"), error.start))


def _line_at(text: str, offset: int) -> int:
    return sum(1 for _ in _NEWLINE.finditer(text, 0, offset)) + 1

"""Bytes to text and back, and offsets to places."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdalint.findings import Edit, Position, Span
from lambdalint.source import Source, UnreadableError

TEXTS = st.text(st.sampled_from("ab é😀\n\r\t\f\x0b\x85\u2028#"), max_size=30)


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (b"", "utf-8", ""),
        ("x = 'é😀'\n".encode(), "utf-8", "x = 'é😀'\n"),
        (codecs.BOM_UTF8 + "é\r\n".encode(), "utf-8", "é\r\n"),
        (codecs.BOM_UTF8 + b"# coding: utf-8\nx", "utf-8", "# coding: utf-8\nx"),
        (b"# -*- coding: latin-1 -*-\n\xe9", "iso-8859-1", "# -*- coding: latin-1 -*-\n\xe9"),
        (b"#!/x\n# vim: set fileencoding=cp1252 :\n\x80", "cp1252", None),
        (b"# coding: euc-jp\n\xa4\xa2", "euc-jp", None),
        (b"a\rb\r\nc\n\x0cd", "utf-8", "a\rb\r\nc\n\x0cd"),
    ],
)
def test_bytes_survive_a_round_trip(data: bytes, encoding: str, text: str | None) -> None:
    source = Source.from_bytes("x.py", data)
    assert source.encoding == encoding
    assert text is None or source.text == text
    assert source.encode(source.text) == data


@pytest.mark.parametrize(
    ("data", "reason", "line"),
    [
        (b"x = 1\n# \xff\n", "it isn't valid utf-8: byte 0xff can't be decoded", 2),
        (b"\xff", "it isn't valid utf-8: byte 0xff can't be decoded", 1),
        (b"a\nb\nc\n\xe9\n", "it isn't valid utf-8: byte 0xe9 can't be decoded", 4),
        (b"a\rb\r\nc\r\xe9", "it isn't valid utf-8: byte 0xe9 can't be decoded", 4),
        (codecs.BOM_UTF8 + b"a\n\xff", "it isn't valid utf-8: byte 0xff can't be decoded", 2),
        (b"# coding: ascii\n\n\n\xe9", "it isn't valid ascii: byte 0xe9 can't be decoded", 4),
        (b"# coding: nonsense\n", "its encoding can't be told: unknown encoding: nonsense", 1),
        (codecs.BOM_UTF8 + b"# coding: latin-1\n", "its encoding can't be told: encoding problem: utf-8", 1),
        (b"# coding: rot13\n", "its encoding rot13 can't be decoded: ", 1),
        (b"# coding: undefined\n", "its encoding undefined can't be decoded: ", 1),
        (b"a\nb\0\n", "it holds a NUL byte, so it is no Python source", 2),
    ],
)
def test_what_is_no_text(data: bytes, reason: str, line: int) -> None:
    with pytest.raises(UnreadableError) as caught:
        Source.from_bytes("x.py", data)
    assert caught.value.reason.startswith(reason)
    assert caught.value.line == line


@given(TEXTS)
def test_offsets_and_places_are_inverse(text: str) -> None:
    source = Source("x.py", text)
    assert len(source.lines) == len(source.line_starts)
    for offset in range(len(text) + 1):
        place = source.position(offset)
        assert source.offset(place) == offset
        assert source.slice(Span(Position(place.line, 0), place)) == text[source.line_starts[place.line - 1] : offset]
    for line, start in zip(source.lines, source.line_starts, strict=True):
        assert text.startswith(line, start)
    assert source.offset(Position(len(source.lines) + 1, 0)) == len(text)
    assert source.offset(Position(len(source.lines), 99)) == len(text)


def test_lines_are_pythons() -> None:
    source = Source("x.py", "a\x0cb\x85c\u2028d\re\r\nf\n")
    assert source.lines == ["a\x0cb\x85c\u2028d", "e", "f", ""]
    assert source.newline == "\r"
    assert Source("x.py", "one line").newline == "\n"


@given(TEXTS, st.data())
def test_edits_are_applied_where_they_point(text: str, data: st.DataObject) -> None:
    source = Source("x.py", text)
    offsets = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True)))
    pairs = list(zip(offsets[::2], offsets[1::2], strict=False))
    edits = [
        Edit(Span(source.position(start), source.position(end)), f"<{number}>")
        for number, (start, end) in enumerate(pairs)
    ]
    wanted = text
    for number, (start, end) in reversed(list(enumerate(pairs))):
        wanted = wanted[:start] + f"<{number}>" + wanted[end:]
    assert source.apply(data.draw(st.permutations(edits))) == wanted


def test_edits_that_meet_and_edits_that_overlap() -> None:
    source = Source("x.py", "abc\ndef")
    meeting = [Edit(Span.at(1, 1, 1, 3), "X"), Edit(Span.at(1, 1, 1, 1), "<"), Edit(Span.at(1, 3, 2, 0), ">")]
    assert source.apply(meeting) == "a<X>def"
    with pytest.raises(ValueError, match="overlap at line 1"):
        source.apply([Edit(Span.at(1, 0, 1, 2), ""), Edit(Span.at(1, 1, 2, 0), "")])

"""Places are those of libcst's provider, or better where libcst drops text."""

from __future__ import annotations

import libcst as cst
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libcst.metadata import MetadataWrapper, PositionProvider
from syntax_samples import LOSSY, SAMPLES, standard_library

from lambdalint.findings import Span
from lambdalint.source import Source
from lambdalint.syntax.driver import walk
from lambdalint.syntax.locate import Locator
from lambdalint.syntax.parse import parse


def located(text: str) -> tuple[Source, cst.Module, Locator]:
    source = Source("app.py", text)
    module = parse(source)
    return source, module, Locator(source, module)


def same(text: str, step: int = 1) -> None:
    _, module, locator = located(text)
    places = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    nodes = [node for node in walk(module) if node is not module]
    for node in nodes[::step]:
        place = places[node]
        expected = Span.at(place.start.line, place.start.column, place.end.line, place.end.column)
        assert locator.span(node) == expected, node
        assert locator.exact(node) == expected, node


@pytest.mark.parametrize("text", SAMPLES)
def test_samples(text: str) -> None:
    same(text)


@pytest.mark.parametrize("path", standard_library(12), ids=lambda path: path.stem)
def test_standard_library(path: object) -> None:
    assert hasattr(path, "read_bytes")
    same(Source.from_bytes("app.py", path.read_bytes()).text, 7)


@given(st.lists(st.sampled_from(SAMPLES[4:]), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_joined(texts: list[str], newline: str) -> None:
    joined = "\n".join(text.replace("\r\n", "\n") for text in texts)
    same(joined.replace("\n", newline), 3)


@pytest.mark.parametrize("text", [*SAMPLES, *LOSSY])
def test_names_stand_where_they_are_said_to(text: str) -> None:
    source, module, locator = located(text)
    for node in walk(module):
        if isinstance(node, (cst.Name, cst.Integer, cst.SimpleString)):
            span = locator.exact(node)
            assert span is not None
            assert source.slice(span) == node.value


def test_parents_and_top_level() -> None:
    _, module, locator = located("# head\n\na = 1\nif b:\n    c  # why\n# foot\n")
    assert locator.parent(module) is None
    for node in walk(module):
        for child in node.children:
            assert locator.parent(child) is node
    comments = [node for node in walk(module) if isinstance(node, cst.Comment)]
    assert [locator.top_level(comment) for comment in comments] == [None, 1, None]
    assert [locator.span(comment).start.line for comment in comments] == [1, 5, 6]
    assert locator.top_level(module) is None
    assert locator.top_level(module.body[0]) == 0
    with pytest.raises(LookupError):
        locator.span(cst.Name("d"))


def find(module: cst.Module, code: str) -> cst.CSTNode:
    """The first expression with this code."""
    return next(
        node
        for node in walk(module, trivia=False)
        if isinstance(node, cst.BaseExpression) and module.code_for_node(node) == code
    )


def test_parentheses() -> None:
    source, module, locator = located("x = ((a)) + ( b )\nf((c, d))\n")

    def texts(code: str) -> tuple[str, str]:
        node = find(module, code)
        inner, outer = locator.span(node), locator.outer_span(node)
        assert outer is not None
        return source.slice(inner), source.slice(outer)

    assert texts("((a))") == ("a", "((a))")
    assert texts("( b )") == ("b", "( b )")
    assert texts("(c, d)") == ("c, d", "(c, d)")
    assert texts("f") == ("f", "f")


@pytest.mark.parametrize(
    ("text", "index", "plain", "comments", "footer"),
    [
        ("a\n# on b\nb  # end\nc\n", 1, "b  # end\n", "# on b\nb  # end\n", "b  # end\n"),
        ("# on a\na\n", 0, "a\n", "# on a\na\n", "a\n"),
        ("# not on a\n\na\n", 0, "a\n", "a\n", "a\n"),
        ("a\nb", 1, "b", "b", "b"),
        ("a; b;\nc\n", 0, "a; b;\n", "a; b;\n", "a; b;\n"),
        ("a = 1 \\\n\nb\n", 0, "a = 1 \\\n\n", "a = 1 \\\n\n", "a = 1 \\\n\n"),
        ("# x\n@d\n@e\ndef f():\n    a\n    # in f\nb\n", 0, "@d\n@e\ndef f():\n    a\n",
         "# x\n@d\n@e\ndef f():\n    a\n", "@d\n@e\ndef f():\n    a\n    # in f\n"),
        ("if a:\n    b\nelse:\n    if c:\n        d\n        # in c\n    # in else\n# out\n", 0,
         "if a:\n    b\nelse:\n    if c:\n        d\n", "if a:\n    b\nelse:\n    if c:\n        d\n",
         "if a:\n    b\nelse:\n    if c:\n        d\n        # in c\n    # in else\n"),
        ("try: a\nfinally: b  # c\nd\n", 0, "try: a\nfinally: b  # c\n", "try: a\nfinally: b  # c\n",
         "try: a\nfinally: b  # c\n"),
        ("a\nmatch b:\n    case 1:\n        c\n", 1, "match b:\n    case 1:\n        c\n",
         "match b:\n    case 1:\n        c\n", "match b:\n    case 1:\n        c\n"),
        ("a\r\nif b:\r\n\tc", 1, "if b:\r\n\tc", "if b:\r\n\tc", "if b:\r\n\tc"),
    ],
)  # fmt: skip
def test_statement_lines(text: str, index: int, plain: str, comments: str, footer: str) -> None:
    source, module, locator = located(text)
    statement = module.body[index]
    for expected, parts in ((plain, {}), (comments, {"comments": True}), (footer, {"footer": True})):
        span = locator.statement_span(statement, **parts)
        assert span is not None
        assert source.slice(span) == expected
    span = locator.statement_span(statement, footer=True)
    lines = locator.top_level_lines(index)
    assert span is not None
    assert lines is not None
    assert lines[0] == span.start.line
    assert lines[1] == span.end.line + (span.end.column > 0)


def test_too_deep_to_place() -> None:
    """The first line of the statement, and nothing to edit by; other statements are not affected."""
    deep = "# lead\nx = (\n    " + " + ".join(["a"] * 2_000) + "\n    + deepest\n)"
    source, module, locator = located(f"before\n{deep}\nafter = 1\n")
    node = next(node for node in walk(module) if isinstance(node, cst.Name) and node.value == "a")
    assert source.slice(locator.span(node)) == "x = ("
    assert locator.exact(node) is None
    assert locator.statement_span(module.body[1]) is None
    [*_, after] = [node for node in walk(module) if isinstance(node, cst.Name)]
    assert source.slice(locator.span(after)) == "after"
    assert locator.exact(after) == locator.span(after)


def test_text_that_is_not_the_trees() -> None:
    """Nothing is exact when text and tree have nothing to do with each other."""
    module = cst.parse_module("a = 1\nb = 2\n")
    locator = Locator(Source("app.py", "c = 1\nb = 2\n"), module)
    assert locator.exact(module.body[0]) is None
    assert locator.span(module.body[0]) == Span.at(1, 0, 1, 5)
    assert locator.exact(module.body[1]) == Span.at(2, 0, 2, 5)

"""The driver calls what libcst would call, in libcst's order."""

from __future__ import annotations

import dataclasses
import functools
import typing
from collections.abc import Callable

import libcst as cst
import pytest
from hypothesis import given
from hypothesis import strategies as st
from syntax_samples import LOSSY, SAMPLES, standard_library

from lambdalint.syntax.driver import (
    TRIVIA_ATTRIBUTES,
    TRIVIA_PREFIX,
    TRIVIA_TYPES,
    children,
    run,
    unsupported_hooks,
    walk,
)

KINDS = sorted(
    name
    for name, kind in vars(cst).items()
    if isinstance(kind, type) and issubclass(kind, cst.CSTNode) and hasattr(cst.CSTVisitor, f"visit_{name}")
)


@functools.cache
def recorder(kinds: tuple[str, ...], prunes: int = 0) -> type[cst.CSTVisitor]:
    """A visitor that notes its calls and stays out of each node whose turn `prunes` divides."""

    def visit(self: typing.Any, node: cst.CSTNode) -> bool | None:
        self.events.append(("visit", node))
        return False if prunes and len(self.events) % prunes == 0 else None

    def leave(self: typing.Any, node: cst.CSTNode) -> None:
        self.events.append(("leave", node))

    def init(self: typing.Any) -> None:
        cst.CSTVisitor.__init__(self)
        self.events = []

    methods: dict[str, Callable[..., object]] = {"__init__": init}
    for index, kind in enumerate(kinds):
        methods[f"visit_{kind}"] = visit
        if index % 3 != 2:
            methods[f"leave_{kind}"] = leave
    return type("Recorder", (cst.CSTVisitor,), methods)


CLASSES = [
    recorder(tuple(KINDS)),
    recorder(tuple(KINDS), 5),
    recorder(("Name", "Call", "FunctionDef", "If", "FormattedStringText")),
    recorder(("Name", "Call", "FunctionDef", "If", "Attribute"), 3),
    recorder(("Comment", "SimpleWhitespace", "Comma")),
    recorder(("Module", "IndentedBlock", "SimpleStatementLine"), 4),
]


def same(module: cst.Module, classes: list[type[cst.CSTVisitor]]) -> None:
    expected = []
    for kind in classes:
        visitor = kind()
        module.visit(visitor)
        expected.append(visitor.events)
    together = [kind() for kind in classes]
    run(module, together)
    assert [visitor.events for visitor in together] == expected
    for kind, events in zip(classes, expected, strict=True):
        alone = kind()
        run(module, [alone])
        assert alone.events == events


@pytest.mark.parametrize("text", [*SAMPLES, *LOSSY])
def test_samples(text: str) -> None:
    same(cst.parse_module(text), CLASSES)


@pytest.mark.parametrize("path", standard_library(30), ids=lambda path: path.stem)
def test_standard_library(path: object) -> None:
    assert hasattr(path, "read_bytes")
    same(cst.parse_module(path.read_bytes()), CLASSES[1:4])


@given(
    st.lists(st.sampled_from(SAMPLES[6:]), min_size=1, max_size=4),
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=12, unique=True),
    st.integers(0, 6),
)
def test_any_kinds(texts: list[str], kinds: list[str], prunes: int) -> None:
    module = cst.parse_module("\n".join(text.replace("\r\n", "\n") for text in texts))
    same(module, [recorder(tuple(kinds), prunes), recorder(("Name",))])


@pytest.mark.parametrize("text", SAMPLES)
def test_children_and_walk(text: str) -> None:
    module = cst.parse_module(text)
    visitor = CLASSES[0]()
    module.visit(visitor)
    visited = [node for event, node in visitor.events if event == "visit"]
    assert list(walk(module)) == visited
    for node in visited:
        assert children(node) == list(node.children)
    significant = [node for node in visited if type(node).__name__ not in TRIVIA_TYPES]
    assert list(walk(module, trivia=False)) == significant


def test_trivia_attributes_hold_trivia_alone() -> None:
    """And trivia stand nowhere else, over all of libcst's nodes by their annotations."""
    namespace = {**vars(typing), **vars(cst)}
    for module in ("base", "expression", "op", "statement", "whitespace", "module"):
        namespace.update(vars(__import__(f"libcst._nodes.{module}", fromlist=["x"])))

    def leaves(annotation: object) -> set[type]:
        if typing.get_args(annotation):
            return set().union(*map(leaves, typing.get_args(annotation)))
        is_node = isinstance(annotation, type) and issubclass(annotation, cst.CSTNode)
        return {kind for name in KINDS if is_node and issubclass(kind := getattr(cst, name), annotation)}

    checked = 0
    for name in KINDS:
        kind = getattr(cst, name)
        hints = typing.get_type_hints(kind, namespace)
        for field in dataclasses.fields(kind):
            held = {one.__name__ for one in leaves(hints[field.name])}
            if not held:
                continue
            checked += 1
            trivia = field.name in TRIVIA_ATTRIBUTES or field.name.startswith(TRIVIA_PREFIX)
            assert (held <= TRIVIA_TYPES) if trivia else not (held & TRIVIA_TYPES), (name, field.name)
    assert checked > 300


class Fails(cst.CSTVisitor):
    def __init__(self, at: str) -> None:
        super().__init__()
        self.at = at
        self.seen: list[str] = []

    def visit_Name(self, node: cst.Name) -> None:
        self.seen.append(node.value)
        if node.value == self.at:
            raise ValueError(node.value)

    def leave_Call(self, node: cst.Call) -> None:
        self.seen.append("call")
        if self.at == "call":
            raise ValueError("call")


@pytest.mark.parametrize(("at", "seen"), [("b", ["a", "b"]), ("call", ["a", "b", "call"])])
def test_a_visitor_that_raises_is_dropped(at: str, seen: list[str]) -> None:
    module = cst.parse_module("a(b)\nc(d)\n")
    bad, good = Fails(at), Fails("")
    errors: list[tuple[cst.CSTVisitor, str]] = []
    run(module, [bad, good], lambda visitor, error, node: errors.append((visitor, str(error))))
    assert errors == [(bad, at)]
    assert bad.seen == seen
    assert good.seen == ["a", "b", "call", "c", "d", "call"]
    with pytest.raises(ValueError, match=at):
        run(module, [Fails(at)])


def test_hooks_that_are_not_called_are_refused() -> None:
    class Hooked(cst.CSTVisitor):
        def visit_If_test(self, node: cst.If) -> None: ...
        def visit_Nonsense(self, node: cst.If) -> None: ...
        def visit_If(self, node: cst.If) -> None: ...
        def on_visit(self, node: cst.CSTNode) -> bool:
            return True

    assert unsupported_hooks(Hooked) == ["on_visit", "visit_If_test", "visit_Nonsense"]
    assert unsupported_hooks(CLASSES[0]) == []
    with pytest.raises(TypeError, match="visit_If_test"):
        run(cst.parse_module("x\n"), [Hooked()])


def test_deep_trees_need_no_recursion() -> None:
    node: cst.BaseExpression = cst.Name("a")
    for _ in range(20_000):
        node = cst.BinaryOperation(node, cst.Add(), cst.Name("b"))
    module = cst.Module([cst.SimpleStatementLine([cst.Expr(node)])])
    visitor = recorder(("Name", "BinaryOperation"))()
    run(module, [visitor])
    assert len(visitor.events) == 20_001 * 2 + 20_000 * 2
    # Taken apart from the top: freeing nested objects recurses.
    while isinstance(node, cst.BinaryOperation):
        node = node.left

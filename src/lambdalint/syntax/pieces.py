"""What was worked out of a tree's top-level statements, each by itself, for later trees that hold the same ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar, cast

import libcst as cst
from msgspec import Struct, field

from lambdalint.syntax.driver import children

if TYPE_CHECKING:
    from libcst.metadata import CodeRange

Answer = TypeVar("Answer")
Ranges = Mapping[cst.CSTNode, "CodeRange"]


class _Unvisited(cst.Module):
    """A module that is placed only: the metadata wrapper visits it for providers that nobody asked for."""

    def visit(self, visitor: cst.CSTVisitorT) -> _Unvisited:
        return self


class _Piece(Struct):
    statement: cst.CSTNode  # held, so that no other node gets its identity
    code: str | None = None
    ranges: Ranges | None = None
    placed: bool = False
    parents: dict[int, cst.CSTNode] | None = None
    kept: dict[str, object] = field(default_factory=dict)


class Pieces:
    """By statement: its code, its nodes' places as if it stood alone, and who holds each of its nodes.

    A part of a module is 0 for its header, its statements from 1, then its footer.
    """

    def __init__(self) -> None:
        self._known: dict[int, _Piece] = {}

    def taken_over(self, statements: Sequence[cst.CSTNode]) -> Pieces:
        """What is known of those of the statements that were there before."""
        copy = Pieces()
        copy._known = {id(one): self._known[id(one)] for one in statements if id(one) in self._known}
        return copy

    def code(self, module: cst.Module, part: int) -> str:
        """The text of a part. RecursionError where it is nested too deeply."""
        piece = self._piece(module, part)
        if piece is None:
            # A module without anything in it would be written as an empty line.
            return alone(module, part).code if (module.footer if part else module.header) else ""
        if piece.code is None:
            piece.code = alone(module, part).code
        return piece.code

    def ranges(self, module: cst.Module, part: int) -> Ranges | None:
        """The places of a part's nodes, with its first line as line 1; None where it is nested too deeply."""
        piece = self._piece(module, part)
        if piece is None:
            return _ranges(module, part)
        if not piece.placed:
            piece.ranges, piece.placed = _ranges(module, part), True
        return piece.ranges

    def parents(self, module: cst.Module) -> dict[int, cst.CSTNode]:
        """By identity the node that holds each node of the module, whitespace and punctuation left out."""
        found: dict[int, cst.CSTNode] = {}
        for part, statement in enumerate(module.body, 1):
            piece = self._piece(module, part)
            assert piece is not None
            if piece.parents is None:
                piece.parents = parents(statement, trivia=False)
            found.update(piece.parents)
            found[id(statement)] = module
        return found

    def each(self, module: cst.Module, key: str, compute: Callable[[cst.CSTNode], Answer]) -> list[Answer]:
        """What `compute` says of each statement, worked out once for each."""
        found = []
        for part, statement in enumerate(module.body, 1):
            piece = self._piece(module, part)
            assert piece is not None
            if key not in piece.kept:
                piece.kept[key] = compute(statement)
            found.append(cast(Answer, piece.kept[key]))
        return found

    def _piece(self, module: cst.Module, part: int) -> _Piece | None:
        if not 0 < part <= len(module.body):
            return None
        statement = module.body[part - 1]
        return self._known.setdefault(id(statement), _Piece(statement))


def parents(top: cst.CSTNode, trivia: bool) -> dict[int, cst.CSTNode]:
    """By identity the node that holds each node below `top`."""
    found: dict[int, cst.CSTNode] = {}
    stack = [top]
    while stack:
        node = stack.pop()
        for child in children(node, trivia):
            found[id(child)] = node
            stack.append(child)
    return found


def alone(module: cst.Module, part: int, kind: type[cst.Module] = cst.Module) -> cst.Module:
    """A module that holds one part alone."""
    statements = len(module.body)
    return kind(
        header=module.header if part == 0 else (),
        body=(module.body[part - 1],) if 0 < part <= statements else (),
        footer=module.footer if part > statements else (),
        encoding=module.encoding,
        default_indent=module.default_indent,
        default_newline=module.default_newline,
    )


def _ranges(module: cst.Module, part: int) -> Ranges | None:
    from libcst.metadata import MetadataWrapper, PositionProvider

    try:
        wrapper = MetadataWrapper(alone(module, part, _Unvisited), unsafe_skip_copy=True)
        return wrapper.resolve(PositionProvider)
    except RecursionError:
        return None

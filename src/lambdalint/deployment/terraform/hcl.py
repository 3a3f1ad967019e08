"""Terraform text to its blocks and attributes, by way of tree-sitter's grammar.

Each top-level block is parsed by itself: the grammar's way out of errors takes quadratic time, and
a break in one block leaves the others whole. Nothing here recurses: a block's parts are looked at
when asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from lambdalint.source import UnreadableError

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

MAX_BYTES = 1_000_000
# The worst text of this size takes a second: larger pieces are passed over, and of broken ones no more are read.
MAX_PIECE = 20_000
# A top-level block's start; what stands in comments, texts and documents is taken up first.
_START = re.compile(
    rb"""(?msx)
    ^ (?P<start>
        (?:resource|data|module|variable|output|provider|check) (?=[ \t]*")
        | (?:locals|terraform) (?=[ \t]*\{)
      )
    | /\* .*? (?:\*/|\Z)
    | (?:\#|//) [^\n]*
    | " (?:[^"\\\n] | \\.)* "?
    | <<-? [ \t]* (\w+) [ \t]* \r?\n .*? (?: ^[ \t]* \2 [ \t]* \r?$ | \Z)
    """
)

# What may be passed over without a loss for who may do what.
_GRANTS_NOTHING = re.compile(rb'resource[ \t]+"(?!aws_iam_)')


class Attribute:
    """`name = expression` of the file `path`; `line` counts from 1, `above` the lines before the piece."""

    def __init__(self, path: str, node: Node, above: int) -> None:
        self.path = path
        self.line = above + node.start_point[0] + 1
        self.name = text_of(node.children[0]) if node.children else ""
        self.value = next((child for child in node.children if child.type == "expression"), None)


class Block:
    """`kind "label" "label" { … }` of the file `path`."""

    def __init__(self, path: str, node: Node, above: int) -> None:
        self.path = path
        self.node = node
        self.above = above
        self.line = above + node.start_point[0] + 1
        heads = [child for child in node.children if child.type in ("identifier", "string_lit")]
        words = [text_of(head).strip('"') for head in heads]
        self.kind = words[0] if words else ""
        self.labels = tuple(words[1:])

    @cached_property
    def attributes(self) -> dict[str, Attribute]:
        """The block's own attributes by name."""
        found = (Attribute(self.path, node, self.above) for node in _parts(self.node, "attribute"))
        return {attribute.name: attribute for attribute in found}

    @cached_property
    def blocks(self) -> list[Block]:
        """The blocks directly inside of this one."""
        return [Block(self.path, node, self.above) for node in _parts(self.node, "block")]

    def block(self, kind: str) -> Block | None:
        """The first inner block of a kind."""
        return next((block for block in self.blocks if block.kind == kind), None)


class Document:
    """One file: the blocks and attributes of its top level, and the first place that is broken.

    `whole`: all of it could be read that may say who may do what.
    """

    def __init__(self, path: str, data: bytes) -> None:
        """Raises UnreadableError for a file that is too large to be read safely."""
        if len(data) > MAX_BYTES:
            raise UnreadableError(f"it is larger than {MAX_BYTES // 1_000_000} MB")
        self.blocks: list[Block] = []
        self.attributes: list[Attribute] = []
        self.error: tuple[int, int] | None = None
        self.broken = 0  # bytes in pieces that are broken
        self.whole = True
        for above, piece in _pieces(data.removeprefix(b"\xef\xbb\xbf")):
            if len(piece) > MAX_PIECE or self.broken > MAX_PIECE:
                self.whole &= _GRANTS_NOTHING.match(piece) is not None
                continue
            root = _parser().parse(piece).root_node
            self.blocks += (Block(path, node, above) for node in _parts(root, "block"))
            self.attributes += (Attribute(path, node, above) for node in _parts(root, "attribute"))
            if root.has_error:
                line, column = _error(root)
                self.error = self.error or (above + line, column)
                self.whole = False
                self.broken += len(piece)


def _pieces(data: bytes) -> Iterator[tuple[int, bytes]]:
    """What stands from one top-level block's start to the next, and how many lines stand above it."""
    starts = [0, *(match.start() for match in _START.finditer(data) if match["start"]), len(data)]
    above = 0
    for start, end in pairwise(starts):
        yield above, data[start:end]
        above += data.count(b"\n", start, end)


@cache
def _parser() -> Parser:
    # Loaded here, so that a project without Terraform doesn't pay for it.
    import tree_sitter
    import tree_sitter_hcl

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


def references(block: Block) -> Iterator[tuple[str, ...]]:
    """The dotted names that stand anywhere in a block: `aws_lambda_function.x.arn`, indexes left out."""
    stack = [block.node]
    while stack:
        node = stack.pop()
        children = node.children
        if children and children[0].type == "variable_expr":
            names = [child for child in children if child.type in ("variable_expr", "get_attr")]
            yield tuple(text_of(name).lstrip(".") for name in names)
        stack += children


def text_of(node: Node) -> str:
    """The source text of a node."""
    return (node.text or b"").decode("utf-8", "replace")


def _parts(node: Node, kind: str) -> Iterator[Node]:
    """The nodes of a kind that stand directly in a block or file, those beside a break included."""
    stack = list(reversed(node.children))
    while stack:
        child = stack.pop()
        if child.type == kind:
            yield child
        elif child.type in ("body", "ERROR"):
            stack += reversed(child.children)


def _error(root: Node) -> tuple[int, int]:
    """The line (from 1) and column (from 0) of the first break below a node that has one."""
    node = root
    while node.type != "ERROR" and not node.is_missing:
        broken = [child for child in node.children if child.has_error or child.is_missing]
        if not broken:
            break
        node = broken[0]
    return node.start_point[0] + 1, node.start_point[1]

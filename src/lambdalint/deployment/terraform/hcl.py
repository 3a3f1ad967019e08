"""Terraform text to its blocks and attributes, by way of tree-sitter's grammar.

The grammar reads on behind an error, so a broken file still gives the blocks around the break.
Nothing here recurses: a block's parts are looked at when asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING

from lambdalint.source import UnreadableError

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

# The grammar's way out of errors takes quadratic time: 1.4 s for the worst of this size.
MAX_BYTES = 150_000


class Attribute:
    """`name = expression` of the file `path`; `line` counts from 1."""

    def __init__(self, path: str, node: Node) -> None:
        self.path = path
        self.line = node.start_point[0] + 1
        self.name = text_of(node.children[0]) if node.children else ""
        self.value = next((child for child in node.children if child.type == "expression"), None)


class Block:
    """`kind "label" "label" { … }` of the file `path`."""

    def __init__(self, path: str, node: Node) -> None:
        self.path = path
        self.node = node
        self.line = node.start_point[0] + 1
        heads = [child for child in node.children if child.type in ("identifier", "string_lit")]
        words = [text_of(head).strip('"') for head in heads]
        self.kind = words[0] if words else ""
        self.labels = tuple(words[1:])

    @cached_property
    def attributes(self) -> dict[str, Attribute]:
        """The block's own attributes by name."""
        found = (Attribute(self.path, node) for node in _parts(self.node, "attribute"))
        return {attribute.name: attribute for attribute in found}

    @cached_property
    def blocks(self) -> list[Block]:
        """The blocks directly inside of this one."""
        return [Block(self.path, node) for node in _parts(self.node, "block")]

    def block(self, kind: str) -> Block | None:
        """The first inner block of a kind."""
        return next((block for block in self.blocks if block.kind == kind), None)


class Document:
    """One file: the blocks and attributes of its top level, and the first place that is broken."""

    def __init__(self, path: str, data: bytes) -> None:
        """Raises UnreadableError for a file that is too large to be read safely."""
        if len(data) > MAX_BYTES:
            raise UnreadableError(f"it is larger than {MAX_BYTES // 1000} KB")
        root = _parser().parse(data.removeprefix(b"\xef\xbb\xbf")).root_node
        self.blocks = [Block(path, node) for node in _parts(root, "block")]
        self.attributes = [Attribute(path, node) for node in _parts(root, "attribute")]
        self.error = _error(root)


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


def _error(root: Node) -> tuple[int, int] | None:
    """The line (from 1) and column (from 0) of the first break."""
    node = root
    while node.has_error and node.type != "ERROR" and not node.is_missing:
        broken = [child for child in node.children if child.has_error or child.is_missing]
        if not broken:
            break
        node = broken[0]
    return (node.start_point[0] + 1, node.start_point[1]) if root.has_error else None

"""A Dockerfile's text to its instructions, by way of tree-sitter's grammar."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Parser

# Far more than any image's recipe needs.
MAX_BYTES = 150_000
_CONTINUED = re.compile(r"\\[ \t]*\r?\n(?:[ \t]*#[^\n]*\n)*")


class Instruction(NamedTuple):
    """`kind` in lower case, the line (from 1), the `--name=value` options, and the words or array items."""

    kind: str
    line: int
    options: dict[str, str]
    words: list[str]


def instructions(data: bytes) -> Iterator[Instruction]:
    """The instructions in order; what the grammar doesn't know is passed over."""
    if len(data) > MAX_BYTES:
        return
    stack = [_parser().parse(data.removeprefix(b"\xef\xbb\xbf")).root_node]
    while stack:
        node = stack.pop()
        if node.type.endswith("_instruction"):
            kind = node.type.removesuffix("_instruction")
            text = _CONTINUED.sub(" ", (node.text or b"").decode("utf-8", "replace"))
            yield Instruction(kind, node.start_point[0] + 1, *_words(text[len(kind) :]))
        elif node.type in ("source_file", "ERROR"):
            stack += reversed(node.children)


def _words(text: str) -> tuple[dict[str, str], list[str]]:
    """An instruction's options, and its words: a JSON array's items, or what blanks part."""
    options: dict[str, str] = {}
    text = text.strip()
    while text.startswith("--"):
        option, _, text = text.partition(" ")
        name, _, value = option[2:].partition("=")
        options[name] = value
        text = text.lstrip()
    if text.startswith("["):
        try:
            items = json.loads(text)
        except (ValueError, RecursionError):
            return options, []
        return options, [item for item in items if isinstance(item, str)]
    return options, text.split()


@cache
def _parser() -> Parser:
    # Loaded here, so that a project without images doesn't pay for it.
    import tree_sitter
    import tree_sitter_dockerfile

    with warnings.catch_warnings():
        # The grammar's package still hands over the older kind of pointer.
        warnings.simplefilter("ignore", DeprecationWarning)
        return tree_sitter.Parser(tree_sitter.Language(tree_sitter_dockerfile.language()))

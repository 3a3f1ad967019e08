"""How a file is written: its quotes, and how long its lines are."""

from __future__ import annotations

import re

import libcst as cst

from lambdalint.source import Source
from lambdalint.syntax.driver import walk

_PEP8 = 79  # what flake8 takes unless it's told otherwise
FORMATTED = 88  # what formatters take unless they are told otherwise
_FORMATTERS = (FORMATTED, 100, 120)
_TAB = 4  # columns that a tab counts for
# Lines that no formatter shortens: those with texts and comments.
_FIXED = re.compile(r"[\"'#]")
_PLAIN = re.compile(r"""([bBrRuUfFtT]*)"([^"'\\]*)"$""", re.DOTALL)


def columns(text: str) -> int:
    """How wide a line is."""
    return len(text.expandtabs(_TAB)) if "\t" in text else len(text)


def line_length(source: Source, configured: int | None) -> int:
    """How long a line of a file may get: as configured, or what its own lines keep to."""
    if configured is not None:
        return configured
    longest = max(map(columns, source.lines), default=0)
    if longest <= _PEP8:
        return _PEP8
    if longest > _FORMATTERS[0]:
        longest = max((columns(line) for line in source.lines if not _FIXED.search(line)), default=0)
    return next((length for length in _FORMATTERS if longest <= length), _FORMATTERS[-1])


def single_quotes(code: cst.CSTNode) -> int:
    """How many more of the short texts in it stand in single quotes; those that need the others don't count."""
    single = double = 0
    for node in walk(code, trivia=False):
        if isinstance(node, cst.SimpleString) and node.quote in ("'", '"'):
            body = node.value[len(node.prefix) + 1 : -1]
            if "'" not in body and '"' not in body:
                single += node.quote == "'"
                double += node.quote == '"'
    return single - double


def requoted(node: cst.CSTNode, text: str) -> cst.CSTNode:
    """New code with its texts in single quotes, but for those that `text`, the file, spells so itself."""
    changed = node.visit(_Requote(text))
    assert isinstance(changed, cst.CSTNode)
    return changed


class _Requote(cst.CSTTransformer):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.SimpleString:
        found = _PLAIN.match(updated_node.value)
        if found is None or (found[2] and updated_node.value in self.text):
            return updated_node
        return updated_node.with_changes(value=f"{found[1]}'{found[2]}'")

    def leave_FormattedString(
        self, original_node: cst.FormattedString, updated_node: cst.FormattedString
    ) -> cst.FormattedString:
        code = cst.Module(()).code_for_node(updated_node.with_changes(lpar=(), rpar=()))
        if _PLAIN.match(code) is None or code in self.text:
            return updated_node
        return updated_node.with_changes(start=updated_node.start.replace('"', "'"), end="'")

"""Taking statements and imported names out."""

from __future__ import annotations

import re

import libcst as cst

from lambdalint.fixing.requests import Remove
from lambdalint.fixing.site import NEWLINE, RawEdit, RefusedError, Site, comments, inner_nodes

_COMMA = re.compile(r"[ \t]*,[ \t]*")
_SEMICOLON = re.compile(r"[ \t]*;")
_LINE_REST = re.compile(r"[ \t]*,?[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")


def mark(site: Site, change: Remove) -> None:
    """Note what goes, and what that leaves empty, before any edit is made."""
    node = change.node
    site.removed.add(id(node))
    parent = site.locator.parent(node)
    if isinstance(parent, (cst.Import, cst.ImportFrom)) and isinstance(node, cst.ImportAlias):
        names = parent.names if not isinstance(parent.names, cst.ImportStar) else ()
        if all(id(name) in site.removed for name in names):
            mark(site, Remove(parent))
    elif isinstance(parent, cst.SimpleStatementLine) and all(id(one) in site.removed for one in parent.body):
        site.removed.add(id(parent))


def remove(site: Site, change: Remove) -> list[RawEdit]:
    """The edits for one removal; RefusedError where it isn't sure or a comment would go."""
    node = change.node
    parent = site.parent(node)
    if isinstance(node, cst.ImportAlias) and isinstance(parent, (cst.Import, cst.ImportFrom)):
        if id(parent) in site.removed:
            return _once(site, parent, node)
        return [_alias(site, node, parent)]
    if isinstance(node, cst.BaseSmallStatement):
        return _once(site, node, node)
    if isinstance(node, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
        return [_whole(site, node)]
    raise RefusedError(f"a {type(node).__name__} can't be removed")


def _once(site: Site, node: cst.CSTNode, asked: cst.CSTNode) -> list[RawEdit]:
    """Remove a small statement, or its line when all of the line goes (with the first one asked for)."""
    line = site.parent(node)
    if not isinstance(line, (cst.SimpleStatementLine, cst.SimpleStatementSuite)):
        raise RefusedError("not a statement of a block")
    whole = len(line.body) == 1 or id(line) in site.removed
    if node is not asked and isinstance(node, (cst.Import, cst.ImportFrom)):
        if isinstance(node.names, cst.ImportStar) or node.names[0] is not asked:
            return []
    if not whole:
        return [_small(site, node, line)]
    if line.body[0] is not node:
        return []
    if isinstance(line, cst.SimpleStatementLine):
        return [_whole(site, line)]
    start, end = site.region(node)
    return [RawEdit(start, end, "pass")]


def _small(site: Site, node: cst.CSTNode, line: cst.SimpleStatementLine | cst.SimpleStatementSuite) -> RawEdit:
    _refuse_comments(node)
    index = next(number for number, one in enumerate(line.body) if one is node)
    start, end = site.region(node)
    if index + 1 < len(line.body):
        return RawEdit(start, site.region(line.body[index + 1])[0], "")
    last = _SEMICOLON.match(site.source.text, end)
    return RawEdit(site.region(line.body[index - 1])[1], last.end() if last else end, "")


def _whole(site: Site, node: cst.SimpleStatementLine | cst.BaseCompoundStatement) -> RawEdit:
    block = site.parent(node)
    if not isinstance(block, (cst.Module, cst.IndentedBlock)):
        raise RefusedError("not a statement of a block")
    _refuse_comments(node)
    if isinstance(block, cst.IndentedBlock) and id(block) not in site.filled_blocks:
        left = [one for one in block.body if id(one) not in site.removed and one is not node]
        if not left and block.body[0] is node:
            return _pass(site, node)
    start, end = site.lines_of(node)
    first, after = site.source.position(start).line, site.source.position(end).line
    above, below = site.blank_lines(first - 1, -1), site.blank_lines(after, 1)
    # Of the blank lines on both sides the larger group stays; none at the start of a block, or of the file.
    extra = below if _opens(site, block, node) and not above else min(above, below)
    if extra:
        end = site.source.line_starts[after + extra - 1]
    return RawEdit(start, end, "")


def _opens(site: Site, block: cst.Module | cst.IndentedBlock, node: cst.CSTNode) -> bool:
    """Whether a block, or a file without anything above its statements, begins with what goes."""
    if isinstance(block, cst.IndentedBlock):
        return block.body[0] is node
    before = block.body[: next(number for number, one in enumerate(block.body) if one is node)]
    filled = id(block) in site.filled_blocks
    return not filled and all(id(one) in site.removed for one in before) and site.lines_of(block.body[0])[0] == 0


def _pass(site: Site, node: cst.CSTNode) -> RawEdit:
    """Put `pass` where the only statement of a block stood; a comment at its end may stay."""
    if isinstance(node, cst.SimpleStatementLine):
        start, end = site.region(node)
        semicolon = _SEMICOLON.match(site.source.text, end)
        return RawEdit(start, semicolon.end() if semicolon else end, "pass")
    start, end = site.lines_of(node)
    indent = site.indentation(node)
    newline = site.newline if site.source.text[start:end].endswith(("\n", "\r")) else ""
    return RawEdit(start, end, f"{indent}pass{newline}")


def _alias(site: Site, node: cst.ImportAlias, statement: cst.Import | cst.ImportFrom) -> RawEdit:
    names = [] if isinstance(statement.names, cst.ImportStar) else list(statement.names)
    index = next(number for number, one in enumerate(names) if one is node)
    text = site.source.text
    start, end = site.region(node)
    line_start, line_end = site.line_at(start)
    if comments(inner_nodes(node)):
        raise RefusedError("a comment stands inside the name")
    rest = _LINE_REST.match(text, end)
    bracketed = isinstance(statement, cst.ImportFrom) and statement.lpar is not None
    if bracketed and not text[line_start:start].strip() and rest and end <= line_end:
        return RawEdit(line_start, rest.end(), "")
    if index + 1 < len(names):
        following = site.region(names[index + 1])[0]
        if _COMMA.fullmatch(text, end, following):
            return RawEdit(start, following, "")
        previous = site.region(names[index - 1])[1] if index else start
        comma = _COMMA.match(text, end)
        if index and id(names[index - 1]) not in site.removed and _COMMA.fullmatch(text, previous, start):
            return RawEdit(previous, end, "")
        if bracketed and comma and not NEWLINE.search(text, start, comma.end()):
            return RawEdit(start, comma.end(), "")
        raise RefusedError("the comma after the name can't be told from what follows")
    if id(names[index - 1]) in site.removed:
        # Both edits would want the comma between them.
        raise RefusedError("the last two names are removed together")
    previous = site.region(names[index - 1])[1]
    between = text[previous:start]
    if "#" in between:
        if not bracketed:
            raise RefusedError("a comment stands before the name")
        return RawEdit(start, end, "")
    return RawEdit(previous, end, "")


def _refuse_comments(node: cst.CSTNode) -> None:
    found = comments(inner_nodes(node))
    if found:
        raise RefusedError(f"the comment {found[0]!r} would be lost")

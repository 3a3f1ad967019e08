"""Replacing an expression, a statement, or a piece of one."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing import render
from lambdalint.fixing.precedence import needs_parentheses
from lambdalint.fixing.requests import Code, Replace
from lambdalint.fixing.site import NEWLINE, RawEdit, RefusedError, Site, comments, inner_nodes

# What holds dotted names that look like expressions.
_PATHS = (cst.Import, cst.ImportFrom, cst.MatchValue, cst.MatchClass)
# What binds a single name.
_ONE_NAME = (cst.AugAssign, cst.AnnAssign, cst.NamedExpr)
_WORD_OR_QUOTE = "_'\""


def replace(site: Site, change: Replace) -> list[RawEdit]:
    """The edit for one replacement; RefusedError where it isn't sure or a comment would go."""
    node, code = change.node, change.code
    site.refuse_in_string(node)
    if isinstance(node, cst.BaseExpression):
        return [_expression(site, node, code)]
    if isinstance(node, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
        return [_statement(site, node, code)]
    if isinstance(node, cst.BaseSmallStatement):
        return [_small(site, node, code)]
    return [_part(site, node, code)]


def _expression(site: Site, node: cst.BaseExpression, code: Code) -> RawEdit:
    new, text = render.expression(site, code, site.indentation(node))
    parent = site.parent(node)
    if isinstance(parent, cst.ConcatenatedString):
        raise RefusedError("one part of a concatenated string")
    if _in_target(site, node) and not _bindable(new, alone=isinstance(parent, _ONE_NAME)):
        raise RefusedError("nothing else can be assigned to")
    path = isinstance(new, (cst.Name, cst.Attribute)) and not new.lpar
    if not path and any(isinstance(above, _PATHS) for above in site.ancestors(node)):
        raise RefusedError("only a dotted name may stand in an import or a pattern")
    whole = isinstance(node, (cst.GeneratorExp, cst.Tuple))
    if whole or not node.lpar:
        # The brackets of a tuple or a generator are part of it; others just stay.
        start, end = site.region(node, outer=True)
        _keep_comments(text, [node] if whole else inner_nodes(node))
        lone_generator = isinstance(node, cst.GeneratorExp) and not node.lpar
        if lone_generator and isinstance(new, cst.GeneratorExp) and not new.lpar:
            parenthesise: bool | None = False
        else:
            parenthesise = needs_parentheses(parent, node, new)
        if parenthesise is None:
            raise RefusedError(f"a {type(new).__name__} may not stand in this {type(parent).__name__}")
        text = f"({text})" if parenthesise else text
    else:
        start, end = site.region(node)
        _keep_comments(text, inner_nodes(node))
    return RawEdit(start, end, _apart(site.source.text, start, end, text))


def _in_target(site: Site, node: cst.CSTNode) -> bool:
    """Whether a node is what an assignment, a loop or `with` binds, or one of several such."""
    for above in site.ancestors(node):
        if isinstance(above, (cst.AssignTarget, cst.AsName, cst.Del)):
            return True
        if isinstance(above, (cst.For, cst.CompFor, cst.AugAssign, cst.AnnAssign, cst.NamedExpr)):
            return above.target is node
        if not isinstance(above, (cst.Tuple, cst.List, cst.BaseElement)):
            return False
        node = above
    return False


def _bindable(new: cst.BaseExpression, *, alone: bool) -> bool:
    """Whether an expression may stand where something is bound; `alone`: where a single name must."""
    if isinstance(new, (cst.Tuple, cst.List)) and not alone:
        return all(_bindable(element.value, alone=False) for element in new.elements)
    return isinstance(new, (cst.Name, cst.Attribute, cst.Subscript))


def _statement(site: Site, node: cst.CSTNode, code: Code) -> RawEdit:
    indent = site.indentation(node)
    if isinstance(node, cst.SimpleStatementLine) and not isinstance(code, cst.BaseStatement):
        # The comment at the end of the line stays.
        start, end = site.region(node)
        _keep_comments(text := render.lines(site, code, indent), inner_nodes(node))
        return RawEdit(start, end, text.removeprefix(indent).removesuffix(site.newline))
    if site.holder(node) is not node:
        raise RefusedError("not a statement of a block")
    start, end = site.lines_of(node, footer=True)
    text = render.lines(site, code, indent)
    lost = inner_nodes(node)
    if isinstance(node, cst.SimpleStatementLine):
        lost = [*lost, node.trailing_whitespace]
    _keep_comments(text, lost)
    if end == len(site.source.text) and not site.source.text.endswith(("\n", "\r")):
        text = text.removesuffix(site.newline)
    return RawEdit(start, end, text)


def _small(site: Site, node: cst.BaseSmallStatement, code: Code) -> RawEdit:
    if isinstance(code, cst.SimpleStatementLine):
        code = code.with_changes(trailing_whitespace=cst.TrailingWhitespace())
    indent = site.indentation(node)
    text = render.lines(site, code, indent).removeprefix(indent).removesuffix(site.newline)
    line = site.parent(node)
    alone = isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1
    if not alone and (NEWLINE.search(text) or _is_compound(code)):
        raise RefusedError("several lines can't replace one of several statements on a line")
    _keep_comments(text, inner_nodes(node))
    start, end = site.region(node)
    return RawEdit(start, end, text)


def _is_compound(code: Code) -> bool:
    if isinstance(code, str):
        return any(isinstance(one, cst.BaseCompoundStatement) for one in cst.parse_module(code).body)
    return isinstance(code, cst.BaseCompoundStatement)


def _part(site: Site, node: cst.CSTNode, code: Code) -> RawEdit:
    indent = site.indentation(node)
    start, end = site.region(node)
    # Only where text and code agree on where the piece ends.
    if render.part(site, node, indent) != site.source.text[start:end]:
        raise RefusedError(f"the text of a {type(node).__name__} can't be told")
    text = render.part(site, code, indent)
    _keep_comments(text, inner_nodes(node))
    return RawEdit(start, end, text)


def _keep_comments(text: str, old: list[cst.CSTNode]) -> None:
    for comment in comments(old):
        if comment not in text:
            raise RefusedError(f"the comment {comment!r} would be lost")


def _apart(text: str, start: int, end: int, new: str) -> str:
    """The new text with a space where it would run into a word: `return(x)` may become `return y`."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if _is_word(before) and _is_word(new[:1], quotes=True):
        new = " " + new
    if _is_word(after) and _is_word(new[-1:]):
        new += " "
    return new


def _is_word(character: str, quotes: bool = False) -> bool:
    return character.isalnum() or character == "_" or (quotes and character in _WORD_OR_QUOTE and character != "")

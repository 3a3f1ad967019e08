"""Code as it has to read at its new place: the file's own newlines and indentation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import libcst as cst

from lambdalint.fixing.site import NEWLINE, RefusedError, Site
from lambdalint.fixing.style import columns, requoted
from lambdalint.fixing.wrapping import Wrapping, joined

_ASSUMED_INDENT = 4


def lines(site: Site, code: cst.CSTNode | str, indent: str) -> str:
    """Whole lines, each with its newline, at `indent`; a string is read as code from column 0.

    A module stands for what `parsed` makes of a string.

    The lines above a statement node stay out: they are in the file already.
    Raises RefusedError for a string that is no Python.
    """
    if isinstance(code, str):
        code = parsed(site, code, indent)
    if isinstance(code, cst.Module):
        return _with_newlines(site, _block(site, code, indent))
    code = _in_quotes(site, code)
    if isinstance(code, cst.BaseSmallStatement):
        code = cst.SimpleStatementLine((code.with_changes(semicolon=cst.MaybeSentinel.DEFAULT),))
    if hasattr(code, "leading_lines"):
        code = code.with_changes(leading_lines=())
    if not isinstance(code, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
        raise RefusedError(f"a {type(code).__name__} is no statement")
    return _block(site, cst.Module((code,)), indent)


def parsed(site: Site, code: str, indent: str = "") -> cst.Module:
    """A string of statements as a module in the file's style, for a place at `indent`."""
    try:
        module = cst.parse_module("\n".join(NEWLINE.split(code.rstrip())) + "\n")
    except cst.ParserSyntaxError as error:
        raise RefusedError(f"not Python: {code!r}") from error
    fitted = cst.ensure_type(_in_quotes(site, module), cst.Module).visit(_Fit(site.width, indent))
    return cst.ensure_type(_rescaled(site, cst.ensure_type(fitted, cst.Module)), cst.Module)


def _in_quotes(site: Site, node: cst.CSTNode) -> cst.CSTNode:
    return requoted(node, site.source.text) if site.single_quotes else node


class _Fit(cst.CSTTransformer):
    """Statements of new code over several lines where one would be too long."""

    def __init__(self, width: int, indent: str) -> None:
        super().__init__()
        self.wrapping = Wrapping(width, " " * _ASSUMED_INDENT)
        self.indent = indent
        self.depth = 0

    @property
    def before(self) -> str:
        return self.indent + " " * _ASSUMED_INDENT * self.depth

    def visit_IndentedBlock(self, node: cst.IndentedBlock) -> None:
        self.depth += 1

    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        self.depth -= 1
        return updated_node

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine:
        code = cst.Module(()).code_for_node(updated_node.with_changes(leading_lines=())).strip()
        if "\n" in code:
            flat = joined(code)  # what was too long where it comes from may be short enough here
            wrapped = flat if flat is not None and columns(self.before + flat) <= self.wrapping.width else None
        elif columns(self.before + code) <= self.wrapping.width:
            return updated_node
        else:
            wrapped = self.wrapping.statement(code, self.before)
        if wrapped is None:
            return updated_node
        body = cst.ensure_type(cst.parse_statement(wrapped), cst.SimpleStatementLine).body
        return updated_node.with_changes(body=body)

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        return self.wrapping.header(updated_node, self.before)


def expression(site: Site, code: cst.CSTNode | str, indent: str) -> tuple[cst.BaseExpression, str]:
    """An expression and its text, further lines at `indent`, in the parentheses that it has itself.

    Raises RefusedError for what is no expression.
    """
    if isinstance(code, str):
        parsed_code = _parsed_expression("\n".join(NEWLINE.split(code.strip())))
        found = _rescaled(site, _in_quotes(site, parsed_code))
        text = _with_newlines(site, _piece(site, found, indent))
    else:
        found = _in_quotes(site, code)
        text = _piece(site, found, indent)
    if not isinstance(found, cst.BaseExpression):
        raise RefusedError(f"a {type(found).__name__} is no expression")
    if NEWLINE.search(text):
        try:
            cst.parse_expression(text)
        except cst.ParserSyntaxError:
            # Its line breaks relied on brackets that it had around it.
            text = f"({text})"
            found = found.with_changes(lpar=(cst.LeftParen(),), rpar=(cst.RightParen(),))
    return found, text


def _parsed_expression(code: str) -> cst.BaseExpression:
    try:
        return cst.parse_expression(code)
    except cst.ParserSyntaxError:
        # A walrus, a `yield`, lines without brackets: these are read in brackets alone.
        try:
            found = cst.parse_expression(f"({code})")
        except cst.ParserSyntaxError as error:
            raise RefusedError(f"not an expression: {code!r}") from error
    return found.with_changes(lpar=found.lpar[1:], rpar=found.rpar[:-1])


def part(site: Site, code: cst.CSTNode | str, indent: str) -> str:
    """Any other piece of a statement: an argument, a parameter, an alias, without its comma."""
    if isinstance(code, str):
        return _with_newlines(site, NEWLINE.sub("\n" + indent, code.strip()))
    changes: dict[str, object] = {}
    for name in ("comma", "semicolon"):
        if hasattr(code, name):
            changes[name] = cst.MaybeSentinel.DEFAULT
    for name in ("whitespace_after_arg", "whitespace_after_param"):
        if hasattr(code, name):
            changes[name] = cst.SimpleWhitespace("")
    return _piece(site, code.with_changes(**changes) if changes else code, indent)


def _block(site: Site, module: cst.Module, indent: str) -> str:
    if not indent:
        return _settled(site, module.with_changes(has_trailing_newline=True)).code
    first, *rest = module.body or (cst.SimpleStatementLine(()),)
    lead = (*module.header, *getattr(first, "leading_lines", ()))
    body = (first.with_changes(leading_lines=lead), *rest) if module.body else ()
    return _indented(site, body, indent, module.footer if module.body else lead)


def _piece(site: Site, node: cst.CSTNode, indent: str) -> str:
    return _indented(site, (node,), indent, ()) if indent else _settled(site).code_for_node(node)


def _indented(site: Site, body: Sequence[cst.CSTNode], indent: str, footer: Sequence[cst.EmptyLine]) -> str:
    """What codegen makes of nodes in a block: only that hands its indentation down into brackets."""
    block = cst.IndentedBlock(body=cast("Sequence[cst.BaseStatement]", body), indent=indent, footer=footer)
    return _settled(site).code_for_node(block).removeprefix(site.newline)


def _settled(site: Site, module: cst.Module | None = None) -> cst.Module:
    module = cst.Module(()) if module is None else module
    return module.with_changes(default_indent=site.module.default_indent, default_newline=site.newline)


def _with_newlines(site: Site, text: str) -> str:
    """Line breaks inside a string's quotes are no nodes: they need the file's newline, too."""
    return NEWLINE.sub(site.newline, text) if site.newline != "\n" else text


def _rescaled(site: Site, node: cst.CSTNode) -> cst.CSTNode:
    if site.module.default_indent == " " * _ASSUMED_INDENT:
        return node
    return cast(cst.CSTNode, node.visit(_Rescale(site.module.default_indent)))


class _Rescale(cst.CSTTransformer):
    """Lines inside brackets start with white space of their own, not with a block's."""

    def __init__(self, indent: str) -> None:
        super().__init__()
        self.indent = indent

    def leave_ParenthesizedWhitespace(
        self, original_node: cst.ParenthesizedWhitespace, updated_node: cst.ParenthesizedWhitespace
    ) -> cst.ParenthesizedWhitespace:
        value = updated_node.last_line.value
        steps, rest = divmod(len(value), _ASSUMED_INDENT)
        if value.strip(" "):
            return updated_node
        return updated_node.with_changes(last_line=cst.SimpleWhitespace(self.indent * steps + " " * rest))

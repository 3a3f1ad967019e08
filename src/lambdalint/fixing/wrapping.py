"""Code over several lines, as formatters leave it: each part of a bracket on a line, with a comma behind it."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Sequence

import libcst as cst
from msgspec import Struct

from lambdalint.fixing.style import columns
from lambdalint.syntax.driver import children

_OPENING, _CLOSING = ("(", "[", "{"), (")", "]", "}")
_MODULE = cst.Module(())
_MAX_DEPTH = 20


class Wrapping(Struct, frozen=True):
    """Lines of at most `width` columns, deeper by `unit` inside of brackets."""

    width: int
    unit: str = "    "

    def statement(self, code: str, indent: str, comment: str = "") -> str | None:
        """A statement on one line, from column 0, over several; None where it can't be helped.

        `indent` is what its lines will have in front of them, `comment` what the last of them has behind it.
        """
        parts = _parts(code)
        if parts is None:
            return None
        lead, value, tail = parts[0], parts[1], parts[2] + comment
        if value.lpar and not isinstance(value, _BRACKETED):
            bare = value.with_changes(lpar=value.lpar[1:], rpar=value.rpar[:-1])
            short = columns(indent + lead + _code(bare) + tail) <= self.width
            if short or not isinstance(bare, (cst.BinaryOperation, cst.BooleanOperation)):
                value = bare
        return self._laid_out(lead, value, tail, indent, 0)

    def part(self, lead: str, code: str, tail: str, indent: str) -> str:
        """A part of a bracket, over several lines where one doesn't hold it and they help."""
        if "\n" in code:
            return lead + code + tail
        laid_out = self._laid_out(lead, cst.parse_expression(code), tail, indent, 1)
        return laid_out if laid_out is not None else lead + code + tail

    def header(self, node: cst.FunctionDef, indent: str) -> cst.FunctionDef:
        """A function whose parameters stand on a line each where one line doesn't hold them."""
        code = _code(node.with_changes(decorators=(), leading_lines=(), lines_after_decorators=(), body=_PASS)).rstrip()
        given = node.params.params
        if "\n" in code or columns(indent + code.removesuffix(" pass")) <= self.width or not given:
            return node
        if len(tuple(children(node.params, trivia=False))) != len(given):  # others than plain ones
            return node
        gap = cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace(self.unit))
        last = cst.ParenthesizedWhitespace(indent=True)
        params = [param.with_changes(comma=cst.Comma(whitespace_after=gap)) for param in given]
        params[-1] = given[-1].with_changes(comma=cst.Comma(whitespace_after=last))
        return node.with_changes(params=node.params.with_changes(params=params), whitespace_before_params=gap)

    def _laid_out(self, lead: str, node: cst.BaseExpression, tail: str, indent: str, depth: int) -> str | None:
        """`lead`, the expression and `tail` (from behind `indent`), on one line if it holds them."""
        line = lead + _code(node) + tail
        if "\n" in line or depth > _MAX_DEPTH:
            return None
        if columns(indent + line) <= self.width:
            return line
        if isinstance(node, cst.Await) and not node.lpar:
            return self._laid_out(f"{lead}await ", node.expression, tail, indent, depth)
        if isinstance(node, cst.Lambda) and not node.lpar:
            header = _code(node).removesuffix(_code(node.body))
            return self._laid_out(lead + header, node.body, tail, indent, depth)
        if isinstance(node, cst.Call) and not node.lpar:
            return self._call(lead, node, tail, indent, depth)
        if isinstance(node, (cst.Attribute, cst.Subscript)) and not node.lpar:
            rest = _code(node)[len(_code(node.value)) :]
            return self._laid_out(lead, node.value, rest + tail, indent, depth)
        if isinstance(node, (cst.List, cst.Set, cst.Dict)) and node.elements and not node.lpar:
            opening, closing = _code(node)[0], _code(node)[-1]
            return self._lines(lead + opening, [_element(one) for one in node.elements], closing + tail, indent, depth)
        if isinstance(node, (cst.BinaryOperation, cst.BooleanOperation)) and not node.lpar and depth:
            return self._operands(lead, node, tail, indent, depth)
        return None

    def _operands(
        self, lead: str, node: cst.BinaryOperation | cst.BooleanOperation, tail: str, indent: str, depth: int
    ) -> str | None:
        """An operand to a line, inside of brackets, each behind its operator."""
        lines: list[str | None] = []
        left: cst.BaseExpression = node
        while isinstance(left, (cst.BinaryOperation, cst.BooleanOperation)) and not left.lpar:
            if type(left.operator) is not type(node.operator):
                break
            operator = f"{_code(left.operator).strip()} "
            lines.append(self._laid_out(operator, left.right, "" if lines else tail, indent, depth + 1))
            left = left.left
        lines.append(self._laid_out(lead, left, "", indent, depth + 1))
        found = [line for line in reversed(lines) if line is not None]
        return "\n".join(found) if len(found) == len(lines) else None

    def _call(self, lead: str, node: cst.Call, tail: str, indent: str, depth: int) -> str | None:
        func = _code(node.func)
        if not node.args or _longest_inside(node.func) > len(_code(node)) - len(func):
            rest = _code(node)[len(func) :]
            return self._laid_out(lead, node.func, rest + tail, indent, depth)
        if isinstance(node.args[0].value, cst.GeneratorExp):
            return None
        opening = f"{lead}{func}("
        if columns(indent + opening) > self.width:
            return None
        return self._lines(opening, [_argument(one) for one in node.args], f"){tail}", indent, depth)

    def _lines(
        self,
        opening: str,
        parts: Sequence[tuple[str, cst.BaseExpression]],
        closing: str,
        indent: str,
        depth: int,
    ) -> str | None:
        """The parts, each on lines of its own; None where that is no shorter."""
        if columns(indent + opening) > self.width or columns(indent + closing) > self.width:
            return None
        lines = []
        for lead, node in parts:
            part = self._laid_out(lead, node, ",", indent + self.unit, depth + 1)
            lines.append(part if part is not None else f"{lead}{_code(node)},")
        body = "\n".join(lines).replace("\n", f"\n{self.unit}")
        return f"{opening}\n{self.unit}{body}\n{closing}"


def _longest_inside(func: cst.BaseExpression) -> int:
    """How much the longest brackets of the calls hold that a method is called on: these are better taken apart."""
    found = 0
    while isinstance(func, (cst.Attribute, cst.Call, cst.Subscript)):
        inner = func.func if isinstance(func, cst.Call) else func.value
        if isinstance(func, cst.Call):
            found = max(found, len(_code(func)) - len(_code(inner)))
        func = inner
    return found


# What means something else without its brackets, or can't do without.
_BRACKETED = (cst.Tuple, cst.GeneratorExp, cst.Yield, cst.NamedExpr)
_PASS = cst.SimpleStatementSuite([cst.Pass()])


def _code(node: cst.CSTNode) -> str:
    return _MODULE.code_for_node(node)


def _argument(argument: cst.Arg) -> tuple[str, cst.BaseExpression]:
    name = f"{_code(argument.keyword)}=" if argument.keyword is not None else argument.star
    return name, argument.value


def _element(element: cst.BaseElement | cst.BaseDictElement) -> tuple[str, cst.BaseExpression]:
    if isinstance(element, cst.DictElement):
        return f"{_code(element.key)}: ", element.value
    if isinstance(element, cst.StarredDictElement):
        return "**", element.value
    return ("*" if isinstance(element, cst.StarredElement) else ""), element.value


def _parts(code: str) -> tuple[str, cst.BaseExpression, str] | None:
    """What stands in front of the expression of a statement, the expression, and what comes behind it."""
    try:
        statement = cst.parse_statement(code)
    except cst.ParserSyntaxError:
        try:
            statement = cst.parse_statement(f"{code} pass")
        except cst.ParserSyntaxError:
            return None
    if isinstance(statement, cst.SimpleStatementLine):
        if len(statement.body) != 1:
            return None
        small = statement.body[0]
        value = small.exc if isinstance(small, cst.Raise) else getattr(small, "value", None)
    else:
        value = _of_header(statement)
    if not isinstance(value, cst.BaseExpression):
        return None
    inner = _code(value)
    lead, found, tail = code.rpartition(inner)
    return (lead, value, tail) if found else None


def _of_header(statement: cst.BaseCompoundStatement) -> cst.BaseExpression | None:
    if isinstance(statement, cst.For):
        return statement.iter
    if isinstance(statement, (cst.If, cst.While)):
        return statement.test
    if isinstance(statement, cst.With) and len(statement.items) == 1:
        return statement.items[0].item
    return None


def joined(code: str, last_commas: bool = False) -> str | None:
    """A statement (or a header) on one line; None where a comment, a text or a last comma keeps its lines.

    `last_commas`: such commas are left out, even that of a tuple.
    """
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError):
        return None
    pieces: list[str] = []
    broken = False
    before: tokenize.TokenInfo | None = None
    for token in tokens:
        if token.type == tokenize.COMMENT or "\n" in token.string.rstrip("\n"):
            return None
        if token.type in (tokenize.NL, tokenize.NEWLINE):
            broken = True
            continue
        if token.type in (tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER):
            continue
        if before is not None:
            if before.string == "," and token.string in _CLOSING:
                if not last_commas:
                    return None
                pieces.pop()
            if not broken:
                pieces.append(" " * (token.start[1] - before.end[1]))
            elif before.string not in _OPENING and token.string not in (*_CLOSING, "."):
                pieces.append(" ")
        pieces.append(token.string)
        before, broken = token, False
    return "".join(pieces)


def longest(text: str) -> int:
    """The width of the longest line."""
    return max(map(columns, text.splitlines()), default=0)

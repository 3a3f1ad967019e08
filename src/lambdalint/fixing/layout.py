"""Code that is written on one line where it fits, and else as a formatter leaves it at any length of lines."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from lambdalint.fixing.style import line_length
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.syntax.driver import walk

WIDTH = 88  # what the usual formatters take by default
_UNIT = "    "
_BLOCKS = (ir.If, ir.For, ir.While, ir.With, ir.Try, ir.Match, ir.Case, ir.FunctionDef, ir.ClassDef)


def depth(model: Core, node: ir.Node) -> int:
    """How many columns the statement around a node is indented by, at most."""
    unit = len(model.tree.default_indent.replace("\t", _UNIT))
    return unit * sum(isinstance(above, _BLOCKS) for above in ir.ancestors(node))


def width(model: Core) -> int:
    """How long a line of the file may get."""
    return model.answer("width", lambda: line_length(model.source, model.options.line_length))


def bracketed(opening: str, parts: Sequence[str], closing: str, columns: int, most: int = WIDTH) -> str:
    """`opening`, the parts and `closing`: a part to a line, each with its comma, where one line doesn't hold them."""
    line = f"{opening}{', '.join(parts)}{closing}"
    if columns + len(line) <= most and "\n" not in line:
        return line
    inner = "".join(f"{_UNIT}{part},\n" for part in parts)
    return f"{opening}\n{inner}{closing}"


def one_line(model: Core, expr: ir.Expr) -> str | None:
    """The code of an expression on one line; None where that would lose a comment or change a text."""
    node = model.node(expr)
    if node is None:
        return None
    code = model.tree.code_for_node(node)
    if "\n" not in code:
        return code
    texts = [part for part in walk(node) if isinstance(part, (cst.Comment, cst.SimpleString, cst.FormattedString))]
    if any(isinstance(part, cst.Comment) or _spaced(model.tree.code_for_node(part)) for part in texts):
        return None
    return " ".join(code.split())


def _spaced(text: str) -> bool:
    return text != " ".join(text.split())


def in_fours(model: Core, code: str) -> str:
    """Code whose lines are indented by four columns for each level, as code in strings is."""
    unit = model.tree.default_indent
    lines = []
    for line in code.split("\n"):
        lead = line[: len(line) - len(line.lstrip())]
        levels, rest = divmod(len(lead), len(unit))
        lines.append(_UNIT * levels + " " * rest + line.lstrip())
    return "\n".join(lines)


def same_code(one: str, other: str) -> bool:
    """Whether two texts are the same program, however they are laid out and quoted."""
    try:
        return ast.dump(ast.parse(one.strip())) == ast.dump(ast.parse(other.strip()))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def returning(node: cst.BaseExpression) -> str:
    """A function's body that returns an expression, whose further lines are indented as it is and whose texts stay."""
    line = cst.SimpleStatementLine([cst.Return(node.with_changes(lpar=(), rpar=()))])
    return cst.Module(()).code_for_node(cst.IndentedBlock([line], indent=_UNIT))


def indented(code: str) -> str:
    """Code one level deeper, but for its first line."""
    return code.replace("\n", f"\n{_UNIT}")

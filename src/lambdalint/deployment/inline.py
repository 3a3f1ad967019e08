"""Python code that stands in a template itself (`ZipFile`, `InlineCode`)."""

from __future__ import annotations

import re

from lambdalint.deployment.model import InlineCode, Piece
from lambdalint.deployment.nodes import Node, Scalar, Sequence
from lambdalint.deployment.values import intrinsic, referenced

# What the runtime calls the file that it makes of the text (Lambda's guide: AWS::Lambda::Function Code).
_FILE = "index.py"
# Stands for what only a deployment can tell, in names and in texts.
_UNTOLD = "_"
_VARIABLE = re.compile(r"\$\{([^{}]*)\}")


def inline_code(template: str, name: str, node: Node | None, runtime: str) -> InlineCode | None:
    """The code of the function `name` that `node` holds; None where it isn't written out there."""
    pieces = _pieces(node)
    if pieces is None or not any(piece.text.strip() for piece in pieces):
        return None
    certain = intrinsic(node) is None and runtime.startswith("python")
    return InlineCode(f"{template}/{name}/{_FILE}", template, tuple(pieces), certain)


def _pieces(node: Node | None) -> list[Piece] | None:
    function = intrinsic(node)
    if function is None:
        return [_piece(node)] if isinstance(node, Scalar) and node.tag == "str" else None
    name, operand = function
    if name == "Sub":
        text = operand.items[0] if isinstance(operand, Sequence) and operand.items else operand
        return [_piece(text)] if isinstance(text, Scalar) else None
    if name == "Join" and isinstance(operand, Sequence) and len(operand.items) == 2:
        delimiter, parts = operand.items
        if isinstance(delimiter, Scalar) and isinstance(parts, Sequence):
            last = len(parts.items) - 1
            return [_piece(part, delimiter.value if i < last else "") for i, part in enumerate(parts.items)]
    return None


def _piece(node: Node, tail: str = "") -> Piece:
    if isinstance(node, Scalar) and (intrinsic(node) is None or node.tag == "!Sub"):
        text = node.value
    else:
        text = f"${{{referenced(node) or _UNTOLD}}}"
    return Piece(text + tail, node.line, node.column)


def without_variables(text: str) -> str:
    """The text of a `Sub` with a name of the same length for each variable."""
    return _VARIABLE.sub(lambda match: _UNTOLD * len(match.group()), text)

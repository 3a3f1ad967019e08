"""What a Terraform expression comes to, as far as the files tell it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from lambdalint.deployment.terraform.functions import FUNCTIONS
from lambdalint.deployment.terraform.hcl import text_of
from lambdalint.deployment.terraform.values import MAX_ITEMS, MAX_TEXT, Reference, Value, text

if TYPE_CHECKING:
    from tree_sitter import Node

_MAX_DEPTH = 60
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}


class Names(Protocol):
    """What a module's names stand for: a known value, a `Reference`, or None."""

    def lookup(self, names: tuple[str, ...], depth: int) -> tuple[Value, int]:
        """The value of the longest known beginning of `names`, and how many of them it took."""


def evaluate(node: Node | None, scope: Names, depth: int = 0) -> Value:
    """The value of an expression; None where only a deployment can tell, or where it nests too deep."""
    if node is None or depth > _MAX_DEPTH:
        return None
    reader = _READERS.get(node.type)
    return reader(node, scope, depth + 1) if reader is not None else None


def _expression(node: Node, scope: Names, depth: int) -> Value:
    return _parts(node.children, scope, depth)


def _parts(nodes: list[Node], scope: Names, depth: int) -> Value:
    """Nodes that stand side by side: a first part, then what is taken out of it."""
    parts = [node for node in nodes if node.type not in ("(", ")", "comment")]
    if not parts:
        return None
    if parts[0].type == "variable_expr":
        return _path(parts, scope, depth)
    value = evaluate(parts[0], scope, depth)
    return _taken(value, parts[1:], scope, depth)


def _path(parts: list[Node], scope: Names, depth: int) -> Value:
    """`var.x`, `local.x["k"].y`, `aws_lambda_function.x[0].arn`: names, as far as they stand side by side."""
    names = [text_of(parts[0])]
    for part in parts[1:]:
        if part.type != "get_attr":
            break
        names.append(text_of(part).lstrip("."))
    value, used = scope.lookup(tuple(names), depth)
    return _taken(value, parts[used:], scope, depth)


def _taken(value: Value, parts: list[Node], scope: Names, depth: int) -> Value:
    """What attributes and indexes take out of a value."""
    for part in parts:
        key: Value = None
        if part.type == "get_attr":
            key = text_of(part).lstrip(".").strip()
        elif part.type == "index":
            inner = next((c for child in part.children for c in child.children if c.type == "expression"), None)
            key = evaluate(inner, scope, depth)
        if isinstance(value, Reference):
            value = _further(value, key, part)
        elif isinstance(value, dict):
            value = value.get(text(key) or "")
        elif isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
            value = value[key]
        else:
            return None
    return value


def _further(reference: Reference, key: Value, part: Node) -> Reference:
    if part.type == "get_attr" and isinstance(key, str):
        return Reference((*reference.names, key), reference.key)
    return Reference(reference.names, text(key))


def _only(node: Node, scope: Names, depth: int) -> Value:
    """A node that stands for its one child."""
    return evaluate(node.children[0], scope, depth) if node.children else None


def _number(node: Node, scope: Names, depth: int) -> Value:
    literal = text_of(node)
    try:
        return int(literal) if literal.isdigit() and len(literal) < 10 else float(literal)
    except ValueError:
        return None


def _template(node: Node, scope: Names, depth: int) -> Value:
    """A quoted text, with its interpolations; one that is all of the text keeps its kind."""
    parts = [child for child in node.children if child.type in _PIECES or child.type == "ERROR"]
    if len(parts) == 1 and parts[0].type == "template_interpolation":
        return evaluate(parts[0], scope, depth)
    pieces: list[str] = []
    for part in parts:
        piece = _unescaped(text_of(part)) if part.type == "template_literal" else text(evaluate(part, scope, depth))
        if piece is None:
            return None
        pieces.append(piece)
    joined = "".join(pieces)
    return joined if len(joined) <= MAX_TEXT else None


def _interpolation(node: Node, scope: Names, depth: int) -> Value:
    inner = next((child for child in node.children if child.type == "expression"), None)
    return evaluate(inner, scope, depth)


def _unescaped(literal: str) -> str:
    literal = literal.replace("$${", "${").replace("%%{", "%{")
    if "\\" not in literal:
        return literal
    first, *rest = literal.split("\\")
    return first + "".join(_ESCAPES.get(piece[:1], piece[:1]) + piece[1:] for piece in rest)


def _tuple(node: Node, scope: Names, depth: int) -> Value:
    items = [child for child in node.children if child.type == "expression"]
    return [evaluate(item, scope, depth) for item in items[:MAX_ITEMS]]


def _object(node: Node, scope: Names, depth: int) -> Value:
    found: dict[str, Value] = {}
    for element in [child for child in node.children if child.type == "object_elem"][:MAX_ITEMS]:
        sides = [child for child in element.children if child.type == "expression"]
        if len(sides) == 2:
            key = _key(sides[0], scope, depth)
            if key is not None:
                found[key] = evaluate(sides[1], scope, depth)
    return found


def _key(node: Node, scope: Names, depth: int) -> str | None:
    """An object's key: a bare word stands for itself."""
    word = node.children[0] if len(node.children) == 1 else None
    if word is not None and word.type == "variable_expr":
        return text_of(word)
    return text(evaluate(node, scope, depth))


def _conditional(node: Node, scope: Names, depth: int) -> Value:
    parts = [evaluate(child, scope, depth) for child in node.children if child.type == "expression"]
    if len(parts) != 3:
        return None
    condition, yes, no = parts
    if isinstance(condition, bool):
        return yes if condition else no
    same = yes is no or (text(yes) is not None and text(yes) == text(no))
    return yes if same else None


def _operation(node: Node, scope: Names, depth: int) -> Value:
    """Comparisons of known values; all other operators are unknown."""
    parts = node.children[0].children if node.children else []
    kinds = [part.type for part in parts]
    operator = "==" if "==" in kinds else "!="
    if operator not in kinds:
        return None
    middle = kinds.index(operator)
    left, right = (text(_parts(side, scope, depth)) for side in (parts[:middle], parts[middle + 1 :]))
    return None if left is None or right is None else (left == right) == (operator == "==")


def _call(node: Node, scope: Names, depth: int) -> Value:
    function = FUNCTIONS.get(text_of(node.children[0])) if node.children else None
    arguments = next((child for child in node.children if child.type == "function_arguments"), None)
    if function is None or arguments is None:
        return None
    nodes = [child for child in arguments.children if child.type == "expression"][:MAX_ITEMS]
    return function([evaluate(child, scope, depth) for child in nodes])


_PIECES = ("template_literal", "template_interpolation", "template_directive")
_READERS: dict[str, Callable[[Node, Names, int], Value]] = {
    "expression": _expression,
    "variable_expr": lambda node, scope, depth: _path([node], scope, depth),
    "literal_value": _only,
    "numeric_lit": _number,
    "bool_lit": lambda node, scope, depth: text_of(node) == "true",
    "string_lit": _template,
    "template_expr": _only,
    "quoted_template": _template,
    "template_interpolation": _interpolation,
    "collection_value": _only,
    "tuple": _tuple,
    "object": _object,
    "conditional": _conditional,
    "operation": _operation,
    "function_call": _call,
}

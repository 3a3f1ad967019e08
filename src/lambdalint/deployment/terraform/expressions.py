"""What a Terraform expression comes to, as far as the files tell it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from lambdalint.deployment.terraform.functions import FUNCTIONS
from lambdalint.deployment.terraform.hcl import text_of
from lambdalint.deployment.terraform.values import MAX_ITEMS, MAX_TEXT, Partial, Reference, Value, text

if TYPE_CHECKING:
    from tree_sitter import Node

_MAX_DEPTH = 60
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}


class Names(Protocol):
    """What a module's names stand for: a known value, a `Reference`, or None.

    `repeated` says that the same text is evaluated once per item of something: loops inside of it
    would multiply, and aren't followed.
    """

    @property
    def repeated(self) -> bool: ...

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
            key = evaluate(_child(_child(part, "new_index"), "expression"), scope, depth)
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
        return replace(reference, names=(*reference.names, key))
    return replace(reference, key=text(key))


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
    parts = _pieces(node)
    if len(parts) == 1 and parts[0].type == "template_interpolation":
        return evaluate(parts[0], scope, depth)
    return _joined(parts, _unescaped, scope, depth)


def _heredoc(node: Node, scope: Names, depth: int) -> Value:
    """A document in the text (`<<EOF`), whose indents aren't taken away."""
    joined = _joined(_pieces(node), _dollars, scope, depth)
    return Partial(joined) if isinstance(joined, str) else joined


def _pieces(node: Node) -> list[Node]:
    return [child for child in node.children if child.type in _PIECES or child.type == "ERROR"]


def _joined(parts: list[Node], literal: Callable[[str], str], scope: Names, depth: int) -> Value:
    """The text of some pieces; an interpolation that isn't known makes it partial, anything else unknown."""
    pieces: list[str] = []
    whole = True
    for part in parts:
        known = literal(text_of(part)) if part.type == "template_literal" else text(evaluate(part, scope, depth))
        if known is None and part.type != "template_interpolation":
            return None
        whole &= known is not None
        # Without quotes, so that a text around it that is JSON stays so.
        pieces.append(text_of(part).replace('"', "'") if known is None else known)
    joined = "".join(pieces)
    if len(joined) > MAX_TEXT:
        return None
    return joined if whole else Partial(joined)


def _interpolation(node: Node, scope: Names, depth: int) -> Value:
    return evaluate(_child(node, "expression"), scope, depth)


def _unescaped(literal: str) -> str:
    literal = _dollars(literal)
    if "\\" not in literal:
        return literal
    first, *rest = literal.split("\\")
    return first + "".join(_ESCAPES.get(piece[:1], piece[:1]) + piece[1:] for piece in rest)


def _dollars(literal: str) -> str:
    return literal.replace("$${", "${").replace("%%{", "%{")


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


class _Bound:
    """A scope with the names that a `for` binds to one item."""

    repeated = True

    def __init__(self, scope: Names, known: dict[str, Value]) -> None:
        self.scope = scope
        self.known = known

    def lookup(self, names: tuple[str, ...], depth: int) -> tuple[Value, int]:
        if names[0] in self.known:
            return self.known[names[0]], 1
        return self.scope.lookup(names, depth)


def _for(node: Node, scope: Names, depth: int) -> Value:
    """`[for x in list : y]` and `{for k, v in map : k => v if c}` over something known."""
    body = node.children[0] if node.children else None
    intro = _child(body, "for_intro")
    if body is None or intro is None or scope.repeated or _child(body, "ellipsis") is not None:
        return None
    collection = evaluate(_child(intro, "expression"), scope, depth)
    if isinstance(collection, dict):
        pairs: list[tuple[Value, Value]] = list(collection.items())
    elif isinstance(collection, list):
        pairs = list(enumerate(collection))
    else:
        return None
    names = [text_of(child) for child in intro.children if child.type == "identifier"][-2:]
    results = [child for child in body.children if child.type == "expression"]
    condition = _child(_child(body, "for_cond"), "expression")
    found: list[list[Value]] = []
    for key, value in pairs[:MAX_ITEMS]:
        inner = _Bound(scope, dict(zip(reversed(names), (value, key), strict=False)))
        taken = True if condition is None else evaluate(condition, inner, depth)
        if not isinstance(taken, bool):
            return None
        if taken:
            found.append([evaluate(result, inner, depth) for result in results])
    if body.type == "for_tuple_expr":
        return [item[0] for item in found if item]
    keyed = {text(item[0]): item[1] for item in found if len(item) == 2}
    return {key: value for key, value in keyed.items() if key is not None}


def _child(node: Node | None, kind: str) -> Node | None:
    return next((child for child in node.children if child.type == kind), None) if node is not None else None


def _call(node: Node, scope: Names, depth: int) -> Value:
    function = FUNCTIONS.get(text_of(node.children[0])) if node.children else None
    arguments = _child(node, "function_arguments")
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
    "heredoc_template": _heredoc,
    "template_interpolation": _interpolation,
    "collection_value": _only,
    "tuple": _tuple,
    "object": _object,
    "conditional": _conditional,
    "operation": _operation,
    "for_expr": _for,
    "function_call": _call,
}

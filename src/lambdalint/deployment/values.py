"""What a template's value comes to, as far as the template alone can tell."""

from __future__ import annotations

import re
from collections.abc import Callable

from lambdalint.deployment.nodes import Mapping, Node, Scalar, Sequence

_VARIABLE = re.compile(r"\$\{(!?)([^{}]*)\}")
_MAX_TEXT = 4096
_MAX_DEPTH = 20


def intrinsic(node: Node | None) -> tuple[str, Node] | None:
    """The name and operand of an intrinsic function, in its short or its long form."""
    if node is None:
        return None
    if node.tag.startswith("!"):
        return node.tag[1:], node
    if isinstance(node, Mapping) and len(node.entries) == 1:
        ((name, (_, value)),) = node.entries.items()
        if name == "Ref" or name.startswith("Fn::"):
            return name.removeprefix("Fn::"), value
    return None


class Values:
    """Evaluates nodes of one template.

    `parameters` holds the parameters' defaults; `expand` rewrites a plain text that has
    variables of its own (Serverless Framework), and gives None where it can't.
    """

    def __init__(
        self, parameters: dict[str, str] | None = None, expand: Callable[[str], str | None] | None = None
    ) -> None:
        self.parameters = parameters or {}
        self.expand = expand
        # Aliases make a graph of the tree: each node is evaluated once.
        self._known: dict[Node, str | None] = {}

    @classmethod
    def of(cls, root: Mapping, expand: Callable[[str], str | None] | None = None) -> Values:
        """The values of the template `root`, with the defaults of its `Parameters`."""
        defaults = {}
        for name, _, parameter in root.mapping("Parameters"):
            if not isinstance(parameter, Mapping):
                continue
            kind, default = parameter.get("Type"), parameter.get("Default")
            # Here the default is the name of a stored parameter, not its value.
            stored = isinstance(kind, Scalar) and kind.value.startswith("AWS::SSM::Parameter::Value")
            if isinstance(default, Scalar) and default.value and not stored:
                defaults[name] = default.value
        return cls(defaults, expand)

    def text(self, node: Node | None, depth: int = 0) -> str | None:
        """The literal text that `node` comes to; None where only a deployment can tell."""
        if node is None or depth > _MAX_DEPTH:
            return None
        if node not in self._known:
            self._known[node] = None
            text = self._text(node, depth)
            self._known[node] = text if text is None or len(text) <= _MAX_TEXT else None
        return self._known[node]

    def _text(self, node: Node, depth: int) -> str | None:
        function = intrinsic(node)
        if function is None:
            if not isinstance(node, Scalar) or node.tag == "null":
                return None
            return self.expand(node.value) if self.expand else node.value
        name, operand = function
        if name == "Ref" and isinstance(operand, Scalar):
            return self.parameters.get(operand.value)
        if name == "Sub":
            return self._substitute(operand, depth)
        if name == "Join" and isinstance(operand, Sequence) and len(operand.items) == 2:
            delimiter, parts = operand.items
            if isinstance(delimiter, Scalar) and isinstance(parts, Sequence):
                texts = [self.text(part, depth + 1) for part in parts.items]
                return None if None in texts else delimiter.value.join(t for t in texts if t is not None)
        return None

    def _substitute(self, operand: Node, depth: int) -> str | None:
        local: Node | None = None
        if isinstance(operand, Sequence) and len(operand.items) == 2:
            operand, local = operand.items
        if not isinstance(operand, Scalar):
            return None
        template = self.expand(operand.value) if self.expand else operand.value
        if template is None:
            return None
        pieces: list[str] = []
        done = size = 0
        for match in _VARIABLE.finditer(template):
            name = match.group(2).strip()
            if match.group(1):
                value: str | None = "${" + match.group(2) + "}"
            elif isinstance(local, Mapping) and name in local.entries:
                value = self.text(local.get(name), depth + 1)
            else:
                value = self.parameters.get(name)
            size += len(value or "")
            if value is None or size > _MAX_TEXT:
                return None
            pieces += (template[done : match.start()], value)
            done = match.end()
        return "".join([*pieces, template[done:]])

    def ending(self, node: Node | None) -> str:
        """The literal text that a value ends in, however it begins: `x.zip` of `!Sub ${Prefix}x.zip`."""
        whole = self.text(node)
        if whole is not None:
            return whole
        function = intrinsic(node)
        if function is None:
            return ""
        name, operand = function
        if name == "Join" and isinstance(operand, Sequence) and len(operand.items) == 2:
            operand = operand.items[1]
        elif name != "Sub":
            return ""
        if isinstance(operand, Sequence) and operand.items:
            operand = operand.items[-1 if name == "Join" else 0]
        return operand.value.rpartition("}")[2] if isinstance(operand, Scalar) else ""

    def number(self, node: Node | None) -> int | None:
        """The whole number that `node` comes to, or None."""
        text = self.text(node)
        return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else None

    def true(self, node: Node | None) -> bool:
        return (self.text(node) or "").lower() in ("true", "yes", "on")


def references(node: Node | None) -> set[str]:
    """The logical ids that this one node names: `Ref`, `GetAtt`, or the variables of a `Sub`."""
    function = intrinsic(node)
    if function is None:
        return set()
    name, operand = function
    if name in ("Ref", "GetAtt"):
        if isinstance(operand, Sequence) and operand.items:
            operand = operand.items[0]
        return {operand.value.partition(".")[0]} if isinstance(operand, Scalar) else set()
    if name == "Sub":
        if isinstance(operand, Sequence) and operand.items:
            operand = operand.items[0]
        if isinstance(operand, Scalar):
            found = _VARIABLE.findall(operand.value)
            return {variable.strip().partition(".")[0] for bang, variable in found if not bang}
    return set()


def referenced(node: Node | None) -> str:
    """The one resource whose `Ref` is all of `node` (`!Ref X`, `!Sub "${X}"`), or empty."""
    function = intrinsic(node)
    if function is None or not isinstance(function[1], Scalar):
        return ""
    name, text = function[0], function[1].value
    if name == "Ref":
        return text
    match = _VARIABLE.fullmatch(text) if name == "Sub" else None
    return match.group(2) if match and not match.group(1) and "." not in match.group(2) else ""

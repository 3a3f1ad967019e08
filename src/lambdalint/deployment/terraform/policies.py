"""What the text of a policy says, as Terraform's values give it."""

from __future__ import annotations

import json

from lambdalint.deployment.model import Rights
from lambdalint.deployment.nodes import MAX_DEPTH, Mapping, Node, Scalar, Sequence, tree_of
from lambdalint.deployment.rights import UNKNOWN, Policies, managed, stated
from lambdalint.deployment.terraform.values import MAX_ITEMS, Encoded, Partial, Reference, Value, text
from lambdalint.deployment.values import Values
from lambdalint.source import UnreadableError

# The tag of what isn't known, which is no function of a template.
_UNKNOWN = "!Unknown"


def items(value: Value) -> list[Value]:
    """The items of a list, or the only one; as an unknown one also what is too long to be kept whole."""
    if isinstance(value, list):
        return value if len(value) < MAX_ITEMS else [None]
    return [value]


def ready_made(*names: Value) -> Rights:
    """What one of AWS's own policies grants, by its ARN or its name, of which one is given."""
    for name in names:
        written = name.written if isinstance(name, Partial) else text(name)
        if written and ("::aws:policy/" in written or ":" not in written):
            return managed(written)
    return UNKNOWN


def statement(value: Value, place: str) -> Rights:
    """What a statement in Terraform's own notation says, which stands at `place`."""
    if not isinstance(value, dict):
        return UNKNOWN
    actions = [text(action) for action in items(value.get("actions"))]
    resources = [_written(resource, f"{place}.{index}") for index, resource in enumerate(items(value.get("resources")))]
    return stated(actions, resources, text(value.get("effect", "Allow")), "condition" in value)


def document(value: Value, place: str) -> Rights:
    """What a document says that is written as JSON at `place`."""
    tree: Node | None = None
    if isinstance(value, Encoded):
        tree = _tree(value.value, place)
    elif isinstance(value, (str, Partial)):
        written = value if isinstance(value, str) else value.written
        try:
            tree = tree_of(json.loads(written))
        except (ValueError, RecursionError, UnreadableError):
            return UNKNOWN
    return _POLICIES.document(tree)


def _tree(value: Value, place: str, depth: int = 0) -> Node:
    """A value as templates hold it."""
    if depth < MAX_DEPTH and isinstance(value, dict) and len(value) < MAX_ITEMS:
        entries = {k: (Scalar("str", 1, 0, k), _tree(v, f"{place}.{k}", depth + 1)) for k, v in value.items()}
        return Mapping("map", 1, 0, entries)
    if depth < MAX_DEPTH and isinstance(value, list) and len(value) < MAX_ITEMS:
        return Sequence("seq", 1, 0, [_tree(v, f"{place}.{i}", depth + 1) for i, v in enumerate(value)])
    known = text(value)
    return Scalar(_UNKNOWN, 1, 0, _written(value, place)) if known is None else Scalar("str", 1, 0, known)


def _written(value: Value, place: str) -> str:
    """A resource as it is written; one that isn't known is the only one of its place."""
    if isinstance(value, Reference):
        return f"${{{'.'.join(value.names)}}}{value.key or ''}"
    return value.written if isinstance(value, Partial) else text(value) or f"?{place}"


def _plain(written: str) -> str | None:
    """A text without parts that only a deployment knows."""
    return None if "${" in written else written


_POLICIES = Policies(Mapping("map", 1, 0), Values(expand=_plain))

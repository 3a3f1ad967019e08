"""What the text of a policy says, as Terraform's values give it."""

from __future__ import annotations

import json

from lambdalint.deployment.model import Rights
from lambdalint.deployment.rights import UNKNOWN, decoded, managed, stated
from lambdalint.deployment.terraform.values import MAX_ITEMS, Encoded, Partial, Reference, Value, text


def items(value: Value) -> list[Value]:
    """The items of a list, or the only one; as an unknown one also what is too long to be kept whole."""
    if isinstance(value, list):
        return value if len(value) < MAX_ITEMS else [None]
    return [value]


def ready_made(*names: Value) -> Rights:
    """What one of AWS's own policies grants, by its ARN or its name, of which one is given."""
    for name in names:
        written = name.written if isinstance(name, Partial) else text(name)
        if written:
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
    if isinstance(value, Encoded):
        return decoded(value.value, place, _written)
    if not isinstance(value, (str, Partial)):
        return UNKNOWN
    written = value if isinstance(value, str) else value.written
    try:
        return decoded(json.loads(written), place, _written)
    except (ValueError, RecursionError):
        return UNKNOWN


def _written(value: object, place: str) -> str:
    """A resource as it is written; one that isn't known is the only one of its place."""
    if isinstance(value, Reference):
        return f"${{{'.'.join(value.names)}}}{value.key or ''}"
    if isinstance(value, Partial):
        return value.written
    return value if isinstance(value, str) else f"?{place}"

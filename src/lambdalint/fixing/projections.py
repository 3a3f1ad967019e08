"""A read that names the attributes that its caller looks at."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.requests import AddArgument, Change, FixRequest
from lambdalint.knowledge.tables import is_reserved
from lambdalint.semantics.aws import AwsCall
from lambdalint.semantics.core import Core
from lambdalint.semantics.table_keys import literal_names
from lambdalint.semantics.uses import uses_of_all

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_WORD = re.compile(r"\w+")
_PLACEHOLDERS = "ExpressionAttributeNames"


def ask_for_attributes(model: Core, aws: AwsCall, attributes: Sequence[str]) -> FixRequest | None:
    """`ProjectionExpression` for the attributes; None where an item might look empty, or names can't be given."""
    node = model.node(aws.call)
    if not isinstance(node, cst.Call) or not aws.complete or any(a.keyword is None for a in aws.call.args):
        return None
    names = list(attributes)
    if any(use.kind == "truth" for use in uses_of_all(aws.uses.reads("Item"))):
        # An item without any of the attributes is there, but empty; its key is always there.
        key = literal_names(model, aws.arguments.get("Key"))
        if not key:
            return None
        names += [name for name in key if name not in names]
    placeholders = {name: f"#{name}" for name in names if is_reserved(name) or not _PLAIN.fullmatch(name)}
    if any(not _WORD.fullmatch(name) for name in placeholders) or (placeholders and _PLACEHOLDERS in aws.arguments):
        return None
    listed = ", ".join(placeholders.get(name, name) for name in names)
    changes: list[Change] = [AddArgument(node, "ProjectionExpression", f'"{listed}"')]
    if placeholders:
        pairs = ", ".join(f'"{short}": "{name}"' for name, short in placeholders.items())
        changes.append(AddArgument(node, _PLACEHOLDERS, f"{{{pairs}}}"))
    message = "Ask for these attributes alone (the item holds no others any more)"
    return FixRequest(tuple(changes), Safety.UNSAFE, message)

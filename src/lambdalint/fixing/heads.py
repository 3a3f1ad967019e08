"""Small changes to requests of S3 and SQS: the head alone, and a wait for messages."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.requests import AddArgument, FixRequest, Replace
from lambdalint.semantics.core import Core
from lambdalint.semantics.metadata import MetadataRead
from lambdalint.semantics.queues import ShortPoll


def ask_for_head(model: Core, found: MetadataRead) -> FixRequest | None:
    """`head_object` for `get_object`; None where the code around may know a missing object by another error."""
    aws = found.aws
    node = model.node(aws.call)
    if found.listing or aws.face != "client" or not aws.complete or found.told_by_error:
        return None
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
        return None
    message = "Ask with head_object (a missing object raises a ClientError with the code 404, not NoSuchKey)"
    return FixRequest((Replace(node.func.attr, cst.Name("head_object")),), Safety.UNSAFE, message)


def wait_for_messages(model: Core, poll: ShortPoll) -> FixRequest | None:
    """`WaitTimeSeconds`, as long as suits; None where a wait may be cut off."""
    node = model.node(poll.aws.call)
    if not isinstance(node, cst.Call) or not poll.patient:
        return None
    length = "a second" if poll.wait == 1 else f"{poll.wait} seconds"
    message = f"Wait up to {length} for messages (an empty queue keeps the function as long)"
    return FixRequest((AddArgument(node, "WaitTimeSeconds", str(poll.wait)),), Safety.UNSAFE, message)

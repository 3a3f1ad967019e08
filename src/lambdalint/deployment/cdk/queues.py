"""SQS queues among what a CDK program makes."""

from __future__ import annotations

from collections.abc import Sequence

from lambdalint.deployment.cdk.constructs import identifier
from lambdalint.deployment.cdk.values import Made
from lambdalint.deployment.model import DeployedQueue

# The constructs, each with its setting for the wait.
_QUEUES = {
    "aws_cdk.aws_sqs.Queue": "receive_message_wait_time",
    "aws_cdk.aws_sqs.CfnQueue": "receive_message_wait_time_seconds",
}


def read_queues(made: Sequence[Made]) -> tuple[DeployedQueue, ...]:
    """The queues that the program declares, each once; a wait that is given counts, however long."""
    found = []
    for one in made:
        if one.path in _QUEUES:
            name = one.option("queue_name")
            waits = one.option(_QUEUES[one.path]) is not None
            given = name if isinstance(name, str) else ""
            found.append(DeployedQueue(one.file, one.line, identifier(one), given, waits))
    return tuple(dict.fromkeys(found))

"""SQS queues in the notation of CloudFormation."""

from __future__ import annotations

from lambdalint.deployment.model import DeployedQueue
from lambdalint.deployment.nodes import Mapping
from lambdalint.deployment.values import Values

QUEUE_KIND = "AWS::SQS::Queue"


def read_queue(template: str, line: int, name: str, properties: Mapping, values: Values) -> DeployedQueue:
    """The queue `name`. A wait that only a deployment can tell counts as one."""
    wait = properties.get("ReceiveMessageWaitTimeSeconds")
    waits = wait is not None and values.number(wait) != 0
    return DeployedQueue(template, line, name, values.text(properties.get("QueueName")) or "", waits)

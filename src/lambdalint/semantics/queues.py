"""Requests for messages of a queue that come back at once where there are none."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.semantics import flow, ir
from lambdalint.semantics.aws import AwsCall
from lambdalint.semantics.core import Core
from lambdalint.semantics.environment import environment_variable
from lambdalint.semantics.fetches import followed

LONGEST_WAIT = 20  # seconds (Amazon SQS API reference: ReceiveMessage)
# Any wait asks all servers (Amazon SQS developer guide: short and long polling); the last answer of a loop is empty.
_WAIT_IN_LOOP = 1
_WAIT = "ReceiveMessageWaitTimeSeconds"


class ShortPoll(Struct, frozen=True):
    """`aws` asks for messages without waiting for any; `timeout` is the shortest of the functions' that do, in s.

    `patient`: nothing is known that would cut a wait off: neither the functions' timeout nor the
    client's own, and no other queue is asked after this one.
    """

    aws: AwsCall
    timeout: int | None

    @property
    def wait(self) -> int:
        """How many seconds to wait: few in a loop, which waits once more when all messages are there."""
        return _WAIT_IN_LOOP if self._repeated else LONGEST_WAIT

    @property
    def _repeated(self) -> bool:
        """Whether a loop asks again, here or around a call of the function."""
        model = self.aws.model
        function = model.function(self.aws.call)
        if model.loop(self.aws.call) is not None or function is None:
            return True
        return any(flow.loops_around(edge.site) or edge.caller is function for edge in model.project.edges_to(function))

    @property
    def short_of_time(self) -> bool:
        """Whether a function's time is up before the wait is."""
        return self.timeout is not None and self.timeout <= self.wait

    @property
    def patient(self) -> bool:
        model, made = self.aws.model, self.aws.on
        if self.short_of_time:
            return False
        origins = [made.origin, made.base.origin if made.base is not None else None]
        if any(isinstance(origin, ir.Call) and origin.keyword("config") is not None for origin in origins):
            return False  # the client may not wait that long for an answer
        asked = [self.aws.receiver, self.aws.arguments.get("QueueUrl")]
        return not any(expr is not None and model.depends_on_loop(expr) for expr in asked)


def short_poll(aws: AwsCall) -> ShortPoll | None:
    """The request for messages that surely doesn't wait, or None."""
    if aws.name != "sqs.receive_message" or aws.face not in ("client", "resource"):
        return None
    if aws.has("WaitTimeSeconds") or _may_wait_by_itself(aws):
        return None
    function = aws.model.function(aws.call)
    reach = aws.model.project.reach
    reached = reach.reached_by.get(function, ()) if function is not None else ()
    deployed = [aws.model.project.handlers[index].deployed for index in reached]
    timeouts = [one.timeout for one in deployed if one is not None and one.timeout is not None]
    return ShortPoll(aws, min(timeouts, default=None))


def _may_wait_by_itself(aws: AwsCall) -> bool:
    """Whether the queue's own setting may make receiving wait: it does, or which queue it is can't be told."""
    project = aws.model.project
    if _WAIT in project.inputs.mentions:
        return True
    if not any(queue.waits for queue in project.inputs.queues):
        return False
    names = _named(aws)
    asked = [q for q in project.inputs.queues if f"ref:{q.name}" in names or (q.queue_name and q.queue_name in names)]
    return not asked or any(queue.waits for queue in asked)


def _named(aws: AwsCall) -> set[str]:
    """What the queue may be called: its name, or a reference to it in the functions' environment."""
    made = aws.on.origin
    given = [aws.arguments["QueueUrl"]] if "QueueUrl" in aws.arguments else []
    if aws.face == "resource" and isinstance(made, ir.Call):
        given = [argument.value for argument in made.args]
    texts = [text for expr in given for part in followed(expr) for text in _texts(aws.model, part)]
    return {text if text.startswith("ref:") else text.rpartition("/")[2] for text in texts}


def _texts(model: Core, expr: ir.Expr) -> list[str]:
    constant = model.constant(expr)
    if isinstance(constant, str):
        return [constant]
    variable = environment_variable(model, expr)
    functions = model.project.inputs.functions if variable else ()
    return [value for function in functions for name, value in function.environment if name == variable]

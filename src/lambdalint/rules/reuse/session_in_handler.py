"""LMB102: a boto3 session is made again on every invocation."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.default_session import use_default_session
from lambdalint.knowledge import costs
from lambdalint.rules.base import Bad, Good, Rule, Safety


class SessionInHandler(Rule):
    """A session holds the SDK's loaded service models; a new one loads them from disk again.

    ## What it costs
    `Session().client("dynamodb")` with a new session loads the service's model every time and never gets
    cheaper: about 25 times the CPU that `boto3.client` takes once it is warm.
    Two sessions at module scope load everything twice during the cold start.

    ## What to do
    Use `boto3.client` and `boto3.resource`, which share one default session, or create the
    session once per execution environment.

    ## When to ignore
    Sessions made from assumed credentials or from values of the event are left alone, and so is
    one session per thread (`threading.local`, an executor's initializer), since sessions are not
    thread-safe.

    ## Fix safety
    Safe for a session without arguments that only makes clients and resources: it gives way to
    `boto3.client` or `boto3.resource`, whose default session reads the same configuration. Unsafe
    where the project's tests patch boto3, where something sets up another default session, where a
    function changes the environment that sessions read, where the code runs in threads, or where the
    session stands in a condition or `try`. Any other session is moved like a client (see
    client-in-handler), which is unsafe.

    ## Sources
    Measured with boto3 1.44.5. boto3 guide, "Session": sessions are not thread-safe.
    """

    code = "LMB102"
    name = "session-in-handler"
    problem = "{what} is created {when}"
    remedy = "use boto3.client and boto3.resource, which share one session, or create it once"
    safety = Safety.SAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"


def lambda_handler(event, context):
    sqs = boto3.Session().client("sqs")
    sqs.send_message(QueueUrl=QUEUE, MessageBody=event["body"])
""",
            fixed="""\
import functools

import boto3

QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"


@functools.cache
def _sqs_client():
    return boto3.client("sqs")


def lambda_handler(event, context):
    sqs = _sqs_client()
    sqs.send_message(QueueUrl=QUEUE, MessageBody=event["body"])
""",
        ),
        Good(
            """\
import boto3


def lambda_handler(event, context):
    role = boto3.client("sts").assume_role(RoleArn=event["role"], RoleSessionName="audit")  # noqa: LMB101
    keys = role["Credentials"]
    session = boto3.Session(
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    return session.client("ec2").describe_regions()["Regions"]
""",
            why="the session belongs to assumed credentials",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        session = self.model.created(node, "session")
        if session is None or session.per_thread or session.in_async_with:
            return
        alone = session.makes_no_client
        cost = costs.lone_session(self.model.memory(node)) if alone else costs.new_session(self.model.memory(node))
        if self.model.runs_per_invocation(node, hot=True):
            if session.static:
                self.report(
                    node,
                    what=session.label,
                    when="on every invocation",
                    cost=f"each invocation pays for {cost}",
                    remedy="create it once" if alone else "",
                    fix=use_default_session(self.model, session),
                )
        elif session.repeated_at_import:
            self.report(
                node,
                what=session.label,
                when="beside another session at module scope",
                cost=f"each cold start pays once more for {cost}",
            )

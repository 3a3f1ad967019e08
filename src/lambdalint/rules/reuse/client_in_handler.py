"""LMB101: an AWS client is created again on every invocation."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.hoist import hoist
from lambdalint.knowledge import costs
from lambdalint.rules.base import Bad, Good, Rule, Safety


class ClientInHandler(Rule):
    """A client or resource that is made on the invocation path is thrown away when the handler returns.

    ## What it costs
    Making the object takes 1 to 4 ms of CPU once the SDK is warm. What hurts is its connection:
    it goes with the client, so the next invocation pays for a new TLS handshake and loads the CA
    bundle again. With little memory, and so little CPU, that is most of a short invocation.

    ## What to do
    Create the client once per execution environment: at module scope, or in a function under
    `functools.cache` that is called where the client is needed.

    ## When to ignore
    Clients that depend on the event (another region or endpoint, assumed credentials) are left
    alone, and so is whatever already runs once: a guarded global, a cached function, a
    constructor that only runs at import.

    ## Fix safety
    The whole chain moves into a cached getter (`reuse-style = "getter"`), or to module scope
    (`"module"`). Safe when every argument is a literal or a constant of the module, and the client
    is assigned once, plainly, and only used for calls of its methods. Unsafe when it depends on
    environment variables, stands in a condition or a `try`, is passed on or returned, when a
    function changes the environment that clients are made from, or when the project's tests patch
    boto3: a test that changes one of these between calls would see the first client again. At module
    scope it is also unsafe unless the region is a constant, or the module makes a client of the same
    service there already: the import would fail where no region is set yet.

    There is no fix for objects that what is done with them stays on: hooks that are registered at
    each invocation, and attributes such as `table.item_count`, which are loaded once and kept. Where
    the invocation itself chooses credentials or a region for later clients there is no finding.

    ## Sources
    Measured with boto3 1.44.5 against a local emulator over TLS. boto/botocore#3171 tracks the
    cost of loading the CA bundle for each connection. AWS Lambda best practices: "take advantage
    of execution environment reuse".
    """

    code = "LMB101"
    name = "client-in-handler"
    problem = "{what} is created on every invocation"
    remedy = "create it once per execution environment, at module scope or in a cached function"
    safety = Safety.SAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3


def lambda_handler(event, context):
    s3 = boto3.client("s3")
    return s3.get_object(Bucket="reports", Key=event["key"])["ContentLength"]
""",
            fixed="""\
import functools

import boto3


@functools.cache
def _s3_client():
    return boto3.client("s3")


def lambda_handler(event, context):
    s3 = _s3_client()
    return s3.get_object(Bucket="reports", Key=event["key"])["ContentLength"]
""",
        ),
        Good(
            """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    return s3.get_object(Bucket="reports", Key=event["key"])["ContentLength"]
""",
            why="made in the init phase",
        ),
        Good(
            """\
import boto3


def lambda_handler(event, context):
    ec2 = boto3.client("ec2", region_name=event["region"])
    return len(ec2.describe_instances()["Reservations"])
""",
            why="the region comes with the event",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        creation = self.model.created(node, "client", "resource") or self.model.asked_for(node)
        if creation is None or creation.in_async_with or creation.new_session:
            return  # a session that is new each time is the finding itself (LMB102)
        if not creation.service or creation.told_service:
            return  # a wrapper that is told the service: whoever calls it may keep the client
        if not self.model.runs_per_invocation(node, hot=True) or not creation.static:
            return
        if self.model.made_for_defeated_cache(node):
            return  # the cache is to be kept, and the client goes with it (LMB109)
        memory = self.model.memory(node)
        paid = costs.new_client(memory) if creation.asks_nothing else costs.new_connection(memory)
        self.report(
            node,
            what=creation.label,
            cost=f"each invocation pays for {paid}",
            fix=hoist(self.model, creation) if creation.value.origin is creation.call else None,
        )

"""LMB309: more threads share a client than it has connections."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.connections import with_connections
from lambdalint.knowledge import costs
from lambdalint.rules.base import Bad, Good, Rule, Safety


class SmallConnectionPool(Rule):
    """An executor has more workers than the AWS client that its tasks share keeps connections.

    ## What it costs
    A client keeps 10 connections unless it is told otherwise. Each further request at the same time
    opens one of its own and throws it away: a TCP and TLS handshake per request, and the log says
    `Connection pool is full, discarding connection`.

    ## What to do
    `Config(max_pool_connections=…)` with the number of workers, or as many workers as there are
    connections. Measure: with little memory more threads win little.

    ## When to ignore
    Left alone are numbers of workers, and configurations, that aren't constants; tasks that are few
    enough; tasks that make a client each; clients of one thread each; and code that no invocation
    reaches.

    ## Fix safety
    Unsafe: the connections stay open for as long as the execution environment, and each counts among
    its 1,024 file descriptors. There is no fix where the client is made in another file.

    ## Sources
    botocore reference: Config, `max_pool_connections` (default 10). urllib3 documentation:
    connection pools that don't block. AWS Lambda quotas: file descriptors.
    """

    code = "LMB309"
    name = "small-connection-pool"
    problem = "{workers} workers share the {connections} connections of the {shared}"
    remedy = "give it Config(max_pool_connections={workers})"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
from concurrent.futures import ThreadPoolExecutor

import boto3

s3 = boto3.client("s3")


def size(key):
    return s3.head_object(Bucket="reports", Key=key)["ContentLength"]


def lambda_handler(event, context):
    with ThreadPoolExecutor(max_workers=32) as pool:
        return sum(pool.map(size, event["keys"]))
""",
            fixed="""\
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

s3 = boto3.client("s3", config=Config(max_pool_connections=32))


def size(key):
    return s3.head_object(Bucket="reports", Key=key)["ContentLength"]


def lambda_handler(event, context):
    with ThreadPoolExecutor(max_workers=32) as pool:
        return sum(pool.map(size, event["keys"]))
""",
        ),
        Good(
            """\
from concurrent.futures import ThreadPoolExecutor

import boto3

s3 = boto3.client("s3")


def size(key):
    return s3.head_object(Bucket="reports", Key=key)["ContentLength"]


def lambda_handler(event, context):
    with ThreadPoolExecutor(max_workers=10) as pool:
        return sum(pool.map(size, event["keys"]))
""",
            why="a connection for each worker",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.crowded_client(node)
        if found is None:
            return
        self.report(
            node,
            workers=found.workers,
            connections=found.connections,
            shared=found.shared,
            cost=f"each request beyond pays for {costs.new_connection(self.model.memory(node))}",
            fix=with_connections(self.model, found),
        )

"""LMB112: a client or connection is made and never used."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.remove_unused import remove_unused
from lambdalint.knowledge import costs
from lambdalint.rules.base import Bad, Good, Rule, Safety


class UnusedClient(Rule):
    """A client, resource or connection that no code of the project uses is work for nothing.

    ## What it costs
    The first client of a service loads and reads its model: 20 to 60 ms of each cold start. On the
    invocation path it is made again each time (which the rules about that say first).

    ## What to do
    Delete the line.

    ## When to ignore
    Names that `__all__` or a package's `__init__` hands on, names that another file imports, or
    that a test patches, and modules that look names up by their text (`globals`, `getattr`) are
    left alone.

    ## Fix safety
    Unsafe: making the client may fail, or log in somewhere, and something outside of the project may
    import the name.

    ## Sources
    Measured with boto3 1.44.5: the first `boto3.client` of a service against the next ones.
    """

    code = "LMB112"
    name = "unused-client"
    problem = "{what} is created for {name}, which nothing uses"
    remedy = "delete it"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

s3 = boto3.client("s3")
sqs = boto3.client("sqs")


def lambda_handler(event, context):
    return s3.get_object(Bucket="reports", Key=event["key"])["ContentLength"]
""",
            fixed="""\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    return s3.get_object(Bucket="reports", Key=event["key"])["ContentLength"]
""",
        ),
        Good(
            """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    return event["id"]
""",
            files=(("reports.py", 'from app import s3\n\nreports = s3.list_objects_v2(Bucket="reports")\n'),),
            why="another module imports it",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        unused = self.model.unused_client(node)
        if unused is None:
            return
        self.report(
            node,
            what=unused.what,
            name=unused.name,
            cost=costs.first_client(self.model.memory_of_module()) if unused.at_import else "",
            fix=remove_unused(self.model, unused),
        )

"""LMB801: only the first page of a listing is looked at."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.pages import all_pages
from lambdalint.rules.base import Bad, Good, Rule, Safety


class UnpaginatedList(Rule):
    """An operation that answers in pages is asked once, and its token is never looked at.

    ## What it costs
    What stands on the further pages is lost without an error: 1,000 objects of a bucket, 100
    clusters, 50 functions are the most that one answer brings.

    ## What to do
    `client.get_paginator(operation)` asks for one page after the other.

    ## When to ignore
    Calls with a limit of their own, calls that name the one thing or the list of things they want,
    operations whose quota is smaller than a page, reads for emptiness alone, and responses that go
    to the caller are left alone.

    ## Fix safety
    Unsafe: all pages are read, which may be many requests. `build_full_result` joins the fields
    with results; the fix is only offered where nothing else of the answer is read.

    ## Sources
    The paginators of botocore's service models.
    """

    code = "LMB801"
    name = "unpaginated-list"
    problem = "{what} looks at the first page alone: {token} is never read"
    remedy = "use the paginator of {operation}"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    response = s3.list_objects_v2(Bucket="reports")
    return [entry["Key"] for entry in response["Contents"]]
""",
            fixed="""\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    paginator = s3.get_paginator("list_objects_v2")
    response = paginator.paginate(Bucket="reports").build_full_result()
    return [entry["Key"] for entry in response["Contents"]]
""",
        ),
        Good(
            """\
import boto3

rds = boto3.client("rds")


def lambda_handler(event, context):
    found = rds.describe_db_instances(DBInstanceIdentifier=event["database"])
    return found["DBInstances"][0]["DBInstanceStatus"]
""",
            why="asks for one instance by its name",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.first_page(node)
        if found is None or (found.aws.service == "dynamodb" and found.aws.operation in ("query", "scan")):
            return
        if self.model.runs_per_invocation(node):
            self.report(
                node,
                what=found.aws.label,
                token=found.token,
                operation=found.aws.operation,
                fix=all_pages(self.model, found),
            )

"""LMB409: metrics are sent to CloudWatch by a request of their own."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule


class MetricCallInHandler(Rule):
    """`put_metric_data` on the invocation path makes each invocation wait for a request that it needs nothing of.

    ## What it costs
    One round trip to CloudWatch per invocation, which the caller waits for and which is billed as
    duration, and the price of the API request. It is throttled per account, so that it gets slower
    when many invocations run.

    ## What to do
    Print the metric in the embedded metric format, or let Powertools' `Metrics` do it: CloudWatch
    reads it from the log, and no request is made.

        from aws_lambda_powertools import Metrics

        metrics = Metrics(namespace="shop")

        @metrics.log_metrics
        def lambda_handler(event, context):
            metrics.add_metric(name="Orders", unit="Count", value=1)

    ## When to ignore
    Collectors whose work it is are left alone: several metrics in one request on a schedule,
    gathered metrics in a function that changes nothing else, a function that sends metrics and
    asks for nothing. So are error paths.

    ## Fix safety
    No fix: the example above shows what to write, but the metric's dimensions and its resolution
    have to be chosen.

    ## Sources
    Amazon CloudWatch user guide: "Embedding metrics within logs"; Powertools for AWS Lambda
    (Python): Metrics.
    """

    code = "LMB409"
    name = "metric-call-in-handler"
    problem = "{what} makes the invocation wait for CloudWatch"
    remedy = "print the metric in the embedded metric format (Powertools' Metrics)"
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

cloudwatch = boto3.client("cloudwatch")
table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    table.put_item(Item=event["order"])
    cloudwatch.put_metric_data(
        Namespace="shop",
        MetricData=[{"MetricName": "Orders", "Value": 1, "Unit": "Count"}],
    )
    return {"statusCode": 201}
"""
        ),
        Good(
            """\
import boto3

cloudwatch = boto3.client("cloudwatch")
dynamodb = boto3.client("dynamodb")


def lambda_handler(event, context):
    metrics = []
    for table in event["tables"]:
        size = dynamodb.describe_table(TableName=table)["Table"]["TableSizeBytes"]
        metrics.append({"MetricName": "TableSize", "Value": size, "Unit": "Bytes"})
    cloudwatch.put_metric_data(Namespace="tables", MetricData=metrics)
""",
            why="a collector: gathering metrics is all that it does",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.metric_call(node)
        if found is not None and self.model.runs_per_invocation(node, hot=True):
            self.report(node, what=found.label, cost="one blocking request each time")

"""LMB404: parameters or secrets that are fetched one by one, where one request brings ten or twenty."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.parameters import fetch_together
from lambdalint.knowledge import batches
from lambdalint.rules.base import Bad, Good, Rule, Safety


class ParameterInLoop(Rule):
    """Each turn of a loop, or one statement after the other, fetches a parameter or a secret by its name.

    ## What it costs
    One round trip per name, where `get_parameters` asks for ten. The Parameter Store allows 40
    requests a second by default, so many functions that start at once are throttled.

    ## What to do
    `get_parameters` takes ten names, `batch_get_secret_value` twenty. Names have to be different;
    answers come in any order; names that aren't there come in `InvalidParameters` (`Errors` for
    secrets) without an exception. Parameters under one path: `get_parameters_by_path`.

    ## When to ignore
    Left alone are loops that stop at the first name that is there, names that hang on an earlier
    answer, versions of secrets, fetches that are kept for the whole environment, and one or two
    literal names.

    ## Fix safety
    Unsafe: the function needs `ssm:GetParameters` (`secretsmanager:BatchGetSecretValue`), and all are
    fetched before the first turn. The helper that is written asks for each name once, gives answers
    in the order of the names, raises where one is missing, and asks by itself for a name that comes
    back as another, as ARNs and versions do. No fix for calls in a row, and where a turn may do
    without its call.

    ## Sources
    AWS Systems Manager API reference: GetParameters; AWS Secrets Manager API reference:
    BatchGetSecretValue; AWS General Reference: Systems Manager endpoints and quotas. Measured
    against a local emulator.
    """

    code = "LMB404"
    name = "parameter-in-loop"
    problem = "{what} asks for one name in every turn of the loop{through}"
    remedy = "ask for {limit} names at once with {batch}{right}"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

ssm = boto3.client("ssm")


def lambda_handler(event, context):
    return {name: ssm.get_parameter(Name=name)["Parameter"]["Value"] for name in event["names"]}
"""
        ),
        Good(
            """\
import boto3

ssm = boto3.client("ssm")


def lambda_handler(event, context):
    for name in event["names"]:
        found = ssm.get_parameter(Name=name)["Parameter"]["Value"]
        if found != "unset":
            return found
    return None
""",
            why="stops at the first that is set",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.parameter_in_loop(node)
        batch = batches.batch_of(found.aws.name) if found is not None else None
        if found is None or batch is None or not self.model.runs_per_invocation(node, hot=True):
            return
        self.report(
            node,
            what=self.model.text(node.func),
            right=self.model.right(node, found.aws.name, f"{found.aws.service}.{batch.operation}"),
            through=f" (it calls {found.aws.operation})" if found.helper else "",
            limit=batch.limit,
            batch=batch.operation,
            cost=f"one round trip per name instead of one per {batch.limit}",
            fix=fetch_together(self.model, found, batch),
        )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        for run in self.model.parameter_runs(node):
            first = self.model.node(run.calls[0])
            if not isinstance(first, cst.Call) or not self.model.runs_per_invocation(first, hot=True):
                continue
            self.report(
                first,
                problem="{what} is the first of {count} calls in a row that each ask for one name",
                what=self.model.text(first.func),
                count=len(run.calls),
                limit=run.batch.limit,
                batch=run.batch.operation,
                right=self.model.right(first, run.aws.name, f"{run.aws.service}.{run.batch.operation}"),
                cost="one round trip per name",
                causes=run.calls,
            )

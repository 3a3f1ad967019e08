"""LMB106: a secret or parameter with a fixed name is fetched on every invocation."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule, Safety


class SecretFetchInHandler(Rule):
    """A secret, parameter or configuration whose name never changes is asked for each time.

    ## What it costs
    A request to Secrets Manager, Parameter Store, AppConfig or KMS in front of the work.
    Secrets Manager bills each call, and Parameter Store's standard throughput is 40 requests a
    second.

    ## What to do
    Fetch it once per execution environment with a time to live: Powertools
    `parameters.get_secret(name, max_age=300)` or a small cache at module scope. The AWS parameters
    and secrets extension keeps values as well.

    ## When to ignore
    Names that depend on the event, values that the same project writes (that is state, not
    configuration), Powertools' getters (they cache unless told not to) and what already runs once
    are left alone. A script that sets whatever it is told on the command line deploys values, and
    makes no state of them.

    ## Fix safety
    Shown only: how stale a value may be is a decision.

    ```python
    from aws_lambda_powertools.utilities import parameters

    password = parameters.get_secret("orders/database", max_age=300)
    ```

    ## Sources
    AWS Secrets Manager pricing; AWS Systems Manager quotas; measured against a local emulator.
    """

    code = "LMB106"
    name = "secret-fetch-in-handler"
    problem = "{what} asks for the same {kind} on every invocation"
    remedy = "keep it for a few minutes: Powertools parameters, or a cache at module scope with a time to live"
    safety = Safety.SHOWN
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3

secrets = boto3.client("secretsmanager")


def lambda_handler(event, context):
    password = secrets.get_secret_value(SecretId="orders/database")["SecretString"]
    return len(password)
"""
        ),
        Good(
            """\
import boto3

secrets = boto3.client("secretsmanager")


def lambda_handler(event, context):
    return secrets.get_secret_value(SecretId=event["tenant"])["SecretString"]
""",
            why="the name comes with the event",
        ),
        Good(
            """\
import boto3

ssm = boto3.client("ssm")


def lambda_handler(event, context):
    last = ssm.get_parameter(Name="/import/last-id")["Parameter"]["Value"]
    ssm.put_parameter(Name="/import/last-id", Value=event["id"], Overwrite=True)
    return last
""",
            why="the project writes the parameter: it is state",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        fetch = self.model.fetch(node)
        if fetch is None or fetch.kind in ("token", "signing keys") or fetch.written or not fetch.static:
            return
        if self.model.runs_per_invocation(node, hot=True):
            self.report(node, what=fetch.what, kind=fetch.kind, cost="one more round trip before any work begins")

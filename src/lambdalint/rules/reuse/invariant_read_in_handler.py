"""LMB110: the same remote read, with the same arguments, on every invocation."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule, Safety


class InvariantReadInHandler(Rule):
    """A remote read whose arguments never depend on the event asks the same thing on every invocation.

    ## What it costs
    A round trip in front of the work, and a request that is billed, each time.

    ## What to do
    If an answer that is some minutes old will do, keep it at module scope with a time to live, and
    ask again when it is too old.

    ## When to ignore
    Whether an old answer will do can't be seen in the code, so the rule is off by default. Reads of
    what the same project writes, consistent reads, reads in a waiting loop, states of jobs, and
    functions that only a schedule calls are left alone; so is what a guard or a cache keeps from
    being read again. Tokens, secrets and parameters are the business of LMB105 and LMB106.

    ## Fix safety
    Shown only: how stale the answer may be is a decision.

    ```python
    _kept = {"until": 0.0, "rates": None}


    def rates():
        if time.time() >= _kept["until"]:
            _kept.update(rates=table.get_item(Key={"id": "rates"})["Item"], until=time.time() + 300)
        return _kept["rates"]
    ```

    ## Sources
    AWS Lambda developer guide: "Best practices for working with AWS Lambda functions".
    """

    code = "LMB110"
    name = "invariant-read-in-handler"
    problem = "{what} asks the same on every invocation"
    remedy = "if an answer that is some minutes old will do, keep it at module scope with a time to live"
    safety = Safety.SHOWN
    since = "0.1.0"
    default = False
    examples = (
        Bad(
            """\
import boto3

table = boto3.resource("dynamodb").Table("settings")


def lambda_handler(event, context):
    rates = table.get_item(Key={"id": "rates"})["Item"]
    return rates[event["currency"]]
"""
        ),
        Good(
            """\
import boto3

table = boto3.resource("dynamodb").Table("settings")


def lambda_handler(event, context):
    rates = table.get_item(Key={"id": event["tenant"]})["Item"]
    return rates[event["currency"]]
""",
            why="another item for each tenant",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        aws = self.model.invariant_read(node)
        if aws is not None and self.model.runs_per_invocation(node, hot=True):
            self.report(node, what=aws.label, cost="a round trip each time")

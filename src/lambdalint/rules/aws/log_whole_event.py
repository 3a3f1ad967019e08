"""LMB804: the whole event is written to the log."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule


class LogWholeEvent(Rule):
    """The event is written to the log on every invocation, with all that the caller sent.

    ## What it costs
    CloudWatch Logs bills each byte that it takes in, an event may have 6 MB, and writing it out is
    time of the function. Tokens and personal data in it get into the log too.

    ## What to do
    Log what names the request (`context.aws_request_id`, the ids that the work needs), and the whole
    event at debug level or for a sample of requests.

    ## When to ignore
    Logging at debug level, behind a switch or for a sample, on an error path, and in modules that set
    their log to a higher level, is left alone. Small events that hold nothing secret cost little,
    so the rule is off by default.

    ## Fix safety
    There is no fix: what of the event is worth a line is for you to say.

    ## Sources
    Amazon CloudWatch pricing: logs. AWS Lambda quotas: payload.
    """

    code = "LMB804"
    name = "log-whole-event"
    problem = "{what} writes the whole event to the log on each invocation"
    remedy = "log the few fields that name the request, and the whole event at debug level"
    since = "0.1.0"
    default = False
    examples = (
        Bad(
            """\
import json


def lambda_handler(event, context):
    print("event:", json.dumps(event))
    return {"statusCode": 200}
"""
        ),
        Good(
            """\
import logging

logger = logging.getLogger()


def lambda_handler(event, context):
    logger.debug("event: %s", event)
    logger.info("order %s", event["order"])
    return {"statusCode": 200}
""",
            why="the event is for debugging, one field of it for the log",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        if self.model.logs_whole_event(node) and self.model.runs_per_invocation(node, hot=True):
            self._tell(node, f"{self.model.text(node.func)}(…)")

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        decorator = self.model.logging_decorator(node)
        if decorator is not None:
            self._tell(decorator, f"{self.model.text(decorator.func)} with log_event=True")

    def _tell(self, node: cst.Call, what: str) -> None:
        self.report(node, what=what, cost="each byte is billed, and secrets in it are kept")

"""LMB203: a text that stays the same is parsed in every turn of a loop."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.parsed import hoist_parse
from lambdalint.rules.base import Bad, Good, Rule, Safety, Severity


class ParseInLoop(Rule):
    """The same JSON text is parsed in each turn of a loop or comprehension.

    ## What it costs
    6 ms of CPU per megabyte, times the number of turns.

    ## What to do
    Parse it in front of the loop.

    ## When to ignore
    When each turn changes the parsed object, it needs its own: such loops are left alone.

    ## Fix safety
    The parse moves in front of the loop. Safe when the text is a constant that is valid JSON and
    the object is only read. Unsafe for any other text: a loop without a single turn would then
    parse, and fail on bad text, where it did nothing before.

    ## Sources
    Measured with CPython 3.11 on texts of 1 KB, 97 KB and 973 KB.
    """

    code = "LMB203"
    name = "parse-in-loop"
    problem = "{what} parses the same text in every turn of the loop"
    remedy = "parse it once in front of the loop"
    safety = Safety.SAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import json

RATES = '{"standard": 20, "reduced": 7}'


def lambda_handler(event, context):
    total = 0
    for line in event["lines"]:
        rates = json.loads(RATES)
        total += line["net"] * rates[line["rate"]]
    return total
""",
            fixed="""\
import json

RATES = '{"standard": 20, "reduced": 7}'


def lambda_handler(event, context):
    total = 0
    rates = json.loads(RATES)
    for line in event["lines"]:
        total += line["net"] * rates[line["rate"]]
    return total
""",
        ),
        Good(
            """\
import json


def lambda_handler(event, context):
    return [json.loads(record["body"])["id"] for record in event["Records"]]
""",
            why="each turn parses another text",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.parse_in_loop(node)
        if found is None or not self.model.runs_per_invocation(node):
            return
        parse, loop = found
        if not parse.changed:
            self.report(
                node,
                what=self.model.text(node),
                cost="about 6 ms of CPU per MB of text, times the turns",
                severity=Severity.INFO if parse.small else Severity.WARNING,
                fix=hoist_parse(self.model, parse, loop),
            )

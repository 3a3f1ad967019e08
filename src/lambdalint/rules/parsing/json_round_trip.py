"""LMB202: a value is copied through JSON although the copy is only read."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.copies import without_copy
from lambdalint.rules.base import Bad, Good, Rule, Safety


class JsonRoundTrip(Rule):
    """`json.loads(json.dumps(x))` makes a deep copy; code that only reads it needs none.

    ## What it costs
    Writing and parsing take about 6 ms of CPU per MB each way, and the memory of the text and of a
    second object.

    ## What to do
    Use the value itself.

    ## When to ignore
    Round trips that convert (`default`, `cls`, `parse_float`, …) are left alone, and so is a copy
    that is changed, stored or passed on, or whose original is changed or handed on
    elsewhere: there the copy is needed, and `copy.deepcopy` is three to four times dearer.

    ## Fix safety
    Unsafe: JSON makes lists of tuples, texts of other keys, and fails for what it can't write.

    ## Sources
    Measured with CPython 3.11: json against copy.deepcopy for documents of 1 KB to 1 MB.
    """

    code = "LMB202"
    name = "json-round-trip"
    problem = "{what} is copied through JSON, and the copy is only read"
    remedy = "use {what} itself"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import json


def lambda_handler(event, context):
    order = json.loads(json.dumps(event["detail"]))
    return order["id"]
""",
            fixed="""\
def lambda_handler(event, context):
    order = event["detail"]
    return order["id"]
""",
        ),
        Good(
            """\
import json


def lambda_handler(event, context):
    order = json.loads(json.dumps(event["detail"]))
    order["seen"] = True
    return len(event["detail"])
""",
            why="the copy is changed",
        ),
        Good(
            """\
import json
from decimal import Decimal


def lambda_handler(event, context):
    order = json.loads(json.dumps(event["detail"]), parse_float=Decimal)
    return order["total"].quantize(Decimal("0.01")).to_eng_string()
""",
            why="the round trip converts numbers",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.round_trip(node)
        if found is not None and self.model.runs_per_invocation(node):
            self.report(node, what=self.model.text(found.value), fix=without_copy(self.model, found))

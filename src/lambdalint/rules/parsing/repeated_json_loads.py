"""LMB201: the same text is parsed again."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.parsed import reuse_parse
from lambdalint.rules.base import Bad, Good, Rule, Safety, Severity


class RepeatedJsonLoads(Rule):
    """The same JSON text is parsed a second time although nothing changed it.

    ## What it costs
    Parsing takes 6 ms of CPU per megabyte, 84 ms at 128 MB of memory. A text of 1 KB takes 7 µs:
    for constants that small the finding is only information.

    ## What to do
    Parse once, keep the object under a name, and hand the object on instead of the text.

    ## When to ignore
    When the code changes one of the two objects, two parses are right: they are two objects. Texts
    that were assigned or may have changed in between, branches that exclude each other, other
    arguments and nested envelopes are left alone.

    ## Fix safety
    Safe when both objects are only read and the first parse always comes before the second; unsafe
    when an object is handed on, or two are compared by `is`, since two names would then share it. Also
    unsafe where the first parse is no whole statement of its own and is given a name in front of it:
    what stands before it in its statement would come after it; and where something else (a container,
    an object, a generator) keeps what the text is a part of, and code runs in between that may use it
    to put another text there. A parse in another function is shown
    without a fix. `copy.deepcopy` is never the answer: it takes nearly four times as long
    as parsing again.

    ## Sources
    Measured with CPython 3.11 on texts of 1 KB, 97 KB and 973 KB.
    """

    code = "LMB201"
    name = "repeated-json-loads"
    problem = "{what} parses a text that was parsed before{where}"
    remedy = "parse it once and use the object"
    safety = Safety.SAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import json


def lambda_handler(event, context):
    order = json.loads(event["body"])
    if order["total"] > 100:
        return {"free": json.loads(event["body"])["country"] == "LU"}
    return {"free": False}
""",
            fixed="""\
import json


def lambda_handler(event, context):
    order = json.loads(event["body"])
    if order["total"] > 100:
        return {"free": order["country"] == "LU"}
    return {"free": False}
""",
        ),
        Good(
            """\
import json


def lambda_handler(event, context):
    if event["version"] == 1:
        return json.loads(event["body"])["name"]
    else:
        return json.loads(event["body"])["customer"]["name"]
""",
            why="the branches exclude each other",
        ),
    )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        for repeat in self.model.repeated_parses(node):
            if not self.model.runs_per_invocation(repeat.parse.call):
                continue
            if repeat.first.stored_into or repeat.parse.stored_into:
                continue  # each has to be an object of its own
            later = self.model.node(repeat.parse.call)
            if later is None:
                continue
            small = repeat.parse.small
            self.report(
                later,
                what=self.model.text(repeat.parse.call),
                where=f" in {repeat.caller}" if repeat.caller else "",
                cost="7 µs for a text of this size" if small else "about 6 ms of CPU per MB of text",
                severity=Severity.INFO if small else Severity.WARNING,
                fix=reuse_parse(self.model, repeat),
            )

"""LMB108: something is loaded or built from fixed input again on every invocation."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.hoist import hoist_setup
from lambdalint.rules.base import Bad, Good, Rule, Safety


class StaticSetupInHandler(Rule):
    """What is loaded or compiled from the package's own files and constants comes out the same each time.

    ## What it costs
    Reading and parsing a file, compiling a template or schema, building an application with its
    routes, or loading a model (often seconds) is CPU time of each invocation instead of once per
    execution environment, where the init phase even has a full CPU.

    ## What to do
    Do it at module scope, or in a function under `functools.cache` where not every invocation
    needs it.

    ## When to ignore
    Files under `/tmp`, `/proc`, `/dev` or a mount, paths and arguments that come with the event,
    files that the module writes itself, parsed objects that the code changes or hands on to where
    that can't be seen, and what a guard or a cache does once are left alone, as are constructors
    that do next to nothing, such as those of the validators of jsonschema.

    ## Fix safety
    Safe for constructors that are known to be pure (templates, template environments, compiled
    schemas) with constant arguments, whose object is only called or asked for its methods; they move
    into a cached function. Unsafe otherwise, since all invocations share the object. There is no fix
    for files: who reads one decides whether the text or what is parsed from it is kept.

    ## Sources
    AWS Lambda best practices: initialise outside of the handler; Powertools for AWS Lambda (Python):
    utilities are made at module scope; Jinja, Mangum, spaCy and Transformers documentation.
    """

    code = "LMB108"
    name = "static-setup-in-handler"
    problem = "{what} ({kind}) is repeated on every invocation"
    remedy = "do it once per execution environment, at module scope or in a cached function"
    safety = Safety.SAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
from jinja2 import Template

GREETING = "Dear {{ name }}, your order is on its way."


def lambda_handler(event, context):
    template = Template(GREETING)
    return template.render(name=event["name"])
""",
            fixed="""\
import functools

from jinja2 import Template

GREETING = "Dear {{ name }}, your order is on its way."


@functools.cache
def _template():
    return Template(GREETING)


def lambda_handler(event, context):
    template = _template()
    return template.render(name=event["name"])
""",
        ),
        Bad(
            """\
import json


def lambda_handler(event, context):
    with open("prices.json") as file:
        prices = json.load(file)
    return prices[event["product"]]
""",
        ),
        Good(
            """\
import json


def lambda_handler(event, context):
    with open("/tmp/prices.json") as file:
        prices = json.load(file)
    return prices[event["product"]]
""",
            why="files under /tmp may change",
        ),
        Good(
            """\
import json


def lambda_handler(event, context):
    with open("defaults.json") as file:
        order = json.load(file)
    order["id"] = event["id"]
    return order
""",
            why="the parsed object is changed",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        if not self.model.runs_per_invocation(node, hot=True) or self.model.in_defeated_cache(node):
            return
        setup = self.model.setup(node, "static")
        if setup is not None and setup.static:
            self.report(node, what=setup.label, kind=setup.kind.what, fix=hoist_setup(self.model, setup))
        elif setup is None and self.model.packaged_file(node) is not None:
            self.report(node, what=self.model.text(node), kind="reading a packaged file")

"""LMB606: a tool for writing or testing code is loaded at every cold start."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.leftovers import kept_on_purpose
from lambdalint.knowledge import costs
from lambdalint.rules.base import Bad, Good, Rule


class DevImportAtRuntime(Rule):
    """A module that a handler loads imports a test framework, a mock library, a debugger or a code formatter.

    ## What it costs
    Each cold start loads the tool (moto 118 ms of CPU after boto3, ipdb 133, pytest 48), and the
    deployment package has to hold it, with all that it requires.

    ## What to do
    Move the tests, or what is left of a debugging session, out of the modules that the handler
    imports, and the package from the function's requirements to those for development.

    ## When to ignore
    Test files are left alone, imports in a function, in a condition or in `try`, those marked with
    `# noqa` for their side effects, and modules with a function on the invocation path that
    runs the tool (`pytest.main`, `black.format_str`): there it is what the function offers.

    ## Fix safety
    There is no fix: what uses the tool has to go elsewhere.

    ## Sources
    The table of development tools; the table of import costs, measured in fresh processes.
    """

    code = "LMB606"
    name = "dev-import-at-runtime"
    problem = "{what}, {kind}, is imported at every cold start"
    remedy = "keep it out of the modules that the handler imports"
    since = "0.1.0"
    examples = (
        Bad(
            """\
from unittest.mock import MagicMock

import boto3


def lambda_handler(event, context, client=None):
    client = client or boto3.client("s3")
    return client.list_buckets()["Buckets"]


def fake():
    return lambda_handler({}, None, MagicMock())
"""
        ),
        Good(
            """\
import pytest


def lambda_handler(event, context):
    return {"failed": pytest.main(["-q", "smoke"]) != 0}
""",
            why="running tests is what this function is for",
        ),
    )

    def visit_Import(self, node: cst.Import) -> None:
        self._check(node)

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        self._check(node)

    def _check(self, node: cst.Import | cst.ImportFrom) -> None:
        found = self.model.dev_imports(node)
        if not found or kept_on_purpose(self.model, found[0].statement):
            return
        known = [one.marginal_ms for one in found if one.marginal_ms is not None and one.marginal_ms >= 1]
        cost = f"{costs.cpu(max(known), self.model.memory_of_module())} on each cold start" if known else ""
        self.report(node, what=found[0].module, kind=found[0].what, cost=cost)

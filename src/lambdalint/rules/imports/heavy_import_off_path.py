"""LMB602: a heavy module is loaded at every cold start for code that most invocations never reach."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.leftovers import kept_on_purpose
from lambdalint.knowledge import costs
from lambdalint.rules.base import Bad, Good, Rule


class HeavyImportOffPath(Rule):
    """A heavy module is imported at the top, but only an error path or one of several routes uses it.

    ## What it costs
    Each cold start pays for the module, whatever the request needs: pandas 231 ms of CPU after
    boto3, 2.9 s at 128 MB.

    ## What to do
    Import it in the function that uses it, or give that route a function of its own.

    ## When to ignore
    On the main path init is the right place: such imports are left alone, and so are functions with
    SnapStart or provisioned concurrency, where init isn't waited for.

    ## Fix safety
    There is no fix yet: the first request that needs the module would pay for it, and
    `patch("module.name")` in tests would no longer find it.

    ## Sources
    The table of import costs, measured in fresh processes; `tools/measure_imports.py` makes it.
    """

    code = "LMB602"
    name = "heavy-import-off-path"
    problem = "{what} is imported at every cold start but used only on {where}"
    remedy = "import it where it is used"
    since = "0.1.0"
    examples = (
        Bad(
            """\
import pandas as pd


def lambda_handler(event, context):
    if event["path"] == "/health":
        return {"ok": True}
    if event["path"] == "/version":
        return {"version": 3}
    if event["path"] == "/report":
        return report(event["rows"])
    return {"statusCode": 404}


def report(rows):
    return pd.DataFrame(rows).describe().to_dict()
"""
        ),
        Good(
            """\
import pandas as pd


def lambda_handler(event, context):
    return report(event["rows"])


def report(rows):
    return pd.DataFrame(rows).describe().to_dict()
""",
            why="every invocation needs it",
        ),
    )

    def visit_Import(self, node: cst.Import) -> None:
        self._check(node)

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        self._check(node)

    def _check(self, node: cst.Import | cst.ImportFrom) -> None:
        for imported in self.model.imported_at_top_level(node):
            if not imported.heavy or kept_on_purpose(self.model, imported.statement):
                continue
            where = self.model.off_path(imported)
            if where and not self.model.warm_start(node):
                self.report(
                    node,
                    what=imported.label,
                    where=where,
                    cost=f"{costs.cpu(imported.marginal_ms, self.model.memory_of_module())} on each cold start",
                )

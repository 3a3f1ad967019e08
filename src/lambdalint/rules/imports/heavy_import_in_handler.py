"""LMB604: a heavy module is imported inside a function that every invocation runs."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.moves import move_to_top
from lambdalint.knowledge import costs, imports
from lambdalint.rules.base import Bad, Good, Model, Rule, Safety


class HeavyImportInHandler(Rule):
    """The first request in each environment pays for an import that belongs to init.

    ## What it costs
    Init runs with a full vCPU whatever the function's memory, and ahead of requests under
    provisioned concurrency; the handler runs with its share: at 128 MB an import takes 14 times as
    long there.

    ## What to do
    Import it at the top of the module.

    ## When to ignore
    Imports in a branch, or in a function that only some invocations reach, are left alone (see
    heavy-import-off-path), and so are modules that the top of some module loads anyway. A function
    that is known as a handler by its name alone, and that another handler calls, counts as reached
    from there.

    ## Fix safety
    Unsafe: the module is loaded, and may fail to load, at init instead. There is no fix where the code
    above the import sets the environment or the path that the module would be loaded with, and none
    where the function binds the name a second time.

    ## Sources
    The table of import costs, measured in fresh processes; AWS Lambda developer guide, "Lambda
    execution environment lifecycle".
    """

    code = "LMB604"
    name = "heavy-import-in-handler"
    problem = "{what} is imported inside a function that every invocation runs"
    remedy = "import it at the top of the module"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import json


def lambda_handler(event, context):
    import numpy as np

    return np.linalg.norm(json.loads(event["body"]), axis=1).tolist()
""",
            fixed="""\
import json

import numpy as np


def lambda_handler(event, context):
    return np.linalg.norm(json.loads(event["body"]), axis=1).tolist()
""",
        ),
        Good(
            """\
def lambda_handler(event, context):
    if event.get("report"):
        import pandas as pd

        return pd.DataFrame(event["rows"]).describe().to_dict()
    return {}
""",
            why="only some invocations need it",
        ),
    )

    def __init__(self, model: Model) -> None:
        super().__init__(model)
        self.reported: list[str] = []

    def visit_Import(self, node: cst.Import) -> None:
        self._check(node)

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        self._check(node)

    def _check(self, node: cst.Import | cst.ImportFrom) -> None:
        if not self.model.runs_per_invocation(node, hot=True) or not self.model.always_run(node):
            return
        for imported in self.model.imported_in_function(node):
            # Once one of them stands at the top, the file's other imports of it cost nothing.
            known = any(imports.loads(module, imported.label) for module in self.reported)
            if imported.heavy and not known:
                self.reported.append(imported.label)
                self.report(
                    node,
                    what=imported.label,
                    cost=f"the first request in each environment pays for it"
                    f" ({costs.cpu(imported.marginal_ms, self.model.memory(node))})",
                    fix=move_to_top(self.model, imported),
                )

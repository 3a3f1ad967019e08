"""LMB605: a handler pays for a heavy module that only a helper's other functions need."""

from __future__ import annotations

import libcst as cst

from lambdalint.knowledge import costs
from lambdalint.rules.base import Bad, Good, Rule, listed


class HeavyImportByHelper(Rule):
    """A module of the project loads something heavy, for functions that this handler has no use for.

    ## What it costs
    Each cold start pays for what the whole chain of imports loads, whichever of its functions the
    handler calls: a type alias out of a module that also holds pydantic models costs as much as
    the models. The dearest form is a package whose `__init__` imports everything: importing
    any module of the package runs it, a whole agent framework for one constant.

    ## What to do
    Split the helper, so that what the handler needs stands in a module without the heavy import.
    Where a package's `__init__` imports everything, empty it and import from the submodules.

    ## When to ignore
    A name that the handler's file mentions counts as needed, with all that it mentions in turn,
    whether it is called or not; so do statements of a module that do more than define something.
    What another import needs anyway is left alone, and so are functions with SnapStart or
    provisioned concurrency, where init isn't waited for.

    ## Fix safety
    There is no fix: where the helper is to be split is for its author to say.

    ## Sources
    The table of import costs, measured in fresh processes; `tools/measure_imports.py` makes it.
    Python language reference, "The import system": a package's `__init__` runs first.
    """

    code = "LMB605"
    name = "heavy-import-by-helper"
    problem = "this import loads {what} by way of {helper}, for code that the handler never reaches"
    remedy = "{remedy}"
    since = "0.1.0"
    examples = (
        Bad(
            """\
from orders import TAX


def lambda_handler(event, context):
    return event["net"] * (1 + TAX)
""",
            files=(
                (
                    "orders.py",
                    """\
import pandas as pd

TAX = 0.19


def report(rows):
    return pd.DataFrame(rows).groupby("country").sum()
""",
                ),
            ),
        ),
        Good(
            """\
from orders import report


def lambda_handler(event, context):
    return report(event["rows"]).to_dict()
""",
            why="the handler needs it",
            files=(
                (
                    "orders.py",
                    """\
import pandas as pd


def report(rows):
    return pd.DataFrame(rows).groupby("country").sum()
""",
                ),
            ),
        ),
    )

    def visit_Module(self, node: cst.Module) -> None:
        for found in self.model.loaded_by_helpers():
            statement = self.model.node(found.statement)
            if statement is None or not found.heavy or self.model.warm_start(statement):
                continue
            package = found.helper.endswith("__init__.py")
            self.report(
                statement,
                what=listed(found.labels),
                helper=found.helper,
                cost=f"{costs.cpu(found.cost_ms, self.model.memory_of_module())} on each cold start",
                remedy="empty the package's __init__ and import from the submodule" if package else "split the helper",
                causes=[imported.statement for imported in found.useless],
            )

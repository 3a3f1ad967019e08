"""LMB601: a heavy module is loaded at cold start and never used."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.leftovers import kept_on_purpose
from lambdalint.fixing.moves import remove_import
from lambdalint.knowledge import costs
from lambdalint.rules.base import Bad, Good, Rule, Safety


class HeavyImportUnused(Rule):
    """An import that a handler runs, that nothing uses (or annotations alone), and that is heavy.

    ## What it costs
    Each cold start pays for it. What counts is what the module adds to what is loaded anyway: after
    boto3, numpy adds 54 ms of CPU, sqlalchemy 92, pandas 231; at 128 MB pandas takes 2.9 s. Stub
    packages at run time cost as much: they are for type checkers.

    ## What to do
    Delete the import, or put it under `if TYPE_CHECKING:` when annotations name it.

    ## When to ignore
    Names in `__all__`, re-exports, imports marked with `# noqa` for their side effects, and packages
    that another module of the same handler needs anyway are left alone.

    ## Fix safety
    Safe: nothing uses the name, neither by its text (`globals`) nor from another file or a test, and
    no other import's name leads to the submodule that it loads. An import that annotations use moves
    under `if TYPE_CHECKING:` only where `from __future__ import annotations` keeps them from being
    evaluated, and not where classes, decorated functions or functions that are handed on carry them:
    frameworks read those at run time.

    ## Sources
    The table of import costs, measured in fresh processes; `tools/measure_imports.py` makes it.
    """

    code = "LMB601"
    name = "heavy-import-unused"
    problem = "{what} is imported at cold start and {how}"
    remedy = "{remedy}"
    safety = Safety.SAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import json

import pandas as pd


def lambda_handler(event, context):
    return json.loads(event["body"])
""",
            fixed="""\
import json


def lambda_handler(event, context):
    return json.loads(event["body"])
""",
        ),
        Bad(
            """\
from __future__ import annotations

import json

import pandas as pd


def lambda_handler(event, context):
    return total(json.loads(event["body"]))


def total(rows: list[dict] | pd.DataFrame) -> int:
    return len(rows)
""",
            fixed="""\
from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def lambda_handler(event, context):
    return total(json.loads(event["body"]))


def total(rows: list[dict] | pd.DataFrame) -> int:
    return len(rows)
""",
        ),
        Good(
            """\
import pandas as pd


def lambda_handler(event, context):
    return pd.DataFrame(event["rows"]).describe().to_dict()
""",
            why="it is used",
        ),
    )

    def visit_Import(self, node: cst.Import) -> None:
        self._check(node)

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        self._check(node)

    def _check(self, node: cst.Import | cst.ImportFrom) -> None:
        told: set[str] = set()
        for imported in self.model.imported_at_top_level(node):
            if not imported.heavy or imported.needing_uses or imported.shared or imported.reached:
                continue
            if kept_on_purpose(self.model, imported.statement) or imported.evaluated_beside:
                continue
            fix = remove_import(self.model, imported)
            if fix is None and imported.label in told:
                continue  # each fix takes one name away; without one, the statement is told once
            told.add(imported.label)
            typed = imported.annotated
            quoted = "" if imported.lazy_annotations else ", and quote the annotations"
            self.report(
                node,
                what=imported.label,
                how="used in annotations alone" if typed else "never used",
                cost=f"{costs.cpu(imported.marginal_ms, self.model.memory_of_module())} on each cold start",
                remedy=f"import it under TYPE_CHECKING{quoted}" if typed else "delete the import",
                fix=fix,
            )

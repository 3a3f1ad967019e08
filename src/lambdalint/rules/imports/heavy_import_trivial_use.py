"""LMB603: a heavy module is loaded for something that a light one does."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.leftovers import kept_on_purpose
from lambdalint.fixing.patching import name_libraries
from lambdalint.knowledge import costs
from lambdalint.rules.base import Bad, Good, Rule, Safety, listed


class HeavyImportTrivialUse(Rule):
    """All that a handler does with a heavy module, a module of the standard library does as well.

    ## What it costs
    Each cold start pays for the whole module: after boto3, pandas adds 229 ms of CPU and numpy 73;
    csv, json, math and statistics add nothing or little.

    ## What to do
    Read rows with `csv.DictReader` or `json.loads` and filter them in a comprehension, write them
    with `csv.DictWriter` or `json.dumps`; take the mean of a list with `statistics.fmean`, a square
    root with `math.sqrt`.

        rows = [row for row in json.loads(text) if row["status"] == "delivered"]

    `patch_all()` of the X-Ray SDK, and Powertools' `Tracer()`, load each library that they can patch
    and that the package holds: name those that the handler uses.

        patch(("botocore",))
        tracer = Tracer(patch_modules=("botocore",))

    ## When to ignore
    A frame that is computed on (grouped, merged, sorted, summed) is left alone, and so is a module
    that anything else in the handler's imports loads anyway, or may load: packages whose
    contents aren't known count as if they did. What counts is the cost beside what is loaded:
    requests after boto3 isn't heavy. pandas guesses types that csv leaves as text. `patch_all()` is
    left alone unless another handler with the same code imports a library that is heavy, and that
    this one doesn't.

    ## Fix safety
    Unsafe: only the libraries that are named are traced. There is no fix for other modules:
    results differ in their types (numpy's numbers, pandas' guesses), and in what empty input leads to.

    ## Sources
    The table of light replacements, with the references of both sides; the table of import costs,
    measured in fresh processes.
    """

    code = "LMB603"
    name = "heavy-import-trivial-use"
    problem = "{what} is imported for {names} alone"
    remedy = "{by} would do"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import boto3
import pandas as pd

s3 = boto3.client("s3")


def lambda_handler(event, context):
    body = s3.get_object(Bucket=event["bucket"], Key=event["key"])["Body"]
    orders = pd.read_json(body)
    delivered = orders[orders["status"] == "delivered"]
    s3.put_object(Bucket="delivered", Key=event["key"], Body=delivered.to_json(orient="records"))
"""
        ),
        Bad(
            """\
import numpy as np


def lambda_handler(event, context):
    return {"mean": float(np.mean(event["values"]))}
"""
        ),
        Good(
            """\
import pandas as pd


def lambda_handler(event, context):
    orders = pd.DataFrame(event["orders"])
    return orders.groupby("country")["net"].sum().to_dict()
""",
            why="the frame is computed on",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.patched_for_nothing(node)
        if found is None or found.cost_ms < self.model.options.heavy_import_ms:
            return
        self.report(
            node,
            problem="{call} loads {what} only to patch them, as the package holds them",
            call=self.model.text(node),
            what=listed(found.unused),
            cost=f"{costs.cpu(found.cost_ms, self.model.memory_of_module())} on each cold start",
            remedy="name the libraries that the handler uses",
            fix=name_libraries(self.model, found),
        )

    def visit_Import(self, node: cst.Import) -> None:
        self._check(node)

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        self._check(node)

    def _check(self, node: cst.Import | cst.ImportFrom) -> None:
        for found in self.model.trivial_uses(node):
            if not found.imported.heavy or kept_on_purpose(self.model, found.imported.statement):
                continue
            self.report(
                node,
                what=found.imported.label,
                names=listed(found.names),
                cost=f"{costs.cpu(found.imported.marginal_ms, self.model.memory_of_module())} on each cold start",
                by=listed(found.by) if found.by else "a builtin",
                causes=found.others,
            )
            return

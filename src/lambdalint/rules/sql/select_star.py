"""LMB701: a query asks for all columns."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Model, Rule


class SelectStar(Rule):
    """`SELECT *` reads, sends and decodes every column of a table, whatever is used of it.

    ## What it costs
    The bytes and the decoding of the columns that nobody reads, in each invocation; large texts
    and JSON columns are often stored apart and have to be fetched for it. An index that covers
    the columns in use can't answer alone. A column that is added later comes along unasked, and
    moves the places of the others.

    ## What to do
    Name the columns that are used.

        cursor.execute("SELECT id, name FROM users WHERE mail = %s", (mail,))

    ## When to ignore
    `COUNT(*)`, `EXISTS (SELECT * …)`, and a subquery's or CTE's star under an explicit list are
    left alone; so are a star over a subquery that lists its columns, and what only an error path
    or a deployment runs.

    ## Fix safety
    No fix: which columns are used is known where the rows go.

    ## Sources
    PostgreSQL documentation: "Index-only scans and covering indexes"; MySQL reference manual:
    "Optimizing BLOB types".
    """

    code = "LMB701"
    name = "select-star"
    problem = "{what} asks for all columns ({star})"
    remedy = "name the columns that are used"
    since = "0.1.0"
    examples = (
        Bad(
            """\
import os

import psycopg2

connection = psycopg2.connect(os.environ["DATABASE"])


def lambda_handler(event, context):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM users WHERE mail = %s", (event["mail"],))
        return cursor.fetchone()[0]
"""
        ),
        Good(
            """\
import os

import psycopg2

connection = psycopg2.connect(os.environ["DATABASE"])


def lambda_handler(event, context):
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT * FROM users WHERE mail = %s)", (event["mail"],))
        return cursor.fetchone()[0]
""",
            why="`EXISTS` reads no columns",
        ),
    )

    def __init__(self, model: Model) -> None:
        super().__init__(model)
        self.told: set[int] = set()

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.star_select(node)
        if found is None or id(found.text) in self.told or not self.model.runs_per_invocation(node, hot=True):
            return
        self.told.add(id(found.text))
        self.report(
            node,
            what=self.model.text(node.func),
            star=f"SELECT {found.star}",
            cost="each is read, sent and decoded, whether it is used or not",
        )

"""LMB702: all rows are fetched for the first one, or to count them."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.rows import first_row
from lambdalint.rules.base import Bad, Good, Rule, Safety


class FetchAllForSome(Rule):
    """`fetchall()` brings every row of a result into memory, and the first or their number is all that is used.

    ## What it costs
    All rows are sent, decoded and kept: time and memory that grow with the table.

    ## What to do
    `fetchone()` for the first row, with `LIMIT 1` in the query; `SELECT COUNT(*)` for their number.

        cursor.execute("SELECT COUNT(*) FROM orders WHERE day = %s", (day,))
        (number,) = cursor.fetchone()

    ## When to ignore
    Results whose other rows are used, and queries that give one row anyway (`LIMIT 1`, an
    aggregate of all rows) are left alone, and so is what only an error path or a deployment runs.

    ## Fix safety
    Unsafe: without a row `fetchone()` gives `None` where `[0]` raised `IndexError`. It is only
    offered for drivers that drop rows which weren't read; MySQL Connector/Python raises for them.

    ## Sources
    PEP 249 (Python Database API 2.0): `fetchone`, `fetchall`; SQLAlchemy documentation: `Result.first`;
    MySQL Connector/Python developer guide: `MySQLCursor.fetchone`.
    """

    code = "LMB702"
    name = "fetch-all-for-some"
    problem = "{what} fetches all rows for {used}"
    remedy = "use fetchone(), with LIMIT 1 in the query"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import os

import psycopg2

connection = psycopg2.connect(os.environ["DATABASE"])


def lambda_handler(event, context):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM users WHERE mail = %s", (event["mail"],))
        return cursor.fetchall()[0]
""",
            fixed="""\
import os

import psycopg2

connection = psycopg2.connect(os.environ["DATABASE"])


def lambda_handler(event, context):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM users WHERE mail = %s", (event["mail"],))
        return cursor.fetchone()
""",
        ),
        Good(
            """\
import os

import psycopg2

connection = psycopg2.connect(os.environ["DATABASE"])


def lambda_handler(event, context):
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM users")
        return cursor.fetchall()[0]
""",
            why="the query gives one row",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.all_rows_for_some(node)
        if found is None or not self.model.runs_per_invocation(node, hot=True):
            return
        counted = found.used == "count"
        self.report(
            node,
            what=self.model.text(node.func),
            used="their number" if counted else "the first one",
            cost="all of them are sent, decoded and kept",
            remedy="let the database count them, SELECT COUNT(*)" if counted else "",
            fix=first_row(self.model, found),
        )

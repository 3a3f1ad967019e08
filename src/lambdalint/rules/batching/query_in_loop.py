"""LMB408: one SQL statement per turn of a loop, where one could take all items."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule


class QueryInLoop(Rule):
    """Each turn of a loop sends one SQL statement and waits for the database.

    ## What it costs
    One round trip per item, and for each statement the database's own work around it: parsing,
    planning, locks, a log record.

    ## What to do
    Ask for all rows at once, with a list of values or a join; change all rows with `executemany`
    (psycopg2: `execute_values`), or with `batch_execute_statement` of the RDS Data API.

        cursor.execute("SELECT id, name FROM users WHERE id = ANY(%s)", (ids,))
        cursor.executemany("INSERT INTO tags (item, tag) VALUES (%s, %s)", [(item, tag) for tag in tags])

    ## When to ignore
    Definitions (`CREATE`, `ALTER`, …), statements that take several values already, loops over
    chunks, loops that stop early, changes whose generated key is asked for or that may fail one by
    one, turns that make more than three changes (events that are played one by one), and statements
    whose text isn't known are left alone.

    ## Fix safety
    No fix: the rows have to be brought to their items again, and drivers differ.

    ## Sources
    PEP 249 (Python Database API 2.0): `executemany`; psycopg2 documentation: "Fast execution
    helpers"; Amazon RDS Data API reference: BatchExecuteStatement.
    """

    code = "LMB408"
    name = "query-in-loop"
    problem = "{what} sends one statement in every turn of the loop{through}"
    remedy = "send one statement for all items"
    since = "0.1.0"
    examples = (
        Bad(
            """\
import os

import psycopg2

connection = psycopg2.connect(os.environ["DATABASE"])


def lambda_handler(event, context):
    with connection, connection.cursor() as cursor:
        for tag in event["tags"]:
            cursor.execute("INSERT INTO tags (item, tag) VALUES (%s, %s)", (event["item"], tag))
"""
        ),
        Good(
            """\
import os

import psycopg2

connection = psycopg2.connect(os.environ["DATABASE"])


def lambda_handler(event, context):
    rows = [(event["item"], tag) for tag in event["tags"]]
    with connection, connection.cursor() as cursor:
        cursor.executemany("INSERT INTO tags (item, tag) VALUES (%s, %s)", rows)
""",
            why="one call for all rows",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.query_in_loop(node)
        if found is None or not self.model.runs_per_invocation(node, hot=True):
            return
        remedy = "ask for all rows in one query" if found.reads else "change all rows with one statement or executemany"
        self.report(
            node,
            what=self.model.text(node.func),
            through=" (it runs the query)" if found.helper else "",
            cost="one round trip to the database per item",
            remedy=remedy,
        )

"""LMB103: a connection to a database, cache or broker is opened again on every invocation."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.hoist import hoist_setup
from lambdalint.rules.base import Bad, Good, Rule, Safety


class ConnectionInHandler(Rule):
    """A connection that is opened on the invocation path is thrown away when the handler returns.

    ## What it costs
    Opening one takes several round trips (TCP, TLS, the log-in) before the first query, on each
    invocation, and the server works for each of them too. An engine or pool that is made anew has
    none of its connections either.

    ## What to do
    Open it once per execution environment, in a function that checks whether it is still alive
    and opens another one where it isn't. Engines, pools and the clients of Redis, MongoDB,
    OpenSearch and Neo4j do that themselves: make those at module scope.

    ## When to ignore
    Connections whose arguments come with the event (another database per tenant) are left alone, as
    are SQLite, databases on this host, sessions of a module's own factory, connections that are kept
    per thread or made once behind a guard, and asynchronous ones under `asyncio.run`, whose loop
    ends with the invocation.

    ## Fix safety
    Unsafe: all invocations share what the client keeps. The fix moves engines and clients that keep
    a pool of their own and whose methods are called and nothing else. There is no fix for a plain
    connection: who keeps one has to check that it is alive, and to end its transactions.

    ## Sources
    AWS Lambda best practices: "take advantage of execution environment reuse"; SQLAlchemy
    documentation, "Engine configuration"; PyMongo FAQ; psycopg documentation.
    """

    code = "LMB103"
    name = "connection-in-handler"
    problem = "{what} opens {kind} on every invocation"
    remedy = "open it once per execution environment, and again where it is no longer alive"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import os

import pymongo


def lambda_handler(event, context):
    client = pymongo.MongoClient(os.environ["MONGO_URL"])
    orders = client.get_database("shop")["orders"]
    return orders.find_one({"_id": event["id"]})["state"]
""",
            fixed="""\
import functools
import os

import pymongo


@functools.cache
def _client():
    return pymongo.MongoClient(os.environ["MONGO_URL"])


def lambda_handler(event, context):
    client = _client()
    orders = client.get_database("shop")["orders"]
    return orders.find_one({"_id": event["id"]})["state"]
""",
        ),
        Bad(
            """\
import os

import psycopg2


def lambda_handler(event, context):
    with psycopg2.connect(os.environ["DATABASE_URL"]) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT state FROM orders WHERE id = %s", (event["id"],))
        return cursor.fetchone()
""",
        ),
        Good(
            """\
import os

import psycopg2

connection = None


def connected():
    global connection
    if connection is None or connection.closed:
        connection = psycopg2.connect(os.environ["DATABASE_URL"])
    return connection


def lambda_handler(event, context):
    cursor = connected().cursor()
    cursor.execute("SELECT state FROM orders WHERE id = %s", (event["id"],))
    return cursor.fetchone()
""",
            why="opened once, and again where it was closed",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        setup = self.model.setup(node, "connection")
        if setup is None or not self.model.runs_per_invocation(node, hot=True) or not setup.static:
            return
        if self.model.in_defeated_cache(node):
            return  # the cache in vain is the finding (LMB109)
        fix = hoist_setup(self.model, setup) if setup.kind.pooled else None
        self.report(node, what=setup.label, kind=setup.kind.what, fix=fix)

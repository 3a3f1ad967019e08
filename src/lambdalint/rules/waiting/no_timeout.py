"""LMB307: a call waits for another host without a limit."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.timeouts import seconds, with_timeout
from lambdalint.rules.base import Bad, Good, Rule, Safety


class NoTimeout(Rule):
    """`requests`, `urlopen` and some database drivers wait for ever unless they are told how long.

    ## What it costs
    A host that doesn't answer holds the invocation until the function's own timeout, all of it
    billed. Then Lambda ends the execution environment, so that the next request has a cold start,
    and no code gets to log or handle what happened.

    ## What to do
    Give each call a timeout that leaves the function time to react, as `timeout=(3, 10)` for
    `requests`: seconds to connect, and between two pieces of the answer. A session has no timeout of
    its own in `requests`; `urllib3.PoolManager` and `httpx.Client` take one for all requests.

    ## When to ignore
    Left alone is what has a limit by default (HTTPX, aiohttp, boto3, psycopg 3, PyMySQL, …), what a
    session, an adapter, a pool or `functools.partial` bounds, arguments that aren't known, a
    connection string that sets one or can't be seen, requests to this host, error paths, and
    projects that call `socket.setdefaulttimeout`. An explicit `None` is reported: it waits for ever.

    ## Fix safety
    Unsafe: an answer that takes longer raises from then on. The limit is 10 seconds, or half of the
    function's timeout where that is shorter. There is no fix for an explicit `None`, and for drivers
    whose limit would end long queries too.

    ## Sources
    requests: quickstart, timeouts. Python library reference: socket timeouts. PostgreSQL
    documentation: libpq, `connect_timeout`. pg8000 and redshift_connector documentation. Lambda
    developer guide: the lifecycle of an execution environment.
    """

    code = "LMB307"
    name = "no-timeout"
    problem = "{what} waits for its host without a limit"
    remedy = "give it {keyword}={seconds}, or what the answer may take"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import requests

session = requests.Session()


def lambda_handler(event, context):
    return session.get(f"https://api.example.com/orders/{event['id']}").json()
""",
            fixed="""\
import requests

session = requests.Session()


def lambda_handler(event, context):
    return session.get(
        f"https://api.example.com/orders/{event['id']}",
        timeout=10,
    ).json()
""",
        ),
        Good(
            """\
import requests

session = requests.Session()


def lambda_handler(event, context):
    return session.get(f"https://api.example.com/orders/{event['id']}", timeout=(3, 10)).json()
""",
            why="has one",
        ),
        Good(
            """\
import urllib3

http = urllib3.PoolManager(timeout=5)


def lambda_handler(event, context):
    return http.request("GET", f"https://api.example.com/orders/{event['id']}").json()
""",
            why="the pool has one",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.endless_wait(node)
        if found is None:
            return
        limits = found.function_timeouts
        own = next(iter(limits)) if len(limits) == 1 else None
        self.report(
            node,
            what=found.label,
            keyword=found.fact.keyword,
            seconds=seconds(found),
            cost="one that is silent holds the invocation until " + (f"its {own} s are over" if own else "it is ended"),
            fix=with_timeout(self.model, found),
        )

"""LMB111: an HTTP request is sent over a connection of its own."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.session import through_session
from lambdalint.knowledge import costs
from lambdalint.rules.base import Bad, Good, Rule, Safety


class RequestWithoutSession(Rule):
    """`requests.get` and its like make a session for one request and throw it away.

    ## What it costs
    Each call loads the CA bundle and opens a TLS connection, with the round trips
    of the handshake.

    ## What to do
    Create a `requests.Session`, `httpx.Client` or `urllib3.PoolManager` at module scope and send
    the requests through it. For several threads take one session for each.

    ## When to ignore
    Requests to this host, over plain HTTP, or to a host that comes with the event or a loop are left
    alone, as are error paths and requests that a guard or a cache sends once. A token, secret or key
    document that should be kept is said by the rule for that.

    ## Fix safety
    Unsafe: the session keeps cookies from one invocation to the next, must not be shared between
    threads, and is not seen by tests that patch the function. There is no fix for `urlopen`, for
    functions imported by name, and where the code runs in a pool of threads.

    ## Sources
    requests documentation, "Session objects": connections are pooled for a session. HTTPX
    documentation, "Clients". Measured with requests over verified TLS.
    """

    code = "LMB111"
    name = "request-without-session"
    problem = "{what} opens a connection of its own on every invocation"
    remedy = "send it through a {session} that is created once"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import requests


def lambda_handler(event, context):
    return requests.get(f"https://api.example.com/orders/{event['id']}", timeout=5).json()
""",
            fixed="""\
import requests

_session = requests.Session()


def lambda_handler(event, context):
    return _session.get(f"https://api.example.com/orders/{event['id']}", timeout=5).json()
""",
        ),
        Good(
            """\
import requests


def lambda_handler(event, context):
    return requests.post(event["callback"], json={"done": True}, timeout=5).status_code
""",
            why="the host comes with the event",
        ),
        Good(
            """\
import requests

session = requests.Session()


def lambda_handler(event, context):
    return session.get(f"https://api.example.com/orders/{event['id']}", timeout=5).json()
""",
            why="the session keeps its connections",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        request = self.model.loose_request(node)
        if request is None or not self.model.runs_per_invocation(node, hot=True) or self.model.in_defeated_cache(node):
            return
        self.report(
            node,
            what=request.label,
            session=request.fact.session,
            cost=f"each call pays for {costs.new_connection(self.model.memory(node))}",
            fix=through_session(self.model, request),
        )

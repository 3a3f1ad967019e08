"""LMB104: an HTTP session or SDK client is created again on every invocation."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.hoist import hoist_setup
from lambdalint.knowledge import costs
from lambdalint.rules.base import Bad, Good, Rule, Safety


class HttpSessionInHandler(Rule):
    """An HTTP session keeps its connections open; one that is made per invocation throws them away.

    ## What it costs
    Each invocation loads the CA bundle and opens a TLS connection again, with the
    round trips of the handshake. The clients of OpenAI, Anthropic, Slack, Twilio and others hold
    such a session.

    ## What to do
    Create the session or client once per execution environment, at module scope or in a cached
    function.

    ## When to ignore
    Clients whose arguments or headers come with the event (one key per tenant) are left alone, and
    so are clients made with a token that was fetched before, clients for this host, what is kept
    per thread, and what a guard or a cache makes once. Asynchronous clients belong to the event loop
    they were made in: they are only reported where a framework keeps one loop.

    ## Fix safety
    Unsafe: all invocations share the session and what it keeps, such as cookies. The fix moves
    synchronous clients whose methods are called and nothing else, out of no condition, loop or `with`;
    not those that are set up (`mount`) or closed.

    ## Sources
    requests documentation, "Session objects"; HTTPX documentation, "Clients"; urllib3 user guide.
    Measured with boto3's own HTTP session over verified TLS.
    """

    code = "LMB104"
    name = "http-session-in-handler"
    problem = "{what} is created on every invocation"
    remedy = "create it once per execution environment, at module scope or in a cached function"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import requests


def lambda_handler(event, context):
    session = requests.Session()
    return session.get(f"https://api.example.com/orders/{event['id']}", timeout=5).json()
""",
            fixed="""\
import functools

import requests


@functools.cache
def _session():
    return requests.Session()


def lambda_handler(event, context):
    session = _session()
    return session.get(f"https://api.example.com/orders/{event['id']}", timeout=5).json()
""",
        ),
        Good(
            """\
import requests

session = requests.Session()


def lambda_handler(event, context):
    return session.get(f"https://api.example.com/orders/{event['id']}", timeout=5).json()
""",
            why="made in the init phase",
        ),
        Good(
            """\
from openai import OpenAI


def lambda_handler(event, context):
    client = OpenAI(api_key=event["tenant"]["key"])
    return client.models.retrieve("gpt-4o").id
""",
            why="the key comes with the event",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        setup = self.model.setup(node, "http")
        if setup is None or not self.model.runs_per_invocation(node, hot=True) or not setup.static:
            return
        if self.model.in_defeated_cache(node):
            return  # the cache in vain is the finding (LMB109)
        self.report(
            node,
            what=setup.label,
            cost=f"each invocation pays for {costs.new_connection(self.model.memory(node))}",
            fix=None if setup.kind.asynchronous else hoist_setup(self.model, setup),
        )

"""LMB109: a cache is there, but no invocation ever finds in it what an earlier one put there."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule, Safety

# By what defeats the cache: the problem, and the remedy.
_TEXTS = {
    "nested": (
        "the cache of {what} is made anew on every invocation and asked once",
        "define the function at module scope, with what it needs as parameters",
    ),
    "instance": (
        "the cache of {what} goes by an object that is made on every invocation, and is asked once",
        "make the object once per execution environment, or cache a function at module scope",
    ),
    "event": (
        "{what} is cached by the whole event, which never comes twice",
        "hand over only what the result depends on",
    ),
    "object": (
        "{what} is created empty on every invocation",
        "create it once per execution environment, at module scope",
    ),
    "holder": (
        "{what} is created on every invocation, and its cached property {keeps} goes with it",
        "create the object once per execution environment",
    ),
    "forced": (
        "{what} passes its own cache by on every invocation",
        "leave out force_fetch, and say with max_age how old a value may be",
    ),
}


class DefeatedCache(Rule):
    """A cache that is made anew for each invocation, or asked for what never comes twice, never answers.

    ## What it costs
    All that the cache was meant to save, on every invocation: a round trip to Secrets Manager,
    Parameter Store or an identity provider, or the work of the function under the decorator.

    ## What to do
    Keep the cache where it outlives the invocation: the cached function, or the cache object, at module
    scope; the object with cached properties made once. Key a cache by the few values that its result
    depends on.

    ## When to ignore
    A cache that serves one invocation is left alone where it may answer twice in it: its function is
    called in a loop, from two places or by itself. So are objects that are made of something in the
    event. A client, session or secret in a function that is cached in vain is reported as such
    (client-in-handler and its neighbours); a token isn't reported once more.

    ## Fix safety
    Shown only: whether what the function closes over may be kept is a decision.

    ```python
    @functools.cache
    def price_list(region):
        return requests.get(PRICES, params={"region": region}, timeout=5).json()
    ```

    ## Sources
    Python library reference: functools; AWS Secrets Manager Python caching client; PyJWT, PyJWKClient;
    Powertools for AWS Lambda (Python), parameters. AWS Lambda developer guide: execution environment
    lifecycle.
    """

    code = "LMB109"
    name = "defeated-cache"
    problem = "{what} never answers from its cache"
    remedy = "keep the cache at module scope, and ask it for what may come twice"
    safety = Safety.SHOWN
    since = "0.1.0"
    examples = (
        Bad(
            """\
import jwt

KEYS = "https://login.example.com/keys"


def lambda_handler(event, context):
    key = jwt.PyJWKClient(KEYS).get_signing_key_from_jwt(event["token"])
    return jwt.decode(event["token"], key, algorithms=["RS256"])
"""
        ),
        Bad(
            """\
import functools

import requests


def lambda_handler(event, context):
    @functools.cache
    def prices():
        return requests.get("https://prices.example.com/list", timeout=5).json()

    return prices()[event["product"]]
"""
        ),
        Good(
            """\
import jwt

keys = jwt.PyJWKClient("https://login.example.com/keys")


def lambda_handler(event, context):
    key = keys.get_signing_key_from_jwt(event["token"])
    return jwt.decode(event["token"], key, algorithms=["RS256"])
""",
            why="the keys are kept between invocations",
        ),
        Good(
            """\
import functools

import requests


def lambda_handler(event, context):
    @functools.cache
    def price(product):
        return requests.get("https://prices.example.com/" + product, timeout=5).json()

    return sum(price(item["product"]) for item in event["items"])
""",
            why="within one invocation it saves requests for the same product",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        self._judge(node)

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._judge(node)

    def _judge(self, node: cst.Call | cst.FunctionDef) -> None:
        found = self.model.defeated_cache(node)
        place = self.model.node(found.place) if found is not None else None
        if found is None or place is None:
            return
        problem, remedy = _TEXTS[found.kind]
        cost = f"the {found.keeps} that it would keep are fetched again" if found.kind in ("object", "forced") else ""
        self.report(place, what=found.what, keeps=found.keeps, problem=problem, remedy=remedy, cost=cost)

"""LMB107: a token is kept for the environment's whole life, and its expiry is never compared."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule, Safety


class TokenCachedWithoutExpiry(Rule):
    """A token at module scope, in a class attribute or under `lru_cache` outlives its validity.

    ## What it costs
    An execution environment may live for hours; tokens last minutes to an hour. After that every
    invocation in that environment fails until Lambda happens to replace it.

    ## What to do
    Keep the expiry beside the token and compare it before each use; fetch a new token when less
    than a minute is left.

    ## When to ignore
    Credential objects that refresh themselves are left alone, and so is a token whose expiry the
    code looks at anywhere near: around the fetch, or in the class that is given what it fetched.

    ## Fix safety
    Shown only: it takes the response's own expiry.

    ```python
    if time.time() >= _token["expires_at"]:
        result = fetch_token()
        _token.update(value=result["access_token"], expires_at=time.time() + result["expires_in"] - 60)
    ```

    ## Sources
    RFC 6749 (`expires_in`); verified with a shifted clock: a token under `lru_cache` is handed out
    after it expired.
    """

    code = "LMB107"
    name = "token-cached-without-expiry"
    problem = "{what} is kept for as long as the execution environment lives, and its expiry is never compared"
    remedy = "keep the expiry beside it, and fetch a new one shortly before"
    safety = Safety.SHOWN
    since = "0.1.0"
    examples = (
        Bad(
            """\
import functools
import os

import requests


@functools.lru_cache(maxsize=1)
def token():
    form = {"grant_type": "client_credentials", "client_id": os.environ["CLIENT_ID"]}
    return requests.post(os.environ["TOKEN_URL"], data=form, timeout=5).json()["access_token"]


def lambda_handler(event, context):
    return requests.get(event["url"], headers={"Authorization": token()}, timeout=5).json()
"""
        ),
        Good(
            """\
import os
import time

import requests

_token = {"value": "", "expires_at": 0.0}


def token():
    if time.time() >= _token["expires_at"]:
        form = {"grant_type": "client_credentials", "client_id": os.environ["CLIENT_ID"]}
        answer = requests.post(os.environ["TOKEN_URL"], data=form, timeout=5).json()
        _token.update(value=answer["access_token"], expires_at=time.time() + answer["expires_in"] - 60)
    return _token["value"]


def lambda_handler(event, context):
    return requests.get(event["url"], headers={"Authorization": token()}, timeout=5).json()
""",
            why="the expiry is compared before each use",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        fetch = self.model.fetch(node)
        if fetch is None or fetch.kind != "token" or not fetch.static:
            return
        if fetch.kept and not fetch.expiry_compared:
            self.report(
                node,
                what=fetch.what,
                cost=f"{fetch.lifetime}; then calls fail" if fetch.lifetime else "calls fail once it has expired",
            )

"""LMB105: a token that stays good for a while is fetched again on every invocation."""

from __future__ import annotations

import libcst as cst

from lambdalint.rules.base import Bad, Good, Rule, Safety


class TokenFetchInHandler(Rule):
    """An access token, assumed credentials or a provider's key set is asked for each time.

    ## What it costs
    One request to the identity provider before any work begins, where a token that was kept
    costs nothing. Providers limit the rate of such requests, too.

    ## What to do
    Keep the token at module scope together with its expiry, and fetch a new one when less than a
    minute of it is left. Use `time.time()`: a monotonic clock may stand still while the execution
    environment is frozen.

    ## When to ignore
    Exchanges of an authorization code, log-in endpoints (the user's credentials come with the
    event), tokens per user or tenant, and roles that the event names are left alone.

    ## Fix safety
    Shown only: how long a token may be kept is a decision, and it takes the response's expiry.

    ```python
    _token = {"value": "", "expires_at": 0.0}


    def access_token():
        if time.time() >= _token["expires_at"]:
            result = fetch_token()
            _token.update(value=result["access_token"], expires_at=time.time() + result["expires_in"] - 60)
        return _token["value"]
    ```

    ## Sources
    RFC 6749 (`expires_in`), Amazon Cognito and AWS STS documentation; measured against a local
    emulator.
    """

    code = "LMB105"
    name = "token-fetch-in-handler"
    problem = "{what} is fetched on every invocation"
    remedy = "keep it at module scope until shortly before it expires"
    safety = Safety.SHOWN
    since = "0.1.0"
    examples = (
        Bad(
            """\
import os

import requests


def fetch_token():
    answer = requests.post(
        os.environ["TOKEN_URL"],
        data={"grant_type": "client_credentials", "client_id": os.environ["CLIENT_ID"]},
        timeout=5,
    )
    return answer.json()["access_token"]


def lambda_handler(event, context):
    headers = {"Authorization": "Bearer " + fetch_token()}
    return requests.get(event["url"], headers=headers, timeout=5).json()
"""
        ),
        Good(
            """\
import boto3

cognito = boto3.client("cognito-idp")


def lambda_handler(event, context):
    return cognito.initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH",
        ClientId="web",
        AuthParameters={"USERNAME": event["user"], "PASSWORD": event["password"]},
    )
""",
            why="a log-in: the credentials are the user's",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        fetch = self.model.fetch(node)
        if fetch is None or fetch.kind not in ("token", "signing keys") or not fetch.static:
            return
        if self.model.runs_per_invocation(node, hot=True) and not self.model.in_defeated_cache(node):
            lifetime = f", and {fetch.lifetime}" if fetch.lifetime else ""
            self.report(node, what=fetch.what, cost=f"one more round trip before any work begins{lifetime}")

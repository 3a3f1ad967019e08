"""Access tokens for the partners' interfaces."""

import json
import os
import urllib.parse
import urllib.request
from functools import lru_cache

import requests

from common.config import CARRIER_URL, PAYMENT_URL, payment_settings

_payment_token = None


def carrier_token():
    """A token for the carriers' price service."""
    response = requests.post(
        f"{CARRIER_URL}/oauth/token",
        data={
            "grant_type": "client_credentials",
            "client_id": os.environ["CARRIER_CLIENT_ID"],
            "client_secret": os.environ["CARRIER_CLIENT_SECRET"],
        },
        timeout=5,
    )
    response.raise_for_status()
    return response.json()["access_token"]


@lru_cache(maxsize=1)
def tracking_token():
    """A token for the carriers' tracking service."""
    response = requests.post(
        f"{CARRIER_URL}/tracking/token",
        data={
            "grant_type": "client_credentials",
            "client_id": os.environ["CARRIER_CLIENT_ID"],
            "client_secret": os.environ["CARRIER_CLIENT_SECRET"],
        },
        timeout=5,
    )
    response.raise_for_status()
    return response.json()["access_token"]


def payment_token():
    """A token for the payment provider."""
    global _payment_token
    if _payment_token is None:
        settings = payment_settings()
        form = urllib.parse.urlencode(
            {
                "grant_type": "client_credentials",
                "client_id": settings["client_id"],
                "client_secret": settings["client_secret"],
            }
        )
        request = urllib.request.Request(f"{PAYMENT_URL}/oauth/token", data=form.encode(), method="POST")
        with urllib.request.urlopen(request, timeout=5) as response:
            _payment_token = json.load(response)["access_token"]
    return _payment_token

"""JSON over HTTP, on one pool of connections."""

import json

import urllib3

POOL = urllib3.PoolManager(timeout=urllib3.Timeout(connect=2, read=5), retries=False)


def get_json(url, token):
    """The document at `url`, or nothing where the partner has none."""
    response = POOL.request("GET", url, headers={"Authorization": f"Bearer {token}"})
    return json.loads(response.data) if response.status == 200 else None


def post_json(url, payload, token):
    response = POOL.request(
        "POST",
        url,
        body=json.dumps(payload).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    return response.status, json.loads(response.data)

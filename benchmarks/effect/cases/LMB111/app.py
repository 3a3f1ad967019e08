import os

import requests

API = os.environ["ORDERS_API"]


def lambda_handler(event, context):
    return [
        requests.get(f"{API}/orders/{event['id']}", timeout=30).json(),
        requests.get(f"{API}/orders/{event['id']}/lines", timeout=30).json(),
        requests.get(f"{API}/orders/{event['id']}/state", timeout=30).json(),
    ]

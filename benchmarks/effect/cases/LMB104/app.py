import os

import requests

API = os.environ["ORDERS_API"]


def lambda_handler(event, context):
    session = requests.Session()
    return session.get(f"{API}/orders/{event['id']}", timeout=30).json()

import os

import requests

API = os.environ["ORDERS_API"]
session = requests.Session()


def lambda_handler(event, context):
    form = {"grant_type": "client_credentials", "client_id": "orders", "client_secret": os.environ["CLIENT_SECRET"]}
    token = session.post(f"{API}/oauth/token", data=form, timeout=30).json()
    return len(token["access_token"])

import json
import time

import boto3

secrets = boto3.client("secretsmanager")
_secret_cache = {"value": None, "expires_at": 0.0}


def _secret():
    now = time.time()
    if now >= _secret_cache["expires_at"]:
        value = json.loads(secrets.get_secret_value(SecretId="orders/database")["SecretString"])
        _secret_cache.update(value=value, expires_at=now + 300)
    return _secret_cache["value"]


def lambda_handler(event, context):
    return _secret()["user"]

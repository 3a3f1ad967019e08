import json

import boto3

secrets = boto3.client("secretsmanager")


def lambda_handler(event, context):
    secret = json.loads(secrets.get_secret_value(SecretId="orders/database")["SecretString"])
    return secret["user"]

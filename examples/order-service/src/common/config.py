"""Settings of the service: names from the environment, secrets from their stores."""

import json
import os

import boto3

ORDERS_TABLE = os.environ["ORDERS_TABLE"]
CUSTOMERS_TABLE = os.environ["CUSTOMERS_TABLE"]
PRODUCTS_TABLE = os.environ["PRODUCTS_TABLE"]
STOCK_TABLE = os.environ["STOCK_TABLE"]
CARTS_TABLE = os.environ["CARTS_TABLE"]
RECEIPTS_BUCKET = os.environ["RECEIPTS_BUCKET"]
ORDER_QUEUE_URL = os.environ["ORDER_QUEUE_URL"]
PAYMENT_URL = os.environ["PAYMENT_URL"]
CARRIER_URL = os.environ["CARRIER_URL"]
REGION = os.environ.get("AWS_REGION", "eu-central-1")

ssm = boto3.client("ssm", region_name=REGION)


def payment_settings():
    """Merchant id, client id and client secret for the payment provider."""
    client = boto3.client("secretsmanager")
    secret = client.get_secret_value(SecretId=os.environ["PAYMENT_SECRET_ID"])
    return json.loads(secret["SecretString"])


def sender_address():
    """The address that notifications come from."""
    response = ssm.get_parameter(Name="/order-service/sender", WithDecryption=True)
    return response["Parameter"]["Value"]


def tax_percent(country):
    """The tax rate of a customer's country, which each invocation has to look up."""
    response = ssm.get_parameter(Name=f"/order-service/tax/{country}")
    return int(response["Parameter"]["Value"])

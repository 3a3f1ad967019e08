"""POST /checkout: turns a cart into a paid order."""

import json
import logging
import uuid
from datetime import datetime, timezone
from decimal import Decimal

import boto3
from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import ClientError

from common.auth import payment_token
from common.aws import get_queue_client, get_table
from common.config import (
    CARTS_TABLE,
    CUSTOMERS_TABLE,
    ORDER_QUEUE_URL,
    ORDERS_TABLE,
    PAYMENT_URL,
    PRODUCTS_TABLE,
    payment_settings,
    tax_percent,
)
from common.http import post_json
from common.responses import error, respond, to_json
from common.shipping import flat_fee

logger = logging.getLogger()
logger.setLevel(logging.INFO)

dynamodb = boto3.client("dynamodb")
products_table = boto3.resource("dynamodb").Table(PRODUCTS_TABLE)
deserializer = TypeDeserializer()


class PaymentDeclined(Exception):
    pass


def lambda_handler(event, context):
    try:
        body = json.loads(event["body"])
    except (KeyError, TypeError, json.JSONDecodeError):
        return error(400, "the body is not JSON")
    if not body.get("customer_id") or not body.get("cart_id"):
        return error(400, "customer_id and cart_id are needed")
    customer_id = body["customer_id"]
    cart_id = body["cart_id"]

    found_customer = dynamodb.get_item(TableName=CUSTOMERS_TABLE, Key={"customer_id": {"S": customer_id}})
    found_cart = dynamodb.get_item(TableName=CARTS_TABLE, Key={"cart_id": {"S": cart_id}})
    if "Item" not in found_customer or "Item" not in found_cart:
        return error(404, "no such customer or cart")
    customer = plain(found_customer["Item"])
    lines = plain(found_cart["Item"])["lines"]

    try:
        products = load_products([line["sku"] for line in lines])
    except KeyError:
        return error(409, "a product of the cart is no longer sold")

    goods = sum(
        (product["price"] * line["quantity"] for product, line in zip(products, lines)), start=Decimal(0)
    )
    coupon = None
    if goods > 0:
        coupon = json.loads(event["body"]).get("coupon")
    if coupon == "WELCOME":
        goods = goods * 9 / 10
    tax = (goods * tax_percent(customer["country"]) / 100).quantize(Decimal("0.01"))
    total = goods + tax + flat_fee(goods, customer["country"])

    order_id = str(uuid.uuid4())
    try:
        payment_id = charge(order_id, total)
    except PaymentDeclined as declined:
        logger.warning("payment for cart %s declined: %s", cart_id, declined)
        return error(402, str(declined))

    order = {
        "customer_id": customer_id,
        "order_id": order_id,
        "status": "PAID",
        "created_at": datetime.now(timezone.utc).isoformat(),
        "lines": lines,
        "tax": tax,
        "total": total,
        "payment_id": payment_id,
    }
    get_table(ORDERS_TABLE).put_item(Item=order)
    close_cart(cart_id)
    message = {"kind": "paid", "customer_id": customer_id, "order_id": order_id, "total": total}
    get_queue_client().send_message(QueueUrl=ORDER_QUEUE_URL, MessageBody=to_json(message))
    return respond(201, {"order_id": order_id, "tax": tax, "total": total})


def plain(item):
    return {name: deserializer.deserialize(value) for name, value in item.items()}


def load_products(skus):
    """The products in the order of their SKUs; a KeyError where one isn't sold any more."""
    return [products_table.get_item(Key={"sku": sku})["Item"] for sku in skus]


def charge(order_id, total):
    settings = payment_settings()
    demand = {"merchant": settings["merchant_id"], "reference": order_id, "amount": str(total)}
    status, answer = post_json(f"{PAYMENT_URL}/charges", demand, payment_token())
    if status != 201:
        raise PaymentDeclined(answer.get("reason", "unknown reason"))
    return answer["payment_id"]


def close_cart(cart_id):
    """The order is stored by now: a cart that stays behind is a nuisance, not an error."""
    try:
        dynamodb.delete_item(TableName=CARTS_TABLE, Key={"cart_id": {"S": cart_id}})
    except ClientError:
        logger.exception("cart %s is still open", cart_id)

"""POST /orders: prices an order, stores it and passes it on for fulfilment."""

import json
import logging
import uuid
from datetime import datetime, timezone

import boto3
import numpy as np

from common.aws import get_table
from common.config import ORDER_QUEUE_URL, ORDERS_TABLE, PRODUCTS_TABLE, RECEIPTS_BUCKET, STOCK_TABLE
from common.responses import error, respond, to_json
from common.validation import order_problem

logger = logging.getLogger()
logger.setLevel(logging.INFO)

WAREHOUSES = ("north", "south", "overseas")
stock = boto3.resource("dynamodb").Table(STOCK_TABLE)


def lambda_handler(event, context):
    problem = order_problem(event)
    if problem:
        return error(400, problem)

    customer_id = json.loads(event["body"])["customer_id"]
    lines = json.loads(event["body"])["lines"]

    priced, unknown = price(lines)
    if unknown:
        return error(422, f"unknown products: {', '.join(unknown)}")

    order = {
        "customer_id": customer_id,
        "order_id": str(uuid.uuid4()),
        "status": "NEW",
        "created_at": datetime.now(timezone.utc).isoformat(),
        "lines": priced,
        "total": sum(line["price"] * line["quantity"] for line in priced),
        "warehouse": find_warehouse(priced[0]["sku"], priced[0]["quantity"]),
    }
    get_table(ORDERS_TABLE).put_item(Item=order, ConditionExpression="attribute_not_exists(order_id)")

    s3 = boto3.client("s3")
    s3.put_object(
        Bucket=RECEIPTS_BUCKET,
        Key=f"{customer_id}/{order['order_id']}.json",
        Body=to_json(order).encode(),
        ContentType="application/json",
    )
    announce(order)
    logger.info("order %s of %s lines stored", order["order_id"], len(priced))
    return respond(201, {"order_id": order["order_id"], "total": order["total"]})


def price(lines):
    """The lines with names and prices, and the SKUs that nobody sells."""
    products = get_table(PRODUCTS_TABLE)
    priced = []
    unknown = []
    for line in lines:
        product = products.get_item(Key={"sku": line["sku"]}).get("Item")
        if product is None:
            unknown.append(line["sku"])
        else:
            priced.append(
                {
                    "sku": line["sku"],
                    "name": product["name"],
                    "price": product["price"],
                    "quantity": line["quantity"],
                }
            )
    return priced, unknown


def find_warehouse(sku, quantity):
    """The nearest warehouse that has enough; asking on is rarely needed."""
    for warehouse in WAREHOUSES:
        item = stock.get_item(Key={"sku": sku, "warehouse": warehouse}).get("Item")
        if item and item["quantity"] >= quantity:
            return warehouse
    return "backorder"


def announce(order):
    sqs = boto3.Session().client("sqs")
    sqs.send_message(
        QueueUrl=ORDER_QUEUE_URL,
        MessageBody=to_json(
            {
                "kind": "created",
                "customer_id": order["customer_id"],
                "order_id": order["order_id"],
                "total": order["total"],
            }
        ),
    )

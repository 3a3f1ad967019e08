"""GET /customers/{customer_id}/orders, GET /orders?status=… and GET /products"""

import logging

import boto3
from boto3.dynamodb.conditions import Attr, Key

from common.aws import get_table
from common.config import ORDERS_TABLE, PRODUCTS_TABLE
from common.responses import error, respond

logger = logging.getLogger()
logger.setLevel(logging.INFO)

dynamodb = boto3.resource("dynamodb")
orders_table = dynamodb.Table(ORDERS_TABLE)

STATUSES = {"NEW", "PAID", "SHIPPED", "CANCELLED"}


def lambda_handler(event, context):
    route = event["routeKey"]
    query = event.get("queryStringParameters") or {}
    if route == "GET /products":
        return respond(200, {"products": all_products()})
    if route == "GET /orders":
        if query.get("status") not in STATUSES:
            return error(400, f"status must be one of {', '.join(sorted(STATUSES))}")
        return respond(200, {"orders": orders_with_status(query["status"])})
    if route == "GET /customers/{customer_id}/orders":
        customer_id = event["pathParameters"]["customer_id"]
        if "status" in query:
            orders = customer_orders_with_status(customer_id, query["status"])
        elif "since" in query:
            orders = customer_orders_since(customer_id, query["since"])
        else:
            orders = customer_orders(customer_id)
        return respond(200, {"orders": orders, "total": sum(order["total"] for order in orders)})
    return error(404, "no such route")


def customer_orders(customer_id):
    response = orders_table.scan(FilterExpression=Attr("customer_id").eq(customer_id))
    return response["Items"]


def customer_orders_with_status(customer_id, status):
    table = get_table(ORDERS_TABLE)
    arguments = {
        "KeyConditionExpression": Key("customer_id").eq(customer_id),
        "FilterExpression": Attr("status").eq(status),
    }
    orders = []
    while True:
        page = table.query(**arguments)
        orders.extend(page["Items"])
        if "LastEvaluatedKey" not in page:
            return orders
        arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def customer_orders_since(customer_id, since):
    response = orders_table.query(
        KeyConditionExpression="customer_id = :customer_id",
        FilterExpression="created_at >= :since",
        ExpressionAttributeValues={":customer_id": customer_id, ":since": since},
    )
    return response["Items"]


def orders_with_status(status):
    """Orders of all customers. The table has an index for this, which nobody uses."""
    response = orders_table.scan(
        FilterExpression="#status = :status",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":status": status},
    )
    return response["Items"]


def all_products():
    table = get_table(PRODUCTS_TABLE)
    page = table.scan()
    products = page["Items"]
    while "LastEvaluatedKey" in page:
        page = table.scan(ExclusiveStartKey=page["LastEvaluatedKey"])
        products.extend(page["Items"])
    return products

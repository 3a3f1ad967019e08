"""GET /customers/{customer_id}/orders/{order_id}"""

import boto3
from boto3.dynamodb.conditions import Attr

from common.catalog import catalog, load_customer
from common.responses import error, respond

TABLE = "order-service-orders"


def lambda_handler(event, context):
    parameters = event["pathParameters"]
    order = find_order(parameters["customer_id"], parameters["order_id"])
    if order is None:
        return error(404, "no such order")

    lines = []
    for line in order["lines"]:
        product = catalog.get(line["sku"])
        lines.append(
            {
                **line,
                "picture": product.get("picture") if product else None,
                "available": product is not None,
            }
        )

    # Orders of a company are billed to its head office: this read needs the one before it.
    customer = load_customer(order["customer_id"]) or {}
    payer = load_customer(customer["billed_to"]) if "billed_to" in customer else customer
    return respond(200, {**order, "lines": lines, "bill_to": (payer or {}).get("name")})


def find_order(customer_id, order_id):
    table = boto3.resource("dynamodb").Table(TABLE)
    response = table.scan(
        FilterExpression=Attr("customer_id").eq(customer_id) & Attr("order_id").eq(order_id)
    )
    items = response["Items"]
    return items[0] if items else None

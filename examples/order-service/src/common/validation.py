"""Checks of what clients send."""

import json


def order_problem(event):
    """What is wrong with the order in the request's body, or None."""
    try:
        order = json.loads(event["body"])
    except (KeyError, TypeError, json.JSONDecodeError):
        return "the body is not JSON"
    if not order.get("customer_id"):
        return "customer_id is missing"
    if not order.get("lines"):
        return "an order needs at least one line"
    for line in order["lines"]:
        if not line.get("sku") or line.get("quantity", 0) < 1:
            return "each line needs a sku and a positive quantity"
    return None

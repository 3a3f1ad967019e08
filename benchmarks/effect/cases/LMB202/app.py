import json


def lambda_handler(event, context):
    order = json.loads(json.dumps(event["order"]))
    return sum(line["quantity"] * line["price"] for line in order["lines"])

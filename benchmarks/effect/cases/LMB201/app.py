import json


def lambda_handler(event, context):
    customer = json.loads(event["body"])["customer"]
    lines = len(json.loads(event["body"])["lines"])
    return {"customer": customer, "lines": lines}

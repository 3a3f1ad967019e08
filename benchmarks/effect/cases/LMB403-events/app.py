import json

import boto3

events = boto3.client("events")


def lambda_handler(event, context):
    for order in event["orders"]:
        events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": json.dumps(order)}])

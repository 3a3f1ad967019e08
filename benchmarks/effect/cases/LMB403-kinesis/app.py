import json

import boto3

kinesis = boto3.client("kinesis")


def lambda_handler(event, context):
    for order in event["orders"]:
        kinesis.put_record(StreamName="orders", Data=json.dumps(order).encode(), PartitionKey=order["id"])

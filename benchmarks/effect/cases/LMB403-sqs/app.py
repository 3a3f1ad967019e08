import json
import os

import boto3

sqs = boto3.client("sqs")
QUEUE = os.environ["QUEUE_URL"]


def lambda_handler(event, context):
    for order in event["orders"]:
        sqs.send_message(QueueUrl=QUEUE, MessageBody=json.dumps(order))

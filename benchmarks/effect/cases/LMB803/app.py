import os

import boto3

sqs = boto3.client("sqs")
QUEUE = os.environ["QUEUE_URL"]


def lambda_handler(event, context):
    while True:
        answer = sqs.receive_message(QueueUrl=QUEUE)
        for message in answer.get("Messages", []):
            return message["Body"]

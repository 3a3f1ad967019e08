import json
import os

import boto3

sns = boto3.client("sns")
TOPIC = os.environ["TOPIC_ARN"]


def lambda_handler(event, context):
    for order in event["orders"]:
        sns.publish(TopicArn=TOPIC, Message=json.dumps(order))

import json

import boto3
import numpy as np

dynamodb = boto3.client("dynamodb")


def lambda_handler(event, context):
    answer = dynamodb.get_item(TableName="products", Key={"id": {"S": event["id"]}})
    return json.dumps(answer["Item"]["price"])

import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("history")


def lambda_handler(event, context):
    items = table.query(KeyConditionExpression=Key("customer").eq(event["customer"]))["Items"]
    return sorted(int(item["at"]) for item in items)

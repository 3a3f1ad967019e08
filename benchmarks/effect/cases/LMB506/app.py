import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("votes")


def lambda_handler(event, context):
    response = table.query(KeyConditionExpression=Key("poll").eq(event["poll"]))
    return len(response["Items"])

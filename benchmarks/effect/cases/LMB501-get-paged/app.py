import boto3
from boto3.dynamodb.conditions import Attr

table = boto3.resource("dynamodb").Table("history")


def lambda_handler(event, context):
    arguments = {}
    found = []
    while True:
        page = table.scan(
            FilterExpression=Attr("customer").eq(event["customer"]) & Attr("at").eq(event["at"]), **arguments
        )
        found += page["Items"]
        if "LastEvaluatedKey" not in page:
            return int(found[0]["at"]) if found else None
        arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]

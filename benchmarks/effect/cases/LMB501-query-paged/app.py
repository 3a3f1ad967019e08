import boto3
from boto3.dynamodb.conditions import Attr

table = boto3.resource("dynamodb").Table("history")


def lambda_handler(event, context):
    arguments = {}
    found = []
    while True:
        page = table.scan(FilterExpression=Attr("customer").eq(event["customer"]), **arguments)
        found += page["Items"]
        if "LastEvaluatedKey" not in page:
            return sorted(int(item["at"]) for item in found)
        arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]

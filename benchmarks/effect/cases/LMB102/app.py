import boto3


def lambda_handler(event, context):
    dynamodb = boto3.Session().client("dynamodb")
    return dynamodb.get_item(TableName="products", Key={"id": {"S": event["id"]}})["Item"]["price"]

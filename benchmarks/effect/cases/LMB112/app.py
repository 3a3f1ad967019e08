import boto3

dynamodb = boto3.client("dynamodb")
ec2 = boto3.client("ec2")


def lambda_handler(event, context):
    return dynamodb.get_item(TableName="products", Key={"id": {"S": event["id"]}})["Item"]["price"]

import boto3

dynamodb = boto3.client("dynamodb")


def lambda_handler(event, context):
    product = dynamodb.get_item(TableName="products", Key={"id": {"S": event["id"]}})
    stock = dynamodb.get_item(TableName="stock", Key={"id": {"S": event["id"]}})
    reviews = dynamodb.get_item(TableName="reviews", Key={"id": {"S": event["id"]}})
    return [product["Item"]["price"], stock["Item"]["price"], reviews["Item"]["price"]]

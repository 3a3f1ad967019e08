import boto3

table = boto3.resource("dynamodb").Table("products")


def lambda_handler(event, context):
    answer = table.get_item(Key={"id": event["id"]})
    if "Item" not in answer:
        return {"statusCode": 404}
    product = table.get_item(Key={"id": event["id"]})["Item"]
    return {"statusCode": 200, "body": str(product["price"])}

import boto3

table = boto3.resource("dynamodb").Table("products")


def lambda_handler(event, context):
    total = 0
    for key in event["ids"]:
        response = table.get_item(Key={"id": key})
        total += int(response["Item"]["price"])
    return total

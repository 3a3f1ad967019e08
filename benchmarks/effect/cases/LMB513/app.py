import boto3

table = boto3.resource("dynamodb").Table("products")


def lambda_handler(event, context):
    table.update_item(
        Key={"id": event["id"]},
        UpdateExpression="SET note = :note",
        ExpressionAttributeValues={":note": "seen"},
    )
    return table.get_item(Key={"id": event["id"]})["Item"]["note"]

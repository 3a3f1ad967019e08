import boto3

table = boto3.resource("dynamodb").Table("history")


def lambda_handler(event, context):
    item = table.get_item(Key={"customer": event["customer"], "at": event["at"]}).get("Item")
    return int(item["at"]) if item else None

import boto3

table = boto3.resource("dynamodb").Table("documents")


def lambda_handler(event, context):
    answer = table.get_item(Key={"id": event["id"]})
    return answer["Item"]["title"]

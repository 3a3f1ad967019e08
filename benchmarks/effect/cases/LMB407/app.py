import boto3

table = boto3.resource("dynamodb").Table("orders")


def lambda_handler(event, context):
    for order in event["orders"]:
        with table.batch_writer() as batch:
            batch.put_item(Item={"id": order["id"], "amount": order["amount"]})

import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    for key in event["keys"]:
        s3.delete_object(Bucket="reports", Key=key)

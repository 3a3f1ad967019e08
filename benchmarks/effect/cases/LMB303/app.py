import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    return [s3.head_object(Bucket="reports", Key=key)["ContentLength"] for key in event["keys"]]

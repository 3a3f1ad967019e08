from concurrent.futures import ThreadPoolExecutor

import boto3

s3 = boto3.client("s3")


def size(key):
    return s3.head_object(Bucket="reports", Key=key)["ContentLength"]


def lambda_handler(event, context):
    with ThreadPoolExecutor(max_workers=32) as pool:
        return sum(pool.map(size, event["keys"]))

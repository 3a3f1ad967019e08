import boto3

ssm = boto3.client("ssm")


def lambda_handler(event, context):
    return {name: ssm.get_parameter(Name=name)["Parameter"]["Value"] for name in event["names"]}

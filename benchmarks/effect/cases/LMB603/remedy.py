from statistics import fmean


def lambda_handler(event, context):
    return {"mean": fmean(event["values"])}

import numpy as np


def lambda_handler(event, context):
    return {"mean": float(np.mean(event["values"]))}

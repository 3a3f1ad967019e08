"""Nightly report on the large orders since the last run."""

import logging
import os
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Attr

from common.aws import get_event_bus, get_storage
from common.config import ORDERS_TABLE, RECEIPTS_BUCKET
from common.responses import to_json

logger = logging.getLogger()
logger.setLevel(logging.INFO)

CURSOR = "/order-service/last-report"
LARGE = Decimal("50")
ANALYTICS_REGION = "eu-west-1"


def lambda_handler(event, context):
    import numpy as np

    session = boto3.session.Session()
    state = session.client("ssm")
    since = last_run(state)
    orders = large_orders(since)
    if not orders:
        return {"orders": 0}

    totals = np.array([float(order["total"]) for order in orders])
    counts, edges = np.histogram(totals, bins=4)
    report = {
        "since": since,
        "until": event["time"],
        "orders": len(orders),
        "percentiles": np.percentile(totals, [50, 90, 99]).round(2).tolist(),
        "histogram": {"counts": counts.tolist(), "edges": edges.round(2).tolist()},
    }
    key = f"reports/{event['time']}.json"
    document = to_json(report).encode()
    get_storage().put_object(Bucket=RECEIPTS_BUCKET, Key=key, Body=document)
    analytics_bucket().put_object(Bucket=os.environ["ANALYTICS_BUCKET"], Key=key, Body=document)

    # The topic is in the region that the schedule fired in.
    topics = boto3.client("sns", region_name=event["region"])
    topics.publish(TopicArn=os.environ["REPORT_TOPIC_ARN"], Subject="Large orders", Message=to_json(report))
    get_event_bus().put_events(
        Entries=[{"Source": "order-service", "DetailType": "ReportWritten", "Detail": to_json({"key": key})}]
    )
    state.put_parameter(Name=CURSOR, Value=event["time"], Type="String", Overwrite=True)
    return report


def last_run(state):
    try:
        return state.get_parameter(Name=CURSOR)["Parameter"]["Value"]
    except state.exceptions.ParameterNotFound:
        return "1970-01-01T00:00:00Z"


def large_orders(since):
    table = boto3.resource("dynamodb").Table(ORDERS_TABLE)
    arguments = {"FilterExpression": Attr("created_at").gt(since) & Attr("total").gte(LARGE)}
    orders = []
    while True:
        page = table.scan(**arguments)
        orders.extend(page["Items"])
        if "LastEvaluatedKey" not in page:
            return orders
        arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def analytics_bucket():
    """A client that acts in the account of the analytics team."""
    sts = boto3.client("sts", region_name=ANALYTICS_REGION)
    role = sts.assume_role(RoleArn=os.environ["ANALYTICS_ROLE_ARN"], RoleSessionName="order-service-report")
    credentials = role["Credentials"]
    return boto3.client(
        "s3",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )

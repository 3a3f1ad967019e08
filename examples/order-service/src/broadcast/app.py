"""WebSocket route `announce`: sends a message to all browsers that are connected."""

import json
import logging
import os

import boto3

logger = logging.getLogger()
logger.setLevel(logging.INFO)


def handler(event, context):
    request = event["requestContext"]
    # The endpoint is the stage that the event came through, so this client can't be shared.
    gateway = boto3.client(
        "apigatewaymanagementapi", endpoint_url=f"https://{request['domainName']}/{request['stage']}"
    )
    text = json.loads(event["body"]).get("text")
    if not text:
        return {"statusCode": 400}

    table = boto3.resource("dynamodb").Table(os.environ["CONNECTIONS_TABLE"])
    gone = []
    reached = 0
    for connection_id in connection_ids(table):
        try:
            gateway.post_to_connection(ConnectionId=connection_id, Data=text.encode())
            reached += 1
        except gateway.exceptions.GoneException:
            gone.append(connection_id)
    with table.batch_writer() as batch:
        for connection_id in gone:
            batch.delete_item(Key={"connection_id": connection_id})
    logger.info("%s reached, %s gone", reached, len(gone))
    return {"statusCode": 200, "body": json.dumps({"reached": reached, "gone": len(gone)})}


def connection_ids(table):
    paginator = table.meta.client.get_paginator("scan")
    for page in paginator.paginate(TableName=table.name, ProjectionExpression="connection_id"):
        for item in page["Items"]:
            yield item["connection_id"]

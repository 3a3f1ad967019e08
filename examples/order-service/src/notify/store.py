"""The outbox that the mail service reads."""

import os

import boto3


class Outbox:
    def __init__(self):
        self.dynamodb = boto3.resource("dynamodb")
        self.table = self.dynamodb.Table(os.environ["NOTIFICATIONS_TABLE"])

    def add(self, notifications):
        with self.table.batch_writer(overwrite_by_pkeys=["order_id", "kind"]) as batch:
            for notification in notifications:
                batch.put_item(Item=notification)

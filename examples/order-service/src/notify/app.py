"""Consumer of the order queue: writes what customers are to be told into the outbox."""

import json
import logging

from common.catalog import load_customer
from common.config import sender_address
from notify.store import Outbox

logger = logging.getLogger()
logger.setLevel(logging.INFO)

TEXTS = """{
  "created": {"en": "We have your order {order_id}.", "de": "Ihre Bestellung {order_id} ist da."},
  "paid": {"en": "Your order {order_id} is paid.", "de": "Ihre Bestellung {order_id} ist bezahlt."}
}"""


def lambda_handler(event, context):
    messages, failures = read_messages(event["Records"])
    customers = {message["customer_id"]: load_customer(message["customer_id"]) for message in messages}
    if any(customers.values()):
        outbox = Outbox()
        outbox.add(compose(messages, customers, sender_address()))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failures]}


def read_messages(records):
    """The messages, and the ids of those that can't be read."""
    messages = []
    failures = []
    for record in records:
        try:
            message = json.loads(record["body"])
            messages.append(
                {
                    "kind": message["kind"],
                    "customer_id": message["customer_id"],
                    "order_id": message["order_id"],
                }
            )
        except (KeyError, TypeError, json.JSONDecodeError):
            logger.exception("message %s can't be read", record["messageId"])
            failures.append(record["messageId"])
    return messages, failures


def compose(messages, customers, sender):
    notifications = []
    for message in messages:
        texts = json.loads(TEXTS)
        customer = customers[message["customer_id"]]
        if customer is None or message["kind"] not in texts:
            logger.warning("nobody to tell about order %s", message["order_id"])
            continue
        text = texts[message["kind"]].get(customer.get("language"), texts[message["kind"]]["en"])
        notifications.append(
            {
                "order_id": message["order_id"],
                "kind": message["kind"],
                "from": sender,
                "to": customer["email"],
                "text": text.format(order_id=message["order_id"]),
            }
        )
    return notifications

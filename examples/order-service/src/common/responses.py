"""Answers for API Gateway."""

import json
from decimal import Decimal


def _plain(value):
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} can't be written as JSON")


def to_json(value):
    return json.dumps(value, default=_plain)


def respond(status, body):
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": to_json(body),
    }


def error(status, message):
    return respond(status, {"message": message})

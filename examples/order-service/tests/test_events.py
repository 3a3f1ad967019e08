"""The sample events of `events/` fit the functions."""

import json
from pathlib import Path

EVENTS = Path(__file__).resolve().parents[1] / "events"


def sample(function):
    return json.loads((EVENTS / f"{function}.json").read_text())


def test_requests(seeded, load):
    seeded.tables.carts.put_item(Item={"cart_id": "k1", "lines": [{"sku": "cup", "quantity": 1}]})
    expected = {
        "create_order": 201,
        "get_order": 200,
        "list_orders": 200,
        "checkout": 201,
        "shipping_quote": 200,
    }
    for function, status in expected.items():
        assert load(function).lambda_handler(sample(function), None)["statusCode"] == status


def test_queue_messages(seeded, load):
    assert load("notify").lambda_handler(sample("notify"), None) == {"batchItemFailures": []}

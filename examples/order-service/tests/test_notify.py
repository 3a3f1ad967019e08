import json


def notify(load, *bodies):
    records = [
        {"messageId": f"m{number}", "body": body if isinstance(body, str) else json.dumps(body)}
        for number, body in enumerate(bodies)
    ]
    return load("notify").lambda_handler({"Records": records}, None)


def message(kind, customer_id, order_id):
    return {"kind": kind, "customer_id": customer_id, "order_id": order_id}


def outbox(seeded):
    return {(item["order_id"], item["kind"]): item for item in seeded.tables.notifications.scan()["Items"]}


def test_customers_are_told_in_their_language(seeded, load):
    answer = notify(
        load, message("created", "c1", "o1"), message("paid", "c2", "o3"), message("paid", "c1", "o1")
    )
    assert answer == {"batchItemFailures": []}
    notifications = outbox(seeded)
    assert len(notifications) == 3
    assert notifications["o1", "created"] == {
        "order_id": "o1",
        "kind": "created",
        "from": "shop@example.com",
        "to": "c1@example.com",
        "text": "Ihre Bestellung o1 ist da.",
    }
    assert notifications["o1", "paid"]["text"] == "Ihre Bestellung o1 ist bezahlt."
    assert notifications["o3", "paid"]["text"] == "Your order o3 is paid."


def test_a_message_twice_is_one_notification(seeded, load):
    notify(load, message("paid", "c1", "o1"), message("paid", "c1", "o1"))
    assert list(outbox(seeded)) == [("o1", "paid")]


def test_unreadable_messages_are_reported_and_the_others_handled(seeded, load):
    answer = notify(load, "not json", message("paid", "c1", "o1"), {"kind": "paid"})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}, {"itemIdentifier": "m2"}]}
    assert list(outbox(seeded)) == [("o1", "paid")]


def test_unknown_customers_and_kinds_are_passed_over(seeded, load):
    answer = notify(load, message("paid", "c9", "o1"), message("lost", "c1", "o2"))
    assert answer == {"batchItemFailures": []}
    assert outbox(seeded) == {}


def test_an_empty_batch(seeded, load):
    assert notify(load) == {"batchItemFailures": []}

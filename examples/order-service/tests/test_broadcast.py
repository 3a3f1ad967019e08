import json

import pytest


@pytest.fixture
def send(aws, load):
    def send(text):
        context = {"domainName": "abc123.execute-api.eu-central-1.amazonaws.com", "stage": "live"}
        return load("broadcast").handler(
            {"requestContext": context, "body": json.dumps({"text": text})}, None
        )

    return send


def test_all_connections_are_reached(aws, send):
    for number in range(4):
        aws.tables.connections.put_item(Item={"connection_id": f"n{number}"})
    answer = send("sale")
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"reached": 4, "gone": 0}
    assert aws.tables.connections.scan()["Count"] == 4


def test_nobody_is_there(aws, send):
    assert json.loads(send("sale")["body"]) == {"reached": 0, "gone": 0}


def test_a_text_is_needed(aws, send):
    assert send("") == {"statusCode": 400}

"""The count of network calls above a handler, and how it is switched on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from stdio_client import CLIENT, PULLS, Client

from lambdalint.engine.invocations import Invocation
from lambdalint.lsp.lenses import words

READS = """import boto3

s3 = boto3.client("s3")
ssm = boto3.client("ssm")


def save(records):
    for record in records:
        s3.put_object(Bucket="b", Key=record["key"], Body=b"")


def lambda_handler(event, context):
    report = s3.head_object(Bucket="reports", Key=event["key"])
    limits = ssm.get_parameter(Name=event["limits"])
    state = s3.get_object(Bucket="states", Key=event["key"])
    save(event["records"])
    return report, limits, state
"""
TITLE = "4 network calls per invocation, 1 of them in loops, 3 in a row"
WORKSPACE: dict[str, Any] = {
    **PULLS["workspace"],
    "configuration": True,
    "didChangeConfiguration": {"dynamicRegistration": True},
    "codeLens": {"refreshSupport": True},
}
CONFIGURES = {**PULLS, "workspace": WORKSPACE}


def lenses(client: Client, name: str) -> list[tuple[int, str]]:
    found = client.ask("textDocument/codeLens", {"textDocument": {"uri": client.uri(name)}})
    return [(one["range"]["start"]["line"], one["command"]["title"]) for one in found]


def test_none_without_being_asked_for(puller: Client) -> None:
    assert "codeLensProvider" in puller.server["capabilities"]
    puller.open("app.py", READS)
    assert lenses(puller, "app.py") == []


def test_by_the_clients_first_words(folder: Path) -> None:
    with Client(folder, initializationOptions={"codeLens": True}) as client:
        client.open("app.py", READS)
        assert lenses(client, "app.py") == [(11, TITLE)]
        client.change("app.py", READS + "x = (\n", 2)
        assert lenses(client, "app.py") == [(11, TITLE)]  # what was counted stays while a line is typed
        client.change("app.py", "\n" + READS.replace("    save(event", "    print(event"), 3)
        assert lenses(client, "app.py") == [(12, "3 network calls per invocation, 3 in a row")]
        client.open("other.py", "def lambda_handler(event, context):\n    return event\n")
        assert lenses(client, "other.py") == []


def test_by_the_users_settings(folder: Path) -> None:
    with Client(folder, CONFIGURES) as client:
        registered = client.wait_for("client/registerCapability")["registrations"]
        assert "workspace/didChangeConfiguration" in [one["method"] for one in registered]
        assert client.wait_for("workspace/configuration")["items"] == [{"section": "lambdalint"}]
        client.open("app.py", READS)
        assert lenses(client, "app.py") == []
        client.settings = {"codeLens": True}
        client.tell("workspace/didChangeConfiguration", {"settings": None})
        client.wait_for("workspace/codeLens/refresh")
        assert lenses(client, "app.py") == [(11, TITLE)]
        client.settings = {"codeLens": "perhaps"}  # unknown: as before
        client.tell("workspace/didChangeConfiguration", {"settings": {}})
        assert lenses(client, "app.py") == [(11, TITLE)]


def test_by_settings_that_the_client_sends(folder: Path) -> None:
    with Client(folder) as client:
        client.open("app.py", CLIENT)
        client.tell("workspace/didChangeConfiguration", {"settings": {"lambdalint": {"codeLens": True}}})
        assert lenses(client, "app.py") == [(3, "1 network call per invocation")]
        client.tell("workspace/didChangeConfiguration", {"settings": {"lambdalint": {"codeLens": False}}})
        assert lenses(client, "app.py") == []


def test_above_a_handler_in_a_template(folder: Path) -> None:
    (folder / "template.yaml").write_text(
        "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Handler: index.handler\n"
        "      Runtime: python3.12\n      Code:\n        ZipFile: |\n"
        "          import boto3\n          s3 = boto3.client('s3')\n"
        "          def handler(event, context):\n              return s3.list_buckets()\n"
    )
    with Client(folder, initializationOptions={"codeLens": True}) as client:
        client.open("template.yaml", language="yaml")
        assert lenses(client, "template.yaml") == [(10, "1 network call per invocation")]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((1, 0, 0), "1 network call per invocation"),
        ((5, 0, 3), "5 network calls per invocation, 3 in a row"),
        ((1, 1, 0), "1 network call per invocation (repeated in a loop)"),
        ((3, 1, 2), "3 network calls per invocation, 1 of them in loops, 2 in a row"),
    ],
)
def test_words(counts: tuple[int, int, int], expected: str) -> None:
    assert words(Invocation(1, *counts)) == expected

"""SQS queues of templates, Terraform and CDK programs: their names, and whether receiving waits."""

from __future__ import annotations

import pytest
from programs import program

from lambdalint.deployment import DeployedQueue, read


def template(properties: str) -> DeployedQueue:
    text = f"Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties: {properties}\n"
    (only,) = read({"t.yaml": text.encode()}).queues
    return only


@pytest.mark.parametrize(
    ("properties", "name", "waits"),
    [
        ("{}", "", False),
        ("{QueueName: orders}", "orders", False),
        ("{QueueName: !Ref Name}", "", False),
        ("{ReceiveMessageWaitTimeSeconds: 20}", "", True),
        ("{ReceiveMessageWaitTimeSeconds: 0}", "", False),
        ("{ReceiveMessageWaitTimeSeconds: !Ref Wait}", "", True),
    ],
)
def test_a_queue_of_a_template(properties: str, name: str, waits: bool) -> None:
    assert template(properties) == DeployedQueue("t.yaml", 2, "Q", name, waits)


def test_a_queue_of_the_serverless_framework() -> None:
    text = (
        "provider: {name: aws}\nresources:\n  Resources:\n    Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}\n"
    )
    (only,) = read({"serverless.yml": text.encode()}).queues
    assert (only.name, only.queue_name, only.waits) == ("Q", "q", False)


@pytest.mark.parametrize(
    ("setting", "waits"),
    [
        ("", False),
        ("receive_wait_time_seconds = 20", True),
        ("receive_wait_time_seconds = 0", False),
        ("receive_wait_time_seconds = var.wait", True),
    ],
)
def test_a_queue_of_terraform(setting: str, waits: bool) -> None:
    text = f'resource "aws_sqs_queue" "orders" {{\n  name = "orders"\n  {setting}\n}}\n'
    (only,) = read({"infra/main.tf": text.encode()}).queues
    assert only == DeployedQueue("infra/main.tf", 1, "orders", "orders", waits)


def test_a_function_of_terraform_knows_its_queue() -> None:
    text = """\
resource "aws_sqs_queue" "orders" {}
resource "aws_lambda_function" "f" {
  handler = "app.handler"
  runtime = "python3.12"
  environment {
    variables = { URL = aws_sqs_queue.orders.url, ARN = aws_sqs_queue.orders.arn }
  }
}
"""
    (only,) = read({"infra/main.tf": text.encode()}).functions
    assert only.environment == (("URL", "ref:orders"),)


PROGRAM = b"""\
from aws_cdk import Duration, Stack, aws_sqs as sqs
class Shop(Stack):
    def __init__(self, scope, id, **kwargs):
        super().__init__(scope, id, **kwargs)
        sqs.Queue(self, "Plain", queue_name="plain")
        sqs.Queue(self, "Waiting", receive_message_wait_time=Duration.seconds(20))
"""


def test_queues_of_a_cdk_program() -> None:
    found = program("app.py", PROGRAM)
    assert [(q.name, q.queue_name, q.waits) for q in found.queues] == [("Plain", "plain", False), ("Waiting", "", True)]

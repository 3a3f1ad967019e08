"""Arguments that a wrapper hands on as it was given them."""

from __future__ import annotations

import pytest
from notation import case, look

WRAPPER = """
import boto3
def client(*args, **kwargs):
    kwargs["config"] = 1
    return boto3.client(*args, **kwargs)
def named(kind, *args):
    return boto3.client(*args)
def behind(*args):
    return boto3.client("s3", *args)
class Aws:
    def client(self, *args):
        return boto3.client(*args)
def lambda_handler(event, context):
    return {call}  #? {call}
"""


@pytest.mark.parametrize(
    ("call", "value"),
    [
        case("all handed on", 'client("s3")', "client s3"),
        case("with further ones", 'client("sqs", "eu-west-1")', "client sqs"),
        case("by name", 'client(service_name="sns")', "client sns"),
        case("behind a named one", 'named(1, "sns")', "client sns"),
        case("behind a given one", 'behind("eu-west-1")', "client s3"),
        case("of a method", 'Aws().client("kms")', "client kms"),
        case("of a list", "client(*event)", "client ?"),
    ],
)
def test_the_service_of_a_wrapper(call: str, value: str) -> None:
    assert look(WRAPPER.format(call=call)).value == value

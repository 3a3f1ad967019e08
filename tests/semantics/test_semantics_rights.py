"""What a message says of the right to another operation."""

from __future__ import annotations

import libcst as cst
import pytest
from notation import look

from lambdalint.deployment import DeployedFunction
from lambdalint.deployment.model import Rights, Statement
from lambdalint.semantics import ir
from lambdalint.semantics.rights import needed, told

GET, BATCH = "dynamodb.get_item", "dynamodb.batch_get_item"
NEEDS = "needs dynamodb:BatchGetItem"
MISSING = "the template grants dynamodb:GetItem, not dynamodb:BatchGetItem"
BODY = """
table = boto3.resource("dynamodb").Table("orders")
def lambda_handler(event, context):
    return table.get_item(Key={"id": event["id"]})  #?
"""
TWO = BODY.replace(
    "def lambda", "def other_handler(event, context):\n    return lambda_handler(event, context)\ndef lambda"
)


def deployed(*statements: Statement, complete: bool = True, handler: str = "app.lambda_handler") -> DeployedFunction:
    return DeployedFunction("t.yaml", 1, handler, handler, ("",), rights=Rights(statements, complete))


def says(*functions: DeployedFunction, text: str = BODY, old: str = GET, new: str = BATCH) -> str:
    place = look(text, functions)
    call = place.node
    assert isinstance(call, ir.Call)
    return needed(place.model, call, old, new)


def on(*actions: str, resource: str = "orders") -> Statement:
    return Statement(actions, (resource,))


OLD, NEW = "dynamodb:GetItem", "dynamodb:BatchGetItem"


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        pytest.param(deployed(on(OLD)), MISSING, id="the old right alone"),
        pytest.param(deployed(on(OLD, NEW)), "", id="both in one statement"),
        pytest.param(deployed(on(OLD), on(NEW)), "", id="both for the same table"),
        pytest.param(deployed(on("dynamodb:*")), "", id="all of the service"),
        pytest.param(deployed(on(OLD, "dynamodb:Batch*")), "", id="a pattern"),
        pytest.param(deployed(on("*", resource="*")), "", id="everything"),
        pytest.param(deployed(on(OLD), on(NEW, resource="*")), "", id="the new one for all tables"),
        pytest.param(deployed(on(OLD), on(NEW, resource="users")), NEEDS, id="the new one for another table"),
        pytest.param(deployed(on(OLD), complete=False), NEEDS, id="a policy that can't be read may grant it"),
        pytest.param(deployed(on("s3:*")), NEEDS, id="not even the old right is there to see"),
        pytest.param(deployed(), NEEDS, id="no policy at all"),
        pytest.param(deployed(on(OLD, NEW), complete=False), "", id="granted, whatever else is"),
        pytest.param(
            deployed(on("dynamodb:*"), Statement((NEW,), ("*",), allows=False)), MISSING, id="the new one is denied"
        ),
    ],
)
def test_what_one_function_may_do(function: DeployedFunction, expected: str) -> None:
    assert says(function) == expected


def test_without_a_description_the_right_is_named() -> None:
    assert says() == NEEDS


@pytest.mark.parametrize(
    ("second", "expected"), [(deployed(on(OLD)), MISSING), (deployed(on(OLD, NEW)), ""), (deployed(), NEEDS)]
)
def test_all_functions_that_reach_the_call_count(second: DeployedFunction, expected: str) -> None:
    first = deployed(on(OLD, NEW), handler="app.other_handler")
    assert says(first, second, text=TWO) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sqs.send_message", "sqs.send_message_batch"),
        ("sqs.delete_message", "sqs.delete_message_batch"),
        ("sns.publish", "sns.publish_batch"),
        ("events.put_events", "events.put_events"),
        ("s3.delete_object", "s3.delete_objects"),
        ("comprehend.detect_entities", "comprehend.unheard_of"),
    ],
)
def test_the_same_right_needs_no_word(old: str, new: str) -> None:
    assert says(deployed(on("sqs:SendMessage")), old=old, new=new) == ""


def test_the_right_stands_before_what_else_changes() -> None:
    place = look(BODY)
    call = place.node
    assert isinstance(call, ir.Call)
    assert told(place.model, call, GET, BATCH, "all are read first") == f"{NEEDS}; all are read first"
    assert told(place.model, call, GET, GET, "all are read first") == "all are read first"
    written = place.model.node(call)
    assert isinstance(written, cst.Call)
    assert place.model.right(written, GET, BATCH) == f" ({NEEDS})"

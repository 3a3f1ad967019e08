"""Items that are fetched to be counted, or to learn whether there are any."""

from __future__ import annotations

import textwrap

import pytest
from notation import case, look

from lambdalint.semantics import ir
from lambdalint.semantics.aws import aws_call
from lambdalint.semantics.counts import Count, count_by_fetch

QUERY = "table.query(KeyConditionExpression='id = :i')"


def count(body: str, rest: str = "") -> Count | None:
    """What the read on the first line of a function is made for."""
    first, *others = body.split("\n")
    lines = textwrap.indent("\n".join([f"{first}  #?", *others]), "    ")
    place = look(
        f"table = boto3.resource('dynamodb').Table('t')\ndef read(event):\n{lines}\n"
        f"def lambda_handler(event, context):\n    found = read(event)\n    {rest or 'print(1)'}\n"
    )
    assert isinstance(place.node, ir.Call)
    aws = aws_call(place.model, place.node)
    assert aws is not None
    return count_by_fetch(aws)


FETCHED = [
    case("the length", f"x = {QUERY}\nreturn len(x['Items'])", "", "count here"),
    case("the count", f"x = {QUERY}\nreturn x['Count']", "", "count here"),
    case("no items", f"x = {QUERY}\nif len(x['Items']) == 0:\n    return 1", "", "exists here"),
    case("any items", f"x = {QUERY}\nif x['Items']:\n    return 1", "", "exists elsewhere"),
    case("a compared count", f"x = {QUERY}\nif x['Count'] > 0:\n    return 1", "", "exists here"),
    case("a caller's length", f"return {QUERY}['Items']", "print(len(found))", "count elsewhere"),
    case(
        "a caller's length by name",
        f"x = {QUERY}\nreturn x['Items']",
        "if len(found) > 2:\n        pass",
        "count elsewhere",
    ),
    case("an item", f"x = {QUERY}\nif len(x['Items']) == 0:\n    return 1\nreturn x['Items'][0]", "", ""),
    case("a caller's item", f"x = {QUERY}\nreturn x['Items']", "print(found[0])", ""),
    case("the whole answer", f"x = {QUERY}\nprint(len(x['Items']))\nreturn x", "", ""),
    case("one item at most", "x = table.query(Limit=1)\nreturn len(x['Items'])", "", ""),
    case("a count already", "x = table.query(Select='COUNT')\nreturn x['Count']", "", ""),
    case("arguments that can't be seen", "x = table.query(**event)\nreturn len(x['Items'])", "", ""),
    case("another operation", "x = table.get_item(Key={'id': 1})\nreturn len(x['Item'])", "", ""),
]


@pytest.mark.parametrize(("body", "rest", "expected"), FETCHED)
def test_what_is_fetched_to_be_counted(body: str, rest: str, expected: str) -> None:
    found = count(body, rest)
    told = "" if found is None else f"{'exists' if found.exists else 'count'} {'here' if found.local else 'elsewhere'}"
    assert told == expected


def test_what_stands_in_the_way_of_a_fix() -> None:
    filtered = count("x = table.scan(FilterExpression='a = :a')\nreturn len(x['Items'])")
    projected = count("x = table.scan(ProjectionExpression='a')\nreturn len(x['Items'])")
    assert filtered is not None
    assert projected is not None
    assert (filtered.filtered, filtered.projected) == (True, False)
    assert (projected.filtered, projected.projected) == (False, True)

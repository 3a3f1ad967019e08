"""Which remote items a function asks for, as far as equal ones can be told, and what may come between two."""

from __future__ import annotations

import textwrap

import pytest
from notation import Place, case, look

from lambdalint.semantics import ir
from lambdalint.semantics.accesses import accesses, leads_to
from lambdalint.semantics.rereads import read_backs, read_then_writes, repeated_reads

HEAD = """\
table = boto3.resource('dynamodb').Table('users')
other = boto3.resource('dynamodb').Table('visits')
s3 = boto3.client('s3')
def of(user):
    return table.get_item(Key={'id': user})
def named(name):
    return table.get_item(Key={'id': f'name#{name}'})
def either(user, short):
    if short:
        return None
    return table.get_item(Key={'id': user})
def noted(user):
    found = table.get_item(Key={'id': user})
    other.put_item(Item=found['Item'])
    return found
def deep(user):
    return of(user)
def since(user):
    return table.get_item(Key={'id': user, 'at': str(time.time())})
@functools.cache
def kept(user):
    return table.get_item(Key={'id': user})
"""
READ = "table.get_item(Key={'id': user})"


def handler(body: str) -> Place:
    """A handler with these lines, the last of which is the place."""
    lines = textwrap.indent(body, "    ")
    return look(f"{HEAD}def lambda_handler(event, context):\n    user = event['user']\n{lines}  #?\n")


def function(place: Place) -> ir.Function:
    found = place.model.function(place.node)
    assert found is not None
    return found


ASKED = [
    case("a direct read", f"x = {READ}", 1),
    case("through a helper", "x = of(user)", 1),
    case("through two helpers", "x = deep(user)", 1),
    case("through a helper that writes afterwards", "x = noted(user)", 1),
    case("a helper as a whole", "x = either(user, event['short'])", 1),
    case("a key that a call makes", "x = table.get_item(Key={'id': unbound()})", 0),
    case("a helper that asks a clock", "x = since(user)", 0),
    case("a helper that keeps answers", "x = kept(user)", 0),
    case("arguments that can't be seen", "x = table.get_item(**event)", 0),
    case("nothing remote", "x = len(user)", 0),
]


@pytest.mark.parametrize(("body", "count"), ASKED)
def test_what_is_asked_for(body: str, count: int) -> None:
    place = handler(body)
    assert len(list(accesses(place.model, function(place)))) == count


ALIKE = [
    case("twice the same", f"x = {READ}\ny = {READ}", True),
    case("another key", f"x = {READ}\ny = table.get_item(Key={{'id': event['x']}})", False),
    case("another table", f"x = {READ}\ny = other.get_item(Key={{'id': user}})", False),
    case("other arguments", f"x = {READ}\ny = table.get_item(Key={{'id': user}}, ConsistentRead=True)", False),
    case("directly and through a helper", f"x = {READ}\ny = of(user)", True),
    case("through helpers of different depth", "x = of(user)\ny = deep(user)", True),
    case("a format, by the same helper", "x = named(user)\ny = named(user)", True),
    case(
        "a format, by a helper and directly", "x = named(user)\ny = table.get_item(Key={'id': f'name#{user!r}'})", False
    ),
    case("a helper as a whole", "x = either(user, False)\ny = either(user, False)", True),
    case("a helper with other arguments", "x = either(user, False)\ny = either(user, True)", False),
]


@pytest.mark.parametrize(("body", "alike"), ALIKE)
def test_which_ask_for_the_same(body: str, alike: bool) -> None:
    place = handler(body)
    keys = [access.key for access in accesses(place.model, function(place))]
    assert len(keys) == 2
    assert (keys[0] == keys[1]) is alike


REPEATED = [
    case("at once", f"x = {READ}\ny = {READ}", 1),
    case("after a write", f"x = {READ}\ntable.put_item(Item=event)\ny = {READ}", 0),
    case("after a call that can't be told", f"x = {READ}\nunbound(x)\ny = {READ}", 0),
    case("after a wait", f"x = {READ}\ntime.sleep(5)\ny = {READ}", 0),
    case("after a helper that writes", f"x = noted(user)\ny = {READ}", 0),
    case("before a helper that writes afterwards", f"x = {READ}\ny = noted(user)", 1),
    case("after a log line", f"x = {READ}\nprint(x)\ny = {READ}", 1),
    case("with a name bound again", f"x = {READ}\nuser = event['other']\ny = {READ}", 0),
    case("in a branch of its own", f"if event['a']:\n    x = {READ}\nelse:\n    y = {READ}\nz = 1\nprint(z)", 0),
    case("after a branch", f"if event['a']:\n    x = {READ}\ny = {READ}", 1),
    case("after a branch that leaves", f"if event['a']:\n    return {READ}\ny = {READ}", 0),
    case("in an except", f"try:\n    x = {READ}\nexcept KeyError:\n    y = {READ}\nprint(user)", 0),
    case("in two comprehensions", "x = [of(u) for u in event['a']]\ny = [of(u) for u in event['b']]\nprint(x, y)", 0),
    case("three times", f"x = {READ}\ny = {READ}\nz = {READ}", 2),
    case("a helper with two reads", "x = either(user, False)\ny = either(user, False)", 1),
    case("a token", "sts = boto3.client('sts')\nx = sts.get_session_token()\ny = sts.get_session_token()", 0),
]


@pytest.mark.parametrize(("body", "count"), REPEATED)
def test_repeated_reads(body: str, count: int) -> None:
    place = handler(body)
    assert len(list(repeated_reads(place.model, function(place)))) == count


UPDATE = "table.update_item(Key={'id': user}, UpdateExpression='ADD n :one')"
BACK = [
    case("after an update", f"{UPDATE}\ny = {READ}", 1),
    case("after a put of that item", f"table.put_item(Item={{'id': user, 'n': 1}})\ny = {READ}", 1),
    case("after a put of another item", f"table.put_item(Item={{'id': event['x']}})\ny = {READ}", 0),
    case("after an update of another item", f"{UPDATE}\ny = table.get_item(Key={{'id': event['x']}})", 0),
    case("after an update in a branch", f"if event['a']:\n    {UPDATE}\ny = {READ}", 0),
    case("with another write between", f"{UPDATE}\nother.put_item(Item=event)\ny = {READ}", 0),
    case("before the update", f"y = {READ}\n{UPDATE}", 0),
]


@pytest.mark.parametrize(("body", "count"), BACK)
def test_read_backs(body: str, count: int) -> None:
    place = handler(body)
    assert len(list(read_backs(place.model, function(place)))) == count


PUT = "table.put_item(Item={'id': user})"
SET = "table.update_item(Key={'id': user}, UpdateExpression='SET n = :n', ExpressionAttributeValues={':n': n + 1})"
FOR_WRITES = [
    case("existence", f"if 'Item' in {READ}:\n    return 1\n{PUT}", ["existence"]),
    case("a value to add to", f"n = {READ}['Item']['n']\n{SET}", ["value"]),
    case("a number of a value", f"n = int({READ}['Item']['n'])\n{SET}", ["value"]),
    case("a value that is shown too", f"n = {READ}['Item']['n']\nprint(n)\n{SET}", []),
    case("the item is used", f"x = {READ}\nif 'Item' in x:\n    return x['Item']\n{PUT}", []),
    case("the value decides", f"n = {READ}['Item']['n']\nif n > 3:\n    return 1\n{SET}", []),
    case("another item", f"if 'Item' in {READ}:\n    return 1\ntable.put_item(Item={{'id': event['x']}})", []),
    case("in a branch", f"if event['a']:\n    x = 'Item' in {READ}\n{PUT}", []),
]


@pytest.mark.parametrize(("body", "purposes"), FOR_WRITES)
def test_reads_for_writes(body: str, purposes: list[str]) -> None:
    place = handler(body)
    assert [purpose for _, purpose in read_then_writes(place.model, function(place))] == purposes


LEADS = [
    case("in a row", "a(1)\nb(2)", True),
    case("the other way round", "b(2)\na(1)", False),
    case("from a branch", "if event:\n    a(1)\nb(2)", True),
    case("from a branch that leaves", "if event:\n    a(1)\n    return\nb(2)", False),
    case("into a branch", "a(1)\nif event:\n    b(2)", True),
    case("between branches", "if event:\n    a(1)\nelse:\n    b(2)", False),
    case("in one statement", "print(a(1), b(2))", False),
]


@pytest.mark.parametrize(("body", "leads"), LEADS)
def test_what_leads_to_what(body: str, leads: bool) -> None:
    place = handler(f"{body}\nprint(event)")
    calls = {ir.dotted(call.func): call for call in function(place).calls}
    assert leads_to(calls["a"], calls["b"]) is leads

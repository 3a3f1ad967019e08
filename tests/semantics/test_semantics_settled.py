"""What a turn of a loop hands over, and whether it may be sent when the loop is done."""

from __future__ import annotations

import pytest
from notation import look

from lambdalint.semantics import flow, ir
from lambdalint.semantics.settled import deferrable, settled

KEPT = [
    ("a text made of the item", "send(f'{x}')  #?"),
    ("the item itself", "send(x['a'])  #?"),
    ("what was looked at before", "print(x)\n        send(x)  #?"),
    (
        "a dict made in the turn, filled before it is handed over",
        "d = {'a': x}\n        d['b'] = 1\n        send(d)  #?",
    ),
    ("a count", "n += 1\n        send(n)  #?"),
    ("a text of what grows", "seen.append(x)\n        send(str(seen))  #?"),
]
CHANGED = [
    ("a list that grows", "seen.append(x)\n        send({'seen': seen})  #?"),
    ("a list that grows, in a dict made before", "d = {'seen': seen}\n        seen.append(x)\n        send(d)  #?"),
    ("changed behind the call", "send(x)  #?\n        x['b'] = 1"),
    ("changed by a function of the project", "send(x)  #?\n        change(x)"),
    ("one object under another name", "d = shared\n        d['a'] = x\n        send(d)  #?"),
    ("what a function of the project keeps", "send(kept(x))  #?"),
]


def of(body: str) -> bool:
    place = look(f"""
import boto3
shared = {{}}
def change(x):
    x.clear()
def kept(x):
    shared["x"] = x
    return shared
def lambda_handler(event, context):
    seen = []
    n = 0
    for x in event["xs"]:
        {body}
""")
    call = place.node
    assert isinstance(call, ir.Call)
    loop = flow.loops_around(call)[0]
    assert isinstance(loop, ir.For)
    return settled(place.model, [argument.value for argument in call.args], loop, call)


@pytest.mark.parametrize(("name", "body"), KEPT, ids=[name for name, _ in KEPT])
def test_stays_as_it_was_handed_over(name: str, body: str) -> None:
    assert of(body)


@pytest.mark.parametrize(("name", "body"), CHANGED, ids=[name for name, _ in CHANGED])
def test_may_change_afterwards(name: str, body: str) -> None:
    assert not of(body)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("for x in event['xs']:", True),
        ("for x in sorted(more()):", True),
        ("for x in more():", False),
        ("for x in (y for y in event['xs']):", False),
        ("for x in found:", False),
    ],
)
def test_what_a_loop_runs_over_is_there_beforehand(head: str, expected: bool) -> None:
    place = look(f"""
def more():
    yield 1
def lambda_handler(event, context):
    found = more()
    {head}
        print(x)  #?
""")
    call = place.node
    assert isinstance(call, ir.Call)
    loop = flow.loops_around(call)[0]
    assert isinstance(loop, ir.For)
    assert deferrable(place.model, loop, call) is expected

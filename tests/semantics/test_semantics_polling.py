"""Waiting inside of an invocation: what polls, how long a sleep may take."""

from __future__ import annotations

import pytest
from notation import case, look

from lambdalint.semantics import ir
from lambdalint.semantics.bounds import bound
from lambdalint.semantics.polling import poll_of, sleep_of


def handler(code: str) -> str:
    lines = "".join(f"    {line}\n" for line in code.split("\n"))
    return f"import urllib.request\nsfn = boto3.client('stepfunctions')\ndef lambda_handler(event, context):\n{lines}"


BOUNDS = [
    case("constant", "time.sleep(3)  #? 3", 3.0),
    case("sum", "time.sleep(1 + 0.5)  #? 1 + 0.5", 1.5),
    case("product", "time.sleep(2 * 4)  #? 2 * 4", 8.0),
    case("smaller of two", "x = min(event['s'], 10)\ny = min(event['s'], 10)  #? min(event['s'], 10)", 10.0),
    case("larger of a known and an unknown", "x = max(event['s'], 10)  #? max(event['s'], 10)", None),
    case("random", "x = random.uniform(1, 4)  #? random.uniform(1, 4)", 4.0),
    case("one of some", "x = random.choice([1, 7])  #? random.choice([1, 7])", 7.0),
    case("either", "x = 1 if event else 6  #? 1 if event else 6", 6.0),
    case("name of several", "d = 1\nif event:\n    d = 4\nx = d  #? d", 4.0),
    case("of the event", "x = event['s']  #? event['s']", None),
    case("quotient", "time.sleep(1500 / 1000)  #? 1500 / 1000", 1.5),
    case("difference", "d = 3\nif event:\n    d = 2\nx = d - 1  #? d - 1", 2.0),
    case(
        "what is left of an interval",
        "t = time.time()\nx = max(0, 2 - (time.time() - t))  #? max(0, 2 - (time.time() - t))",
        2.0,
    ),
    case("named time", "t = time.time()\ne = time.time() - t\nx = 2 - e  #? 2 - e", 2.0),
    case("less an unknown", "x = 2 - event['s']  #? 2 - event['s']", None),
    case("by an unknown", "x = 2 / event['s']  #? 2 / event['s']", None),
    case("generator's own", "r = random.Random()\nx = r.random() * 2  #? r.random() * 2", 2.0),
    case("name of a sum", "d = 0.5 + random.random()\nx = d  #? d", 1.5),
    case("name of a name that grows", "d = 1\nwhile event:\n    d = d + d\nx = d  #? d", None),
    case("grown name", "d = 1\nd *= 2\nx = d  #? d", None),
]


@pytest.mark.parametrize(("code", "most"), BOUNDS)
def test_what_bounds_a_number(code: str, most: float | None) -> None:
    place = look(handler(code))
    assert bound(place.model, place.node) == most


RUN = "r = sfn.describe_execution(executionArn=event['run'])"
POLLS = [
    case(
        "break on the answer", f"while True:\n    {RUN}  #?\n    if r['status'] == 'OK': break\n    time.sleep(1)", True
    ),
    case("flag of the loop", f"go = True\nwhile go:\n    {RUN}  #?\n    go = r['a']\n    time.sleep(1)", True),
    case("sleep only if not ready", f"for _ in range(9):\n    {RUN}  #?\n    if r['a']: time.sleep(1)", True),
    case("no sleep", f"while True:\n    {RUN}  #?\n    if r['a']: break", False),
    case("answer not looked at", f"while True:\n    {RUN}  #?\n    print(r)\n    time.sleep(1)", False),
    case(
        "sleep of another loop",
        f"while True:\n    {RUN}  #?\n    if r: break\n    for x in event: time.sleep(1)",
        False,
    ),
    case(
        "page",
        "while True:\n    r = requests.get(event['u'])  #?\n    if r.json()['s'] == 'OK': break\n    time.sleep(1)",
        True,
    ),
    case(
        "page that is opened",
        "for _ in range(99):\n    q = urllib.request.Request(event['u'])\n"
        "    with urllib.request.urlopen(q) as r:  #? urllib.request.urlopen(q)\n"
        "        s = json.loads(r.read()).get('s')\n        if s == 'OK': return s\n    time.sleep(1)",
        True,
    ),
    case(
        "retry by the page's status",
        "while True:\n    r = requests.get(event['u'])  #?\n    if r.ok: return r.json()\n    time.sleep(1)",
        False,
    ),
    case(
        "short retry by the page's text",
        "for _ in range(3):\n    r = requests.get(event['u'])  #?\n    if r.text: return r.text\n    time.sleep(2)",
        False,
    ),
    case(
        "another page each turn",
        "n = 0\nwhile True:\n    r = requests.get(event['u'], params={'n': n})  #?\n"
        "    if not r.json()['more']: break\n    n += 1\n    time.sleep(1)",
        False,
    ),
    case(
        "the next page",
        "u = event['u']\nwhile u:\n    d = requests.get(u).json()  #? requests.get(u)\n    u = d['next']\n    time.sleep(1)",
        False,
    ),
    case(
        "change of another host",
        "while True:\n    r = requests.post(event['u'])  #?\n    if r.json(): break\n    time.sleep(1)",
        False,
    ),
    case("no loop", f"{RUN}  #?\ntime.sleep(1)", False),
    case(
        "another item each turn",
        "for a in event:\n    r = sfn.describe_execution(executionArn=a)  #?\n    if r['a']: break\n    time.sleep(1)",
        False,
    ),
    case(
        "the next page each turn",
        "t = ''\nwhile True:\n    r = sfn.list_activities(nextToken=t)  #?\n    t = r['t']\n"
        "    if not t: break\n    time.sleep(1)",
        False,
    ),
    case(
        "a write", "while True:\n    r = sfn.create_activity(name='a')  #?\n    if r: break\n    time.sleep(1)", False
    ),
]


@pytest.mark.parametrize(("code", "polls"), POLLS)
def test_what_polls(code: str, polls: bool) -> None:
    place = look(handler(code))
    assert isinstance(place.node, ir.Call)
    assert (poll_of(place.model, place.node) is not None) == polls


SLEEPS = [
    case("a second", "time.sleep(1)  #?", True),
    case("less", "time.sleep(0.9)  #?", False),
    case("unknown", "time.sleep(event['s'])  #?", True),
    case("retry of known turns", "for _ in range(3):\n    if event: return\n    time.sleep(3)  #?", False),
    case("retry of many turns", "for _ in range(30):\n    if event: return\n    time.sleep(3)  #?", True),
    case("retry with a long wait", "while True:\n    if event: return\n    time.sleep(6)  #?", True),
    case("retry of unknown turns", "while True:\n    if event: return\n    time.sleep(2)  #?", False),
    case("retry with an unknown wait", "while True:\n    if event: return\n    time.sleep(event['s'])  #?", False),
    case("retry with a cap", "while True:\n    if event: return\n    time.sleep(min(event['s'], 30))  #?", False),
    case("cap", "time.sleep(min(event['s'], 30))  #?", True),
    case("jitter", "d = 0.1 + random.random() / 2\ntime.sleep(d)  #?", False),
    case("something else that sleeps", "asyncio.sleep(4)  #?", False),
]


@pytest.mark.parametrize(("code", "told"), SLEEPS)
def test_which_sleeps_are_long(code: str, told: bool) -> None:
    place = look(handler(code))
    assert isinstance(place.node, ir.Call)
    assert (sleep_of(place.model, place.node) is not None) == told


def test_doubled_names_cost_no_exponential_time() -> None:
    lines = ["a0 = 1 if event else random.random()", *(f"a{n + 1} = a{n} + a{n}" for n in range(40))]
    place = look(handler("\n".join([*lines, "x = a40  #? a40"])))
    assert bound(place.model, place.node) is None

"""What is set up once at best: static arguments, packaged files, objects that are only looked at, hosts."""

from __future__ import annotations

import pytest
from notation import case, look

from lambdalint.semantics import ir
from lambdalint.semantics.looked_at import only_looked_at
from lambdalint.semantics.loose import loose_request
from lambdalint.semantics.packaged import is_packaged
from lambdalint.semantics.setups import setup


@pytest.mark.parametrize(
    ("text", "static"),
    [
        case("constants", "def lambda_handler(event, context):\n    s = httpx.Client(timeout=5)  #?", True),
        case(
            "the environment",
            "def lambda_handler(event, context):\n    httpx.Client(base_url=os.environ['U'])  #?",
            True,
        ),
        case(
            "an argument of the event",
            "def lambda_handler(event, context):\n    httpx.Client(auth=event['a'])  #?",
            False,
        ),
        case(
            "a header of the event",
            "def lambda_handler(event, context):\n    s = requests.Session()  #?\n    s.headers['A'] = event['a']\n",
            False,
        ),
        case(
            "a fixed header",
            "def lambda_handler(event, context):\n    s = requests.Session()  #?\n    s.headers['A'] = 'b'\n",
            True,
        ),
        case(
            "a loop's item",
            "def lambda_handler(event, context):\n    for u in ['a', 'b']:\n        httpx.Client(base_url=u)  #?\n",
            False,
        ),
        case(
            "this host",
            "def lambda_handler(event, context):\n    httpx.Client(base_url='http://localhost:1')  #?",
            False,
        ),
        case(
            "the loop of asyncio.run ends",
            "async def work():\n    httpx.AsyncClient()  #?\n\ndef lambda_handler(event, context):\n    asyncio.run(work())\n",
            False,
        ),
    ],
)
def test_whether_a_session_is_the_same_each_time(text: str, static: bool) -> None:
    place = look(text)
    assert isinstance(place.node, ir.Call)
    found = setup(place.model, place.node, "http")
    assert found is not None
    assert found.static is static


@pytest.mark.parametrize(
    ("path", "packaged"),
    [
        case("relative", "'data/prices.json'", True),
        case("relative at its beginning", "f'data/{os.environ[\"STAGE\"]}.json'", True),
        case("beside the file", "os.path.join(os.path.dirname(__file__), 'prices.json')", True),
        case("in a layer", "'/opt/prices.json'", True),
        case("the package's folder", "os.environ['LAMBDA_TASK_ROOT'] + '/prices.json'", True),
        case("through names", "PLACE", True),
        case("under /tmp", "'/tmp/prices.json'", False),
        case("under /tmp through a name", "os.path.join(SCRATCH, 'prices.json')", False),
        case("on a mount", "'/mnt/data/prices.json'", False),
        case("anywhere", "'/data/prices.json'", False),
        case("where a variable says", "os.environ['PRICES']", False),
        case("a name of the event", "f'data/{event[\"name\"]}.json'", False),
        case("an address", "'https://example.com/prices.json'", False),
    ],
)
def test_whose_file_it_is(path: str, packaged: bool) -> None:
    head = "PLACE = os.path.join(os.path.dirname(__file__), 'a.json')\nSCRATCH = '/tmp/work'\n"
    place = look(f"import os\n{head}def lambda_handler(event, context):\n    open({path})  #?\n")
    assert isinstance(place.node, ir.Call)
    assert is_packaged(place.model, place.node.args[0].value) is packaged


@pytest.mark.parametrize(
    ("body", "looked_at"),
    [
        case("a key", "x['a']", True),
        case("a key of a key, compared", "if x['a']['b'] == 1: pass", True),
        case("printed", "print(x)", True),
        case("its items in a loop", "for k, v in x.items(): print(k, v['a'])", True),
        case("put into what the handler returns", "return {'a': x['a']}", True),
        case("written as a text", "return json.dumps(x)", True),
        case("given to a function that reads it", "return read(x)", True),
        case("a stored key", "x['a'] = 1", False),
        case("a key of a part", "x['a']['b'] = 1", False),
        case("a deleted key", "del x['a']", False),
        case("a method that changes a part", "x['a'].append(1)", False),
        case("a popped key", "x.pop('a')", False),
        case("an item of a loop", "for v in x['all']: v['a'] = 1", False),
        case("another name", "y = x\n    y['a'] = 1", False),
        case("given to a function that changes it", "return change(x)", False),
        case("given to an unknown function", "return outside.send(x)", False),
        case("kept", "kept['x'] = x", False),
    ],
)
def test_what_becomes_of_an_object(body: str, looked_at: bool) -> None:
    helpers = "kept = {}\ndef read(v):\n    return v['a']\ndef change(v):\n    v['a'] = 1\n    return v\n"
    place = look(
        f"import outside\n{helpers}def lambda_handler(event, context):\n    x = json.loads(event['a'])  #?\n    {body}\n"
    )
    assert only_looked_at(place.model, place.node, 2) is looked_at


@pytest.mark.parametrize(
    ("code", "looked_at"),
    [
        case("returned to a caller that reads", "return load()['a']", True),
        case("returned to a caller that changes it", "load()['a'] = 1", False),
    ],
)
def test_what_becomes_of_what_a_function_returns(code: str, looked_at: bool) -> None:
    place = look(f"def load():\n    return json.loads('{{}}')  #?\ndef lambda_handler(event, context):\n    {code}\n")
    assert only_looked_at(place.model, place.node, 2) is looked_at
    assert not only_looked_at(place.model, place.node)


@pytest.mark.parametrize(
    ("url", "same"),
    [
        case("a constant", "'https://a.example.com/x'", True),
        case("a path of the event", "f'https://a.example.com/{event[\"id\"]}'", True),
        case("a variable and a path of the event", "os.environ['BASE'] + '/' + event['id']", True),
        case("a trimmed variable", "os.environ['BASE'].rstrip('/') + '/' + event['id']", True),
        case("a format with a base", "'{}/{}'.format(os.environ['BASE'], event['id'])", True),
        case("a format with numbers", "'{1}/{0}'.format(event['id'], os.environ['BASE'])", True),
        case("a format with names", "'{base}/{id}'.format(id=event['id'], base=os.environ['BASE'])", True),
        case("a pattern", "'https://a.example.com/%s' % event['id']", True),
        case("a pattern with a base", "'%s/%s' % (os.environ['BASE'], event['id'])", True),
        case("the whole from the event", "event['url']", False),
        case("the host from the event", "f'https://{event[\"host\"]}/x'", False),
        case("a part of the host from the event", 'f\'https://{os.environ["A"]}.{event["b"]}.com/x\'', False),
        case("the host at the end", "'https://' + event['host']", False),
        case("the host in a format", "'https://{}/x'.format(event['host'])", False),
        case("the host in a pattern", "'https://%s/x' % event['host']", False),
        case("a format that gets a mapping", "'{}/x'.format(**event)", False),
        case("plain HTTP", "'http://a.example.com/x'", False),
        case("this host", "'http://localhost:2773/x'", False),
    ],
)
def test_whether_a_request_goes_to_the_same_host(url: str, same: bool) -> None:
    place = look(f"import os\ndef lambda_handler(event, context):\n    requests.post({url})  #? requests.post({url})\n")
    assert isinstance(place.node, ir.Call)
    assert (loose_request(place.model, place.node) is not None) is same


def test_an_address_of_many_parts_takes_no_long_time() -> None:
    lines = ["import os", "a0 = os.environ['A']"]
    lines += [f"a{i} = f'{{a{i - 1}}}' * 1 + " + " + ".join([f"a{i - 1}"] * 10) for i in range(1, 12)]
    text = "\n".join(lines) + "\ndef lambda_handler(event, context):\n    requests.post(a11)  #?\n"
    place = look(text)
    assert isinstance(place.node, ir.Call)
    assert loose_request(place.model, place.node) is not None

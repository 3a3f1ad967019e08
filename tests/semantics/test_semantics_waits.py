"""What waits without a limit, for another function, or for one of too few connections; what fails on Lambda."""

from __future__ import annotations

import pytest
from notation import case, look

from lambdalint.semantics import ir
from lambdalint.semantics.connections import crowd
from lambdalint.semantics.dsn import without_timeout
from lambdalint.semantics.invokes import synchronous_invoke
from lambdalint.semantics.processes import failing
from lambdalint.semantics.timeouts import endless


def handler(code: str, before: str = "") -> str:
    lines = "".join(f"    {line}\n" for line in code.split("\n"))
    return f"{before}\ndef lambda_handler(event, context):\n{lines}"


LAMBDA = "client = boto3.client('lambda')"
INVOKES = [
    case("default", "client.invoke(FunctionName='f')  #?", (True, False)),
    case("printed", "print(client.invoke(FunctionName='f'))  #? client.invoke(FunctionName='f')", (True, False)),
    case("status alone", "x = client.invoke(FunctionName='f')  #?\nreturn x['StatusCode']", (True, False)),
    case("answer", "x = client.invoke(FunctionName='f')  #?\nreturn x['Payload'].read()", (True, True)),
    case("returned", "x = client.invoke(FunctionName='f')  #?\nreturn x", (True, True)),
    case("told to wait", "client.invoke(FunctionName='f', InvocationType='RequestResponse')  #?", (True, False)),
    case("event", "client.invoke(FunctionName='f', InvocationType='Event')  #?", None),
    case("either", "client.invoke(InvocationType='Event' if event else 'RequestResponse')  #?", None),
    case("unknown arguments", "client.invoke(**event)  #?", None),
    case("another operation", "client.get_function(FunctionName='f')  #?", None),
]


@pytest.mark.parametrize(("code", "waits"), INVOKES)
def test_invokes(code: str, waits: tuple[bool, bool] | None) -> None:
    place = look(handler(code, LAMBDA))
    assert isinstance(place.node, ir.Call)
    found = synchronous_invoke(place.model, place.node)
    assert (None if found is None else (True, found.answered)) == waits


STRINGS = [
    case("pairs", "'host=db dbname=a'", True),
    case("quoted pair", "\"host=db password='a b'\"", True),
    case("unknown values", "f'host={h} dbname={h}'", True),
    case("pattern", "'host=%s dbname=%s' % (h, h)", True),
    case("format", "'host={} dbname={}'.format(h, h)", True),
    case("address", "f'postgresql://a:{h}@{h}:5432/{h}'", True),
    case("address with a known query", "f'postgres://{h}/a?sslmode=require'", True),
    case("concatenated", "'postgresql://a:' + h + '@db/a'", True),
    case("pairs with one", "'host=db connect_timeout=3'", False),
    case("address with one", "f'postgresql://{h}/a?connect_timeout=3'", False),
    case("service of a file", "'service=a'", False),
    case("unknown query", "f'postgresql://{h}/a?{h}'", False),
    case("unknown pairs", "f'host=db {h}'", False),
    case("unknown beginning", "f'{h}/a'", False),
    case("unknown", "h", False),
    case("empty", "''", False),
]


@pytest.mark.parametrize(("text", "sure"), STRINGS)
def test_connection_strings(text: str, sure: bool) -> None:
    place = look(handler(f"h = event['h']\nx = {text}\nprint(x)  #? x"))
    assert without_timeout(place.model, place.node) is sure


SESSION = "s = requests.Session()\n"
WAITS = [
    case("function", "", "requests.get(event['u'])  #?", False),
    case("session", SESSION, "s.get(event['u'])  #?", False),
    case("session of a with", "", "with requests.Session() as s:\n    s.get(event['u'])  #?", False),
    case("plain adapter", SESSION + "s.mount('x', requests.adapters.HTTPAdapter())", "s.get(event['u'])  #?", False),
    case("attribute that does nothing", SESSION + "s.timeout = 5", "s.get(event['u'])  #?", False),
    case("known options", "", "o = {'headers': {}}\nrequests.get(event['u'], **o)  #?", False),
    case("None", "", "requests.get(event['u'], timeout=None)  #?", True),
    case("None for HTTPX", "", "httpx.get(event['u'], timeout=None)  #?", True),
    case("HTTPX", "", "httpx.get(event['u'])  #?", None),
    case("given", "", "requests.get(event['u'], timeout=3)  #?", None),
    case("perhaps None", "", "requests.get(event['u'], timeout=3 if event else None)  #?", None),
    case("some adapter", SESSION + "s.mount('x', make())", "s.get(event['u'])  #?", None),
    case("replaced sender", SESSION + "s.request = make(s.request)", "s.get(event['u'])  #?", None),
    case("another's sender", SESSION + "t = requests.Session()\nt.send = make(t)", "s.get(event['u'])  #?", False),
    case("session of unknown make", "s = make()", "s.get(event['u'])  #?", None),
    case("answer", SESSION, "s.get(event['u'], timeout=3).json().get('a')  #?", None),
    case("error path", SESSION, "try: pass\nexcept OSError: s.get(event['u'])  #?", None),
]


@pytest.mark.parametrize(("before", "code", "told"), WAITS)
def test_waits(before: str, code: str, told: bool | None) -> None:
    place = look(handler(code, before))
    assert isinstance(place.node, ir.Call)
    found = endless(place.model, place.node)
    assert (found.told if found is not None else None) is told


def test_what_a_guard_does_once_can_wait_as_well() -> None:
    place = look(
        """
        import psycopg2
        c = None
        def connect():
            return psycopg2.connect(host="db")  #?
        def lambda_handler(event, context):
            global c
            if c is None:
                c = connect()
        """
    )
    assert isinstance(place.node, ir.Call)
    assert endless(place.model, place.node) is not None


IMPORTED = "import multiprocessing\n"
FAILING = [
    case(
        "module scope", IMPORTED + "lock = multiprocessing.Lock()  #?\ndef lambda_handler(event, context): pass", True
    ),
    case("handler", handler("multiprocessing.Lock()  #?", IMPORTED), True),
    case("nobody's function", handler("pass", IMPORTED + "def f():\n    multiprocessing.Lock()  #?"), False),
    case("no handler", IMPORTED + "multiprocessing.Lock()  #?", False),
    case("expected", handler("try: multiprocessing.Lock()  #?\nexcept (ValueError, OSError): pass", IMPORTED), False),
    case("answered", handler("try: multiprocessing.Lock()  #?\nexcept Exception: return 500", IMPORTED), True),
    case("without lock", handler("multiprocessing.Value('i', lock=False)  #?", IMPORTED), False),
    case("with a lock of their own", handler("multiprocessing.Value('i', lock=event['l'])  #?", IMPORTED), False),
]


@pytest.mark.parametrize(("text", "fails"), FAILING)
def test_what_fails_on_lambda(text: str, fails: bool) -> None:
    place = look(text)
    assert isinstance(place.node, ir.Call)
    assert (failing(place.model, place.node) is not None) is fails


S3 = "from concurrent.futures import ThreadPoolExecutor\nfrom botocore.config import Config\n"
POOL = "pool = ThreadPoolExecutor(max_workers=20)  #?\n"
ONE = "def one(k): s3.head_object(Bucket='b', Key=k)\n"
CROWDS = [
    case("map", "s3 = boto3.client('s3')\n" + ONE, POOL + "pool.map(one, event)", 10),
    case("operation itself", "s3 = boto3.client('s3')", POOL + "for k in event: pool.submit(s3.head_object, Key=k)", 10),
    case("fewer connections", "s3 = boto3.client('s3', config=Config(max_pool_connections=4))\n" + ONE,
         POOL + "pool.map(one, event)", 4),
    case("the fewest", "s3 = boto3.client('s3')\nt = boto3.client('s3', config=Config(max_pool_connections=5))\n"
         "def one(k): s3.head_object(Key=k), t.head_object(Key=k)\n", POOL + "pool.map(one, event)", 5),
    case("enough", "s3 = boto3.client('s3', config=Config(max_pool_connections=20))\n" + ONE,
         POOL + "pool.map(one, event)", None),
    case("few tasks", "s3 = boto3.client('s3')\n" + ONE, POOL + "pool.map(one, ['a', 'b'])", None),
    case("many tasks", "s3 = boto3.client('s3')\n" + ONE,
         POOL + "for a in (1, 2, 3, 4):\n    for b in (1, 2, 3): pool.submit(one, a)", 10),
    case("unknown configuration", "s3 = boto3.client('s3', **event)\n" + ONE, POOL + "pool.map(one, event)", None),
    case("session of its own", "s3 = boto3.Session(botocore_session=b).client('s3')\n" + ONE,
         POOL + "pool.map(one, event)", None),
    case("client of each task", "def one(k): boto3.client('s3').head_object(Key=k)\n", POOL + "pool.map(one, event)", None),
    case("another executor's task", "s3 = boto3.client('s3')\n" + ONE,
         POOL + "with ThreadPoolExecutor() as other: other.map(one, event)", None),
]  # fmt: skip


@pytest.mark.parametrize(("before", "code", "connections"), CROWDS)
def test_crowds(before: str, code: str, connections: int | None) -> None:
    place = look(handler(code, S3 + before))
    assert isinstance(place.node, ir.Call)
    found = crowd(place.model, place.node)
    assert (found.connections if found is not None else None) == connections

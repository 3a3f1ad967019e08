"""What calls on outside objects do: databases, caches, HTTP, and what only looks like the network."""

from __future__ import annotations

import pytest
from notation import case, files_of, functions_of, look, project_of

SQL = [
    case(label, f'import psycopg2\nconn = psycopg2.connect("d")\ncur = conn.cursor()\n{code}  #?', expected)
    for label, code, expected in [
        ("cursor made", "conn.cursor()", "none"),
        ("select", 'cur.execute("SELECT 1")', "read"),
        ("select in lower case, on a line of its own", 'cur.execute("\\n  select 1")', "read"),
        ("select after a comment", 'cur.execute("/* a */ -- b\\nSELECT 1")', "read"),
        ("select through a name", 'q = "SELECT 1"\ncur.execute(q)', "read"),
        ("select that is put together", 'cur.execute(f"SELECT * FROM {TABLE}")', "read"),
        ("select that goes on", 'q = "SELECT 1"\nif X:\n    q += " WHERE a"\ncur.execute(q)', "read"),
        ("select that goes on to lock", 'q = "SELECT 1"\nif X:\n    q += " FOR UPDATE"\ncur.execute(q)', "unknown"),
        ("select for update", 'cur.execute("SELECT 1 FROM t FOR UPDATE")', "unknown"),
        ("select into a table", 'cur.execute("SELECT 1 INTO t")', "unknown"),
        ("two statements", 'cur.execute("SELECT 1; DROP TABLE t")', "unknown"),
        ("common table expression", 'cur.execute("WITH a AS (SELECT 1) SELECT * FROM a")', "read"),
        ("common table expression that deletes", 'cur.execute("WITH a AS (DELETE FROM t) SELECT 1")', "unknown"),
        ("insert", 'cur.execute("INSERT INTO t VALUES (1)")', "write"),
        ("update that is put together", 'cur.execute("UPDATE " + TABLE)', "write"),
        ("call", 'cur.execute("CALL f()")', "write"),
        ("text nobody knows", "cur.execute(Q)", "unknown"),
        ("no text", "cur.execute()", "unknown"),
        ("result fetched", "cur.fetchall()", "read"),
        ("row's method", "row = cur.fetchone()\nrow.get(1)", "none"),
        ("committed", "conn.commit()", "write"),
        ("method that isn't known", "conn.tpc_begin()", "unknown"),
        ("cursor of a with", 'with conn.cursor() as c:\n    c.execute("SELECT 1")', "read"),
    ]
] + [
    case("construct", "import sqlalchemy\nsqlalchemy.create_engine('u').connect().execute(sqlalchemy.text('SELECT 1'))  #?", "read"),
    case("construct that writes", "import sqlalchemy\nsqlalchemy.create_engine('u').connect().execute(sqlalchemy.insert(T))  #?", "write"),
    case("pool's connection", "import asyncpg\nasync def f():\n    p = await asyncpg.create_pool('d')\n"
         "    async with p.acquire() as c:\n        await c.fetch('SELECT 1')  #? c.fetch('SELECT 1')", "read"),
    case("local database", "import sqlite3\nsqlite3.connect('f').cursor().execute('DELETE FROM t')  #?", "none"),
    case("statement for the RDS Data API", "boto3.client('rds-data').execute_statement(sql='SELECT 1')  #?", "read"),
    case("change by the RDS Data API", "boto3.client('rds-data').execute_statement(sql='DELETE FROM t')  #?", "write"),
    case("unknown text for the RDS Data API", "boto3.client('rds-data').execute_statement(sql=Q)  #?", "unknown"),
    case("PartiQL", "boto3.client('dynamodb').execute_statement(Statement='SELECT * FROM t')  #?", "read"),
]  # fmt: skip

STORES = [
    case("Redis asked", "import redis\nredis.Redis().get('k')  #?", "read"),
    case("Redis set", "import redis\nredis.Redis().set('k', 1)  #?", "write"),
    case("Redis's answer", "import redis\nredis.Redis().get('k').decode()  #?", "none"),
    case("Redis pipeline's command", "import redis\nredis.Redis().pipeline().get('k')  #?", "none"),
    case("Redis pipeline sent", "import redis\nredis.Redis().pipeline().execute()  #?", "write"),
    case("MongoDB asked", "import pymongo\npymongo.MongoClient()['d']['c'].find_one({})  #?", "read"),
    case("MongoDB by attributes", "import pymongo\npymongo.MongoClient().d.c.find({})  #?", "read"),
    case("MongoDB written", "import pymongo\ndb = pymongo.MongoClient().d\ndb.c.insert_one({})  #?", "write"),
    case("MongoDB aggregation", "import pymongo\npymongo.MongoClient().d.c.aggregate([{'$match': {}}])  #?", "read"),
    case("MongoDB aggregation that writes", "import pymongo\npymongo.MongoClient().d.c.aggregate([{'$out': 'x'}])  #?", "write"),
    case("MongoDB aggregation nobody knows", "import pymongo\npymongo.MongoClient().d.c.aggregate(P)  #?", "unknown"),
    case("model asked", "from pynamodb.models import Model\nclass U(Model):\n    pass\nU.get('k')  #?", "read"),
    case("model saved", "from pynamodb.models import Model\nclass U(Model):\n    pass\nU('k').save()  #?", "write"),
    case("class of another base", "from other import Model\nclass U(Model):\n    pass\nU.get('k')  #?", "unknown"),
    case("index looked for", "import opensearchpy\nopensearchpy.OpenSearch().indices.exists('i')  #?", "read"),
    case("index made", "import elasticsearch\nelasticsearch.Elasticsearch().indices.create(index='i')  #?", "write"),
    case("GraphQL query", "import gql\ngql.Client().execute(gql.gql('query { a }'))  #?", "read"),
    case("GraphQL mutation", "import gql\ngql.Client().execute(gql.gql('mutation { a }'))  #?", "write"),
    case("GraphQL nobody knows", "import gql\ngql.Client().execute(Q)  #?", "unknown"),
    case("Supabase selection", "import supabase\nsupabase.create_client('u', 'k').table('t').select('*').eq('a', 1).execute()  #?", "read"),
    case("Supabase change", "import supabase\nsupabase.create_client('u', 'k').table('t').update({}).eq('a', 1).execute()  #?", "write"),
    case("completion", "import openai\nopenai.OpenAI().chat.completions.create(model='m')  #?", "write"),
    case("models listed", "import openai\nopenai.OpenAI().models.list()  #?", "read"),
    case("payment looked up", "import stripe\nstripe.PaymentIntent.retrieve('p')  #?", "read"),
    case("payment made", "import stripe\nstripe.PaymentIntent.create()  #?", "write"),
]  # fmt: skip

LOCAL = [
    case("extension", 'requests.get("http://localhost:2773/secretsmanager/get?secretId=a")  #?', "none"),
    case("extension by a port", 'PORT = os.environ["PORT"]\nrequests.get(f"http://localhost:{PORT}/a")  #?', "none"),
    case("extension by constants", 'H = "http://127.0.0.1"\nP = 2772\nrequests.get(f"{H}:{P}/a")  #?', "none"),
    case("extension by a name", 'u = "http://localhost:2772" + PATH\nrequests.get(u)  #?', "none"),
    case("extension by format", 'requests.get("http://localhost:{}/a".format(P))  #?', "none"),
    case("extension by urllib",
         'import urllib.request\nr = urllib.request.Request("http://localhost:2773/a", headers={})\nurllib.request.urlopen(r)  #?', "none"),
    case("extension by a pool", 'import urllib3\nurllib3.PoolManager().request("GET", "http://localhost:2773/a")  #?', "none"),
    case("extension by a base address", 'httpx.Client(base_url="http://localhost:2773").get("/a")  #?', "none"),
    case("runtime", 'A = os.environ["AWS_LAMBDA_RUNTIME_API"]\nrequests.post(f"http://{A}/2020-01-01/extension/register")  #?', "none"),
    case("runtime by a connection",
         'import http.client\nhttp.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"]).request("GET", "/a")  #?', "none"),
    case("file's address", 'import urllib.request\nurllib.request.urlopen("file:///tmp/a")  #?', "none"),
    case("data in the address", 'import urllib.request\nurllib.request.urlopen("data:,a")  #?', "none"),
    case("host that goes on", 'requests.get(f"http://localhost{HOST}/a")  #?', "read"),
    case("host that only begins so", 'requests.get("http://localhost.example.com/a")  #?', "read"),
    case("host of a variable", 'requests.get(f"http://{os.environ[\'HOST\']}/a")  #?', "read"),
    case("default that a variable overrides", 'requests.get(os.environ.get("U", "http://localhost:2773"))  #?', "read"),
    case("host in the path", 'requests.get("https://example.com/http://localhost/")  #?', "read"),
]  # fmt: skip

HTTP = [
    case("urlopen with data", 'import urllib.request\nurllib.request.urlopen("https://a", data=b"x")  #?', "write"),
    case("urlopen of a request", 'import urllib.request\nurllib.request.urlopen(urllib.request.Request("https://a"))  #?', "read"),
    case("urlopen of a request with data",
         'import urllib.request\nr = urllib.request.Request("https://a", data=b"x")\nurllib.request.urlopen(r)  #?', "write"),
    case("urlopen of a request with a method",
         'import urllib.request\nr = urllib.request.Request("https://a", method="DELETE")\nurllib.request.urlopen(r)  #?', "write"),
    case("urlopen of data that may be none",
         'import urllib.request\ndef f(d):\n    urllib.request.urlopen("https://a", data=d)  #?', "unknown"),
    case("urlopen of something unknown", "import urllib.request\ndef f(r):\n    urllib.request.urlopen(r)  #?", "unknown"),
    case("response's method", 'import urllib.request\nurllib.request.urlopen("https://a").read()  #?', "none"),
    case("response's headers", 'requests.get("https://a").headers.get("b")  #?', "none"),
    case("pool's request", 'import urllib3\nurllib3.PoolManager().request("POST", "https://a")  #?', "write"),
    case("connection's request", 'import http.client\nhttp.client.HTTPSConnection("a").request("GET", "/")  #?', "read"),
]  # fmt: skip

PLAIN = [
    case(label, f"def lambda_handler(event, context):\n    {code}  #?", expected)
    for label, code, expected in [
        ("event", 'event.get("a")', "none"),
        ("part of the event", 'event["a"]["b"].strip()', "none"),
        ("item of the event", "for r in event['R']: r.get('a')", "none"),
        ("context", "context.get_remaining_time_in_millis()", "none"),
        ("answer of AWS", 'boto3.client("s3").list_buckets().get("Buckets")', "none"),
        ("part of an answer", 'boto3.client("s3").get_object(Key="k")["Body"].read()', "none"),
        ("page", "for p in boto3.client('s3').get_paginator('list_objects_v2').paginate(): p.get('Contents')", "none"),
        ("list of a display", "d = []; d.append(1)", "none"),
        ("element of a list of anything", "d = [other.Thing()]; d[0].save()", "unknown"),
        ("entry that was stored", "d = {}; d['k'] = other.Thing(); d['k'].update()", "unknown"),
        ("entry or its default", "event.get('a', other.Thing()).update()", "unknown"),
        ("list of anything", "list(other.f()).append(1)", "none"),
        ("element of a list of anything made", "list(other.f())[0].update()", "unknown"),
        ("next of what isn't known", "next(other.f()).update()", "unknown"),
        ("next of a comprehension", "next(r for r in event)", "none"),
        ("copy of the event", "import copy; copy.deepcopy(event).update({})", "none"),
        ("copy of anything", "import copy; copy.deepcopy(other.f()).update({})", "unknown"),
        ("record that is sorted", "sorted(event['R'], key=lambda r: r.get('a'))", "none"),
        ("anything that is sorted", "sorted(other.f(), key=lambda r: r.get('a'))", "unknown"),
        ("callback of a package", "other.each(event['R'], lambda r: r.get('a'))", "unknown"),
        ("exception", "try: f()\n    except ValueError as e: e.args.index(1)", "none"),
        ("objects of a resource", 'boto3.resource("sqs").Queue("q").receive_messages()[0].delete()', "unknown"),
    ]
] + [
    case("typed parameter", "def f(a: str):\n    a.strip()  #?", "none"),
    case("parameter of an optional type", "def f(a: typing.Optional[dict]):\n    a.update(1)  #?", "none"),
    case("entry of a typed parameter", "def f(a: dict):\n    a['k'].update(1)  #?", "unknown"),
    case("parameter of another type", "def f(a: other.Repository):\n    a.update(1)  #?", "unknown"),
    case("parameter that is given data", "def f(a):\n    a.get(1)  #?\ndef lambda_handler(event, context):\n    f(event)", "none"),
    case("parameter that is given data and more",
         "def f(a):\n    a.get(1)  #?\ndef lambda_handler(event, context):\n    f(event)\n    f(other.x())", "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [*SQL, *STORES])
def test_databases_and_services(text: str, expected: str) -> None:
    assert look(text).effect == expected


@pytest.mark.parametrize(("text", "expected"), [*LOCAL, *HTTP])
def test_http_requests(text: str, expected: str) -> None:
    assert look(text).effect == expected


@pytest.mark.parametrize(("text", "expected"), PLAIN)
def test_methods_of_plain_data(text: str, expected: str) -> None:
    assert look(text).effect == expected


RUN = "\ndef lambda_handler(event, context):\n    f(event)\n"
ORDERED = [
    case("reads", "s3 = boto3.client('s3')\ndef f(a):\n    s3.get_object()", ("read", False)),
    case("polls", "s3 = boto3.client('s3')\ndef f(a):\n    while not s3.head_object():\n        time.sleep(1)", ("read", True)),
    case("waits to try again", """
        s3 = boto3.client("s3")
        def f(a):
            for _ in range(3):
                try:
                    return s3.get_object()
                except ValueError:
                    time.sleep(1)
    """, ("read", False)),
    case("waiter", "s3 = boto3.client('s3')\ndef f(a):\n    s3.get_waiter('object_exists').wait()", ("read", True)),
    case("one connection", "import psycopg2\nc = psycopg2.connect('d')\ndef f(a):\n    c.cursor().execute('SELECT 1')", ("read", True)),
    case("through another", "def g():\n    time.sleep(1)\ndef f(a):\n    g()", ("none", True)),
    case("lazy attribute", "o = boto3.resource('s3').Object('b', 'k')\ndef f(a):\n    return o.content_length", ("read", True)),
    case("identifier", "o = boto3.resource('s3').Object('b', 'k')\ndef f(a):\n    return o.bucket_name", ("none", False)),
    case("batch", "t = boto3.resource('dynamodb').Table('t')\ndef f(a):\n    with t.batch_writer() as b:\n        b.put_item(Item={})",
         ("write", True)),
    case("property that reads", """
        s3 = boto3.client("s3")
        class C:
            @property
            def a(self):
                return s3.get_object()
        def f(x):
            return C().a
    """, ("read", False)),
    case("function that a builtin runs", "s3 = boto3.client('s3')\ndef g(x):\n    s3.get_object()\ndef f(a):\n    list(map(g, a))",
         ("read", False)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ORDERED)
def test_what_keeps_its_place_among_other_calls(text: str, expected: tuple[str, bool]) -> None:
    files = {path: code + RUN for path, code in files_of(text).items()}
    project = project_of(files)
    summary = project.effects.of_function(functions_of(project)["f"])
    assert (summary.effect, summary.ordered) == expected


HIGHER = """
    s3 = boto3.client("s3")
    def again(function, *args):
        return function(*args)
    def twice(function):
        return again(function)
    class Store:
        def __init__(self, client):
            self.client = client
        def run(self, function):
            return function(self.client)
    def lambda_handler(event, context):
        again(s3.put_object)
        %s
"""


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        case("read that is handed over", "again(s3.get_object)  #?", "read"),
        case("write that is handed over", "again(s3.put_object)  #?", "write"),
        case("handed over twice", "twice(s3.get_object)  #?", "read"),
        case("something unknown", "again(other.f)  #?", "unknown"),
        case("method with an argument", "Store(1).run(s3.get_object)  #?", "read"),
    ],
)
def test_helpers_do_what_each_call_hands_them(call: str, expected: str) -> None:
    assert look(HIGHER % call).effect == expected


def test_helpers_that_hand_on_again_and_again_are_told_in_time() -> None:
    layers = 14  # with every way through them taken by itself, 3 ** 14 answers
    defs = "\n".join(f"def f{n}(g):\n" + f"    f{n + 1}(g)\n" * 3 for n in range(layers))
    text = f's3 = boto3.client("s3")\ndef f{layers}(g):\n    g()\n{defs}\n'
    assert look(text + "def lambda_handler(event, context):\n    f0(s3.get_object)  #?\n").effect == "read"


def test_a_resend_of_what_was_caught_is_no_decision_of_its_own() -> None:
    text = """
        def f(a):
            last = None
            for _ in range(3):
                try:
                    return other.f()
                except ValueError as e:
                    last = e
            raise last
    """
    files = {path: code + RUN for path, code in files_of(text).items()}
    project = project_of(files)
    assert not project.effects.of_function(functions_of(project)["f"]).raises

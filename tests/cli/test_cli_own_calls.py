"""The configuration's `calls`: what is said of a company's own packages counts as what the tables say."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_samples import Ran

Run = Callable[..., Ran]


def code_of(imports: str, body: str, before: str = "") -> str:
    inner = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    return f"{imports}\n\n{textwrap.dedent(before)}\n\ndef lambda_handler(event, context):\n{inner}\n"


CONNECT = code_of("import acme.db", 'return acme.db.connect("orders").find(event["id"])')
QUERIES = code_of(
    "from acme.db import connect",
    """
    cursor = connection.cursor()
    for order in event["orders"]:
        cursor.execute("SELECT * FROM orders WHERE id = %s", (order,))
        found.append(cursor.fetchone())
    """,
    "connection = connect()\nfound = []\n",
)
SESSION = code_of(
    "import acme.http",
    """
    session = acme.http.Session()
    return session.get("https://a.example/one").json()
    """,
)
TWO_GETS = code_of(
    "from acme.http import Session",
    """
    one = session.get("https://a.example/one").json()
    two = session.get("https://b.example/two").json()
    return [one, two]
    """,
    "session = Session()\n",
)
CLIENT = code_of(
    "from acme.sdk import Client",
    """
    user = client.get_user(event["user"])
    orders = client.orders.list(event["shop"])
    return {"user": user["name"], "orders": orders}
    """,
    "client = Client()\n",
)
CLIENT_MADE = code_of("from acme.sdk import Client", 'client = Client()\nreturn client.get_user(event["user"])')
CLIENT_LOOP = code_of(
    "from acme.sdk import Client",
    'return [client.get_user(user) for user in event["users"]]',
    "client = Client()\n",
)
CLIENT_QUERIES = code_of(
    "from acme.sdk import Client",
    'return client.run("SELECT * FROM orders WHERE id = 1")',
    "client = Client()\n",
)
CLIENT_REQUESTS = (
    TWO_GETS.replace('session.get("', 'session.ask("GET", "').replace(".http", ".sdk").replace("Session", "Client")
)
TOKEN = code_of("import acme.auth", 'return acme.auth.token("shop")')
KEPT_TOKEN = code_of("import acme.auth", "return TOKEN", 'TOKEN = acme.auth.token("shop")\n')
MODEL = code_of("import acme.ml", 'return acme.ml.load("model.bin").predict(event["x"])')
AWS_CLIENT = code_of("import acme.aws", 'return acme.aws.client("s3").head_object(Bucket="b", Key=event["k"])["ETag"]')
ONE_SERVICE = '[calls]\n"acme.aws.bucket" = { kind = "aws-client", service = "s3" }\n'
AWS_LIST = code_of(
    "import acme.aws",
    'return [one["Key"] for one in s3.list_objects_v2(Bucket=event["bucket"])["Contents"]]',
    "s3 = acme.aws.bucket()\n",
)
AWS_SESSION = code_of("import acme.aws", 'return acme.aws.session().client("s3").get_object(Bucket="b", Key="k")')
AWS_TABLE = code_of(
    "import acme.aws", 'return table.scan()["Items"]', 'table = acme.aws.resource("dynamodb").Table("orders")\n'
)
FUNCTIONS = code_of(
    "from acme.rest import fetch, other",
    """
    one = fetch(event["one"])
    two = other(event["two"])
    return [one, two]
    """,
)
FETCH_LOOP = code_of("import acme.rest", 'return [acme.rest.fetch(one) for one in event["all"]]')
BETWEEN = code_of(
    "from acme.rest import fetch, other",
    """
    one = fetch(event["one"])
    other("between")
    two = fetch(event["two"])
    return [one, two]
    """,
)
REQUESTS = FUNCTIONS.replace('fetch(event["', 'fetch("GET", event["').replace('other(event["', 'fetch("GET", event["')
SQL = code_of("import acme.sql", 'return [acme.sql.query("SELECT * FROM t WHERE id = ?", one) for one in event["all"]]')

SDK = """
[calls."acme.sdk.Client"]
kind = "api-client"
read = ["get_user", "orders.list"]
write = ["orders.create"]
local = ["close"]
sql = ["run"]
http-request = ["ask"]
"""


def calls(**kinds: str) -> str:
    """A configuration with `acme.…` names, their dots written as `__`."""
    rows = (f'"acme.{name.replace("__", ".")}" = "{kind}"\n' for name, kind in kinds.items())
    return "[calls]\n" + "".join(rows)


def found(run: Run, *words: str) -> list[str]:
    ran = run("--output-format", "json", *words)
    assert ran.code in (0, 1), ran.err
    return sorted(one["code"] for one in json.loads(ran.out))


@pytest.mark.parametrize(
    ("config", "code", "expected"),
    [
        pytest.param(calls(db__connect="connection"), CONNECT, ["LMB103"], id="connection"),
        pytest.param(calls(db__connect="sql-connection"), CONNECT, ["LMB103"], id="SQL connection"),
        pytest.param(calls(db__connect="sql-connection"), QUERIES, ["LMB408", "LMB701"], id="SQL over it"),
        pytest.param(calls(http__Session="http-session"), SESSION, ["LMB104"], id="HTTP session"),
        pytest.param(calls(http__Session="http-session"), TWO_GETS, ["LMB301"], id="reads of an HTTP session"),
        pytest.param(SDK, CLIENT, ["LMB301"], id="reads of an SDK's client"),
        pytest.param(SDK, CLIENT_MADE, ["LMB104"], id="an SDK's client is made"),
        pytest.param(SDK, CLIENT_LOOP, ["LMB303"], id="reads of an SDK's client in a loop"),
        pytest.param(SDK, CLIENT_QUERIES, ["LMB701"], id="SQL that an SDK's client sends"),
        pytest.param(SDK, CLIENT_REQUESTS, ["LMB301"], id="requests of an SDK's client by their method"),
        pytest.param(calls(auth__token="token"), TOKEN, ["LMB105"], id="token"),
        pytest.param(calls(auth__token="token"), KEPT_TOKEN, ["LMB107"], id="token kept without expiry"),
        pytest.param(calls(auth__token="secret"), TOKEN, ["LMB106"], id="secret"),
        pytest.param(calls(ml__load="model"), MODEL, ["LMB108"], id="model"),
        pytest.param(calls(aws__client="aws-client"), AWS_CLIENT, ["LMB101"], id="AWS client"),
        pytest.param(
            ONE_SERVICE, AWS_CLIENT.replace('client("s3")', "bucket()"), ["LMB101"], id="client of one service"
        ),
        pytest.param(ONE_SERVICE, AWS_LIST, ["LMB801"], id="operations of a client of one service"),
        pytest.param(calls(aws__session="aws-session"), AWS_SESSION, ["LMB102"], id="AWS session"),
        pytest.param(calls(aws__resource="aws-resource"), AWS_TABLE, ["LMB502", "LMB505"], id="AWS resource"),
        pytest.param(calls(rest__fetch="read", rest__other="read"), FUNCTIONS, ["LMB301"], id="reading functions"),
        pytest.param(calls(rest__fetch="read"), FETCH_LOOP, ["LMB303"], id="a reading function in a loop"),
        pytest.param(calls(rest__fetch="read", rest__other="local"), BETWEEN, ["LMB301"], id="local in between"),
        pytest.param(calls(rest__fetch="http-request"), REQUESTS, ["LMB301"], id="requests by their method"),
        pytest.param(calls(sql__query="sql"), SQL, ["LMB408", "LMB701"], id="a function that sends SQL"),
    ],
)
def test_each_kind_has_an_effect(run: Run, project: Path, config: str, code: str, expected: list[str]) -> None:
    (project / "app.py").write_text(code)
    assert found(run) == []  # nothing is known of it
    (project / "lambdalint.toml").write_text(config)
    assert found(run) == expected


@pytest.mark.parametrize(
    ("config", "code"),
    [
        pytest.param(calls(rest__fetch="read", rest__other="write"), FUNCTIONS, id="a write has an order"),
        pytest.param(calls(rest__fetch="read"), FUNCTIONS, id="nothing is known of the other one"),
        pytest.param(calls(rest__fetch="read", rest__other="write"), BETWEEN, id="a write in between"),
        pytest.param(SDK.replace('"get_user", ', ""), CLIENT, id="nothing is known of the method"),
        pytest.param(SDK.replace('"GET"', '"POST"'), CLIENT_REQUESTS.replace("GET", "POST"), id="requests that write"),
        pytest.param(calls(rest__fetch="http-request"), REQUESTS.replace("GET", "POST"), id="writing requests"),
        pytest.param(calls(sql__query="sql"), SQL.replace("SELECT *", "SELECT id").replace("for one in", "for _ in"),
                     id="SQL that is the same in each turn"),
        pytest.param(calls(db__connect="connection"), CONNECT.replace("acme.db.connect", "acme.db.pool"), id="another"),
        pytest.param(calls(ml__load="model"), MODEL.replace('"model.bin"', 'event["model"]'), id="event's model"),
        pytest.param(calls(auth__token="token"), TOKEN.replace('"shop"', 'event["shop"]'), id="event's token"),
        pytest.param(calls(http__Session="http-session"), SESSION.replace("Session()", "Session(event['tenant'])"),
                     id="event's session"),
        pytest.param('[calls."acme.http.Session"]\nkind = "http-session"\nasync = true\n', SESSION,
                     id="asynchronous in a loop that ends"),
    ],
)  # fmt: skip
def test_what_is_left_alone(run: Run, project: Path, config: str, code: str) -> None:
    (project / "app.py").write_text(code)
    (project / "lambdalint.toml").write_text(config)
    assert found(run) == []


def test_a_message_spells_the_call_as_it_stands(run: Run, project: Path) -> None:
    (project / "app.py").write_text(AWS_CLIENT.replace('client("s3")', "bucket()"))
    (project / "lambdalint.toml").write_text(ONE_SERVICE)
    assert "LMB101 [*] acme.aws.bucket() is created on every invocation" in run().out


def test_members_are_added_to_those_of_the_kind(run: Run, project: Path) -> None:
    own = '[calls."acme.http.Session"]\nkind = "http-session"\nread = ["fetch_json"]\n'
    (project / "app.py").write_text(TWO_GETS.replace("session.get", "session.fetch_json", 1))
    (project / "lambdalint.toml").write_text(own)
    assert found(run) == ["LMB301"]


def test_a_pool_that_reconnects_is_hoisted(run: Run, project: Path) -> None:
    code = code_of("import acme.db", 'pool = acme.db.Pool("orders")\nreturn pool.find(event["id"])')
    app, config = project / "app.py", project / "lambdalint.toml"
    app.write_text(code)
    config.write_text(calls(db__Pool="connection"))
    run("--fix", "--unsafe-fixes")
    assert app.read_text() == code
    config.write_text('[calls]\n"acme.db.Pool" = { kind = "connection", pooled = true }\n')
    assert run("--fix", "--unsafe-fixes").code == 0
    assert 'def _pool():\n    return acme.db.Pool("orders")\n' in app.read_text()


def test_code_of_the_project_itself_is_taken_at_its_row(run: Run, project: Path) -> None:
    inside = "import socket\n\n\ndef connect(name):\n    return socket.create_connection((name, 5000))\n"
    for path, text in {"app.py": CONNECT, "acme/__init__.py": "", "acme/db.py": inside}.items():
        (project / path).parent.mkdir(exist_ok=True)
        (project / path).write_text(text)
    assert found(run) == []
    (project / "lambdalint.toml").write_text(calls(db__connect="connection"))
    assert found(run) == ["LMB103"]
    (project / "app.py").write_text(CONNECT.replace("import acme.db", "from acme.db import connect as acme_db").replace(
        "acme.db.connect", "acme_db"
    ))  # fmt: skip
    assert found(run) == ["LMB103"]


def test_two_projects_of_one_run_dont_influence_one_another(run: Run, project: Path) -> None:
    (project / "lambdalint.toml").unlink()
    for name, config in {"a": calls(db__connect="connection"), "b": "", "c": calls(db__connect="token")}.items():
        (project / name).mkdir()
        (project / name / "app.py").write_text(CONNECT)
        (project / name / "lambdalint.toml").write_text(config)
    for order in (("a", "b", "c"), ("c", "b", "a")):
        ran = run("--output-format", "json", *order)
        by_folder = {Path(one["filename"]).parent.name: one["code"] for one in json.loads(ran.out)}
        assert by_folder == {"a": "LMB103", "c": "LMB105"}

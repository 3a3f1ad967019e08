"""LMB001, LMB103, LMB601, LMB604, LMB702: comments, connections, imports and rows."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any
from unittest import mock

from proof import CONTEXT, REFUSED, SAFE, SILENT, UNSAFE, Case
from servers import Remote

# Stands for the real package, which takes seconds to import: it counts what it is asked.
PANDAS = {
    "pandas/__init__.py": """\
import builtins

registered = []


class DataFrame:
    def __init__(self, rows):
        self.rows = rows

    def total(self):
        return sum(self.rows)


def read_csv(text):
    return DataFrame([int(part) for part in text.split(",")])
"""
}


def _members(remote: Remote) -> None:
    database: Any = remote.database
    database.execute("CREATE TABLE members (id serial PRIMARY KEY, name text, points int)")
    database.execute("INSERT INTO members (name, points) VALUES ('ada', 3), ('bob', 5), ('cyd', 5)")


def _cached(remote: Remote) -> None:
    database: Any = remote.database
    database._client.set("greeting", "hello")


def _without_pandas(module: ModuleType, event: Any) -> Any:
    """A test in whose environment the package isn't installed, and replaced when it is asked for."""
    with mock.patch.dict(sys.modules, pandas=mock.Mock(read_csv=lambda text: mock.Mock(total=lambda: -1))):
        return module.lambda_handler(event, CONTEXT)


CASES = [
    Case(
        "LMB001",
        "comments that lift nothing, beside one that does and other tools' codes",
        SAFE,
        '''\
"""Sums lines."""

import json

import boto3

s3 = boto3.client("s3")  # noqa: LMB101


def lambda_handler(event, context):
    text = "# noqa: LMB101"  # noqa: LMB202, E501
    # lambdalint: ignore[LMB301]
    sqs = boto3.client("sqs")  # noqa: LMB101
    total = sum(json.loads(event["body"]))  # lambdalint: ignore[LMB201]
    return {"text": text, "total": total, "queues": len(sqs.list_queues().get("QueueUrls", []))}
''',
        events=[{"body": "[1, 2]"}, {"body": "[]"}],
        state=lambda remote: remote.queue("jobs"),
        also=("LMB1", "LMB2", "LMB3"),
    ),
    Case(
        "LMB001",
        "a comment for the whole file",
        SAFE,
        """\
# lambdalint: ignore-file[LMB501]
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    return s3.list_objects_v2(Bucket="reports", MaxKeys=3)["KeyCount"]
""",
        events=[{}],
        state=lambda remote: remote.bucket("reports", january="1"),
        also=("LMB5",),
    ),
    Case(
        "LMB001",
        "a comment that is in use, and one inside a text",
        SILENT,
        '''\
import boto3

QUERY = """
SELECT 1  # noqa: LMB701
"""


def lambda_handler(event, context):
    s3 = boto3.client("s3")  # noqa: LMB101
    return s3.list_buckets()["Buckets"], QUERY
''',
        also=("LMB1", "LMB7"),
    ),
    # --- LMB103 -----------------------------------------------------------------------------
    Case(
        "LMB103",
        "a client of Redis, which keeps a pool",
        UNSAFE,
        '''\
"""Counts visits."""

import os

import redis


def lambda_handler(event, context):
    cache = redis.Redis(host=os.environ["CACHE_HOST"], port=int(os.environ["CACHE_PORT"]), decode_responses=True)
    visits = cache.incr(f"visits:{event['page']}")
    if visits == 1:
        cache.set(f"first:{event['page']}", event["at"])
    return {"visits": visits, "greeting": cache.get("greeting")}
''',
        events=[{"page": "a", "at": 1}, {"page": "b", "at": 2}, {"page": "a", "at": 3}],
        state=_cached,
        needs="redis",
        calls={"database connection": (3, 1)},
    ),
    Case(
        "LMB103",
        "an engine, with transactions that are committed and rolled back",
        UNSAFE,
        """\
import os

import sqlalchemy


def add(engine, event):
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("INSERT INTO members (name) VALUES (:name)"), {"name": event["name"]})
        if event.get("fail"):
            raise ValueError(event["name"])


def lambda_handler(event, context):
    engine = sqlalchemy.create_engine(os.environ["ENGINE_URL"])
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("INSERT INTO members (name) VALUES (:name)"), {"name": event["name"]})
        if event.get("fail"):
            raise ValueError(event["name"])
        return connection.execute(sqlalchemy.text("SELECT name FROM members ORDER BY id")).scalars().all()
""",
        events=[{"name": "dot"}, {"name": "eve", "fail": True}, {"name": "fay"}],
        state=_members,
        needs="postgresql",
        raises=("ValueError",),
        calls={"database connection": (3, 1)},
    ),
    Case(
        "LMB103",
        "a setting of the connection that stays",
        UNSAFE,
        """\
import os

import redis


def lambda_handler(event, context):
    cache = redis.Redis(host=os.environ["CACHE_HOST"], port=int(os.environ["CACHE_PORT"]))
    before = cache.client_getname()
    cache.client_setname(event["name"])
    return before
""",
        events=[{"name": "a"}, {"name": "b"}],
        state=_cached,
        needs="redis",
        calls={"database connection": (2, 1)},
        differs="all invocations share what the client keeps",
    ),
    Case(
        "LMB103",
        "a plain connection",
        REFUSED,
        """\
import os

import psycopg2


def lambda_handler(event, context):
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    cursor = connection.cursor()
    cursor.execute("SELECT name FROM members WHERE id = %s", (event["id"],))
    return cursor.fetchone()
""",
    ),
    Case(
        "LMB103",
        "an engine that is disposed of",
        REFUSED,
        """\
import os

import sqlalchemy


def lambda_handler(event, context):
    engine = sqlalchemy.create_engine(os.environ["ENGINE_URL"])
    with engine.connect() as connection:
        names = connection.execute(sqlalchemy.text("SELECT name FROM members")).scalars().all()
    engine.dispose()
    return names
""",
    ),
    # --- LMB601 -----------------------------------------------------------------------------
    Case(
        "LMB601",
        "an import that nothing uses, one of several on its line, and one below a comment",
        SAFE,
        '''\
"""Sums rows."""

import json
import pandas as pd, os

# Was needed for the old report.
from pandas import DataFrame, read_csv as read  # reports


def lambda_handler(event, context):
    rows = json.loads(event["body"])
    return {"total": sum(rows), "stage": os.environ.get("STAGE", "dev")}
''',
        events=[{"body": "[1, 2]"}, {"body": "[]"}],
        installed=PANDAS,
        calls={"import pandas": (1, 0)},
    ),
    Case(
        "LMB601",
        "the import is all that a block holds",
        SILENT,
        """\
import os

if os.environ.get("STAGE") == "prod":
    import pandas as pd


def lambda_handler(event, context):
    return event["id"]
""",
        events=[{"id": 1}],
        installed=PANDAS,
    ),
    Case(
        "LMB601",
        "an annotation that is never evaluated",
        SAFE,
        """\
from __future__ import annotations

import pandas as pd


def total(rows: list[int] | pd.DataFrame) -> int:
    return sum(rows)


def lambda_handler(event, context):
    return total(event["rows"])
""",
        events=[{"rows": [1, 2]}],
        installed=PANDAS,
        calls={"import pandas": (1, 0)},
    ),
    Case(
        "LMB601",
        "an annotation that the code reads",
        REFUSED,
        """\
from __future__ import annotations

import typing

import pandas as pd


def total(rows: pd.DataFrame) -> int:
    return sum(rows)


def lambda_handler(event, context):
    return len(typing.get_type_hints(total)), total(event["rows"])
""",
        events=[{"rows": [1, 2]}],
        installed=PANDAS,
    ),
    Case(
        "LMB601",
        "a function whose annotations a framework reads",
        REFUSED,
        """\
from __future__ import annotations

import typing

import pandas as pd


def total(rows: pd.DataFrame) -> int:
    return sum(rows)


def parameters(function):
    return sorted(typing.get_overloads(function)), function.__name__


def lambda_handler(event, context):
    return parameters(total), total(event["rows"])
""",
    ),
    Case(
        "LMB601",
        "a submodule that another import's name leads to",
        SILENT,
        """\
import sklearn
from sklearn import linear_model


def lambda_handler(event, context):
    return sklearn.linear_model.fit(event["rows"])
""",
        events=[{"rows": [1, 2]}],
        installed={"sklearn/__init__.py": "", "sklearn/linear_model.py": "def fit(rows):\n    return sum(rows)\n"},
    ),
    Case(
        "LMB601",
        "a name that is looked up by its text",
        SILENT,
        """\
import pandas as pd


def lambda_handler(event, context):
    return globals()[event["module"]].read_csv(event["text"]).total()
""",
        events=[{"module": "pd", "text": "1,2"}],
        installed=PANDAS,
    ),
    Case(
        "LMB601",
        "a name that tests patch",
        SILENT,
        """\
import pandas as pd


def lambda_handler(event, context):
    return event["id"]
""",
        files={
            "tests/test_app.py": """\
from unittest import mock

import app


@mock.patch("app.pd")
def test_it(pd):
    assert app.lambda_handler({"id": 1}, None) == 1
"""
        },
    ),
    Case(
        "LMB601",
        "a name that another module takes from here",
        SILENT,
        """\
import pandas as pd

import report


def lambda_handler(event, context):
    return report.total(event["text"])
""",
        files={"report.py": "def total(text):\n    import app\n\n    return app.pd.read_csv(text).total()\n"},
        events=[{"text": "1,2"}],
        installed=PANDAS,
    ),
    # --- LMB604 -----------------------------------------------------------------------------
    Case(
        "LMB604",
        "the handler's own import",
        UNSAFE,
        '''\
"""Sums a table."""

import json
import os


def lambda_handler(event, context):
    """Sum it."""
    import pandas as pd

    if event.get("empty"):
        return {"total": 0}
    return {"total": pd.read_csv(event["text"]).total(), "stage": os.environ.get("STAGE"), "body": json.dumps(event)}
''',
        events=[{"text": "1,2"}, {"empty": True}],
        installed=PANDAS,
        calls={"import pandas": (1, 1)},
    ),
    Case(
        "LMB604",
        "a comment that belongs to the import",
        REFUSED,
        """\
def lambda_handler(event, context):
    import pandas as pd  # loaded late on purpose

    return pd.read_csv(event["text"]).total()
""",
    ),
    Case(
        "LMB604",
        "a name of the module is the import's, too",
        REFUSED,
        """\
pd = "the department of planning"


def lambda_handler(event, context):
    import pandas as pd

    return pd.read_csv(event["text"]).total(), name()


def name():
    return pd
""",
    ),
    Case(
        "LMB604",
        "the same import a second time, in a branch",
        REFUSED,
        """\
def lambda_handler(event, context):
    import pandas as pd

    total = pd.read_csv(event["text"]).total()
    if event.get("again"):
        import pandas as pd

        total += pd.read_csv(event["again"]).total()
    return total
""",
    ),
    Case(
        "LMB604",
        "another function has a variable of that name, and one a parameter",
        UNSAFE,
        """\
def label(DataFrame):
    return DataFrame * 2


def other():
    DataFrame = "local"
    return DataFrame


def lambda_handler(event, context):
    from pandas import DataFrame

    return DataFrame(event["rows"]).total(), label("x"), other()
""",
        events=[{"rows": [1, 2]}],
        installed=PANDAS,
    ),
    Case(
        "LMB604",
        "the environment is set for the import",
        REFUSED,
        """\
import os


def lambda_handler(event, context):
    os.environ["PANDAS_HOME"] = "/tmp"
    import pandas as pd

    return pd.home
""",
        events=[{}],
        installed={"pandas/__init__.py": 'import os\n\nhome = os.environ["PANDAS_HOME"]\n'},
    ),
    Case(
        "LMB604",
        "a test puts another module in its place",
        UNSAFE,
        """\
def lambda_handler(event, context):
    import pandas

    return pandas.read_csv(event["text"]).total()
""",
        events=[{"text": "1,2"}],
        installed=PANDAS,
        run=_without_pandas,
        calls={"import pandas": (0, 1)},
        differs="the module is loaded, and may fail to load, at init instead",
    ),
    Case(
        "LMB604",
        "a branch that only some events take",
        SILENT,
        """\
def lambda_handler(event, context):
    if event.get("text"):
        import pandas as pd

        return pd.read_csv(event["text"]).total()
    return 0
""",
    ),
    # --- LMB702 -----------------------------------------------------------------------------
    Case(
        "LMB702",
        "the first row of all",
        UNSAFE,
        '''\
"""The best member."""

import os

import psycopg2

connection = psycopg2.connect(os.environ["DATABASE_URL"])


def lambda_handler(event, context):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, points FROM members ORDER BY points DESC, name")
        best = cursor.fetchall()[0]
    with connection.cursor() as other:
        # The connection goes on with something else.
        other.execute("SELECT count(*) FROM members WHERE points >= %s", (event["points"],))
        return best, other.fetchone()[0]
''',
        events=[{"points": 4}, {"points": 9}],
        state=_members,
        needs="postgresql",
    ),
    Case(
        "LMB702",
        "there is no row",
        UNSAFE,
        """\
import os

import psycopg2

connection = psycopg2.connect(os.environ["DATABASE_URL"])


def lambda_handler(event, context):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM members WHERE points > %s", (event["points"],))
        return cursor.fetchall()[0]
""",
        events=[{"points": 100}],
        state=_members,
        needs="postgresql",
        raises=("IndexError",),
        differs="without a row `fetchone()` gives `None` where `[0]` raised `IndexError`",
    ),
    Case(
        "LMB702",
        "a field of the first row, with a handler for its absence",
        REFUSED,
        """\
import os

import psycopg2

connection = psycopg2.connect(os.environ["DATABASE_URL"])


def lambda_handler(event, context):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM members WHERE points > %s", (event["points"],))
        try:
            return cursor.fetchall()[0][0]
        except IndexError:
            return "nobody"
""",
    ),
    Case(
        "LMB702",
        "a result of SQLAlchemy",
        UNSAFE,
        """\
import os

import sqlalchemy
from sqlalchemy import text

engine = sqlalchemy.create_engine(os.environ["ENGINE_URL"])


def lambda_handler(event, context):
    with engine.connect() as connection:
        found = connection.execute(text("SELECT name FROM members WHERE points = :p ORDER BY id"), event)
        first = found.fetchall()[0]
        return first.name, list(first)
""",
        events=[{"p": 5}, {"p": 3}],
        state=_members,
        needs="postgresql",
    ),
    Case(
        "LMB702",
        "the rows that are left are counted",
        REFUSED,
        """\
import os

import psycopg2

connection = psycopg2.connect(os.environ["DATABASE_URL"])


def lambda_handler(event, context):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM members ORDER BY id")
        first = cursor.fetchall()[0]
        return first, cursor.fetchone()
""",
    ),
    Case(
        "LMB702",
        "the row is asked for its truth",
        UNSAFE,
        """\
import os

import psycopg2

connection = psycopg2.connect(os.environ["DATABASE_URL"])


def lambda_handler(event, context):
    cursor = connection.cursor()
    cursor.execute("SELECT max(points) FROM members WHERE points < %s GROUP BY name ORDER BY 1", (event["points"],))
    row = cursor.fetchall()[0]
    cursor.close()
    return row[0] if row else None
""",
        events=[{"points": 4}],
        state=_members,
        needs="postgresql",
    ),
]

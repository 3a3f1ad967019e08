"""SQL: what a text says, which text a call sends, over which connection."""

from __future__ import annotations

import subprocess
import sys

import pytest
from notation import case, look

from lambdalint.semantics import queries
from lambdalint.semantics.queries import UNKNOWN_PART
from lambdalint.semantics.sql import sql_call


@pytest.mark.parametrize(
    ("text", "star"),
    [
        case("all columns", "SELECT * FROM t WHERE id = %s", "*"),
        case("of one of two", "SELECT v.*, c.name FROM orders v JOIN c ON c.id = v.c LIMIT %(n)s", "v.*"),
        case("in parentheses", "(SELECT * FROM t)", "*"),
        case("second of a union", "SELECT a FROM t UNION ALL SELECT * FROM u", "*"),
        case("of a subquery that has a star", "SELECT * FROM (SELECT * FROM t) s", "*"),
        case("of a CTE that has a star", "WITH c AS (SELECT * FROM t) SELECT * FROM c", "*"),
        case("backticks", "SELECT * FROM `t`", "*"),
        case("PostgreSQL's casts and operators", "SELECT * FROM t WHERE a = :a::date AND b->>'c' = 'd'", "*"),
        case("an end that isn't known", f"SELECT * FROM t WHERE a = 'b'{UNKNOWN_PART}", "*"),
        case("a table that isn't known", f"SELECT * FROM {UNKNOWN_PART}", "*"),
        case("cut off", "SELECT * FROM t WHERE", "*"),
        case("a comment in front", "-- SELECT a\nSELECT * FROM t", "*"),
        case("counted", "SELECT COUNT(*) FROM t", ""),
        case("existence", "SELECT EXISTS (SELECT * FROM t)", ""),
        case("inner star alone", "SELECT a FROM (SELECT * FROM t) s", ""),
        case("CTE's star alone", "WITH c AS (SELECT * FROM t) SELECT a FROM c", ""),
        case("columns of a subquery are listed", "SELECT * FROM (SELECT a FROM t) s", ""),
        case("that one of two", "SELECT s.* FROM (SELECT a FROM t) s JOIN u ON u.a = s.a", ""),
        case("columns of a CTE are listed", "WITH c AS (SELECT a FROM t) SELECT * FROM c", ""),
        case("rows of a function", "SELECT * FROM generate_series(1, 3)", ""),
        case("a product", "SELECT a * 2 FROM t", ""),
        case("within a text", "SELECT 'SELECT * FROM t' FROM u", ""),
        case("moved by a change", "INSERT INTO u SELECT * FROM t", ""),
        case("no table yet", "SELECT *", ""),
        case("no SQL", "* is born", ""),
        case("nothing", "", ""),
    ],
)
def test_star(text: str, star: str) -> None:
    assert queries.star(text) == star


@pytest.mark.parametrize(
    ("text", "one"),
    [
        case("a read", "SELECT a FROM t WHERE b = %s", True),
        case("an insert", "INSERT INTO t (a) VALUES (%s)", True),
        case("an update", "UPDATE t SET a = :a WHERE b = :b", True),
        case("a delete", "DELETE FROM t WHERE a = ?", True),
        case("two rows", "INSERT INTO t VALUES (%s), (%s)", False),
        case("a list", "SELECT a FROM t WHERE b IN (%s)", False),
        case("an array", "SELECT a FROM t WHERE b = ANY(%s)", False),
        case("a definition", "CREATE TABLE t (a int)", False),
        case("a setting", "SET search_path TO x", False),
        case("another table each time", f"SELECT COUNT(*) FROM {UNKNOWN_PART}", False),
        case("no table", "SELECT now()", False),
        case("two statements", "DELETE FROM t WHERE a = 1; DELETE FROM u WHERE a = 1", False),
    ],
)
def test_takes_one(text: str, one: bool) -> None:
    assert queries.takes_one(text) is one


@pytest.mark.parametrize(
    ("text", "one"),
    [
        case("limited", "SELECT a FROM t LIMIT 1", True),
        case("limited by the standard", "SELECT a FROM t FETCH FIRST 1 ROW ONLY", True),
        case("aggregates", "SELECT COUNT(*), MAX(a) AS latest FROM t", True),
        case("limited to more", "SELECT a FROM t LIMIT 10", False),
        case("aggregates by group", "SELECT COUNT(*) FROM t GROUP BY a", False),
        case("an aggregate beside a column", "SELECT COUNT(*), a FROM t", False),
        case("a plain read", "SELECT a FROM t", False),
    ],
)
def test_gives_one_row(text: str, one: bool) -> None:
    assert queries.gives_one_row(text) is one


@pytest.mark.parametrize(
    "text",
    [
        case("deep parentheses", "SELECT " + "(" * 5000 + "1"),
        case("deep subqueries", "SELECT * FROM (" * 300 + "SELECT * FROM t"),
        case("stars over stars", "SELECT *, s.*, * FROM (" * 40 + "SELECT a FROM t" + ") s" * 40),
        case("long", "SELECT " + "a, " * 100_000 + "b FROM t"),
        case("an open text", "SELECT 'a FROM t"),
    ],
)
def test_hostile_texts_are_no_stars(text: str) -> None:
    assert queries.star(text) == ""


def test_the_parser_is_loaded_with_the_first_text() -> None:
    code = (
        "import sys\n"
        "from lambdalint.semantics import queries, sql\n"
        "assert 'sqlglot' not in sys.modules, 'too early'\n"
        "queries.star('SELECT * FROM t')\n"
        "assert 'sqlglot' in sys.modules, 'never'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def sent(text: str) -> str:
    """The text that the marked call sends; "no" for one that sends no SQL."""
    place = look(f"import os\nimport psycopg2\nconnection = psycopg2.connect('')\n{text}")
    call = sql_call(place.model, place.node)  # type: ignore[arg-type]
    return call.text.replace(UNKNOWN_PART, "…") if call is not None else "no"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        case("a literal", 'cursor.execute("SELECT 1")  #?', "SELECT 1"),
        case("a name", 'q = "SELECT 1"\n    cursor.execute(q)  #?', "SELECT 1"),
        case("added", 'cursor.execute("SELECT a " + event["b"] + " FROM t")  #?', "SELECT a … FROM t"),
        case("an f-string", "cursor.execute(f\"SELECT a FROM {event['t']}\")  #?", "SELECT a FROM …"),
        case("the % operator", 'cursor.execute("SELECT a FROM %s" % event["t"])  #?', "SELECT a FROM %s"),
        case("format", 'cursor.execute("SELECT a FROM {}".format(event["t"]))  #?', "SELECT a FROM …"),
        case("grown", 'q = "SELECT a"\n    q += " FROM t"\n    cursor.execute(q)  #?', "SELECT a FROM t"),
        case("stripped", 'cursor.execute(" SELECT 1 ".strip())  #?', " SELECT 1 "),
        case("assigned twice", 'q = "SELECT 1" if event else event["q"]\n    cursor.execute(q)  #?', ""),
        case("unknown", 'cursor.execute(event["q"])  #?', ""),
        case("a broken format", 'cursor.execute("SELECT {".format(1))  #?', ""),
        case("another method", "cursor.fetchall()  #?", "no"),
        case("another object", 'event["cursor"].execute("SELECT 1")  #?', "no"),
    ],
)
def test_text_of_a_call(body: str, text: str) -> None:
    assert sent(f"def lambda_handler(event, context):\n    cursor = connection.cursor()\n    {body}\n") == text


@pytest.mark.parametrize(
    ("head", "text"),
    [
        case("connection", "import pymysql\nc = pymysql.connect(host='')", "SELECT 1"),
        case(
            "pool",
            "from mysql.connector import pooling\nc = pooling.MySQLConnectionPool().get_connection().cursor()",
            "SELECT 1",
        ),
        case("engine", "import sqlalchemy\nc = sqlalchemy.create_engine('').connect()", "SELECT 1"),
        case("factory of sessions", "from sqlalchemy.orm import sessionmaker\nS = sessionmaker()\nc = S()", "SELECT 1"),
        case("Flask-SQLAlchemy", "from flask_sqlalchemy import SQLAlchemy\nc = SQLAlchemy().session", "SELECT 1"),
        case("sqlite3 is local", "import sqlite3\nc = sqlite3.connect('')", "no"),
        case("unknown", "from other import c", "no"),
    ],
)
def test_connection(head: str, text: str) -> None:
    assert sent(f'{head}\ndef lambda_handler(event, context):\n    c.execute("SELECT 1")  #?\n') == text


def test_texts_that_double_stay_short() -> None:
    doubling = "".join(f"    q{i + 1} = q{i} + q{i} + event['x']\n" for i in range(40))
    body = f'    q0 = "SELECT * FROM t"\n{doubling}    cursor.execute(q40)  #?\n'
    text = sent(f"def lambda_handler(event, context):\n    cursor = connection.cursor()\n{body}")
    assert len(text) < 50_000

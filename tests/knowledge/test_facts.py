"""A project's own rows over the tables."""

from __future__ import annotations

import pytest

from lambdalint.knowledge import objects, setups, tables
from lambdalint.knowledge.facts import FORMS, KINDS, Facts, OwnCall
from lambdalint.settings.calls import CALL_KINDS, EFFECTS

NAMES = [
    "boto3.client",
    "psycopg2.connect",
    "requests.get",
    "requests.Session",
    "builtins.sorted",
    "json.loads",
    "no.such",
]


def test_the_configuration_and_the_tables_know_the_same_kinds() -> None:
    assert CALL_KINDS.keys() == KINDS.keys()
    assert tuple(FORMS) == EFFECTS


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_kind_stands_for_is_in_the_tables(kind: str) -> None:
    meaning = KINDS[kind]
    assert meaning.effect in (None, "read", "write", "none", "http", "sql")
    assert meaning.aws in ("", "client", "resource", "session")
    assert meaning.group in ("", "connection", "http", "static")
    assert bool(meaning.group) == bool(meaning.what)
    # Members may be told of where an object is made that has some.
    assert ("read" in CALL_KINDS[kind]) == (meaning.group in ("connection", "http"))


@pytest.mark.parametrize("name", NAMES)
def test_without_own_rows_the_tables_answer(name: str) -> None:
    facts = Facts()
    assert facts.constructor_kind(name) == tables.constructor_kind(name)
    assert facts.call_effect(name) == tables.call_effect(name)
    assert facts.made_by(name) == objects.made_by(name)
    assert facts.setup_kind(name) == setups.setup_kind(name)
    assert facts.hands_on(name) == tables.hands_on(name)
    assert (facts.fetches(name), facts.sends_sql(name)) == ("", False)


@pytest.mark.parametrize("name", NAMES)
def test_an_own_row_wins_over_the_tables(name: str) -> None:
    facts = Facts([OwnCall(name, "token")])
    assert facts.constructor_kind(name) is None
    assert facts.call_effect(name) == "read"
    assert facts.made_by(name) == objects.DATA
    assert facts.setup_kind(name) is None
    assert not facts.hands_on(name)
    assert facts.fetches(name) == "token"


def test_members_are_those_of_the_kind_and_the_rows_own() -> None:
    facts = Facts([OwnCall("acme.Session", "http-session", (("fetch", "read"), ("get", "write"), ("open", "none")))])
    kind = facts.kind(facts.made_by("acme.Session"))
    assert kind is not None
    assert [kind.form(name) for name in ("fetch", "get", "head", "open", "else")] == [
        *("read", "write", "read", "none", "unknown")
    ]
    assert [kind.given(name) for name in ("fetch", "open", "headers")] == ["data", "", "data"]
    assert not kind.serial
    assert objects.kind("HTTP session") == Facts().kind("HTTP session")


def test_two_objects_of_one_kind_keep_their_own_members() -> None:
    rows = [OwnCall("acme.A", "api-client", (("go", "read"),)), OwnCall("acme.B", "api-client", (("go", "write"),))]
    facts = Facts(rows)
    kinds = [facts.kind(facts.made_by(row.name)) for row in rows]
    assert [kind.form("go") for kind in kinds if kind is not None] == ["read", "write"]


def test_a_row_may_name_what_has_another_name() -> None:
    facts = Facts([OwnCall("boto3.session.Session", "local")])
    assert facts.constructor_kind("boto3.Session") is None

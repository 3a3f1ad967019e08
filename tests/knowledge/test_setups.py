"""The table of what is made once: each row sourced, no name in two rows, found under its name."""

from __future__ import annotations

from collections import Counter

import pytest

from lambdalint.knowledge import setups, tables


@pytest.mark.parametrize("kind", ["setup", "request"])
def test_rows_name_their_source_and_no_name_comes_twice(kind: str) -> None:
    rows = tables.load("setups")[kind]
    assert all(row["source"] for row in rows)
    assert [name for name, count in Counter(n for row in rows for n in row["names"]).items() if count > 1] == []


def test_names_are_canonical() -> None:
    names = [name for kind in ("setup", "request") for row in tables.load("setups")[kind] for name in row["names"]]
    assert [name for name in names if tables.canonical(name) != name] == []


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("requests.Session", "http"),
        ("psycopg2.connect", "connection"),
        ("transformers.AutoModel.from_pretrained", "static"),
        ("transformers.models.bert.BertModel.from_pretrained", "static"),
    ],
)
def test_what_a_call_sets_up(name: str, group: str) -> None:
    found = setups.setup_kind(name)
    assert found is not None
    assert found.group == group


@pytest.mark.parametrize("name", ["", "requests", "sqlite3.connect", "jsonschema.Draft7Validator", "from_pretrained"])
def test_what_sets_up_nothing_lasting(name: str) -> None:
    assert setups.setup_kind(name) is None

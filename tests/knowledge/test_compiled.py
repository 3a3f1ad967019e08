"""The tables' compiled form: taken while it fits, made anew where it doesn't, never in the way."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from lambdalint.knowledge import compiled

TEXT = '[[row]]\nnames = ["a", "b"]\ncost = 1.5\n'
TABLE = {"row": [{"names": ["a", "b"], "cost": 1.5}]}


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    path = tmp_path / "rows.toml"
    path.write_text(TEXT)
    return path


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("__pycache__/*"))


def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables that are parsed from now on."""
    paths: list[str] = []
    parse = compiled._parse

    def counted(path: str) -> dict[str, object]:
        paths.append(path)
        return parse(path)

    monkeypatch.setattr(compiled, "_parse", counted)
    return paths


def test_a_table_is_parsed_once(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = parsed(monkeypatch)
    assert compiled.read(str(table)) == TABLE
    assert compiled.read(str(table)) == TABLE
    assert asked == [str(table)]
    (file,) = kept(table.parent)
    assert file.name == f"rows.toml.{sys.implementation.cache_tag}.bin"


def test_a_table_that_changed_is_read_anew(table: Path) -> None:
    compiled.read(str(table))
    before = table.stat()
    table.write_text(TEXT.replace("1.5", "2.5"))
    os.utime(table, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert compiled.read(str(table))["row"][0]["cost"] == 2.5


@pytest.mark.parametrize("data", [b"", b"\0", b"{", b"i\1\0\0\0", b"(\2\0\0\0NN"])
def test_a_damaged_form_is_made_anew(data: bytes, table: Path) -> None:
    compiled.read(str(table))
    (file,) = kept(table.parent)
    file.write_bytes(data)
    assert compiled.read(str(table)) == TABLE
    assert file.read_bytes() != data


def test_who_wants_no_bytecode_gets_none(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert compiled.read(str(table)) == TABLE
    assert kept(table.parent) == []


def test_where_nothing_can_be_written_the_table_is_read_all_the_same(table: Path) -> None:
    (table.parent / "__pycache__").write_text("in the way")
    assert compiled.read(str(table)) == TABLE
    assert compiled.read(str(table)) == TABLE

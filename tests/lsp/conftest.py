"""A small project, and a client with a server that all tests share which need no profile of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from stdio_client import CLIENT, PULLS, Client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top = tmp_path.resolve() / "project"
    top.mkdir()
    (top / "app.py").write_text(CLIENT)
    return top


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with Client(tmp_path_factory.mktemp("elsewhere").resolve(), PULLS) as client:
        yield client


@pytest.fixture
def puller(shared: Client, folder: Path) -> Client:
    """One server for all tests that need no profile of their own: each has a project of its own."""
    (folder / "lambdalint.toml").write_text("")
    shared.folder = folder
    return shared

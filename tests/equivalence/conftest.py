"""The servers that the handlers talk to: one of each for the whole run of the tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from servers import World


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("world"))
    yield world
    world.stop()

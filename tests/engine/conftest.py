"""Counters that several tests of the engine read."""

from __future__ import annotations

from collections import Counter

import pytest

from lambdalint.source import Source
from lambdalint.syntax import again


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file was parsed for the model."""
    counts: Counter[str] = Counter()
    parse = again.parse

    def counted(source: Source) -> object:
        counts[source.path] += 1
        return parse(source)

    monkeypatch.setattr(again, "parse", counted)
    return counts

"""A rule's page: as an address for a finding's code, and as text for a hover."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from lambdalint.engine import catalogue
from lambdalint.engine.page import page

_PACKAGE = Path(__file__).resolve().parents[1]
_FOLDERS = (_PACKAGE / "pages", _PACKAGE.parents[1] / "docs" / "rules")  # installed, or a checkout


@lru_cache
def address(name: str) -> str | None:
    """Where the page of the rule with this name lies."""
    found = (folder / f"{name}.md" for folder in _FOLDERS)
    return next((file.as_uri() for file in found if file.is_file()), None)


def text(word: str) -> str | None:
    """The page of a rule, by its code or name, as Markdown."""
    entry = catalogue.find(word)
    return page(entry) if entry is not None else None

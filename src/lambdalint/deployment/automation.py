"""Systems Manager's automation documents: the scripts that they run look like handlers, and are none."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

_ACTION = b"aws:executeScript"
_SCRIPT = re.compile(rb"[\w./-]*\w\.py\b")


def looks_like(data: bytes) -> bool:
    """Whether a text may be an automation document with scripts."""
    return _ACTION in data


def scripts(documents: Mapping[str, bytes], sources: Iterable[str]) -> tuple[str, ...]:
    """The Python files that the documents name, whatever tool puts their text in.

    `documents` are texts by path, `sources` the paths of all Python files, both relative to the
    project root. Of several files of one name, those count that share most folders with the
    document; one that shares none doesn't.
    """
    by_name: dict[str, list[str]] = defaultdict(list)
    for path in sources:
        by_name[posixpath.basename(path)].append(path)
    found: set[str] = set()
    for document, data in documents.items():
        for name in {match.decode().lstrip("./") for match in _SCRIPT.findall(data)}:
            named = [path for path in by_name[posixpath.basename(name)] if f"/{path}".endswith(f"/{name}")]
            closest = max((_shared(document, path) for path in named), default=0)
            found.update(path for path in named if closest and _shared(document, path) == closest)
    return tuple(sorted(found))


def _shared(one: str, other: str) -> int:
    """How many folders two paths have in common, from the root on."""
    return len(posixpath.commonprefix([one.split("/")[:-1], other.split("/")[:-1]]))

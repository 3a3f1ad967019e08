"""What the names of files and folders say."""

from __future__ import annotations

import re

# The folder and file names that test runners look for (pytest and unittest documentation).
_TEST = re.compile(
    r"(^|/)(tests?|testing|unit_?tests?|integration_?tests?|e2e|fixtures)(/|$)|(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$",
    re.IGNORECASE,
)


def is_test_path(path: str) -> bool:
    """Whether a file belongs to tests."""
    return _TEST.search(path) is not None

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


def is_about_tests(path: str) -> bool:
    """Whether a folder or the file says that what is in it tests something: `integration-test/app.py`."""
    return re.search(r"(?:^|[/_.-])(?:tests?|testing|e2e)(?:[/_.-]|$)", path, re.IGNORECASE) is not None


def tested_folder(path: str) -> str:
    """The folder that a test file speaks for: the one that holds its folder of tests, or its own."""
    parts = path.split("/")[:-1]
    for index, part in reversed(list(enumerate(parts))):
        if is_test_path(f"{part}/x.py"):
            return "/".join(parts[:index])
    return "/".join(parts)

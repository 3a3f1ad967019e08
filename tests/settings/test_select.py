"""Which codes are wanted."""

from __future__ import annotations

import subprocess
import sys

import pytest

from lambdalint.settings import Settings, ignored_in, is_selected

CASES = [
    # code, select, extend-select, ignore, on by default?, wanted?
    ("LMB101", ["LMB"], [], [], True, True),
    ("LMB101", ["LMB1"], [], [], True, True),
    ("LMB201", ["LMB1"], [], [], True, False),
    ("LMB201", ["LMB1"], ["LMB2"], [], True, True),
    ("LMB101", ["LMB"], [], ["LMB101"], True, False),
    ("LMB101", ["LMB"], [], ["LMB"], True, False),  # a tie: ignoring wins
    ("LMB101", ["LMB101"], [], ["LMB1"], True, True),  # the longer prefix wins
    ("LMB102", ["LMB101"], [], ["LMB1"], True, False),
    ("LMB101", ["LMB"], ["LMB10"], ["LMB1"], True, True),
    ("LMB101", [], [], [], True, False),
    ("LMB110", ["LMB"], [], [], False, False),  # opt-in
    ("LMB110", ["LMB"], ["LMB"], [], False, False),
    ("LMB110", ["LMB"], ["LMB110"], [], False, True),
    ("LMB110", ["LMB11"], [], [], False, True),
    ("LMB110", ["LMB"], ["LMB110"], ["LMB1"], False, True),
    ("LMB110", ["LMB"], ["LMB11"], ["LMB110"], False, False),
    ("LMB000", ["LMB1"], [], [], True, True),  # a file that wasn't checked
    ("LMB000", ["LMB1"], [], ["LMB"], True, True),
    ("LMB000", ["LMB"], [], ["LMB0"], True, False),
    ("LMB001", ["LMB1"], [], [], True, False),
]


@pytest.mark.parametrize(("code", "select", "extend", "ignore", "default", "wanted"), CASES)
def test_the_longest_prefix_decides(
    code: str, select: list[str], extend: list[str], ignore: list[str], default: bool, wanted: bool
) -> None:
    settings = Settings("/p", select=tuple(select), extend_select=tuple(extend), ignore=tuple(ignore))
    assert is_selected(code, settings, default) is wanted


def test_codes_lifted_per_file() -> None:
    settings = Settings(
        "/p",
        per_file_ignores=(("tests/", ("LMB1",)), ("test_*.py", ("LMB1", "LMB502")), ("!src/", ("LMB6",))),
    )
    assert ignored_in("/p/src/app.py", settings) == ()
    assert ignored_in("src/test_app.py", settings) == ("LMB1", "LMB502")
    assert ignored_in("/p/x/tests/deep/app.py", settings) == ("LMB1", "LMB6")
    assert ignored_in("/p/app.py", Settings("/p")) == ()


def test_importing_settings_loads_nothing_heavy() -> None:
    heavy = {"libcst", "flake8", "pathspec", "tomllib", "tomli"}
    probe = "import sys, lambdalint.settings, lambdalint.source; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout
    assert heavy.isdisjoint(loaded.split())

"""What is kept in the repository works on any machine and in any network."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
# Put together here, so that this file holds none of them itself.
FORBIDDEN = [
    "".join(parts)
    for parts in (
        ("py", "pi.org"),
        ("files.python", "hosted.org"),
        ("registry.npm", "js.org"),
        ("proxy.go", "lang.org"),
        ("/ro", "ot/"),
        ("/wo", "rk/"),
        ("/ho", "me/"),
        ("/Us", "ers/"),
    )
]
LOCKS = ("uv.lock", "poetry.lock", "Pipfile.lock")


def tracked() -> list[str]:
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a checkout")
    return [name for name in listed.stdout.decode().split("\0") if name and (TOP / name).is_file()]


def test_no_file_names_a_machine_or_a_package_index() -> None:
    found = [
        f"{name}: {text}" for name in tracked() for text in FORBIDDEN if text.encode() in (TOP / name).read_bytes()
    ]
    assert found == []


def test_no_lock_file_names_where_packages_came_from() -> None:
    names = [Path(name).name for name in tracked()]
    assert [name for name in names if name in LOCKS or name.startswith("pylock")] == []

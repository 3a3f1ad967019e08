"""Handler strings to files."""

from __future__ import annotations

import pytest

from lambdalint.deployment import DeployedFunction, resolve_handler
from lambdalint.deployment.places import inside, unique


def resolve(handler: str, files: set[str], roots: tuple[str, ...] = (".",), layers: tuple[str, ...] = ()) -> object:
    function = DeployedFunction("template.yaml", 1, "F", handler, roots, layers=layers)
    return resolve_handler(function, files.__contains__)


@pytest.mark.parametrize(
    ("handler", "file"),
    [
        ("app.handler", "app.py"),
        ("src.handlers.get.handler", "src/handlers/get.py"),
        ("src/handlers/get.handler", "src/handlers/get.py"),
        ("./src/get.handler", "src/get.py"),
        ("src/pkg.mod.handler", "src/pkg/mod.py"),
        ("pkg.handler", "pkg/__init__.py"),
    ],
)
def test_modules_are_found_by_dots_and_slashes(handler: str, file: str) -> None:
    assert resolve(handler, {file}) == (file, "handler")


@pytest.mark.parametrize("handler", ["app", "app.", ".handler", "/app.handler", "app.1x", "app.a-b", "..handler"])
def test_what_is_no_handler_is_found_nowhere(handler: str) -> None:
    assert resolve(handler, {"app.py", "app.1x", "__init__.py", ".py"}) is None


def test_the_first_code_root_with_the_file_wins() -> None:
    files = {"a/app.py", "b/app.py", "b/only.py"}
    assert resolve("app.f", files, ("a", "b")) == ("a/app.py", "f")
    assert resolve("app.f", files, ("b", "a")) == ("b/app.py", "f")
    assert resolve("only.f", files, ("a", "b")) == ("b/only.py", "f")
    assert resolve("none.f", files, ("a", "b")) is None


def test_a_module_wins_over_a_package_of_the_same_root() -> None:
    assert resolve("app.f", {"app.py", "app/__init__.py"}) == ("app.py", "f")


def test_layers_come_after_the_code() -> None:
    files = {"layer/python/shared.py", "flat/other.py", "shared.py"}
    assert resolve("shared.f", files, (".",), ("layer",)) == ("shared.py", "f")
    assert resolve("shared.f", files, ("src",), ("layer",)) == ("layer/python/shared.py", "f")
    assert resolve("other.f", files, ("src",), ("flat",)) == ("flat/other.py", "f")


def test_nothing_outside_the_project_is_asked_for() -> None:
    asked: list[str] = []
    function = DeployedFunction("t", 1, "F", "../../etc/app.f", ("src",))

    def exists(path: str) -> bool:
        asked.append(path)
        return True

    assert resolve_handler(function, exists) is None
    assert asked == []
    assert resolve("../lib/app.f", {"lib/app.py"}, ("src",)) == ("lib/app.py", "f")


@pytest.mark.parametrize(
    ("folder", "path", "expected"),
    [
        ("", "src/", "src"),
        ("", ".", "."),
        ("infra", "../src", "src"),
        ("infra", "./fn", "infra/fn"),
        ("infra", "../../other", None),
        ("infra", "/abs", None),
        ("infra", "s3://bucket/key", None),
        ("infra", "build/fn.zip", None),
        ("infra", None, None),
        ("", "..data", "..data"),
    ],
)
def test_folders_stay_inside(folder: str, path: str | None, expected: str | None) -> None:
    assert inside(folder, path) == expected


def test_unique_keeps_order() -> None:
    assert unique(["b", None, "a", "b"]) == ("b", "a")

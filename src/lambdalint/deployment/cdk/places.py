"""Folders that a CDK program names, relative to the project root."""

from __future__ import annotations

import posixpath

from lambdalint.deployment.cdk.values import Beneath, Either, Value
from lambdalint.deployment.places import inside, unique

# Stands for the project's root in paths that begin with the place of the program's own file.
PROJECT = "/<project>"


def folders(value: Value, template: str) -> tuple[str, ...]:
    """The folders that a path may mean, best first.

    A relative one is taken from where the tool runs, the folder of its `cdk.json`: that is the
    program's own or one above. Which of them exists is for the caller to see.
    """
    if isinstance(value, Either):
        return unique(folder for option in value.options for folder in folders(option, template))
    path = value.tail if isinstance(value, Beneath) else value
    if not isinstance(path, str):
        return ()
    if path.startswith(f"{PROJECT}/") or path == PROJECT:
        return unique([inside("", path[len(PROJECT) + 1 :] or ".")])
    if path.startswith("/"):
        return ()
    return unique(inside(folder, path) for folder in above(template))


def above(path: str) -> list[str]:
    """The folders that a file is in, innermost first; the project's root is the empty text."""
    found = []
    while path:
        path = posixpath.dirname(path)
        found.append(path)
    return found

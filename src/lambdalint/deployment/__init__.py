"""Deployment descriptions: which functions and tables a project deploys, and how.

The readers are loaded when they are first asked for: an unchanged project needs none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from lambdalint.deployment.kinds import is_candidate

if TYPE_CHECKING:
    from lambdalint.deployment.model import (
        DeployedFunction,
        DeployedIndex,
        DeployedQueue,
        DeployedTable,
        Deployment,
        InlineCode,
        Piece,
        Problem,
    )
    from lambdalint.deployment.places import resolve_handler
    from lambdalint.deployment.read import looks_like, read

__all__ = [
    "DeployedFunction",
    "DeployedIndex",
    "DeployedQueue",
    "DeployedTable",
    "Deployment",
    "InlineCode",
    "Piece",
    "Problem",
    "is_candidate",
    "looks_like",
    "read",
    "resolve_handler",
]

_OF_READ = ("looks_like", "read")


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in _OF_READ:
        # Loading the module of that name binds it here: the function takes its place.
        module = import_module("lambdalint.deployment.read")
        globals().update({inner: getattr(module, inner) for inner in _OF_READ})
        return globals()[name]
    home = "places" if name == "resolve_handler" else "model"
    return getattr(import_module(f"lambdalint.deployment.{home}"), name)

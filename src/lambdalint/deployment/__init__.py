"""Deployment descriptions: which functions and tables a project deploys, and how."""

from __future__ import annotations

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
from lambdalint.deployment.read import is_candidate, looks_like, read

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

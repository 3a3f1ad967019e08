"""Gives a client as many connections as an executor has workers."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.requests import AddArgument, Change, FixRequest, NeedImport, Replace
from lambdalint.semantics.connections import Crowd
from lambdalint.semantics.core import Core

_ARGUMENT = "max_pool_connections"


def with_connections(model: Core, found: Crowd) -> FixRequest | None:
    """`Config(max_pool_connections=…)` at the client; None where it is made in another file."""
    changes = _of_config(model, found) if found.config is not None else _of_client(model, found)
    if not changes:
        return None
    message = f"Let the client keep {found.workers} connections (each takes memory, and a file descriptor)"
    return FixRequest(tuple(changes), Safety.UNSAFE, message, isolation=_ARGUMENT)


def _of_client(model: Core, found: Crowd) -> list[Change]:
    node = model.node(found.made)
    if not isinstance(node, cst.Call):
        return []
    code = f"Config({_ARGUMENT}={found.workers})"
    return [NeedImport("botocore.config", "Config"), AddArgument(node, "config", code)]


def _of_config(model: Core, found: Crowd) -> list[Change]:
    assert found.config is not None
    node = model.node(found.config)
    given = found.config.keyword(_ARGUMENT)
    if given is not None:
        value = model.node(given)
        return [Replace(value, str(found.workers))] if isinstance(value, cst.Integer) else []
    return [AddArgument(node, _ARGUMENT, str(found.workers))] if isinstance(node, cst.Call) else []

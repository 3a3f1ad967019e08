"""Requests of several entries whose failures nobody looks at."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.knowledge import operations, tables
from lambdalint.semantics import flow, ir
from lambdalint.semantics.aws import AwsCall
from lambdalint.semantics.uses import Use, uses_of

# Uses of an answer, or of a part of it, that tell nothing of single entries.
_BLIND = ("ignored", "truth", "len", "call", "has")


class Unchecked(Struct, frozen=True):
    """The answer of `aws` tells in `fields` which entries failed; `reads` are the keys that are read instead."""

    aws: AwsCall
    fields: tuple[str, ...]
    reads: frozenset[object]


def unchecked(aws: AwsCall) -> Unchecked | None:
    """The request whose failed entries are surely never looked at, or None.

    An answer that is handed on, shown or walked through counts as looked at; so do the entries of
    one that says how each was written.
    """
    fields = tables.failure_fields(aws.service, aws.operation)
    if not fields or aws.face not in ("client", "resource"):
        return None
    uses = list(_uses(aws))
    keys = frozenset(use.name for use in uses if use.kind in ("key", "has"))
    writes = operations.effect(aws.service, aws.operation) == "write"
    for use in uses:
        if use.name in fields or use.kind not in (*_BLIND, "key") or (writes and _looks_into(use)):
            return None
    return Unchecked(aws, tuple(fields), keys)


def _uses(aws: AwsCall) -> Iterator[Use]:
    """What becomes of an answer, in the callers too where functions of the project return it."""
    project = aws.model.project
    calls, returning = [aws.call], set[ir.Function]()
    while calls:
        call = calls.pop()
        function = flow.function_of(call)
        for use in uses_of(call):
            if use.kind != "escape" or not isinstance(use.node, ir.Return) or function is None:
                yield use
            elif function not in returning:
                returning.add(function)
                edges = project.edges_to(function)
                sites = [e.site for e in edges if isinstance(e.site, ir.Call) and not e.callback]
                calls += sites
                if not sites or len(sites) < len(edges) or project.passed(function) is not None:
                    yield use


def _looks_into(use: Use) -> bool:
    """Whether the part of an answer that is read is looked at entry by entry, or goes on elsewhere."""
    if use.kind != "key" or use.name == "ResponseMetadata" or not isinstance(use.node, ir.Expr):
        return False
    return any(inner.kind not in (*_BLIND, "show", "compare") for inner in uses_of(use.node))

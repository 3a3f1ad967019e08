"""Use what an earlier answer holds instead of asking again."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.requests import FixRequest, Replace
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.parses import dominates
from lambdalint.semantics.rereads import Reread
from lambdalint.semantics.uses import Uses, uses_of, uses_of_all

_LOOKED_AT = ("key", "has", "len", "truth", "compare", "iterate", "index", "show", "ignored")


def reuse_answer(model: Core, reread: Reread) -> FixRequest | None:
    """The name of the first answer in place of the second call; None where they might not stay the same."""
    first, later = reread.first.aws.call, reread.later.aws.call
    node = model.node(later)
    stmt = first.parent
    if not reread.first.direct or not reread.later.direct or not isinstance(node, cst.Call):
        return None
    if not dominates(first, later):
        return None
    if not isinstance(stmt, ir.Assign) or stmt.value is not first or len(stmt.targets) != 1:
        return None
    target = stmt.targets[0]
    binding = target.scope.lookup(target.id) if isinstance(target, ir.Name) else None
    if binding is None or binding.scope.kind != "function" or len(binding.definitions) != 1:
        return None
    if not _only_read(first) or not _only_read(later):
        return None
    message = f"Use {binding.name}, which holds the answer (what others wrote since isn't seen)"
    return FixRequest((Replace(node, cst.Name(binding.name)),), Safety.UNSAFE, message)


def _only_read(call: ir.Call) -> bool:
    """Whether an answer, and what is read out of it, is only looked at."""
    uses = uses_of(call)
    parts = [use.node for use in uses if use.kind in ("key", "index") and isinstance(use.node, ir.Expr)]
    return _harmless(uses) and _harmless(uses_of_all(parts))


def _harmless(uses: Uses) -> bool:
    return all(use.kind in _LOOKED_AT or isinstance(use.node, ir.Return) for use in uses)

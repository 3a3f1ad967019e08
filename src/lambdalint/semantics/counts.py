"""Items of a query or scan that are fetched only to be counted, or to learn whether there are any."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from lambdalint.semantics import ir
from lambdalint.semantics.aws import AwsCall
from lambdalint.semantics.core import Core
from lambdalint.semantics.pages import compared_with_zero
from lambdalint.semantics.uses import Use, uses_of, uses_of_all

_DEPTH = 3  # functions that hand the items on to their callers
# Fields of the answer that are there without the items.
_BESIDE = {"Count", "ScannedCount", "LastEvaluatedKey", "ConsumedCapacity", "ResponseMetadata"}


class Count(Struct, frozen=True):
    """`aws` fetches items of which only the number counts.

    `exists` says that only their being there is asked for; `lengths` are the `len(…)` calls that
    stand in the function itself, and `local` says that those and `Count` are all that is looked at.
    """

    aws: AwsCall
    exists: bool
    lengths: tuple[ir.Call, ...]
    local: bool

    @property
    def filtered(self) -> bool:
        return self.aws.has("FilterExpression", "QueryFilter", "ScanFilter")

    @property
    def projected(self) -> bool:
        return self.aws.has("Select", "ProjectionExpression", "AttributesToGet")


def count_by_fetch(aws: AwsCall) -> Count | None:
    """The count that a read is made for, where nothing of its items is used; None where that can't be told."""
    if aws.name not in ("dynamodb.query", "dynamodb.scan") or aws.face not in ("client", "resource"):
        return None
    if not aws.complete or "Select" in aws.arguments or aws.constant("Limit") == 1:
        return None
    uses = aws.uses
    if any(use.kind not in ("key", "has") for use in uses) or not uses.keys <= _BESIDE | {"Items"}:
        return None
    fetched = _of_items(aws.model, uses.reads("Items"), _DEPTH)
    if fetched is None:
        return None
    counted = uses.reads("Count")
    if not fetched and not counted:
        return None
    lengths = [use.node for use in fetched if use.kind == "len" and isinstance(use.node, ir.Call)]
    asked = [use for use in fetched if use.kind == "truth"]
    exists = all(_asks_existence(node) for node in [*lengths, *counted])
    direct = {id(read) for read in uses.reads("Items")}
    local = not asked and all(len(c.args) == 1 and id(c.args[0].value) in direct for c in lengths)
    return Count(aws, exists, tuple(lengths), local)


def _asks_existence(node: ir.Expr) -> bool:
    """Whether a number is only compared with none, also by way of a name."""
    if compared_with_zero(node):
        return True
    uses = uses_of(node)
    return uses.only("truth", "compare") and all(
        use.kind == "truth" or (isinstance(use.node, ir.Compare) and compared_with_zero(use.node.left)) for use in uses
    )


def _of_items(model: Core, reads: Iterable[ir.Expr], depth: int) -> list[Use] | None:
    """How items are used, where no more than their number is asked; None where more may be."""
    found: list[Use] = []
    for use in uses_of_all(reads):
        if use.kind in ("len", "truth"):
            found.append(use)
        elif use.kind == "escape" and isinstance(use.node, ir.Return):
            handed = _by_callers(model, use.node, depth)
            if handed is None:
                return None
            found += handed
        else:
            return None
    return found


def _by_callers(model: Core, returned: ir.Return, depth: int) -> list[Use] | None:
    """How the callers use what a function returns there."""
    function = model.function(returned)
    if function is None or depth == 0 or function.is_async or function.is_generator or function.decorators:
        return None
    if any(handler.function is function for handler in model.project.handlers):
        return None
    edges = list(model.project.edges_to(function))
    if not edges or any(edge.callback or edge.made is not None for edge in edges):
        return None
    return _of_items(model, [edge.site for edge in edges], depth - 1)

"""Items of a query or scan that are fetched only to be counted, or to learn whether there are any."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.semantics import ir
from lambdalint.semantics.aws import AwsCall
from lambdalint.semantics.lengths import asks_existence, only_counted

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
    fetched = only_counted(aws.model, uses.reads("Items"))
    if fetched is None:
        return None
    counted = uses.reads("Count")
    if not fetched and not counted:
        return None
    lengths = [use.node for use in fetched if use.kind == "len" and isinstance(use.node, ir.Call)]
    asked = [use for use in fetched if use.kind == "truth"]
    exists = all(asks_existence(node) for node in [*lengths, *counted])
    direct = {id(read) for read in uses.reads("Items")}
    local = not asked and all(len(c.args) == 1 and id(c.args[0].value) in direct for c in lengths)
    return Count(aws, exists, tuple(lengths), local)

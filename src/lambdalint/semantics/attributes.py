"""Which attributes of the items that a read answers with are looked at, and in which order the items."""

from __future__ import annotations

from lambdalint.semantics import ir
from lambdalint.semantics.aws import AwsCall
from lambdalint.semantics.lengths import compared_with_zero
from lambdalint.semantics.uses import Use, uses_of_all

_PROJECTING = ("ProjectionExpression", "AttributesToGet", "Select")
_FEW = 5  # attributes; who reads more of an item would save little
_BESIDE = {"Item", "Items", "Count", "ScannedCount", "LastEvaluatedKey", "ConsumedCapacity", "ResponseMetadata"}
# Arguments without which the last item of an answer is not the last of the whole key.
_LOOKING_ON = ("FilterExpression", "QueryFilter", "Limit", "ExclusiveStartKey", "Select")


def attributes_read(aws: AwsCall) -> list[str]:
    """The few attributes that are all that is read of the items; empty where more may be, or that can't be told."""
    if aws.name not in ("dynamodb.get_item", "dynamodb.query", "dynamodb.scan") or aws.face not in (
        "client",
        "resource",
    ):
        return []
    if aws.has(*_PROJECTING) or any(use.kind not in ("key", "has") for use in aws.uses) or not aws.uses.keys <= _BESIDE:
        return []
    uses = list(uses_of_all(aws.uses.reads("Item")))
    for use in uses_of_all(aws.uses.reads("Items")):
        of_items = _of_each(use)
        if of_items is None:
            return []
        uses += of_items
    if any(use.kind not in ("key", "has", "truth") for use in uses):
        return []
    names = sorted({str(use.name) for use in uses if use.kind in ("key", "has")})
    return names if 0 < len(names) <= _FEW else []


def _of_each(use: Use) -> list[Use] | None:
    """How the items of a list are used by one use of the list; None where that can't be told."""
    if use.kind in ("len", "truth"):
        return []
    if use.kind == "index" and isinstance(use.node, ir.Expr):
        return list(uses_of_all([use.node]))
    if use.kind != "iterate":
        return None
    targets: list[ir.Expr] = []
    if isinstance(use.node, ir.For):
        targets = [use.node.target]
    elif isinstance(use.node, ir.Comp) and len(use.node.loops) == 1:
        targets = [use.node.loops[0].target]
    if len(targets) != 1 or not isinstance(targets[0], ir.Name):
        return None
    binding = targets[0].scope.lookup(targets[0].id)
    if binding is None or len(binding.definitions) != 1:
        return None
    return list(uses_of_all(name for name in binding.uses if not name.store))


def only_one(aws: AwsCall) -> str:
    """ "last" or "first" where of all items of a query nothing but that one is looked at, else "".

    The first counts where the query itself says in which order the items come: else there is often one only.
    """
    if aws.name != "dynamodb.query" or aws.face not in ("client", "resource") or aws.has(*_LOOKING_ON):
        return ""
    ordered = "ScanIndexForward" in aws.arguments
    if ordered and not isinstance(aws.constant("ScanIndexForward"), bool):
        return ""
    if any(use.kind not in ("key", "has") for use in aws.uses) or not aws.uses.keys <= {"Items", "Count"}:
        return ""
    if not all(map(compared_with_zero, aws.uses.reads("Count"))):
        return ""
    uses = uses_of_all(aws.uses.reads("Items"))
    if any(use.kind == "len" and not compared_with_zero(use.node) for use in uses):
        return ""
    places = {use.name for use in uses.of("index")}
    if not uses.only("index", "truth", "len"):
        return ""
    if places == {-1}:
        return "last"
    return "first" if ordered and places == {0} else ""

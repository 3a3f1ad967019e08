"""Reads that come in pages of which only the first is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from lambdalint.knowledge import tables
from lambdalint.knowledge.operations import Pagination, pagination
from lambdalint.semantics import ir
from lambdalint.semantics.aws import AwsCall
from lambdalint.semantics.dynamodb import Read, read_of
from lambdalint.semantics.lengths import asks_existence, compared_with_zero, only_counted
from lambdalint.semantics.uses import Use, uses_of_all

# Parameters that narrow a `describe_*` to what they name: one thing, or an explicit list.
_IDENTITY = re.compile(r"(?:Id|Ids|ID|IDs|Identifier|Identifiers|Name|Names|Arn|Arns|ARN|ARNs)$")
_LIMITS = re.compile(r"^(?:limit|max\w*|top_?k|page_?size|total\w*|first|number_?of\w*)$", re.I)
# Uses of a list of results that the first page answers: emptiness, or its first entry.
_EMPTINESS = ("truth", "has")


class FirstPage(Struct, frozen=True):
    """`aws` gives pages, and `results` is the field whose further pages are lost."""

    aws: AwsCall
    paging: Pagination
    results: str

    @property
    def token(self) -> str:
        """The field of the response that says where to go on."""
        return self.paging.output_tokens[0].partition(".")[0]


def first_page(aws: AwsCall) -> FirstPage | None:
    """The read whose further pages nobody asks for, or None where that can't be told."""
    paging = pagination(aws.service, aws.operation)
    if paging is None or aws.face not in ("client", "resource") or not aws.complete:
        return None
    if any(name.partition(".")[0] in aws.arguments for name in paging.input_tokens) or _bounded(aws, paging):
        return None
    uses = aws.uses
    if uses.escapes or uses.of("iterate", "attribute", "method", "compare", "store"):
        return None
    told = {name.partition(".")[0] for name in (*paging.output_tokens, paging.more_results) if name}
    if not uses.keys or not told.isdisjoint(uses.keys):
        return None
    results = next((name for name in paging.result_keys if uses.reads(name)), "")
    if not results or _first_is_enough(aws, uses.reads(results)):
        return None
    return FirstPage(aws, paging, results)


def _bounded(aws: AwsCall, paging: Pagination) -> bool:
    """Whether the call itself asks for so little that one page holds it."""
    if any(name == paging.limit_key or _LIMITS.match(name) for name in (*aws.arguments, *_inner_names(aws))):
        return True
    if tables.fits_one_page(aws.service, aws.operation):
        return True
    if aws.service == "dynamodb" and aws.operation in ("query", "scan"):
        read = read_of(aws.model, aws.call)
        return read is not None and _whole_key(read)
    container = tables.page_container(aws.name)
    return aws.operation.startswith("describe_") and any(
        _IDENTITY.search(name) and name != container for name in aws.arguments
    )


def _inner_names(aws: AwsCall) -> Iterator[str]:
    """The keys of the dict displays among the arguments."""
    for value in aws.arguments.values():
        for part in ir.walk(value):
            if isinstance(part, ir.Map):
                yield from (str(key.value) for key, _ in part.entries if isinstance(key, ir.Const))


def _whole_key(read: Read) -> bool:
    """Whether a query asks for equality on all of a primary key, so that there is one item at most."""
    if read.operation != "query" or read.has("IndexName"):
        return False
    equal = equalities(read)
    if equal is None:
        return False
    schema = read.schema
    if schema is not None:
        return schema.range_key is None or schema.range_key in equal
    return len(equal) > 1


def equalities(read: Read) -> set[str] | None:
    """The attributes that a key condition asks to be equal; None where it asks for anything else."""
    given = read.arguments.get("KeyConditionExpression")
    if given is None:
        return None
    text = read.model.constant(given)
    if isinstance(text, str):
        return _equal_in_text(text, read.placeholders())
    found: set[str] = set()
    for part in conjuncts(given):
        if not isinstance(part, ir.Call) or not isinstance(part.func, ir.Attr) or part.func.name != "eq":
            return None
        made = part.func.base
        name = read.model.constant(made.args[0].value) if isinstance(made, ir.Call) and made.args else None
        if not isinstance(name, str):
            return None
        found.add(name)
    return found


def conjuncts(expr: ir.Expr) -> list[ir.Expr]:
    if isinstance(expr, ir.Blend) and expr.op == "BitAnd":
        return [part for item in expr.items for part in conjuncts(item)]
    return [expr]


def _equal_in_text(text: str, placeholders: dict[str, str]) -> set[str] | None:
    found: set[str] = set()
    for part in re.split(r"\s+and\s+", text.strip(), flags=re.I):
        match = re.fullmatch(r"\(?\s*(#?\w+)\s*=\s*:\w+\s*\)?", part)
        if match is None:
            return None
        found.add(placeholders.get(match[1], match[1]))
    return found


def _first_is_enough(aws: AwsCall, reads: list[ir.Expr]) -> bool:
    """Whether results are only asked whether there are any, here or by the callers, and for the first of them."""

    def asks_little(use: Use) -> bool:
        if use.kind == "len":
            return compared_with_zero(use.node)
        return use.kind in _EMPTINESS or (use.kind == "index" and use.name == 0)

    uses = uses_of_all(reads)
    if (uses.all and all(map(asks_little, uses))) or all(map(asks_existence, reads)):
        return True
    counted = only_counted(aws.model, reads)
    lengths = [use.node for use in counted or () if use.kind != "truth"]
    return bool(counted) and all(isinstance(node, ir.Expr) and asks_existence(node) for node in lengths)


def limited_before_filter(aws: AwsCall) -> bool:
    """Whether a query or scan filters after a limit, and nobody goes on from where it stopped."""
    if aws.name not in ("dynamodb.query", "dynamodb.scan") or aws.face not in ("client", "resource"):
        return False
    given = aws.arguments
    if not aws.complete or "Limit" not in given or "ExclusiveStartKey" in given:
        return False
    if not any(name in given for name in ("FilterExpression", "QueryFilter", "ScanFilter")):
        return False
    uses = aws.uses
    handed_on = uses.escapes or uses.of("iterate", "attribute", "method", "compare", "store")
    return bool(uses.keys) and not handed_on and "LastEvaluatedKey" not in uses.keys


def asks_for_one_item(read: Read) -> bool:
    """Whether a query asks for equality on the whole primary key of a table whose keys are known."""
    schema = read.schema
    if read.operation != "query" or read.face == "paginator" or not read.complete or schema is None:
        return False
    if read.has("IndexName", "FilterExpression", "QueryFilter", "Select", "ExclusiveStartKey"):
        return False
    if schema.range_key == "":
        return False
    whole = {schema.hash_key} if schema.range_key is None else {schema.hash_key, schema.range_key}
    return equalities(read) == whole

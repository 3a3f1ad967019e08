"""Ask DynamoDB for a count, or for one item, instead of all items."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.requests import AddArgument, Change, FixRequest, Replace
from lambdalint.semantics.core import Core
from lambdalint.semantics.counts import Count


def ask_for_count(model: Core, count: Count) -> FixRequest | None:
    """`Select="COUNT"` where the number is read in place, else `Limit=1` where only existence is asked."""
    node = model.node(count.aws.call)
    if not isinstance(node, cst.Call) or any(argument.keyword is None for argument in node.args):
        return None
    if count.local and not count.projected:
        changes: list[Change] = [AddArgument(node, "Select", '"COUNT"')]
        for length in count.lengths:
            change = _count_of(model, model.node(length))
            if change is None:
                return None
            changes.append(change)
        message = 'Ask for the count alone, with Select="COUNT"'
        if count.lengths and model.boto3_patched:
            message += " (the project's tests patch boto3: an answer of theirs may lack the count)"
            return FixRequest(tuple(changes), Safety.UNSAFE, message)
        return FixRequest(tuple(changes), Safety.SAFE, message)
    if count.exists and not count.filtered and not count.aws.has("Limit"):
        message = "Ask for one item, with Limit=1 (code that isn't seen may expect the call as it was)"
        return FixRequest((AddArgument(node, "Limit", "1"),), Safety.UNSAFE, message)
    return None


def _count_of(model: Core, node: cst.CSTNode | None) -> Replace | None:
    """`len(response["Items"])` becomes `response["Count"]`, where the response has a name."""
    if not isinstance(node, cst.Call) or len(node.args) != 1:
        return None
    read = node.args[0].value
    if isinstance(read, cst.Subscript):
        holder = read.value
    elif isinstance(read, cst.Call) and isinstance(read.func, cst.Attribute):
        holder = read.func.value
    else:
        return None
    if not isinstance(holder, cst.Name):
        return None
    return Replace(node, f'{model.text(holder)}["Count"]')

"""Remote reads that were made before: by the same read, or by the write that told what is stored."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.knowledge import answers
from lambdalint.semantics import flow, ir
from lambdalint.semantics.accesses import Access, accesses, direct_accesses, leads_to, quiet, repeated
from lambdalint.semantics.aws import aws_call
from lambdalint.semantics.changes import invariant
from lambdalint.semantics.core import Core
from lambdalint.semantics.loops import LoopCall, calls_inside
from lambdalint.semantics.parses import spelling
from lambdalint.semantics.turns import follows
from lambdalint.semantics.uses import uses_of, uses_of_all

_EARLIER = 20  # reads that are asked for again, and at which it is looked for that
_WRITES = ("dynamodb.update_item", "dynamodb.put_item")


class Reread(Struct, frozen=True):
    """`later` asks for what `first` has told already."""

    first: Access
    later: Access


def repeated_reads(model: Core, function: ir.Function) -> Iterator[Reread]:
    """The reads of a function that it has made before on the way there."""
    alike: dict[tuple[object, ...], list[Access]] = {}
    told: set[int] = set()
    for later in accesses(model, function):
        if not _lasting_read(later):
            continue
        earlier = alike.setdefault(later.key, [])
        for first in earlier[-_EARLIER:] if id(later.site) not in told else ():
            if _same_text(model, first, later) and repeated(model, first, later, leads_to):
                told.add(id(later.site))
                yield Reread(first, later)
                break
        earlier.append(later)


def read_backs(model: Core, function: ir.Function) -> Iterator[Reread]:
    """The `get_item`s of a function for an item that it has just written."""
    writes = [a for a in direct_accesses(model, function) if a.aws.name in _WRITES]
    for later in accesses(model, function) if writes else ():
        if later.aws.name != "dynamodb.get_item":
            continue
        for write in writes:
            if _same_item(write, later) and repeated(model, write, later):
                yield Reread(write, later)
                break


def read_in_loop(model: Core, call: ir.Call) -> LoopCall | None:
    """The read that a call makes with the same arguments in every turn of its loop."""
    loops = flow.loops_around(call)
    aws = aws_call(model, call)
    if aws is None or not loops or not isinstance(loops[0], (ir.For, ir.Comp)) or not aws.complete:
        return None
    loop = loops[0]
    if model.effect(call) != "read" or aws.face not in ("client", "resource") or answers.is_volatile(aws.operation):
        return None
    found = LoopCall(model, call, loop, aws, frozenset())
    if found.few or found.stops_early or found.guarded or found.conditional:
        return None
    if aws.receiver is None or follows(aws.receiver, loop, call) is not False:
        return None
    if any(a.keyword is None for a in call.args) or not all(
        follows(value, loop, call) is False and (invariant(model, value, loop) or model.constant(value) is not None)
        for value in aws.arguments.values()
    ):
        return None
    # What a call gives may be another thing each time.
    if any(isinstance(part, ir.Call) for value in aws.arguments.values() for part in ir.walk(value)):
        return None
    return found if all(quiet(model, other) for other in calls_inside(loop) if other is not call) else None


def _lasting_read(access: Access) -> bool:
    model, call = access.aws.model, access.aws.call
    return model.effect(call) == "read" and not answers.is_volatile(access.aws.operation)


def _same_text(model: Core, first: Access, later: Access) -> bool:
    """Whether two direct calls are written alike: conversions in a text aren't part of its spelling."""
    if not first.direct or not later.direct:
        return True
    fstring = any(isinstance(part, ir.Blend) for part in ir.walk(first.aws.call))
    return not fstring or model.text(first.aws.call) == model.text(later.aws.call)


def _same_item(write: Access, read: Access) -> bool:
    if write.target != read.target or write.spelled.get("TableName") != read.spelled.get("TableName"):
        return False
    if any(isinstance(part, ir.Blend) for part in ir.walk(read.aws.arguments.get("Key", read.site))):
        return False
    if write.aws.operation == "update_item":
        return bool(read.spelled.get("Key")) and write.spelled.get("Key") == read.spelled["Key"]
    item, key = write.aws.arguments.get("Item"), read.aws.arguments.get("Key")
    if item is None or not read.direct or not isinstance(key, ir.Map) or not key.entries:
        return False
    return all(
        isinstance(name, ir.Const) and spelling(value) in _stored(item, name.value) for name, value in key.entries
    )


def _stored(item: ir.Expr, name: object) -> list[str]:
    """How the value of an item's attribute may be spelled."""
    if isinstance(item, ir.Map):
        found = (value for key, value in item.entries if isinstance(key, ir.Const) and key.value == name)
        return [text for value in found if (text := spelling(value))]
    whole = spelling(item)
    return [f"item\n{whole}\nconst {name!r}"] if whole else []


def read_then_writes(model: Core, function: ir.Function) -> Iterator[tuple[Reread, str]]:
    """The unconditional writes of an item that was read for nothing else, with what the read was for."""
    found = direct_accesses(model, function)
    reads = [a for a in found if a.aws.name == "dynamodb.get_item"]
    for write in (a for a in found if reads and a.aws.name in _WRITES and a.aws.complete):
        if any(name in write.aws.arguments for name in ("ConditionExpression", "Expected")):
            continue
        for read in reads:
            if _same_item(write, read) and repeated(model, read, write):
                purpose = _purpose(read, write)
                if purpose:
                    yield Reread(read, write), purpose


def _purpose(read: Access, write: Access) -> str:
    """ "existence" where only the item's being there is asked, "value" where it is only counted on; else ""."""
    answer = read.aws.uses
    items = answer.reads("Item")
    uses = uses_of_all(items)
    asked = [use for use in answer if use.kind == "has" and use.name == "Item"]
    if len(asked) + len(items) != len(answer.all) or not answer.all:
        return ""
    if write.aws.operation == "put_item" and all(use.kind == "truth" for use in uses):
        return "existence"
    counted = not asked and bool(uses.all) and all(use.kind == "key" for use in uses)
    if write.aws.operation != "update_item" or not counted:
        return ""
    values = [use.node for use in uses if isinstance(use.node, ir.Expr)]
    return "value" if all(_added(value, write.site) for value in values) else ""


def _added(value: ir.Expr, write: ir.Call, depth: int = 2) -> bool:
    """Whether a number is added to or taken from a value, by its names too, for the write alone."""
    uses = uses_of(value)
    return bool(uses.all) and all(_adds(use.node, write, depth) for use in uses)


def _adds(node: ir.Node, write: ir.Call, depth: int) -> bool:
    """Whether one use of a value, or of the number that is made of it, is a sum for the write."""
    if isinstance(node, ir.Call) and answers.is_number(ir.dotted(node.func)):
        return depth > 0 and _added(node, write, depth - 1)
    if not isinstance(node, ir.Blend) or node.op not in ("Add", "Subtract") or flow.inside(write, node):
        return False
    if flow.inside(node, write):
        return True
    uses = uses_of(node)
    return bool(uses.all) and all(flow.inside(use.node, write) for use in uses)

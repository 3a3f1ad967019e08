"""What a loop sends one at a time is collected in it, and sent together when it is done."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.helpers import helper
from lambdalint.fixing.layout import bracketed, depth, in_fours, indented, width
from lambdalint.fixing.names import fresh
from lambdalint.fixing.requests import Change, FixRequest, InsertAfter, InsertBefore, Remove, Replace
from lambdalint.fixing.senders import SENDERS, sender
from lambdalint.fixing.wrapping import Wrapping
from lambdalint.knowledge.batches import destinations
from lambdalint.semantics import ir
from lambdalint.semantics.batchable import Batchable
from lambdalint.semantics.core import Core
from lambdalint.semantics.rights import told
from lambdalint.semantics.settled import deferrable, settled, steady
from lambdalint.syntax.driver import walk

# Resource objects that stand for the destination: where their client's requests find it.
_PLACES = {"Queue": ("QueueUrl", "url"), "Topic": ("TopicArn", "arn")}
_LATER = "nothing is sent before the loop is done, an entry that fails raises after the others were sent"
# Operations whose one argument is the entry itself.
_WHOLE = ("firehose.put_record", "s3.delete_object")


def send_together(model: Core, found: Batchable) -> FixRequest | None:
    """The loop that collects, and the call that sends; None where that may send something else, or too late."""
    loop, aws, call = found.found.loop, found.aws, found.found.call
    stmt = ir.statement_of(call)
    how = SENDERS.get(aws.name)
    node, place = model.node(loop), model.node(call)
    if how is None or found.found.helper or not isinstance(loop, ir.For) or not isinstance(node, cst.For):
        return None
    if not isinstance(stmt, ir.ExprStmt) or stmt.value is not call or not isinstance(place, cst.Call):
        return None
    given = _given(found)
    to = _destination(model, found, loop)
    if (
        given is None
        or to is None
        or not deferrable(model, loop, call)
        or not settled(model, given.values(), loop, call)
    ):
        return None
    if aws.name == "sqs.delete_message" and loop.body != [stmt]:
        return None  # a turn that fails would leave those deleted that came before
    made = helper(model, sender(aws.name, found.batch, to[0]))
    things = fresh(model, how.things, loop)
    collecting = collected(model, loop, call, given, things, whole=aws.name in _WHOLE)
    if made is None or collecting is None:
        return None
    name, changes = made
    columns = depth(model, loop)
    parts = [part for part in (to[1], to[2], things) if part]
    send = bracketed(f"{name}(", parts, ")", columns + (0 if to[3] else 4), width(model))
    if not to[3]:
        send = f"if {things}:\n    {indented(send)}"
    changes += [*collecting, InsertAfter(node, f"{send}\n")]
    limits = told(model, call, aws.name, f"{aws.service}.{found.batch.operation}", _LATER)
    message = f"Send them together with {found.batch.operation} ({limits})"
    return FixRequest(tuple(changes), Safety.UNSAFE, message, isolation=name)


def _given(found: Batchable) -> Mapping[str, ir.Expr] | None:
    """The arguments that make an entry, in their order; None where there are others that aren't the destination's."""
    call, aws = found.found.call, found.aws
    if any(argument.keyword is None for argument in call.args):
        return None
    known = {argument.keyword: argument.value for argument in call.args if argument.keyword is not None}
    if set(known) - set(found.batch.entry) - destinations():
        return None
    entry = {name: value for name, value in known.items() if name in found.batch.entry}
    if aws.service == "events":
        entries = entry.get("Entries")
        if not isinstance(entries, ir.Seq) or len(entries.items) != 1 or len(known) != 1:
            return None
        return {"Entries": entries.items[0]}
    return entry if entry else None


def _destination(model: Core, found: Batchable, loop: ir.For) -> tuple[str, str, str, bool] | None:
    """The argument that names the destination, the client's code, the destination's, and whether it is always there."""
    aws, receiver = found.aws, found.aws.receiver
    if not isinstance(receiver, (ir.Name, ir.Attr)) or not steady(model, receiver, loop):
        return None
    code = model.text(receiver)
    if aws.face == "resource":
        place = _PLACES.get(aws.kind)
        return (place[0], f"{code}.meta.client", f"{code}.{place[1]}", True) if place is not None else None
    names = [a for a in found.found.call.args if a.keyword in destinations()]
    if aws.service == "events":
        return "", code, "", True
    if len(names) != 1 or names[0].keyword is None or not steady(model, names[0].value, loop):
        return None
    node = model.node(names[0].value)
    text = model.tree.code_for_node(node) if node is not None else ""
    if not text or "\n" in text:
        return None
    return names[0].keyword, code, text, isinstance(names[0].value, (ir.Name, ir.Attr, ir.Const))


def collected(
    model: Core, loop: ir.For, call: ir.Call, given: Mapping[str, ir.Expr], things: str, *, whole: bool
) -> list[Change] | None:
    """The changes that make a list of entries: a comprehension where the loop does nothing else."""
    node, place = model.node(loop), model.node(call)
    assert isinstance(node, cst.For)
    assert isinstance(place, cst.Call)
    if _unmovable(place):
        return None
    values = {name: model.node(value) for name, value in given.items()}
    codes = {name: model.tree.code_for_node(value) for name, value in values.items() if value is not None}
    if len(codes) != len(values):
        return None
    plain = whole or "Entries" in codes
    columns = depth(model, call)
    if not any("\n" in code for code in codes.values()):
        entry = next(iter(codes.values())) if plain else _entry(codes)
        line = f"{things}.append({entry})"
        source = model.tree.code_for_node(node.iter)
        target = model.tree.code_for_node(node.target)
        listed = f"list({source})" if entry == target else f"[{entry} for {target} in {source}]"
        listed = f"{things} = {listed}"
        if [ir.statement_of(call)] == loop.body and depth(model, loop) + len(listed) <= width(model):
            if not _comments(node) and "\n" not in listed:
                return [InsertBefore(node, f"{listed}\n", below_comments=True), Remove(node)]
        if columns + len(line) <= width(model):
            return [InsertBefore(node, f"{things} = []\n", below_comments=True), Replace(place, line)]
    shift = 4 if plain else 8
    moved = {name: _moved(model, place, value, shift) for name, value in values.items() if value is not None}
    if plain:
        entry = next(iter(moved.values()))
    else:
        wrapping, indent = Wrapping(width(model)), " " * (columns + 8)
        entry = "{\n"
        for name, code in moved.items():
            part = wrapping.part(f'"{name}": ', code, ",", indent)
            further = "" if "\n" in code else " " * 8  # lines that moved have theirs already
            entry += "        " + part.replace("\n", f"\n{further}") + "\n"
        entry += "    }"
    line = f"{things}.append(\n    {entry}" + ("\n)" if not plain else ",\n)")
    return [InsertBefore(node, f"{things} = []\n", below_comments=True), Replace(place, line)]


def _entry(codes: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'"{name}": {code}' for name, code in codes.items()) + "}"


def _unmovable(place: cst.Call) -> bool:
    """Whether a call holds what can't be indented anew, or would be lost: lines inside of texts, comments."""
    return _comments(place) or any(
        isinstance(part, (cst.SimpleString, cst.FormattedStringText)) and "\n" in part.value for part in walk(place)
    )


def _comments(node: cst.CSTNode) -> bool:
    return any(isinstance(part, cst.Comment) for part in walk(node))


def _moved(model: Core, place: cst.Call, value: cst.CSTNode, columns: int) -> str:
    """The code of an argument whose further lines stand as far behind `columns` as they stood behind its own line."""
    code = in_fours(model, model.tree.code_for_node(value))
    whole = in_fours(model, model.tree.code_for_node(place))
    before = whole[: whole.index(code)]
    line = before[before.rfind("\n") + 1 :]
    own = len(line) - len(line.lstrip(" ")) if "\n" in before else 0
    first, *rest = code.split("\n")
    return "\n".join([first, *(" " * columns + one[own:] if one[:own].isspace() or not own else one for one in rest)])

"""Writes of single items go through one `batch_writer()` around their loop."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.names import fresh
from lambdalint.fixing.requests import Change, FixRequest, Replace, Unwrap, Wrap
from lambdalint.semantics import flow, ir
from lambdalint.semantics.aws import AwsCall, aws_call
from lambdalint.semantics.batchable import WRITES, Batchable
from lambdalint.semantics.core import Core
from lambdalint.semantics.loops import calls_inside
from lambdalint.semantics.rights import told
from lambdalint.semantics.settled import deferrable, settled, steady
from lambdalint.semantics.table_keys import key_names, literal_names
from lambdalint.semantics.writers import LoopWriter

_STORED = "items are stored when a batch is sent, those of a batch that fails are not"
_GIVEN = {"put_item": "Item", "delete_item": "Key"}


def through_writer(model: Core, found: Batchable) -> FixRequest | None:
    """The loop inside a `batch_writer()`; None where items might get lost, or stored in another order.

    The writer keeps references to the items and refuses a key that comes twice, unless it is told
    the whole key.
    """
    loop, aws = found.found.loop, found.aws
    if not isinstance(loop, ir.For) or found.found.helper or aws.kind != "Table":
        return None
    writes = [own for call in calls_inside(loop) if (own := aws_call(model, call)) is not None and own.name in WRITES]
    calls = [write.call for write in writes]
    keys = key_names(model, aws.on, aws)
    node, receiver = model.node(loop), aws.receiver
    if not keys or not isinstance(node, cst.For) or not isinstance(receiver, (ir.Name, ir.Attr)):
        return None
    if not steady(model, receiver, loop) or not deferrable(model, loop, *calls):
        return None
    batch = fresh(model, "batch", loop)
    changes: list[Change] = [Wrap(node, f"with {model.text(receiver)}.batch_writer({_by_keys(keys)}) as {batch}:")]
    for write in writes:
        func = _method(model, write, loop, receiver)
        if func is None or not _has(model, write.call, write.operation, keys, loop, write.arguments):
            return None
        changes.append(Replace(func, cst.Attribute(cst.Name(batch), cst.Name(write.operation))))
    limits = told(model, found.found.call, aws.name, "dynamodb.batch_write_item", _STORED)
    message = f"Write through batch_writer, 25 items a request ({limits})"
    return FixRequest(tuple(changes), Safety.UNSAFE, message)


def around_loop(model: Core, found: LoopWriter) -> FixRequest | None:
    """The `with` of a writer around its loop instead of in it; None where a key may come twice, or items change."""
    block, loop = found.block, found.loop
    node, inner, call = model.node(loop), model.node(block), model.node(found.call)
    own = model.operation(found.call)
    if not isinstance(node, cst.For) or not isinstance(inner, cst.With) or inner.asynchronous is not None:
        return None
    if not isinstance(call, cst.Call) or not isinstance(found.call.func, ir.Attr) or own is None or own.base is None:
        return None
    added = _added(block)
    keys = key_names(model, own.base)
    given = _given_keys(model, found.call)
    if added is None or given is None or not steady(model, found.call.func, loop):
        return None
    if given and (keys or given) and frozenset(given) != frozenset(keys or given):
        return None  # a part of the key, which one turn's items alone are told apart by
    if not keys and len(given) < 2:
        return None
    if not deferrable(model, loop, found.call, *added, within=block):
        return None
    for write in added:
        assert isinstance(write.func, ir.Attr)
        arguments = {a.keyword or _GIVEN[write.func.name]: a.value for a in write.args}
        if not _has(model, write, write.func.name, keys or given, loop, arguments):
            return None
    header = model.text(call)
    if not given:
        header = f"{model.text(found.call.func)}({_by_keys(keys)})"
    name = block.items[0][1]
    assert isinstance(name, ir.Name)
    changes: tuple[Change, ...] = (Wrap(node, f"with {header} as {name.id}:"), Unwrap(inner))
    alone = len(loop.body) == 1 and loop.body[0] is block
    message = "Open the writer once, around the loop"
    if alone:
        return FixRequest(changes, Safety.SAFE, message)
    return FixRequest(changes, Safety.UNSAFE, f"{message} (items are stored when a batch is sent)")


def _by_keys(keys: tuple[str, ...]) -> str:
    return "overwrite_by_pkeys=[" + ", ".join(f'"{key}"' for key in keys) + "]"


def _method(model: Core, write: AwsCall, loop: ir.For, receiver: ir.Expr) -> cst.Attribute | None:
    """The `table.put_item` of a write to the loop's table that stands for itself."""
    node = model.node(write.call)
    stmt = ir.statement_of(write.call)
    if (
        not isinstance(stmt, ir.ExprStmt)
        or stmt.value is not write.call
        or flow.loops_around(write.call)[0] is not loop
    ):
        return None
    if write.receiver is None or model.text(write.receiver) != model.text(receiver):
        return None
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
        return None
    return node.func


def _has(
    model: Core, call: ir.Call, method: str, keys: tuple[str, ...], loop: ir.For, arguments: dict[str, ir.Expr]
) -> bool:
    """Whether a write hands over a dict of its own that has the whole key, and nothing else."""
    if [a.keyword for a in call.args] not in ([_GIVEN[method]], [None]) or call.spreads:
        return False
    given = arguments.get(_GIVEN[method])
    names = literal_names(model, given)
    if given is None or len(set(names)) != len(names) or not set(keys) <= set(names):
        return False
    return settled(model, [given], loop, call)


def _added(block: ir.With) -> list[ir.Call] | None:
    """The calls that hand items to a block's writer, where its name is used for nothing else."""
    context, name = block.items[0]
    binding = name.scope.lookup(name.id) if isinstance(name, ir.Name) else None
    if len(block.items) != 1 or binding is None or len(binding.definitions) != 1:
        return None
    if binding.scope.kind != "function":
        return None
    calls = []
    for use in binding.uses:
        attr = use.parent
        if use.store:
            continue
        if not isinstance(attr, ir.Attr) or attr.name not in _GIVEN or not isinstance(attr.parent, ir.Call):
            return None
        if attr.parent.func is not attr or not flow.inside(use, block) or flow.inside(use, context):
            return None
        calls.append(attr.parent)
    return calls


def _given_keys(model: Core, call: ir.Call) -> tuple[str, ...] | None:
    """What a writer is told to tell items apart by; () for nothing, None where that isn't written out."""
    if not call.args:
        return ()
    given = call.argument(0, "overwrite_by_pkeys")
    if len(call.args) != 1 or not isinstance(given, ir.Seq):
        return None
    names = [model.constant(item) for item in given.items]
    texts = tuple(name for name in names if isinstance(name, str))
    return texts if len(texts) == len(names) else None

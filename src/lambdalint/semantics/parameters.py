"""Parameters and secrets that are fetched one by one: per turn of a loop, or one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.knowledge import batches
from lambdalint.semantics import ir
from lambdalint.semantics.aws import AwsCall, aws_call
from lambdalint.semantics.batchable import asks_alone
from lambdalint.semantics.core import Core
from lambdalint.semantics.loops import LoopCall, asked_by, calls_inside, loop_call
from lambdalint.semantics.per_item import few_turns

_NAMES = {"ssm.get_parameter": "Name", "secretsmanager.get_secret_value": "SecretId"}
_MANY = 3  # fetches in one run that are worth a batch


class Run(Struct, frozen=True):
    """Fetches of one operation that stand in one run of code, in order, and the batch that takes them all."""

    calls: tuple[ir.Call, ...]
    aws: AwsCall
    batch: batches.Batch


def parameter_in_loop(model: Core, call: ir.Call) -> LoopCall | None:
    """The parameter or secret that a call fetches in every turn of a loop, or None."""
    found = loop_call(model, call, _NAMES)
    if found is None or not _batched(found.aws) or _NAMES[found.aws.name] not in found.moving:
        return None
    if found.receiver_moves or found.stops_early or found.sleeps or found.few or few_turns(model, found.loop):
        return None
    return found if asks_alone(found) and not _changes(found) else None


def _batched(aws: AwsCall) -> bool:
    """Whether the batch form can ask for the same."""
    batch = batches.batch_of(aws.name)
    return batch is not None and aws.complete and not aws.has(*batch.alone)


def _changes(found: LoopCall) -> bool:
    """Whether a turn writes to the service that it asks."""
    others = (aws_call(found.model, call) for call in calls_inside(found.loop))
    return any(o is not None and o.service == found.aws.service and o.name not in _NAMES for o in others)


def parameter_runs(model: Core, function: ir.Function) -> Iterator[Run]:
    """The runs of three and more fetches in a function, none of which needs another's answer."""
    blocks = [function.body]
    for stmt in ir.statements(function.body):
        blocks += [block for block in ir.blocks(stmt) if block]
    for block in blocks:
        for run in _runs(block):
            yield from _grouped(model, run)


def _runs(block: list[ir.Stmt]) -> Iterator[list[ir.Stmt]]:
    """The stretches of a block in which one statement surely follows the other."""
    run: list[ir.Stmt] = []
    for stmt in block:
        if isinstance(stmt, (ir.Assign, ir.AugAssign, ir.ExprStmt, ir.Return, ir.FunctionDef, ir.Import)):
            run.append(stmt)
            continue
        yield run
        run = []
    yield run


def _grouped(model: Core, run: list[ir.Stmt]) -> Iterator[Run]:
    """The fetches of a run by operation and spelling of what is called."""

    def find(call: ir.Call) -> AwsCall | None:
        aws = aws_call(model, call)
        return aws if aws is not None and aws.name in _NAMES and _batched(aws) else None

    groups: dict[str, dict[str, tuple[ir.Call, AwsCall]]] = {}
    answers: set[ir.Binding] = set()
    for call in (call for stmt in run for call in _surely_made(stmt)):
        asked = asked_by(model, call, find)
        if not isinstance(asked, AwsCall) or _needs(call, answers):
            continue
        groups.setdefault(f"{asked.name} {model.text(call.func)}", {}).setdefault(model.text(call), (call, asked))
        answers |= _bound_by(call)
    for group in groups.values():
        found = list(group.values())
        batch = batches.batch_of(found[0][1].name)
        if len(found) >= _MANY and batch is not None:
            yield Run(tuple(call for call, _ in found), found[0][1], batch)


def _surely_made(stmt: ir.Stmt) -> Iterator[ir.Call]:
    """The calls that a statement always makes, once."""
    stack = list(reversed(list(ir.expressions(stmt))))
    while stack:
        part = stack.pop()
        if isinstance(part, ir.Call):
            yield part
        if isinstance(part, ir.Choice):
            stack.append(part.test if part.test is not None else part.items[0])
        elif not isinstance(part, (ir.Comp, ir.Lambda)):
            stack.extend(reversed(ir.children(part)))


def _needs(call: ir.Call, answers: set[ir.Binding]) -> bool:
    """Whether a fetch is made with what an earlier one gave."""
    names = (part for part in ir.walk(call) if isinstance(part, ir.Name))
    return any(name.scope.lookup(name.id) in answers for name in names)


def _bound_by(call: ir.Call) -> set[ir.Binding]:
    """The names that a fetch's statement gives its answer to."""
    stmt = ir.statement_of(call)
    targets = stmt.targets if isinstance(stmt, ir.Assign) else []
    names = (part for target in targets for part in ir.walk(target) if isinstance(part, ir.Name))
    return {binding for name in names if (binding := name.scope.lookup(name.id)) is not None}

"""Executors whose tasks share an AWS client with fewer connections than there are workers."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct

from lambdalint.semantics import arguments, flow, handing, ir
from lambdalint.semantics.aws import aws_call
from lambdalint.semantics.core import Core
from lambdalint.semantics.creation import is_per_thread
from lambdalint.semantics.effects import READ, WRITE
from lambdalint.semantics.per_item import length, turns
from lambdalint.semantics.value import Value, in_order, single

DEFAULT = 10  # botocore reference: Config, max_pool_connections
# Python library reference: concurrent.futures
_EXECUTORS = ("concurrent.futures.ThreadPoolExecutor", "concurrent.futures.thread.ThreadPoolExecutor")
_TASKS = ("submit", "map", "run_in_executor")
# botocore/client.py imports the class, and boto3's guide takes it from there.
_CONFIGS = ("botocore.config.Config", "botocore.client.Config")


class Crowd(Struct, frozen=True):
    """`executor` has `workers` threads that share the client, or resource, that `made` makes.

    `shared` names that one, `s3 client`; `config` is the call that makes its configuration, where it
    is given one.
    """

    model: Core
    executor: ir.Call
    workers: int
    made: ir.Call
    shared: str
    connections: int
    config: ir.Call | None


def crowd(model: Core, call: ir.Call) -> Crowd | None:
    """The client with the fewest connections that an executor, made by a call, has too many workers for."""
    if model.qualified(call.func) not in _EXECUTORS or call.spreads:
        return None
    workers = model.constant(call.argument(0, "max_workers"))
    if not isinstance(workers, int) or workers <= 1:
        return None
    tasks = list(_tasks(model, call))
    if not any(flow.function_of(task) in model.project.reach.hot for task in tasks):
        return None
    most = _number(model, tasks)
    found = []
    for client in _shared_clients(model, tasks):
        known = _connections(model, client)
        if known is not None and known[0] < min(workers, most if most is not None else workers):
            assert isinstance(client.origin, ir.Call)
            shared = f"{client.name} {client.kind}".strip()
            found.append(Crowd(model, call, workers, client.origin, shared, *known))
    return min(found, key=lambda one: one.connections, default=None)


# --- tasks --------------------------------------------------------------------------------


def _tasks(model: Core, executor: ir.Call) -> Iterator[ir.Call]:
    """The calls that give an executor something to run."""
    for function in model.project.connected:
        for call in function.calls:
            if isinstance(call.func, ir.Attr) and call.func.name in _TASKS:
                given = call.positional(0) if call.func.name == "run_in_executor" else call.func.base
                if given is not None and any(value.origin is executor for value in model.values(given)):
                    yield call


def _number(model: Core, tasks: list[ir.Call]) -> int | None:
    """The most tasks that there are at one time, where all are written out."""
    total = 0
    for task in tasks:
        counts = [turns(model, loop) for loop in flow.loops_around(task)]
        if isinstance(task.func, ir.Attr) and task.func.name == "map":
            items = task.positional(1)
            counts.append(length(model, items) if items is not None else None)
        product = 1
        for count in counts:
            if count is None:
                return None
            product *= count
        total += product
    return total


# --- clients -------------------------------------------------------------------------------


def _shared_clients(model: Core, tasks: list[ir.Call]) -> list[Value]:
    """The clients and resources, each by the call that makes it, that all tasks send requests through."""
    ran = _run_by(model, tasks)
    found: dict[int, Value] = {}
    values = [value for task in tasks for value in _operations(model, task)]
    for function in ran:
        asked = [aws_call(model, call) for call in function.calls if not flow.on_error_path(call)]
        values += [aws.on for aws in asked if aws is not None]
    for value in values:
        owner = _owner(value)
        if owner is not None and isinstance(owner.origin, ir.Call) and _is_shared(model, owner.origin, ran):
            found[id(owner.origin)] = owner
    return list(found.values())


def _operations(model: Core, task: ir.Call) -> Iterator[Value]:
    """The operations that an executor is given to run as they are."""
    for expr in handing.handed(handing.taker_of(model.values(task.func)), task):
        for value in in_order(model.values(expr)):
            if value.kind == "operation" and model.project.effects.of_value(value, task) in (READ, WRITE):
                yield value


def _run_by(model: Core, tasks: list[ir.Call]) -> list[ir.Function]:
    """The functions of the project that the tasks run, in an order that is the same in every run."""
    seen: dict[ir.Function, None] = {}
    stack = [edge.callee for task in tasks for edge in model.project.edges_at(task) if edge.callback]
    while stack:
        function = stack.pop()
        if function not in seen:
            seen[function] = None
            stack += [edge.callee for edge in model.project.edges_from(function)]
    return list(seen)


def _owner(value: Value | None) -> Value | None:
    """The client or resource that something hangs on."""
    while value is not None and value.kind not in ("client", "resource"):
        value = value.base
    return value


def _is_shared(model: Core, made: ir.Call, ran: Collection[ir.Function]) -> bool:
    """Whether the tasks have one client between them, and don't make each their own."""
    if is_per_thread(model, made):
        return False
    function = flow.function_of(made)
    guards = model.project.guards
    return function not in ran or (function is not None and guards.cached(function)) or guards.guarded(made)


def _connections(model: Core, client: Value) -> tuple[int, ir.Call | None] | None:
    """How many connections a client keeps, with the call that makes its configuration; None where unknown."""
    made = client.origin
    if not isinstance(made, ir.Call) or (client.base is not None and not _is_plain(model, client.base)):
        return None
    found = arguments.given(model.project.evaluator, made)
    if not found.complete or found.others:
        return None
    if "config" not in found.named:
        return DEFAULT, None
    values = [value for entry in found.named["config"] for value in entry.values(model.project.evaluator)]
    config = single(frozenset(values))
    if config is None or config.name not in _CONFIGS or not isinstance(config.origin, ir.Call):
        return None
    given = arguments.given(model.project.evaluator, config.origin)
    if not given.complete or given.others or any(not argument.keyword for argument in config.origin.args):
        return None
    if "max_pool_connections" not in given.named:
        return DEFAULT, config.origin
    limit = model.constant(config.origin.keyword("max_pool_connections"))
    return (limit, config.origin) if isinstance(limit, int) else None


def _is_plain(model: Core, session: Value) -> bool:
    """Whether a session surely has no configuration of its own for its clients."""
    made = session.origin
    if made is None:
        return True
    if (
        not isinstance(made, ir.Call)
        or made.spreads
        or model.facts.constructor_kind(model.qualified(made.func)) is None
    ):
        return False
    return made.keyword("botocore_session") is None

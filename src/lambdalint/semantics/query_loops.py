"""SQL sent once per item of a loop, directly or through functions of the project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from lambdalint.knowledge import tables
from lambdalint.semantics import flow, ir, queries, remote
from lambdalint.semantics.chunks import in_chunks
from lambdalint.semantics.core import Core
from lambdalint.semantics.effects import NONE
from lambdalint.semantics.few import few
from lambdalint.semantics.loops import calls_inside, dispensable, stops_early
from lambdalint.semantics.reach import display_name
from lambdalint.semantics.sql import SqlCall, parameter, sql_call, text_of
from lambdalint.semantics.turns import follows
from lambdalint.semantics.uses import uses_of
from lambdalint.semantics.value import Value

_DEPTH = 3  # functions that an item is handed on through
_MANY = 3  # changes in one turn that can still be one statement each for all items
# What asks for rows with SQLAlchemy's mapper (SQLAlchemy documentation: Session, Query).
_ASKING = {
    ("SQLAlchemy connection", "get"),
    *(("SQLAlchemy query", name) for name in ("get", "first", "one", "one_or_none", "scalar", "all", "count")),
}


class LoopQuery(Struct, frozen=True):
    """`call` stands in a loop and sends a statement per item; `reads` says that it asks for rows.

    `helper` names the function of the project that sends it, where that isn't `call` itself.
    """

    call: ir.Call
    reads: bool
    helper: str = ""


def query_in_loop(model: Core, call: ir.Call) -> LoopQuery | None:
    """The statement that a call in a loop sends for one item of it at a time, or None."""
    loops = flow.loops_around(call)
    loop = loops[0] if loops else None
    if not isinstance(loop, (ir.For, ir.Comp)) or few(loop) or stops_early(loop) or in_chunks(model, loop):
        return None
    found = _sent_by(model, call, loop)
    if found is None or found.reads:
        return found
    # A change that may fail for one item alone, or whose row is asked for, needs its own statement.
    if any(isinstance(a, ir.Try) and flow.inside(a, loop) for a in ir.ancestors(call)):
        return None
    return None if _asks_for_the_row(model, call, loop) or _is_work_per_item(model, loop) else found


def _is_work_per_item(model: Core, loop: ir.For | ir.Comp) -> bool:
    """Whether a turn makes so many changes that they hang on each other's order: events that are played one by one."""
    changes = model.answer(("changes per item", loop), lambda: _changes(model, loop))
    return changes > _MANY


def _changes(model: Core, loop: ir.For | ir.Comp) -> int:
    sent = (_sent_by(model, call, loop) for call in calls_inside(loop))
    return sum(found is not None and not found.reads for found in sent)


def _sent_by(model: Core, call: ir.Call, loop: ir.For | ir.Comp) -> LoopQuery | None:
    return _direct(model, call, loop) or _through(model, call, loop)


def _direct(model: Core, call: ir.Call, loop: ir.For | ir.Comp) -> LoopQuery | None:
    sent = sql_call(model, call)
    if sent is not None:
        reads = _one_at_a_time(sent, sent.statement)
        given = (sent.statement, *sent.parameters)
        return LoopQuery(call, reads) if reads is not None and _move(model, given, loop, call) else None
    asked = list(_of_the_mapper(model, call))
    return LoopQuery(call, True) if _move(model, asked, loop, call) else None


def _through(model: Core, call: ir.Call, loop: ir.For | ir.Comp) -> LoopQuery | None:
    for edge in model.project.edges_at(call):
        moving = {i for i, value in edge.bound.items() if _move(model, [value], loop, call)}
        if not edge.callback and edge.made is None and moving:
            reads = _inner(model, edge.callee, edge.bound, moving, _DEPTH)
            if reads is not None:
                return LoopQuery(call, reads, display_name(edge.callee))
    return None


def _inner(
    model: Core, function: ir.Function, given: Mapping[int, ir.Expr], moving: set[int], depth: int
) -> bool | None:
    """Whether the one statement that a function sends with what it was given reads; None where there is none.

    `given` are its arguments, `moving` the places of those that change. A function that sends
    several statements does a piece of work of its own.
    """
    if depth == 0 or model.project.guards.cached(function):
        return None
    origins = {(function, index) for index in moving}
    dependence = model.project.dependence

    def moved(expr: ir.Expr) -> bool:
        return not origins.isdisjoint(dependence.origins(expr))

    def handed(expr: ir.Expr) -> ir.Expr:
        known = parameter(expr)
        return given.get(known[1], expr) if known is not None and known[0] is function else expr

    found: list[bool | None] = []
    for call in function.calls:
        if len(found) > 1:
            return None
        if model.effect(call) == NONE:
            continue
        bare = dispensable(call) or flow.loops_around(call) or model.project.guards.guarded(call)
        sent = sql_call(model, call)
        if sent is not None:
            one = not bare and any(moved(value) for value in (sent.statement, *sent.parameters))
            found.append(_one_at_a_time(sent, handed(sent.statement)) if one else None)
            continue
        for edge in model.project.edges_at(call):
            places = {i for i, value in edge.bound.items() if moved(value)}
            if places and not edge.callback and not bare:
                inner = {i: handed(value) for i, value in edge.bound.items()}
                found.append(_inner(model, edge.callee, inner, places, depth - 1))
    return found[0] if len(found) == 1 else None


def _one_at_a_time(sent: SqlCall, statement: ir.Expr) -> bool | None:
    """Whether a statement for one item reads; None for definitions, for many items, and where it can't be told."""
    if sent.method == "executemany":
        return None
    text = text_of(sent.model.project.evaluator, statement)
    if text:
        return queries.reads(text) if queries.takes_one(text) else None
    table = tables.load("effects")["sql"]
    made = {name for value in sent.model.values(statement) for name in _makers(value)}
    if made & set(table["reading"]):
        return True
    return False if made & set(table["writing"]) else None


def _makers(value: Value) -> set[str]:
    """The outside function that a construct was begun with, and its first method: `sqlalchemy.select` for
    `select(User).where(…)`, `sqlalchemy.Table.insert` for `users.insert().values(…)`.
    """
    current: Value | None = value
    method = ""
    while current is not None and current.kind in ("operation", "response"):
        method, current = current.name, current.base
    return {current.name, f"{current.name}.{method}"} if current is not None and current.kind == "result" else set()


def _of_the_mapper(model: Core, call: ir.Call) -> Iterator[ir.Expr]:
    """What `session.get(User, key)` or `session.query(User).filter_by(id=key).first()` asks for."""
    value = model.operation(call)
    member = remote.member(model.facts, value) if value is not None else None
    if member is None or member.form != "read" or (member.kind.name, member.path) not in _ASKING:
        return
    current: ir.Expr = call
    while isinstance(current, ir.Call) and isinstance(current.func, ir.Attr):
        if current.func.name in ("limit", "offset", "slice", "in_"):
            return
        yield from (argument.value for argument in current.args)
        current = current.func.base


def _move(model: Core, given: Sequence[ir.Expr], loop: ir.For | ir.Comp, call: ir.Call) -> bool:
    """Whether any of the values changes with the loop's items, and none hangs on the call's own answer."""
    moves = [follows(value, loop, call) for value in given]
    return None not in moves and (any(moves) or any(_of_a_row(model, value, loop) for value in given))


def _of_a_row(model: Core, expr: ir.Expr, loop: ir.For | ir.Comp) -> bool:
    """Whether a value was taken from rows that the same turn fetched before."""
    for part in ir.walk(expr):
        binding = part.scope.lookup(part.id) if isinstance(part, ir.Name) else None
        if isinstance(part, ir.Name) and binding is not None:
            seen = flow.reaching(part, binding)
            values = [d.value for d in seen if d.value is not None and d.site is not None and flow.inside(d.site, loop)]
            if len(values) == len(seen) and any(_fetches(model, c) for v in values for c in ir.walk(v)):
                return True
    return False


def _fetches(model: Core, expr: ir.Expr) -> bool:
    value = model.operation(expr)
    member = remote.member(model.facts, value) if value is not None else None
    return member is not None and member.kind.name == "SQL cursor" and member.path in ("fetchone", "fetchall")


def _asks_for_the_row(model: Core, call: ir.Call, loop: ir.For | ir.Comp) -> bool:
    """Whether a turn looks at the row that it made: its generated key, or what `RETURNING` gives."""
    sent = sql_call(model, call)
    if sent is None:
        return not uses_of(call).only("ignored")
    if queries.answers_a_change(sent.text):
        return True
    function = flow.function_of(call)
    return function is not None and any(
        attr.name == "lastrowid" and flow.inside(attr, loop) and ir.dotted(attr.base) == sent.receiver
        for attr in function.attributes
    )

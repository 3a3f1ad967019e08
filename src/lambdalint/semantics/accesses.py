"""Which remote items a function asks for, spelled so that equal ones can be told, and what happens between two."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from lambdalint.knowledge import answers
from lambdalint.semantics import flow, ir
from lambdalint.semantics.aws import AwsCall, aws_call
from lambdalint.semantics.callgraph import Edge
from lambdalint.semantics.changes import after, unchanged_between
from lambdalint.semantics.core import Core
from lambdalint.semantics.effects import NONE, READ
from lambdalint.semantics.environment import environment_variable
from lambdalint.semantics.loops import SLEEPS, calls_inside
from lambdalint.semantics.parses import always_follows, dominates, spelling
from lambdalint.semantics.parses_across import always
from lambdalint.semantics.values import Value

_DEPTH = 3  # calls between a function and what it asks for
_MOVING = ("time", "datetime", "random", "uuid", "secrets")  # modules whose answers are new each time


class Access(Struct, frozen=True, dict=True):
    """`site`, a call of the function that is looked at, asks for `aws`, itself or in the one function it runs.

    `target` spells what is called on, `spelled` each argument in the terms of the function that is
    looked at; `made_of` are the expressions of that function that the arguments are made of.
    `helper` is the function that is run where only its own arguments can be told, which are what
    `spelled` holds then: called alike it asks for the same, whatever that is.
    `way` are the calls from `site` to the function that asks for `aws`.
    """

    aws: AwsCall
    site: ir.Call
    target: str
    spelled: Mapping[str, str]
    made_of: tuple[ir.Expr, ...]
    helper: ir.Function | None = None
    way: tuple[Edge, ...] = ()

    @property
    def direct(self) -> bool:
        return self.site is self.aws.call

    @property
    def lasting(self) -> bool:
        """Whether what `site` runs besides only reads, so that it can't change what was read."""
        effects = self.aws.model.project.effects
        return all(effects.of_function(edge.callee).effect == READ for edge in self.way)

    @cached_property
    def key(self) -> tuple[object, ...]:
        """Equal for calls that ask for the same."""
        asked = self.aws.name if self.helper is None else id(self.helper)
        return (asked, self.target, *sorted(self.spelled.items()))


def accesses(model: Core, function: ir.Function) -> list[Access]:
    """The operations whose arguments can all be told that a function's calls ask for, in order."""
    return model.answer(("accesses", function), lambda: list(_accesses(model, function)))


def direct_accesses(model: Core, function: ir.Function) -> list[Access]:
    """Those of `accesses` that the function itself asks for."""
    return model.answer(("direct accesses", function), lambda: list(_direct_accesses(model, function)))


def _direct_accesses(model: Core, function: ir.Function) -> Iterator[Access]:
    for call in function.calls:
        own = _access(model, call, call, ()) if aws_call(model, call) is not None else None
        if own is not None and flow.function_of(call) is function:
            yield own


def _accesses(model: Core, function: ir.Function) -> Iterator[Access]:
    direct = {id(access.site): access for access in direct_accesses(model, function)}
    for call in function.calls:
        if id(call) in direct:
            yield direct[id(call)]
        edge = _runs(model, call) if model.project.edges_at(call) else None
        if edge is not None and asks(model, edge.callee) and flow.function_of(call) is function:
            found = list(_through(model, call, (edge,)))
            yield from found or _as_a_whole(model, call, edge)


def _runs(model: Core, call: ir.Call) -> Edge | None:
    """The one function of the project that a call surely runs, where nothing keeps its answer."""
    edges = model.project.edges_at(call)
    if len(edges) != 1 or edges[0].callback or edges[0].made is not None or edges[0].unsure:
        return None
    return edges[0] if not model.project.guards.cached(edges[0].callee) else None


def asks(model: Core, function: ir.Function, depth: int = _DEPTH) -> bool:
    """Whether a function may ask for anything of AWS, itself or by `depth` calls at most: a quick first question."""
    return model.answer(("asks", function, depth), lambda: _asks(model, function, depth))


def _asks(model: Core, function: ir.Function, depth: int) -> bool:
    if any(aws_call(model, call) is not None for call in function.calls):
        return True
    inner = (_runs(model, call) for call in function.calls) if depth > 1 else ()
    return any(edge is not None and asks(model, edge.callee, depth - 1) for edge in inner)


def _through(model: Core, site: ir.Call, way: tuple[Edge, ...]) -> Iterator[Access]:
    """What the function at the end of a way of calls from `site` always asks for, itself or by further calls."""
    callee = way[-1].callee
    for inner in callee.calls:
        found = _access(model, inner, site, way)
        further = _runs(model, inner) if len(way) < _DEPTH else None
        if further is not None and (
            any(further.callee is edge.callee for edge in way) or not asks(model, further.callee, _DEPTH - len(way))
        ):
            further = None
        if found is None and further is None:
            continue
        if model.project.guards.guarded(inner) or not always(inner) or not _quiet_before(model, inner, callee):
            continue
        if found is not None:
            yield replace(found, way=way)
        if further is not None:
            yield from _through(model, site, (*way, further))


def _quiet_before(model: Core, call: ir.Call, function: ir.Function) -> bool:
    """Whether what a function runs before one of its calls changes nothing."""
    end = ir.statement_of(call)
    earlier = (c for c in function.calls if c is not call and not flow.inside(c, call) and not flow.inside(call, c))
    statements = ((c, ir.statement_of(c)) for c in earlier)
    return all(
        quiet(model, c) for c, s in statements if s is not None and end is not None and (s is end or after(s, end))
    )


def _as_a_whole(model: Core, call: ir.Call, edge: Edge) -> Iterator[Access]:
    """A function that only reads, by the arguments that it is given: called alike it asks for the same."""
    callee = edge.callee
    if (callee.cls is not None and not callee.is_static) or callee.is_generator or not _top_level(callee):
        return
    asked = [aws for inner in callee.calls if (aws := aws_call(model, inner)) is not None]
    if not asked or call.spreads or model.project.effects.of_function(callee).effect != READ:
        return
    if any(model.project.guards.guarded(inner) or _moves_on(model, inner) for inner in callee.calls):
        return
    spelled: dict[str, str] = {}
    made_of: list[ir.Expr] = []
    for index, given in edge.bound.items():
        text, of = _spelled(model, given, ())
        if not text:
            return
        spelled[str(index)] = text
        made_of += of
    yield Access(asked[0], call, callee.qualname, spelled, tuple(made_of), helper=callee)


def _top_level(function: ir.Function) -> bool:
    """Whether a function closes over no other one's names."""
    return function.outer is None or function.outer.is_module


def _moves_on(model: Core, call: ir.Call) -> bool:
    """Whether the answer to a call inside a helper may be another one each time: it is volatile, or not AWS's."""
    aws = aws_call(model, call)
    if aws is None:
        moving = model.qualified(call.func).partition(".")[0] in _MOVING
        return moving or not (pure(model, call) or model.effect(call) == NONE)
    return answers.is_volatile(aws.operation)


def repeated(
    model: Core, first: Access, later: Access, comes_before: Callable[[ir.Node, ir.Node], bool] = dominates
) -> bool:
    """Whether `later` comes after `first`, with nothing between that changes anything.

    `comes_before` says when that is so: as a rule where `first` has surely run when `later` does.
    """
    return (
        first.site is not later.site
        and comes_before(first.site, later.site)
        and not flow.on_error_path(later.site)
        and all(unchanged_between(expr, first.site, later.site) for expr in first.made_of)
        and first.lasting
        and _quiet_between(model, first.site, later.site)
    )


def leads_to(first: ir.Node, later: ir.Node) -> bool:
    """Whether `later` has `first` before it always, or on the ways on which that runs at all."""
    if dominates(first, later):
        return True
    start, end = ir.statement_of(first), ir.statement_of(later)
    if start is None or end is None or start is end or not after(start, end) or _left_before(start, end):
        return False
    return always_follows(first, later)


def quiet(model: Core, call: ir.Call) -> bool:
    """Whether a call changes nothing outside and doesn't wait for others to."""
    return model.effect(call) in (READ, NONE) and model.qualified(call.func) not in SLEEPS


def _quiet_between(model: Core, first: ir.Call, later: ir.Call) -> bool:
    function, start, end = model.function(first), ir.statement_of(first), ir.statement_of(later)
    if function is None or start is None or end is None:
        return False
    for loop in flow.loops_around(later):
        if flow.inside(first, loop):
            break
        if isinstance(loop, ir.While) or not all(
            quiet(model, call) for call in calls_inside(loop) if call is not later
        ):
            return False
    for stmt, call in _calls_between(model, function, start, end):
        if flow.inside(call, first) or flow.inside(call, later):
            continue
        if not _left_before(stmt, end) and not quiet(model, call):
            return False
    return True


def _calls_between(
    model: Core, function: ir.Function, start: ir.Stmt, end: ir.Stmt
) -> Iterator[tuple[ir.Stmt, ir.Call]]:
    """The calls of a function from one statement to another, those of both included, each with its statement."""
    calls, places = model.answer(("calls by place", function), lambda: _by_place(function))
    for index in range(bisect.bisect_left(places, start.place), bisect.bisect_right(places, end.place)):
        yield calls[index]
    if end.place < start.place:
        yield from (calls[index] for stmt in (start, end) for index in _at(places, stmt.place))


def _by_place(function: ir.Function) -> tuple[list[tuple[ir.Stmt, ir.Call]], list[int]]:
    placed = ((stmt, call) for call in function.calls if (stmt := ir.statement_of(call)) is not None)
    calls = sorted(placed, key=lambda one: one[0].place)
    return calls, [stmt.place for stmt, _ in calls]


def _at(places: list[int], place: int) -> range:
    return range(bisect.bisect_left(places, place), bisect.bisect_right(places, place))


def _left_before(stmt: ir.Stmt, end: ir.Stmt) -> bool:
    """Whether a statement stands in a branch that leaves without coming to `end`."""
    for member in flow.local_chain(stmt):
        if isinstance(member.parent, (ir.If, ir.ExceptHandler)) and not flow.inside(end, member.parent):
            if flow.leaves(flow.block_of(member)):
                return True
    return False


def _access(model: Core, call: ir.Call, site: ir.Call, way: tuple[Edge, ...]) -> Access | None:
    aws = aws_call(model, call)
    if aws is None or aws.face not in ("client", "resource") or any(a.keyword is None for a in call.args):
        return None
    target, made_of = target_of(aws), [aws.receiver] if aws.receiver is not None and not way else []
    if not target and aws.receiver is not None:
        target, made_of = _spelled(model, aws.receiver, way)
    if not target:
        return None
    spelled: dict[str, str] = {}
    for name, value in aws.arguments.items():
        text, of = _spelled(model, value, way)
        if not text:
            return None
        spelled[name] = text
        made_of += of
    return Access(aws, site, target, spelled, tuple(made_of))


def target_of(aws: AwsCall) -> str:
    """What an operation is called on, where it is the same wherever it is spelled; empty where that can't be told."""
    parts = [aws.service, aws.face, aws.kind]
    value: Value | None = aws.on
    while value is not None and isinstance(value.origin, ir.Call):
        for argument in value.origin.args:
            constant = aws.model.constant(argument.value)
            variable = environment_variable(aws.model, argument.value) if constant is None else ""
            if constant is None and not variable:
                return ""
            parts.append(f"{argument.keyword or ''}={constant!r}{variable}")
        value = value.base
    return " ".join(parts) if value is not aws.on else ""


def _spelled(model: Core, expr: ir.Expr, way: tuple[Edge, ...]) -> tuple[str, list[ir.Expr]]:
    """The spelling of an argument in the terms of the function that a way of calls begins in, with what it
    is made of there; ("", []) where unknown."""
    instead: dict[ir.Binding, str] = {}
    made_of = [expr] if not way else []
    formats = ""
    for part in ir.walk(expr):
        if isinstance(part, ir.Call) and not pure(model, part):
            return "", []
        if isinstance(part, ir.Blend) and part.op == "fstring" and way:
            formats += f" {id(part)}"  # conversions aren't part of the spelling: only the very same is equal
        if not isinstance(part, ir.Name):
            continue
        binding = part.scope.lookup(part.id)
        if binding is not None and binding.scope.kind == "comprehension":
            return "", []  # another one's name may be spelled alike
        constant = model.constant(part)
        if binding is not None and constant is not None:
            instead[binding] = f"const {constant!r}"
        elif way and not _imported(binding):
            given = _given(binding, way[-1])
            text, of = _spelled(model, given, way[:-1]) if given is not None else ("", [])
            if binding is None or not text:
                return "", []
            instead[binding] = text
            made_of += of
    text = spelling(expr, instead)
    return text + formats if text else "", made_of


def pure(model: Core, call: ir.Call) -> bool:
    """Whether a call only makes a condition or a text of what it is given."""
    if isinstance(call.func, ir.Attr) and answers.is_pure_method(call.func.name):
        return True
    return answers.is_pure_function(ir.dotted(call.func)) or answers.is_pure_function(model.qualified(call.func))


def _imported(binding: ir.Binding | None) -> bool:
    return binding is None or all(d.kind == "import" for d in binding.definitions)


def _given(binding: ir.Binding | None, edge: Edge) -> ir.Expr | None:
    """What a caller hands over for a parameter that is never assigned to."""
    if binding is None or len(binding.definitions) != 1:
        return None
    definition = binding.definitions[0]
    if definition.kind != "param" or definition.function is not edge.callee:
        return None
    return edge.bound.get(definition.index)

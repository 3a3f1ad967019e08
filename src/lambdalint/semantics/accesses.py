"""Which remote items a function asks for, spelled so that equal ones can be told, and what happens between two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lambdalint.semantics import flow, ir
from lambdalint.semantics.aws import AwsCall, aws_call
from lambdalint.semantics.callgraph import Edge
from lambdalint.semantics.core import Core
from lambdalint.semantics.effects import NONE, READ
from lambdalint.semantics.environment import environment_variable
from lambdalint.semantics.loops import calls_inside
from lambdalint.semantics.parses import after, dominates, spelling, unchanged_between
from lambdalint.semantics.parses_across import always
from lambdalint.semantics.values import Value

# What makes conditions and text of what it is given, and nothing else.
_PURE_METHODS = {
    "eq", "lt", "lte", "gt", "gte", "begins_with", "between", "get", "strip", "lower", "upper", "decode", "encode",
}  # fmt: skip
_PURE = {"str", "int"}
_CONDITIONS = ("boto3.dynamodb.conditions.Key", "boto3.dynamodb.conditions.Attr")
_SLEEPING = ("time.sleep", "asyncio.sleep")


@dataclass(frozen=True)
class Access:
    """`site`, a call of the function that is looked at, asks for `aws`, itself or in the one function it runs.

    `target` spells what is called on, `spelled` each argument in the terms of the function that is
    looked at; `made_of` are the expressions of that function that the arguments are made of.
    """

    aws: AwsCall
    site: ir.Call
    target: str
    spelled: Mapping[str, str]
    made_of: tuple[ir.Expr, ...]

    @property
    def direct(self) -> bool:
        return self.site is self.aws.call

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for calls that ask for the same."""
        return (self.aws.name, self.target, *sorted(self.spelled.items()))


def accesses(model: Core, function: ir.Function) -> list[Access]:
    """The operations whose arguments can all be told that a function's calls ask for, in order."""
    return model.answer(("accesses", function), lambda: list(_accesses(model, function)))


def _accesses(model: Core, function: ir.Function) -> Iterator[Access]:
    for call in function.calls:
        if flow.function_of(call) is not function:
            continue
        own = _access(model, call, call, None)
        if own is not None:
            yield own
        edges = model.project.edges_at(call)
        if len(edges) != 1 or edges[0].callback or edges[0].made is not None or edges[0].unsure:
            continue
        callee = edges[0].callee
        asked = [
            (inner, found) for inner in callee.calls if (found := _access(model, inner, call, edges[0])) is not None
        ]
        # What the helper does besides must not get between two reads either. Asked last: it takes longest to tell.
        if not asked or model.project.guards.cached(callee) or model.project.effects.of_function(callee).effect != READ:
            continue
        for inner, found in asked:
            if not model.project.guards.guarded(inner) and always(inner):
                yield found


def repeated(model: Core, first: Access, later: Access) -> bool:
    """Whether `later` surely comes after `first`, with nothing between that changes anything."""
    return (
        first.site is not later.site
        and dominates(first.site, later.site)
        and not flow.on_error_path(later.site)
        and all(unchanged_between(expr, first.site, later.site) for expr in first.made_of)
        and _quiet_between(model, first.site, later.site)
    )


def quiet(model: Core, call: ir.Call) -> bool:
    """Whether a call changes nothing outside and doesn't wait for others to."""
    return model.effect(call) in (READ, NONE) and model.qualified(call.func) not in _SLEEPING


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
    for call in function.calls:
        stmt = ir.statement_of(call)
        if stmt is None or flow.inside(call, first) or flow.inside(call, later):
            continue
        between = stmt is start or stmt is end or (after(start, stmt) and after(stmt, end))
        if between and not _left_before(stmt, end) and not quiet(model, call):
            return False
    return True


def _left_before(stmt: ir.Stmt, end: ir.Stmt) -> bool:
    """Whether a statement stands in a branch that leaves without coming to `end`."""
    for member in flow.local_chain(stmt):
        if isinstance(member.parent, (ir.If, ir.ExceptHandler)) and not flow.inside(end, member.parent):
            if flow.leaves(flow.block_of(member)):
                return True
    return False


def _access(model: Core, call: ir.Call, site: ir.Call, edge: Edge | None) -> Access | None:
    aws = aws_call(model, call)
    if aws is None or aws.face not in ("client", "resource") or any(a.keyword is None for a in call.args):
        return None
    target = _target(aws) or (spelling(aws.receiver) if edge is None and aws.receiver is not None else "")
    if not target:
        return None
    spelled: dict[str, str] = {}
    made_of: list[ir.Expr] = [] if aws.receiver is None or edge is not None else [aws.receiver]
    for name, value in aws.arguments.items():
        text, of = _spelled(model, value, edge)
        if not text:
            return None
        spelled[name] = text
        made_of += of
    return Access(aws, site, target, spelled, tuple(made_of))


def _target(aws: AwsCall) -> str:
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


def _spelled(model: Core, expr: ir.Expr, edge: Edge | None) -> tuple[str, list[ir.Expr]]:
    """The spelling of an argument in the caller's terms, with what it is made of there; ("", []) where unknown."""
    instead: dict[ir.Binding, str] = {}
    made_of = [expr] if edge is None else []
    for part in ir.walk(expr):
        if isinstance(part, ir.Call) and not _pure(model, part):
            return "", []
        if isinstance(part, ir.Blend) and part.op == "fstring" and edge is not None:
            return "", []  # conversions aren't part of the spelling
        if not isinstance(part, ir.Name):
            continue
        binding = part.scope.lookup(part.id)
        constant = model.constant(part)
        if binding is not None and constant is not None:
            instead[binding] = f"const {constant!r}"
        elif edge is not None and not _imported(binding):
            given = _given(binding, edge)
            text = spelling(given) if given is not None else ""
            if binding is None or given is None or not text or any(isinstance(p, ir.Call) for p in ir.walk(given)):
                return "", []
            instead[binding] = text
            made_of.append(given)
    return spelling(expr, instead), made_of


def _pure(model: Core, call: ir.Call) -> bool:
    if isinstance(call.func, ir.Attr) and call.func.name in _PURE_METHODS:
        return True
    return ir.dotted(call.func) in _PURE or model.qualified(call.func) in _CONDITIONS


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

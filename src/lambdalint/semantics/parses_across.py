"""The same text parsed in two functions, one of which calls the other."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.semantics import ir
from lambdalint.semantics.callgraph import Edge
from lambdalint.semantics.changes import unchanged_between
from lambdalint.semantics.core import Core
from lambdalint.semantics.parses import Parse, Repeat, dominates, parse_of, spelling, stable
from lambdalint.semantics.reach import display_name


def repeats_across(model: Core, function: ir.Function) -> Iterator[Repeat]:
    """The parses of a function whose text every caller, or a function called before, has parsed already."""
    for call in function.calls:
        parse = parse_of(model, call)
        if parse is None or not parse.key or not stable(model, parse.text):
            continue
        first = _by_callers(model, function, parse) or _by_callees(model, function, parse)
        if first is not None:
            where = model.function(first.call)
            yield Repeat(first, parse, False, display_name(where) if where is not None else "")


def _parses(model: Core, function: ir.Function) -> Iterator[Parse]:
    for call in function.calls:
        parse = parse_of(model, call)
        if parse is not None and parse.key and stable(model, parse.text):
            yield parse


def _spelled_by_caller(parse: Parse, edge: Edge) -> str:
    """How a caller would write what a called function parses; empty where it can't."""
    instead: dict[ir.Binding, str] = {}
    rooted = False
    for part in ir.walk(parse.text):
        if not isinstance(part, ir.Name):
            continue
        binding = part.scope.lookup(part.id)
        if binding is None or len(binding.definitions) != 1 or binding.definitions[0].kind != "param":
            return ""
        given = edge.bound.get(binding.definitions[0].index)
        if given is None or binding.definitions[0].function is not edge.callee or not spelling(given):
            return ""
        instead[binding] = spelling(given)
        rooted = True
    return spelling(parse.call, instead) if rooted else ""


def _by_callers(model: Core, function: ir.Function, parse: Parse) -> Parse | None:
    """The parse that each call of the function on the path comes after."""
    found: Parse | None = None
    edges = [e for e in model.project.edges_to(function) if e.caller in model.project.reach.ways]
    for edge in edges:
        spelled = _spelled_by_caller(parse, edge) if not edge.callback else ""
        before = next(
            (
                other
                for other in _parses(model, edge.caller)
                if spelled
                and other.key == spelled
                and dominates(other.call, edge.site)
                and unchanged_between(other.text, other.call, edge.site)
            ),
            None,
        )
        if before is None:
            return None
        found = before
    return found


def _by_callees(model: Core, function: ir.Function, parse: Parse) -> Parse | None:
    """The parse that a function called before surely makes of the same text."""
    for call in function.calls:
        if call is parse.call or not dominates(call, parse.call):
            continue
        for edge in model.project.edges_at(call):
            if edge.callback or model.project.effects.of_function(edge.callee).mutates:
                continue
            for other in _parses(model, edge.callee):
                if _spelled_by_caller(other, edge) != parse.key or not always(other.call):
                    continue
                if unchanged_between(parse.text, call, parse.call):
                    return other
    return None


def always(call: ir.Call) -> bool:
    """Whether a call is among the first things that its function does, under no condition."""
    stmt = ir.statement_of(call)
    while stmt is not None and isinstance(stmt.parent, (ir.Try, ir.With)):
        if isinstance(stmt.parent, ir.Try) and not any(s is stmt for s in stmt.parent.body):
            return False
        stmt = stmt.parent
    return stmt is not None and _nothing_in_front(stmt)


def _nothing_in_front(stmt: ir.Stmt) -> bool:
    """Whether only plain statements stand before one in its function's body."""
    if not isinstance(stmt.parent, ir.FunctionDef):
        return False
    for earlier in stmt.parent.function.body:
        if earlier is stmt:
            return True
        if not isinstance(earlier, (ir.Assign, ir.ExprStmt, ir.Simple, ir.Import)):
            return False
    return False

"""What a function is given that is handed to code outside the project, as far as the tables tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lambdalint.knowledge import callables
from lambdalint.knowledge.callables import Taker
from lambdalint.semantics import ir
from lambdalint.semantics.value import Value, full_name


def taker_of(called: Iterable[Value]) -> Taker | None:
    """How a call of one of these values runs a function that it is given."""
    for value in called:
        found = callables.taker(_name(value))
        if found is not None:
            return found
    return None


def _name(value: Value) -> str:
    name = full_name(value)
    return f"{name}()" if value.kind == "result" else name


def handed(taker: Taker | None, call: ir.Call) -> list[ir.Expr]:
    """The expressions among a call's arguments that may be functions it runs."""
    if taker is None:
        given = [argument.value for argument in call.args]
    elif taker.passes == "never":
        given = []
    else:
        found = call.keyword(taker.keyword) or (call.positional(taker.function) if taker.function >= 0 else None)
        given = [found] if found is not None else []
    return [item for expr in given for item in (expr.items if isinstance(expr, ir.Seq) and taker else [expr])]


def passed(taker: Taker, call: ir.Call) -> list[ir.Argument] | None:
    """The arguments that the function handed to `call` is run with; None where they aren't seen."""
    match taker.passes:
        case "rest":
            return list(_rest(taker, call))
        case "packed":
            return [*_unpacked(call.argument(taker.args, "args")), *_unpacked(call.argument(taker.kwargs, "kwargs"))]
        case "elements":
            return [_each(argument.value, call) for argument in _behind(taker, call)]
        case "element":
            found = call.positional(taker.of)
            return [_each(found, call)] if found is not None else None
        case "folded":
            behind = [argument.value for argument in _behind(taker, call)]
            before = ir.Blend("folded", behind)
            before.parent = call
            return [ir.Argument(before), _each(behind[0], call)] if behind else None
        case "spread":
            return [ir.Argument(_each(argument.value, call).value, star=1) for argument in _behind(taker, call)[:1]]
        case _:
            return None


def _rest(taker: Taker, call: ir.Call) -> Iterator[ir.Argument]:
    yield from _behind(taker, call)
    for argument in call.args:
        if argument.star == 2 or (argument.keyword is not None and argument.keyword != taker.keyword):
            yield argument


def _behind(taker: Taker, call: ir.Call) -> list[ir.Argument]:
    """The positional arguments behind the function, where it stands among them."""
    positional = [a for a in call.args if a.keyword is None and a.star < 2]
    return positional[taker.function + 1 :] if call.keyword(taker.keyword) is None else positional


def _unpacked(given: ir.Expr | None) -> Iterator[ir.Argument]:
    """The arguments in a display of them, `(1, 2)` or `{"a": 1}`."""
    if isinstance(given, ir.Seq):
        yield from (
            ir.Argument(item.value, star=1) if isinstance(item, ir.Star) else ir.Argument(item) for item in given.items
        )
    elif isinstance(given, ir.Map):
        for key, value in given.entries:
            named = isinstance(key, ir.Const) and isinstance(key.value, str)
            yield (
                ir.Argument(value, str(key.value))
                if isinstance(key, ir.Const) and named
                else ir.Argument(value, star=2)
            )
    elif given is not None:
        yield ir.Argument(given, star=1)


def _each(iterable: ir.Expr, call: ir.Call) -> ir.Argument:
    each = ir.Each(iterable)
    each.parent = call
    return ir.Argument(each)

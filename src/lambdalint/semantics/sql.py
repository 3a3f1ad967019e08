"""Calls that send SQL over a connection whose origin is known, and the text that they send."""

from __future__ import annotations

import string

from msgspec import Struct

from lambdalint.knowledge import tables
from lambdalint.semantics import flow, ir, remote
from lambdalint.semantics.core import Core
from lambdalint.semantics.queries import LENGTH, UNKNOWN_PART
from lambdalint.semantics.value import Value, single
from lambdalint.semantics.values import Evaluator

_DEPTH = 12  # names and formats that a text is put together through
_FUNCTIONS = 3  # that hand a statement on to one another
# Methods of texts that leave what an SQL parser reads (Python library reference: str, textwrap, inspect).
_SAME_TEXT = ("strip", "lstrip", "rstrip")
_SAME_TEXT_FUNCTIONS = ("textwrap.dedent", "inspect.cleandoc")


class SqlCall(Struct, frozen=True):
    """`call` sends `statement`, with the values in `parameters`, over the object `receiver`.

    `method` is `execute`, `executemany`, `execute_statement`, …
    """

    model: Core
    call: ir.Call
    method: str
    statement: ir.Expr
    parameters: tuple[ir.Expr, ...]

    @property
    def text(self) -> str:
        """The statement with `UNKNOWN_PART` for what isn't known of it, or ""."""
        return text_of(self.model.project.evaluator, self.statement)

    @property
    def receiver(self) -> str:
        """What the method is called on, as written."""
        return ir.dotted(self.call.func).rpartition(".")[0]


def sql_call(model: Core, call: ir.Call) -> SqlCall | None:
    """The SQL statement that a call sends itself, over a connection of a driver, SQLAlchemy or the RDS Data API."""
    value = model.value(call.func)
    if value is None:
        return None
    statement = _statement(model, value, call)
    if statement is None:
        return None
    others = tuple(argument.value for argument in call.args if argument.value is not statement)
    return SqlCall(model, call, value.name.rpartition(".")[2], statement, others)


def _statement(model: Core, value: Value, call: ir.Call) -> ir.Expr | None:
    """The argument of a call of `value` that is its statement."""
    if value.kind == "operation" and value.base is not None and value.base.kind == "client":
        keyword = tables.statement_argument(value.base.name, value.name) if value.base.name == "rds-data" else ""
        return call.keyword(keyword) if keyword else None
    if value.kind == "external":
        sends = model.facts.sends_sql(value.name)
    else:
        member = remote.member(model.facts, value) if value.kind == "operation" else None
        sends = member is not None and member.form == "sql"
    return next((a.value for a in call.args[:1] if not a.star), None) if sends else None


def text_of(evaluator: Evaluator, expr: ir.Expr) -> str:
    """The SQL text that an expression makes, with `UNKNOWN_PART` for parts that aren't known, or ""."""
    text = _Text(evaluator).of(expr, _DEPTH)
    return "" if text == UNKNOWN_PART else text


class _Text:
    """The text of one statement; each expression that it is put together of is looked at once."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.seen: dict[int, str] = {}

    def of(self, expr: ir.Expr, depth: int) -> str:
        known = self.seen.get(id(expr))
        if known is None:
            known = self.seen[id(expr)] = self._made(expr, depth)[: LENGTH + 1] if depth else UNKNOWN_PART
        return known

    def _made(self, expr: ir.Expr, depth: int) -> str:
        values = self.evaluator.evaluate(expr)
        value = single(values)
        if value is not None and value.kind == "const" and isinstance(value.constant, (str, int)):
            return str(value.constant)
        match expr:
            case ir.Blend(op="fstring" | "Add", items=items):
                return "".join(self.of(item, depth - 1) for item in items)
            case ir.Blend(op="Modulo", items=[pattern, *_]):
                return self.of(pattern, depth - 1)
            case ir.Call(func=ir.Attr(base=pattern, name="format")):
                return _formatted(self.of(pattern, depth - 1))
            case ir.Call(func=ir.Attr(base=text, name=name)) if name in _SAME_TEXT:
                return self.of(text, depth - 1)
            case ir.Call() if any(v.kind == "result" and _wraps(v.name) for v in values):
                wrapped = expr.positional(0)
                return self.of(wrapped, depth - 1) if wrapped is not None else UNKNOWN_PART
            case ir.Name():
                return self._grown(expr, depth - 1)
            case _:
                return UNKNOWN_PART

    def _grown(self, name: ir.Name, depth: int) -> str:
        """The text of a name that is assigned once, with what `+=` adds to it."""
        binding = name.scope.lookup(name.id)
        definitions = flow.reaching(name, binding) if binding is not None else ()
        begun = [d for d in definitions if d.kind == "assign" and not d.path]
        added = [d for d in definitions if d.kind == "aug"]
        if len(begun) != 1 or len(begun) + len(added) < len(definitions):
            return UNKNOWN_PART
        values = [d.value for d in (*begun, *added)]
        return "".join(self.of(value, depth) if value is not None else UNKNOWN_PART for value in values)


def _wraps(name: str) -> bool:
    """Whether a function makes a statement of the text that it is given."""
    return name in tables.load("effects")["sql"]["texts"] or name in _SAME_TEXT_FUNCTIONS


def _formatted(text: str) -> str:
    """A text whose `{…}` `str.format` fills in."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return UNKNOWN_PART
    return "".join(before + (UNKNOWN_PART if field is not None else "") for before, field, _, _ in parts)


def sends_what_it_is_given(model: Core, call: ir.Call) -> list[tuple[SqlCall, ir.Expr]]:
    """The SQL that functions of the project send, with the argument of `call` that is its statement."""
    found = []
    for edge in model.project.edges_at(call):
        for index, given in edge.bound.items() if not edge.callback else ():
            sent = _statement_of(model, edge.callee, index, _FUNCTIONS)
            if sent is not None:
                found.append((sent, given))
    return found


def _statement_of(model: Core, function: ir.Function, index: int, depth: int) -> SqlCall | None:
    """The SQL call that sends a function's parameter as it is, in the function or what that calls."""
    for call in function.calls:
        sent = sql_call(model, call)
        if sent is not None and parameter(sent.statement) == (function, index):
            return sent
        for edge in model.project.edges_at(call) if depth else ():
            for further, given in edge.bound.items():
                if not edge.callback and parameter(given) == (function, index):
                    sent = _statement_of(model, edge.callee, further, depth - 1)
                    if sent is not None:
                        return sent
    return None


def parameter(expr: ir.Expr) -> tuple[ir.Function, int] | None:
    """The parameter that an expression surely is, by function and place; None for anything else."""
    binding = expr.scope.lookup(expr.id) if isinstance(expr, ir.Name) else None
    if binding is None or len(binding.definitions) != 1:
        return None
    definition = binding.definitions[0]
    function = definition.function
    return (function, definition.index) if definition.kind == "param" and function is not None else None

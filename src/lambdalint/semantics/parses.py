"""JSON texts that are parsed: which are the same, and what becomes of the result."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from msgspec import Struct

from lambdalint.semantics import flow, ir
from lambdalint.semantics.branches import exclusive
from lambdalint.semantics.changes import invariant, unchanged_between
from lambdalint.semantics.core import Core

_PARSERS = ("json.loads", "orjson.loads", "ujson.loads", "simplejson.loads")
_SMALL = 1024  # bytes: parsing that much takes 7 µs (measured)
# Methods of text that give something new, whatever becomes of it.
_FRESH = {
    "count", "index", "format", "lower", "upper", "strip", "split", "startswith", "endswith", "replace", "encode",
    "title", "join", "isdigit",
}  # fmt: skip
_READING = {"get", "keys", "values", "items", "copy"} | _FRESH
_ASKING = (
    "len",
    "bool",
    "isinstance",
    "print",
    "any",
    "all",
    "str",
    "int",
    "float",
    "Decimal",
    "decimal.Decimal",
)


class Parse(Struct, frozen=True):
    """One `loads(text)`; `text` is the expression that is parsed."""

    model: Core
    call: ir.Call
    text: ir.Expr

    @property
    def key(self) -> str:
        """The same for calls that are spelled the same, arguments included."""
        return spelling(self.call)

    @property
    def small(self) -> bool:
        constant = self.model.constant(self.text)
        return isinstance(constant, (str, bytes)) and len(constant) <= _SMALL

    @property
    def sure(self) -> bool:
        """Whether the text is a constant that is JSON: parsing it can't fail."""
        constant = self.model.constant(self.text)
        if not isinstance(constant, (str, bytes)):
            return False
        try:
            json.loads(constant)
        except (ValueError, RecursionError):
            return False
        return True

    @property
    def target(self) -> ir.Name | None:
        """The local name that the result is assigned to as a whole, if it is."""
        stmt = self.call.parent
        if isinstance(stmt, ir.Assign) and stmt.value is self.call and len(stmt.targets) == 1:
            target = stmt.targets[0]
            return target if isinstance(target, ir.Name) else None
        return None

    @property
    def only_read(self) -> bool:
        """Whether the parsed object is only looked at: subscripted, asked, compared, looped over."""
        target = self.target
        if target is None:
            return _reads(self.call)
        binding = target.scope.lookup(target.id)
        if binding is None or binding.scope.kind != "function" or len(binding.definitions) != 1:
            return False
        return all(_reads(use) for use in binding.uses)

    @property
    def changed(self) -> bool:
        """Whether something is stored into the parsed object, or a method may change it."""
        target = self.target
        uses: list[ir.Expr] = [self.call]
        if target is not None:
            binding = target.scope.lookup(target.id)
            if binding is None or len(binding.definitions) != 1:
                return True
            uses = list(binding.uses)
        return any(_changes(use) for use in uses)

    @property
    def stored_into(self) -> bool:
        """Whether the code around stores into the parsed object, or calls a method that changes it."""
        target = self.target
        binding = target.scope.lookup(target.id) if target is not None else None
        uses: list[ir.Expr] = [self.call] if binding is None else list(binding.uses)
        return any(not _whole(use)[1] for use in uses)


def _whole(use: ir.Expr) -> tuple[ir.Expr, bool]:
    """The chain of parts and reading methods that hangs on a use; False where it stores or calls another method."""
    current = use
    while True:
        parent = current.parent
        if not isinstance(parent, (ir.Item, ir.Attr)) or parent.base is not current:
            return current, True
        if parent.store:
            return current, False
        if isinstance(parent, ir.Attr):
            call = parent.parent
            if not (isinstance(call, ir.Call) and call.func is parent and parent.name in _READING):
                return current, False
            current = call
        else:
            current = parent


def _changes(use: ir.Expr) -> bool:
    """Whether a use of a parsed object may change it."""
    whole, reads = _whole(use)
    if not reads:
        return True
    if whole is not use:
        return False
    parent = use.parent
    if isinstance(parent, ir.Call):
        return ir.dotted(parent.func) not in ("len", "print", "str", "bool", "sorted", "list", "set", "isinstance")
    return isinstance(parent, (ir.Assign, ir.Return, ir.Yield, ir.Map, ir.Seq)) and not _is_definition(use)


def _is_definition(use: ir.Expr) -> bool:
    return isinstance(use.parent, ir.Assign) and use.parent.value is use and isinstance(use, ir.Call)


def parse_of(model: Core, call: ir.Call) -> Parse | None:
    """The parse that a call makes, or None."""
    if model.qualified(call.func) not in _PARSERS or call.spreads:
        return None
    text = call.argument(0, "s")
    return Parse(model, call, text) if text is not None else None


def spelling(expr: ir.Expr, instead: Mapping[ir.Binding, str] | None = None) -> str:
    """A text that is equal for expressions of the same structure; empty where that can't be told.

    `instead` holds what stands for certain names: the arguments of a call for its parameters.
    """
    parts: list[str] = []
    for part in ir.walk(expr):
        match part:
            case ir.Name(id=name):
                binding = part.scope.lookup(name) if instead else None
                known = instead.get(binding) if instead and binding is not None else None
                parts.append(f"name {name}" if known is None else known)
            case ir.Attr(name=name):
                parts.append(f"attr {name}")
            case ir.Item():
                parts.append("item")
            case ir.Const(value=value):
                parts.append(f"const {value!r}")
            case ir.Call(args=args):
                parts.append("call " + " ".join(f"{a.keyword or ''}{'*' * a.star}" for a in args))
            case ir.Choice(kind=kind, items=items):
                parts.append(f"choice {kind} {len(items)}")
            case ir.Map(entries=entries):
                parts.append("map " + " ".join("**" if key is None else ":" for key, _ in entries))
            case ir.Seq(kind=kind, items=items):
                parts.append(f"{kind} {len(items)}")
            case ir.Blend(op=op, items=items):
                parts.append(f"blend {op} {len(items)}")
            case _:
                return ""
    return "\n".join(parts)


def stable(model: Core, text: ir.Expr) -> bool:
    """Whether a text has no calls but those that only look (`event.get("body")`)."""
    for part in ir.walk(text):
        if isinstance(part, ir.Call):
            func = part.func
            if not isinstance(func, ir.Attr) or func.name not in ("get", "decode", "strip"):
                return False
        elif not isinstance(part, (ir.Name, ir.Attr, ir.Item, ir.Const, ir.Choice)):
            return False
    return True


def _reads(use: ir.Expr, depth: int = 0) -> bool:
    """Whether a use of a parsed object leaves it, and what it holds, as they are.

    A part that gets a name of its own is followed; one that is passed on, stored
    or returned may be changed by others, so it doesn't count as reading.
    """
    current, reads = _whole(use)
    if not reads:
        return False
    if isinstance(current, ir.Call) and isinstance(current.func, ir.Attr) and current.func.name in _FRESH:
        return current is not use
    parent = current.parent
    if isinstance(parent, ir.Call):
        if isinstance(parent.func, ir.Attr) and parent.func.name == "get":
            return True  # a default: what comes out is followed from there
        asked = ir.dotted(parent.func) if not _own(parent.func) else ""
        return asked in _ASKING or (current is use and asked in ("sorted", "list", "set"))
    if isinstance(parent, ir.Assign) and parent.value is current and depth < 3:
        target = parent.targets[0]
        binding = target.scope.lookup(target.id) if isinstance(target, ir.Name) else None
        if binding is None or len(parent.targets) > 1 or binding.scope.kind != "function":
            return False
        return all(_reads(other, depth + 1) for other in binding.uses)
    if isinstance(parent, ir.For):
        return isinstance(parent.target, ir.Name) and all(
            _reads(other, depth + 1) for other in _uses(parent.target) if depth < 3
        )
    if isinstance(parent, ir.Compare):
        return not _tells_apart(parent)
    return isinstance(parent, (ir.Not, ir.If, ir.While, ir.ExprStmt, ir.Blend))


def _own(func: ir.Expr) -> bool:
    """Whether the code itself makes what is called: no builtin, and no import."""
    binding = func.scope.lookup(func.id) if isinstance(func, ir.Name) else None
    return binding is not None and any(definition.kind != "import" for definition in binding.definitions)


def _tells_apart(compare: ir.Compare) -> bool:
    """Whether a comparison asks if two things are one object, other than None, True and False."""
    constant = any(isinstance(side, ir.Const) for side in (compare.left, *compare.rights))
    return not constant and any(op in ("is", "is not") for op in compare.ops)


def _uses(name: ir.Name) -> list[ir.Name]:
    binding = name.scope.lookup(name.id)
    return binding.uses if binding is not None else []


# --- the same text again ------------------------------------------------------------------


class Repeat(Struct, frozen=True):
    """`parse` parses what `first` has parsed before on the same path."""

    first: Parse
    parse: Parse
    dominated: bool
    caller: str = ""  # the function that parsed it before, where that is another one


def repeats(model: Core, function: ir.Function) -> Iterator[Repeat]:
    """The parses of a function whose text was surely parsed before, in order."""
    parses = [p for c in function.calls if (p := parse_of(model, c)) is not None and p.key and stable(model, p.text)]
    parses = [p for p in parses if flow.function_of(p.call) is function]
    for index, later in enumerate(parses):
        for first in parses[:index]:
            if (
                first.key != later.key
                or exclusive(first.call, later.call)
                or not unchanged_between(first.text, first.call, later.call)
            ):
                continue
            dominated = dominates(first.call, later.call)
            # Two conditions side by side may exclude each other in a way that isn't seen.
            if dominated or always_follows(first.call, later.call):
                yield Repeat(first, later, dominated)
                break


def dominates(first: ir.Node, second: ir.Node) -> bool:
    """Whether `first` has surely run, to its end, when `second` runs."""
    start, end = ir.statement_of(first), ir.statement_of(second)
    if start is None or end is None or start is end:
        return False
    if any(isinstance(a, (ir.Choice, ir.Comp, ir.Lambda)) for a in ir.ancestors(first)):
        return False
    if isinstance(start, ir.If) and flow.inside(end, start):
        return True  # the condition runs before the branches
    while (outer := _left_otherwise(start)) is not None and not flow.inside(end, outer):
        start = outer
    return any(
        member.parent is start.parent and member.place > start.place and flow.holds(flow.block_of(start), member)
        for member in flow.local_chain(end)
    )


def always_follows(first: ir.Node, second: ir.Node) -> bool:
    """Whether `second` runs whenever `first` has run and nothing left the function in between."""
    start, end = ir.statement_of(first), ir.statement_of(second)
    if start is None or end is None or any(isinstance(a, (ir.Choice, ir.Lambda)) for a in ir.ancestors(second)):
        return start is end and not any(isinstance(a, ir.Choice) for a in ir.ancestors(second))
    block = flow.block_of(end)
    return any(flow.block_of(member) is block for member in flow.local_chain(start))


def _left_otherwise(stmt: ir.Stmt) -> ir.Try | ir.With | None:
    """The `try` (or `with`) around a statement behind which it has surely run: all handlers leave."""
    parent = stmt.parent
    if isinstance(parent, ir.With):
        return parent
    if isinstance(parent, ir.Try) and any(s is stmt for s in parent.body):
        if all(flow.leaves(handler.body) for handler in parent.handlers):
            return parent
    return None


# --- in a loop ---------------------------------------------------------------------------


def invariant_loop(parse: Parse) -> ir.For | ir.While | ir.Comp | None:
    """The outermost loop in which a parse gives the same each time, or None."""
    if not parse.key or not stable(parse.model, parse.text):
        return None
    found: ir.For | ir.While | ir.Comp | None = None
    for loop in flow.loops_around(parse.call):
        if not invariant(parse.model, parse.text, loop):
            break
        found = loop
    return found

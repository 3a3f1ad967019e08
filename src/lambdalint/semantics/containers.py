"""What lists, tuples and mappings hold: their displays, and what is stored into them afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from msgspec import Struct, field

from lambdalint.knowledge import operations
from lambdalint.semantics import flow, ir, spelled
from lambdalint.semantics.branches import exclusive, in_one_turn
from lambdalint.semantics.value import (
    NOTHING,
    UNSURE,
    Context,
    Value,
    Values,
    union,
)

if TYPE_CHECKING:
    from lambdalint.semantics.values import Evaluator

# Give what their argument holds (standard library reference).
_SAME_ELEMENTS = {f"builtins.{name}" for name in ("iter", "list", "reversed", "set", "sorted", "tuple")}
_ANY_KEY = "?"  # the name of a pair whose key can't be told
_ADDING = {"add": 0, "append": 0, "appendleft": 0, "insert": 1}


class Entry(Struct, frozen=True):
    """One value of a mapping; without an expression it can't be told.

    `sure` says that it is there; otherwise it is put there on some ways only.
    """

    expr: ir.Expr | None
    context: Context | None = None
    sure: bool = True

    def values(self, evaluator: Evaluator) -> Values:
        return evaluator.evaluate(self.expr, self.context) if self.expr is not None else UNSURE

    @property
    def maybe(self) -> Entry:
        return Entry(self.expr, self.context, sure=False)


class Entries(Struct):
    """What a mapping holds by constant key, in the order of storing; `others` are under unknown keys.

    `complete` says that there are no entries but these.
    """

    named: dict[object, list[Entry]] = field(default_factory=dict)
    others: list[Entry] = field(default_factory=list)
    complete: bool = True

    def put(self, key: object, entry: Entry) -> None:
        if entry.sure:
            self.named[key] = [entry]  # what was there before is gone
        else:
            self.named.setdefault(key, []).append(entry)

    def merge(self, other: Entries) -> None:
        """What another mapping's entries make of this one (`{**a, **b}`, `a.update(b)`)."""
        if not other.complete or other.others:
            for known in self.named.values():
                known.append(Entry(None, sure=False))  # may be overridden
        for key, entries in other.named.items():
            if any(entry.sure for entry in entries):
                self.named[key] = list(entries)
            else:
                self.named.setdefault(key, []).extend(entries)
        self.others += other.others
        self.complete = self.complete and other.complete

    def weakened(self) -> Entries:
        """The same where it is one of several alternatives."""
        named = {key: [entry.maybe for entry in entries] for key, entries in self.named.items()}
        return Entries(named, [entry.maybe for entry in self.others], self.complete)

    def sure(self, key: object) -> bool:
        return any(entry.sure for entry in self.named.get(key, ()))


def _written(value: Value) -> tuple[int, ...]:
    """Where a container is written, as its statement's places in the blocks around it: the same in every run."""
    stmt = ir.statement_of(value.origin) if isinstance(value.origin, ir.Expr) else None
    places: list[int] = []
    while stmt is not None and stmt.parent is not None:
        above = stmt.parent
        around = [*ir.blocks(above)] if isinstance(above, ir.Stmt) else []
        if isinstance(above, ir.FunctionDef):
            around = [above.function.body]
        places += next(([i, n] for n, block in enumerate(around) for i, s in enumerate(block) if s is stmt), [])
        stmt = above if isinstance(above, ir.Stmt) else None
    return tuple(reversed(places))


# --- mappings ------------------------------------------------------------------------------


def entries_of(evaluator: Evaluator, expr: ir.Expr, context: Context | None, at: ir.Node | None) -> Entries:
    """What the mapping that an expression gives holds when `at` runs."""
    values = sorted(evaluator.evaluate(expr, context), key=_written)
    alternatives = [entries(evaluator, value, at) for value in values]
    if len(alternatives) == 1:
        return alternatives[0]
    found = Entries(complete=bool(alternatives))
    for alternative in alternatives:
        found.merge(alternative.weakened())
    return found


def entries(evaluator: Evaluator, value: Value, at: ir.Node | None) -> Entries:
    """What one mapping holds when `at` runs (or ever, without it)."""
    if value.kind not in ("container", "result"):
        return Entries(complete=False)
    key = ("entries", value, at)
    return evaluator.solve(key, lambda: _entries(evaluator, value, at), Entries(), Entries(complete=False))


def _entries(evaluator: Evaluator, value: Value, at: ir.Node | None) -> Entries:
    found = Entries()
    origin = value.origin
    if isinstance(origin, ir.Map):
        for key, entry in origin.entries:
            if key is None:
                found.merge(entries_of(evaluator, entry, value.context, origin))
            else:
                _put(evaluator, found, key, Entry(entry, value.context))
    elif isinstance(origin, ir.Blend):
        for side in origin.items:
            found.merge(entries_of(evaluator, side, value.context, origin))
    elif isinstance(origin, ir.Comp) and origin.kind == "dict":
        found.others.append(Entry(origin.elements[1], value.context, sure=False))
    elif isinstance(origin, ir.Call) and value.name in ("builtins.dict", "kwargs"):
        _of_call(evaluator, found, value, origin)
    else:
        return Entries(complete=False)
    _stored(evaluator, found, value, at)
    return found


def _of_call(evaluator: Evaluator, found: Entries, value: Value, call: ir.Call) -> None:
    """`dict(a, b=…)`, and the keyword arguments that a function collects in `**kwargs`."""
    taken: set[str] = set()
    if value.base is not None and isinstance(value.base.origin, ir.Function):
        taken = {p.name for p in value.base.origin.params if p.kind in ("plain", "keyword")}
    for argument in call.args:
        if argument.keyword is not None:
            found.put(argument.keyword, Entry(argument.value, value.context))
        elif argument.star == 2 or (argument.star == 0 and value.name != "kwargs"):
            found.merge(entries_of(evaluator, argument.value, value.context, call))
    for name in taken:
        found.named.pop(name, None)


def _put(evaluator: Evaluator, found: Entries, key: ir.Expr, entry: Entry) -> None:
    constants = keys(evaluator, key, entry.context)
    if constants is None or len(constants) != 1:
        found.others.append(entry.maybe)
    else:
        found.put(constants[0], entry)


def keys(evaluator: Evaluator, key: ir.Expr, context: Context | None = None) -> list[object] | None:
    """The constants that a key may be; None where it may be something else."""
    values = evaluator.evaluate(key, context)
    known = [v.constant for v in values if v.kind in ("const", "member") and _hashable(v)]
    return known if known and len(known) == len(values) else None


def _hashable(value: Value) -> bool:
    return value.kind == "const" or isinstance(value.constant, str)


def _stored(evaluator: Evaluator, found: Entries, value: Value, at: ir.Node | None) -> None:
    """Add what is stored into a mapping after it was made."""
    origin = cast(ir.Expr, value.origin)
    for store in _stores(evaluator, value):
        order = flow.order(store.site, origin, at)
        if order == "after" or (at is not None and exclusive(store.site, at) and in_one_turn(store.site, at, origin)):
            continue
        added = Entries()
        if store.kind == "item" and store.key is not None:
            _put(evaluator, added, store.key, Entry(store.value))
        elif isinstance(store.site, ir.Call) and store.name == "setdefault" and store.site.args:
            _put(evaluator, added, store.site.args[0].value, Entry(store.site.positional(1), sure=False))
        elif isinstance(store.site, ir.Call) and store.name == "update":
            for argument in store.site.args:
                if argument.keyword is not None:
                    added.put(argument.keyword, Entry(argument.value))
                else:
                    added.merge(entries_of(evaluator, argument.value, None, store.site))
        found.merge(added if order == "before" else added.weakened())


def refilled(evaluator: Evaluator, value: Value) -> bool:
    """Whether something is put into a container after it was made."""
    return next(_stores(evaluator, value), None) is not None


def _stores(evaluator: Evaluator, value: Value) -> Iterator[ir.Store]:
    """Where something is put into a container, under a name that it is given as soon as it is made."""
    for name in _places(value):
        for store in evaluator.world.stores(name):
            if store.kind != "attribute" and _holds(evaluator, store.holder, value):
                yield store


def _holds(evaluator: Evaluator, holder: ir.Expr, value: Value) -> bool:
    if value.name == "kwargs" and value.base is not None:
        binding = holder.scope.lookup(holder.id) if isinstance(holder, ir.Name) else None
        return binding is not None and any(d.function is value.base.origin for d in binding.definitions)
    return any(v.kind == value.kind and v.origin is value.origin for v in evaluator.evaluate(holder))


def _places(value: Value) -> set[str]:
    """The names and attributes that a container is assigned to as soon as it is made."""
    if value.name == "kwargs" and value.base is not None and isinstance(value.base.origin, ir.Function):
        return {p.name for p in value.base.origin.params if p.kind == "kwargs"}
    parent = cast(ir.Expr, value.origin).parent
    while isinstance(parent, (ir.Choice, ir.Bind)):
        parent = parent.parent
    targets = parent.targets if isinstance(parent, ir.Assign) else ()
    return {place for target in targets if (place := ir.last_name(target))}


# --- parts -----------------------------------------------------------------------------------


def item(evaluator: Evaluator, value: Value, expr: ir.Item, context: Context | None) -> Values:
    """What `value[key]` may be."""
    if value.kind == "external" and value.name == "os.environ":
        return frozenset({Value("result", "os.environ", expr)})
    if value.kind == "result" and value.name == "builtins.globals":
        return spelled.in_module(evaluator, expr)
    if value.kind == "container" and isinstance(value.origin, ir.Seq):
        return _indexed(evaluator, value, value.origin, expr.key)
    held = lookup(evaluator, value, expr.key, context, expr) or UNSURE
    return frozenset({Value("response", "[]", expr, value)}) if value.outside and held >= UNSURE else held


def _indexed(evaluator: Evaluator, value: Value, origin: ir.Seq, key: ir.Expr) -> Values:
    if _may_be_any_index(key):
        return elements(evaluator, value) | UNSURE
    if not isinstance(key, ir.Const) or not isinstance(key.value, int) or next(_stores(evaluator, value), None):
        return UNSURE
    if -len(origin.items) <= key.value < len(origin.items) and not any(isinstance(i, ir.Star) for i in origin.items):
        return evaluator.evaluate(origin.items[key.value], value.context)
    return UNSURE


def _may_be_any_index(key: ir.Expr) -> bool:
    """Whether a subscript asks for one element that can't be told, and not for a slice."""
    return not isinstance(key, (ir.Const, ir.Seq)) and not (isinstance(key, ir.Blend) and key.op == "slice")


def lookup(evaluator: Evaluator, value: Value, key: ir.Expr, context: Context | None, at: ir.Node) -> Values:
    """What a mapping holds under a key; nothing where nothing is known to be there."""
    known = entries(evaluator, value, at)
    constants = keys(evaluator, key, context)
    if constants is None:
        found = union(e.values(evaluator) for e in (*(e for es in known.named.values() for e in es), *known.others))
        return found if known.complete else found | UNSURE
    found = union(e.values(evaluator) for constant in constants for e in known.named.get(constant, ()))
    if all(known.sure(constant) for constant in constants):
        return found
    found |= union(e.values(evaluator) for e in known.others)
    return found if known.complete else found | UNSURE


def unpack(evaluator: Evaluator, values: Values, path: tuple[int | None, ...]) -> Values:
    """What a target at `path` of an unpacking gets."""
    for step in path:
        values = union(_part(evaluator, value, step) for value in values)
    return values


def _part(evaluator: Evaluator, value: Value, step: int | None) -> Values:
    if value.kind == "pair" and isinstance(value.origin, Entry):
        if step == 0 and value.name != _ANY_KEY:
            return frozenset({Value("const", type(value.constant).__name__, constant=value.constant)})
        return value.origin.values(evaluator) if step == 1 else UNSURE
    if value.kind == "container" and isinstance(value.origin, ir.Seq) and step is not None:
        items = value.origin.items
        if step < len(items) and not any(isinstance(i, ir.Star) for i in items):
            return evaluator.evaluate(items[step], value.context)
    return UNSURE


def elements(evaluator: Evaluator, value: Value) -> Values:
    """What a loop over `value` gives."""
    return evaluator.solve(("elements", value), lambda: _elements(evaluator, value), NOTHING, UNSURE)


def _elements(evaluator: Evaluator, value: Value) -> Values:
    origin, base = value.origin, value.base
    if value.kind == "container" and isinstance(origin, ir.Seq):
        found = union(_element(evaluator, item_, value.context) for item_ in origin.items)
        return (found | _added(evaluator, value)) or UNSURE
    if value.kind == "container" and isinstance(origin, ir.Comp) and origin.kind != "dict":
        return evaluator.evaluate(origin.elements[0], value.context) | _added(evaluator, value)
    if value.kind == "container" and isinstance(origin, ir.Call) and value.name in ("values", "items"):
        return _listed(evaluator, value)
    if value.kind == "generator" and isinstance(origin, ir.Function):
        return union(evaluator.evaluate(y, value.context) for y in origin.yields) or UNSURE
    if value.kind == "result" and value.name in _SAME_ELEMENTS and isinstance(origin, ir.Call):
        inner = origin.positional(0)
        return union(elements(evaluator, v) for v in evaluator.evaluate(inner)) if inner is not None else UNSURE
    if value.kind == "response" and base is not None and base.kind == "paginator":
        return frozenset({Value("response", value.name, origin, base.base)})
    if value.kind in ("collection", "response") and base is not None and base.kind in ("resource", "subresource"):
        return _resources(value, base)
    return UNSURE


def _element(evaluator: Evaluator, item_: ir.Expr, context: Context | None) -> Values:
    if isinstance(item_, ir.Star):
        return union(elements(evaluator, v) for v in evaluator.evaluate(item_.value, context))
    return evaluator.evaluate(item_, context)


def _added(evaluator: Evaluator, value: Value) -> Values:
    """What is put into a sequence after it was made."""
    found: Values = NOTHING
    for store in _stores(evaluator, value):
        added = store.value
        if isinstance(store.site, ir.Call):
            added = store.site.positional(_ADDING[store.name]) if store.name in _ADDING else None
            more = store.site.positional(0) if store.name == "extend" else None
            if more is not None:
                found |= union(elements(evaluator, v) for v in evaluator.evaluate(more))
                continue
        found |= evaluator.evaluate(added) if added is not None else UNSURE
    return found


def _listed(evaluator: Evaluator, value: Value) -> Values:
    """What a loop over `mapping.values()` or `mapping.items()` gives."""
    assert value.base is not None
    known = entries(evaluator, value.base, None)
    if value.name == "values":
        found = union(e.values(evaluator) for es in (*known.named.values(), known.others) for e in es)
    else:
        found = frozenset(Value("pair", constant=k, origin=e) for k, es in known.named.items() for e in es)
        found |= frozenset(Value("pair", _ANY_KEY, origin=e) for e in known.others)
    return found if known.complete and found else found | UNSURE


def _resources(value: Value, base: Value) -> Values:
    """The objects of a resource's collection, or of the list that one of its actions gives."""
    kind = "ServiceResource" if base.kind == "resource" else base.name
    listed = operations.resource_member(base.service, kind, value.name)
    if listed is None or not listed.target:
        return UNSURE
    return frozenset({Value("subresource", listed.target, value.origin, base)})

"""What becomes of a value: how the code that gets it looks at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from lambdalint.semantics import flow, ir

_DEPTH = 8  # names that a value may be handed on through
# Builtins that only look at what they are given (Python library reference: built-in functions).
_LOOKING = {"len", "bool", "isinstance", "type", "id", "hasattr"}
_ITERATING = {
    "all", "any", "dict", "enumerate", "filter", "frozenset", "iter", "list", "map", "max", "min", "next",
    "reversed", "set", "sorted", "sum", "tuple", "zip",
}  # fmt: skip
# Methods of loggers (Python library reference: logging.Logger).
_LOGGING = {"debug", "info", "warning", "error", "exception", "critical", "log"}


class Use(Struct, frozen=True):
    """One thing that is done with a value; `node` is the expression or statement that does it.

    kind is one of:
    - "ignored": nothing, the statement ends there;
    - "key" (name: a constant key that is read, by subscript or `.get`), "has" (name: a key asked for
      with `in`), "index" (name: a constant number), "item" (a key that can't be told);
    - "attribute" (name) and "method" (name; node: the call);
    - "len", "truth", "compare", "iterate", and "call" for one of the looking builtins;
    - "show": it is printed or logged;
    - "store" (name: a constant key under which something is stored, or empty);
    - "escape": it is handed on to where it can't be followed.
    """

    kind: str
    node: ir.Node
    name: object = None


class Uses(Struct, frozen=True):
    """All uses of one value."""

    all: tuple[Use, ...]

    def __iter__(self) -> Iterator[Use]:
        return iter(self.all)

    def of(self, *kinds: str) -> list[Use]:
        return [use for use in self.all if use.kind in kinds]

    @property
    def escapes(self) -> bool:
        """Whether anything may happen to it that isn't seen."""
        return any(use.kind in ("escape", "item") for use in self.all)

    @property
    def keys(self) -> set[object]:
        """The constant keys that are read or asked for."""
        return {use.name for use in self.all if use.kind in ("key", "has")}

    def reads(self, key: str) -> list[ir.Expr]:
        """The expressions that read a constant key."""
        return [use.node for use in self.all if use.kind == "key" and use.name == key and isinstance(use.node, ir.Expr)]

    def only(self, *kinds: str) -> bool:
        """Whether it is used, and in no other way than these."""
        return bool(self.all) and all(use.kind in kinds for use in self.all)


def uses_of(expr: ir.Expr) -> Uses:
    """How the value of an expression is used, through the names it is given in its function."""
    found: list[Use] = []
    _follow(expr, found, set(), _DEPTH)
    return Uses(tuple(found))


def uses_of_all(exprs: Iterable[ir.Expr]) -> Uses:
    """The uses of several expressions together."""
    return Uses(tuple(use for expr in exprs for use in uses_of(expr)))


def _follow(expr: ir.Expr, found: list[Use], seen: set[int], depth: int) -> None:
    parent = expr.parent
    match parent:
        case ir.ExprStmt():
            found.append(Use("ignored", parent))
        case ir.Item() if parent.base is expr:
            found.append(_subscript(parent))
        case ir.Attr() if parent.base is expr:
            found.append(_attribute(parent))
        case ir.Call() if parent.func is not expr:
            found.append(_argument(parent, expr))
        case ir.Compare():
            found.append(_comparison(parent, expr))
        case ir.Not() | ir.If() | ir.While() | ir.Assert():
            found.append(Use("truth", parent))
        case ir.For() if parent.iter is expr:
            found.append(Use("iterate", parent))
        case ir.Comp():
            looped = any(loop.iter is expr for loop in parent.loops)
            tested = any(expr is condition for loop in parent.loops for condition in loop.conditions)
            found.append(Use("iterate" if looped else "truth" if tested else "escape", parent))
        case ir.Choice():
            if expr is parent.test:
                found.append(Use("truth", parent))
            else:
                if parent.kind != "if" and expr is not parent.items[-1]:
                    found.append(Use("truth", parent))
                _follow(parent, found, seen, depth)
        case ir.Blend(op=op):
            shown = op == "fstring" and isinstance(parent.parent, ir.Call) and _shows(parent.parent)
            found.append(Use("show" if shown else "escape", parent))
        case ir.Await():
            _follow(parent, found, seen, depth)
        case ir.Bind():
            _name(parent.target, expr, found, seen, depth)
            _follow(parent, found, seen, depth)
        case ir.Assign() if parent.value is expr:
            for target in parent.targets:
                if isinstance(target, ir.Name):
                    _name(target, expr, found, seen, depth)
                else:
                    found.append(Use("escape", parent))
        case ir.AugAssign():
            found.append(Use("escape", parent))
        case _:
            found.append(Use("escape", parent if parent is not None else expr))


def _name(target: ir.Name, value: ir.Expr, found: list[Use], seen: set[int], depth: int) -> None:
    """The uses of a name that may still hold `value`."""
    binding = target.scope.lookup(target.id)
    if binding is None or depth == 0 or binding.scope.kind != "function":
        found.append(Use("escape", target))
        return
    if id(target) in seen:
        return
    seen.add(id(target))
    own = [d for d in binding.definitions if d.value is value and not d.path]
    if not own or any(d.kind in ("global", "nonlocal") for d in binding.definitions):
        found.append(Use("escape", target))
        return
    for use in binding.uses:
        if use.store or use.annotation:
            continue
        if any(d in own for d in flow.reaching(use, binding)):
            _follow(use, found, seen, depth - 1)


def _subscript(item: ir.Item) -> Use:
    key = item.key.value if isinstance(item.key, ir.Const) else None
    if item.store or isinstance(item.parent, ir.Delete):
        return Use("store", item, key if isinstance(key, str) else "")
    if isinstance(key, str):
        return Use("key", item, key)
    if isinstance(key, int):
        return Use("index", item, key)
    return Use("item", item)


def _attribute(attr: ir.Attr) -> Use:
    call = attr.parent
    if not isinstance(call, ir.Call) or call.func is not attr:
        return Use("attribute" if not attr.store else "escape", attr, attr.name)
    first = call.positional(0)
    if attr.name == "get" and isinstance(first, ir.Const) and isinstance(first.value, str):
        return Use("key", call, first.value)
    if attr.name in ("get", "items", "values", "pop", "copy"):
        return Use("item", call)
    return Use("method", call, attr.name)


def _argument(call: ir.Call, expr: ir.Expr) -> Use:
    if isinstance(call.func, ir.Name) and call.func.scope.lookup(call.func.id) is not None:
        return Use("escape", call)  # no builtin, whatever its name
    name = ir.dotted(call.func)
    if name == "len":
        return Use("len", call)
    if name in _LOOKING:
        return Use("truth" if name == "bool" else "call", call, name)
    if name in _ITERATING and any(a.value is expr and a.keyword is None for a in call.args):
        return Use("iterate", call, name)
    return Use("show" if _shows(call) else "escape", call)


def _shows(call: ir.Call) -> bool:
    """Whether a call prints or logs what it is given."""
    first, _, last = ir.dotted(call.func).rpartition(".")
    return last == "print" if not first else last in _LOGGING


def _comparison(compare: ir.Compare, expr: ir.Expr) -> Use:
    if len(compare.ops) == 1 and compare.rights[0] is expr and compare.ops[0] in ("in", "not in"):
        key = compare.left.value if isinstance(compare.left, ir.Const) else None
        return Use("has", compare, key) if isinstance(key, str) else Use("compare", compare)
    if len(compare.ops) == 1 and compare.ops[0] in ("==", "!="):
        other = compare.left if compare.rights[0] is expr else compare.rights[0]
        if isinstance(other, (ir.Seq, ir.Map)) and not ir.children(other):
            return Use("truth", compare)
    return Use("compare", compare)

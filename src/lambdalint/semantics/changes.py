"""Whether what an expression is made of stays the same: between two places, or from one turn of a loop to the next."""

from __future__ import annotations

import bisect
from collections.abc import Iterator

from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core

# The way from a name to a part of what it holds; None stands for a step that isn't known.
_Path = tuple[str | None, ...]

# Methods that leave the object as it is.
_READING = {
    "get", "keys", "values", "items", "copy", "count", "index", "format", "lower", "upper", "strip", "lstrip", "rstrip",
    "split", "splitlines", "startswith", "endswith", "replace", "encode", "decode", "title", "join", "isdigit",
}  # fmt: skip
# Methods that change the object itself; those of an SDK's object change what is elsewhere.
_CHANGING = {"update", "pop", "popitem", "setdefault", "clear", "append", "extend", "insert", "remove", "add", "sort"}
# Functions that leave what they are given as it is.
_LOOKING = {"print", "len", "json", "logger", "logging", "log", "str"}
_FOLLOWED = 3  # names of names


def unchanged_between(text: ir.Expr, first: ir.Expr, later: ir.Expr) -> bool:
    """Whether nothing between two places may have changed what an expression is made of."""
    start, end = ir.statement_of(first), ir.statement_of(later)
    if start is None or end is None:
        return False
    # Behind `end` only what a loop around it brings back to it counts.
    loops = [s for s in flow.local_chain(end) if isinstance(s, (ir.For, ir.While)) and not flow.inside(start, s)]
    for name, path in _parts(text):
        binding = name.scope.lookup(name.id)
        if binding is None:
            return False
        sites = _Sites.of(binding, path)
        if any(function is not None and function is not start.owner for function in sites.within):
            return False
        if sites.between(start.place + 1, end.place + 1, start.owner, later):
            return False
        if any(sites.between(loop.place, loop.end, start.owner, later) for loop in loops):
            return False
    return True


class _Sites:
    """Where a part of what a name holds may change, in the order of the text."""

    def __init__(self, binding: ir.Binding, path: _Path) -> None:
        placed = ((ir.statement_of(site), site) for site in _sites(binding, path, None))
        found = sorted(((stmt, site) for stmt, site in placed if stmt is not None), key=lambda one: one[0].place)
        self.within = {stmt.owner for stmt, _ in found}
        self._places = [stmt.place for stmt, _ in found]
        self._found = found

    @staticmethod
    def of(binding: ir.Binding, path: _Path) -> _Sites:
        known = binding.changes.get(path)
        if not isinstance(known, _Sites):
            known = binding.changes[path] = _Sites(binding, path)
        return known

    def between(self, first: int, last: int, function: ir.Function | None, besides: ir.Node) -> bool:
        """Whether a function changes it in a statement from one place up to another, `besides` left out."""
        for index in range(bisect.bisect_left(self._places, first), len(self._places)):
            stmt, site = self._found[index]
            if stmt.place >= last:
                return False
            if stmt.owner is function and site is not besides:
                return True
        return False


def invariant(model: Core, expr: ir.Expr, loop: ir.For | ir.While | ir.Comp) -> bool:
    """Whether nothing that an expression is made of may change from one turn of a loop to the next."""
    parts = list(_parts(expr))
    if not parts and model.constant(expr) is None:
        return False
    function = flow.function_of(loop)
    for name, path in parts:
        binding = name.scope.lookup(name.id)
        if binding is None or (isinstance(loop, ir.Comp) and binding.scope is loop.scope):
            return False
        for site in _sites(binding, path, None):
            where = flow.function_of(site)
            if flow.inside(site, loop) or (where is not None and where is not function):
                return False
    return True


def untouched_before(expr: ir.Expr, loop: ir.For | ir.Comp, last: ir.Expr) -> bool:
    """Whether `expr`, asked for `last` in each turn of a loop, is the same in front of the loop, element by element.

    What a turn does with its own element behind `last` comes too late to matter.
    """
    if isinstance(loop, ir.Comp):
        return True
    end = ir.statement_of(last)
    for name, path in _parts(expr):
        binding = name.scope.lookup(name.id)
        if binding is None:
            continue
        own = any(definition.site is loop for definition in binding.definitions)
        for site in _changes(binding, path, last, _FOLLOWED):
            stmt = ir.statement_of(site)
            if stmt is None or not flow.inside(site, loop) or flow.inside(site, last):
                continue
            if not own or end is None or not after(end, stmt):
                return False
    return True


def stays_as_long(iterable: ir.Expr, loop: ir.For | ir.Comp) -> bool:
    """Whether no turn of a loop adds to what it runs over, or takes anything away."""
    for name, path in _parts(iterable):
        binding = name.scope.lookup(name.id)
        if binding is None:
            continue
        sites = _changes(binding, path, None, 0)
        if any(flow.inside(site, loop) and not flow.inside(site, iterable) for site in sites):
            return False
    return True


def _parts(expr: ir.Expr) -> Iterator[tuple[ir.Name, _Path]]:
    """The names in an expression, each with the part of what it holds that the expression asks for."""
    for name in ir.walk(expr):
        if isinstance(name, ir.Name):
            yield name, _chain(name, expr)[1]


def _chain(use: ir.Expr, within: ir.Expr | None = None) -> tuple[ir.Expr, _Path]:
    """The longest chain of parts that hangs on a use, and its steps; no further than `within`."""
    current, path = use, []
    while current is not within:
        parent = current.parent
        if isinstance(parent, ir.Item) and parent.base is current:
            path.append(_step(parent.key))
        elif isinstance(parent, ir.Attr) and parent.base is current:
            call = parent.parent
            if isinstance(call, ir.Call) and call.func is parent:
                if parent.name != "get" or not call.args:
                    break
                path.append(_step(call.args[0].value))
                current = call
                continue
            path.append(f".{parent.name}")
        else:
            break
        current = parent
    return current, tuple(path)


def _step(key: ir.Expr | None) -> str | None:
    return repr(key.value) if isinstance(key, ir.Const) else None


def _meet(some: _Path, other: _Path) -> bool:
    """Whether one path leads to the other's part, or to one that holds it."""
    return all(a == b or a is None or b is None for a, b in zip(some, other, strict=False))


def _sites(binding: ir.Binding, path: _Path, last: ir.Expr | None) -> Iterator[ir.Node]:
    """Where a name is bound again, or the part `path` of its object is stored into or handed on (but to `last`)."""
    for definition in binding.definitions:
        bound_again = definition.kind not in ("param", "def", "class", "import") and definition.site is not None
        if bound_again and definition.site is not None:
            if len(binding.definitions) > 1 or definition.scope is binding.scope:
                yield definition.site
    yield from _changes(binding, path, last, _FOLLOWED)


def _changes(binding: ir.Binding, path: _Path, last: ir.Expr | None, depth: int) -> Iterator[ir.Node]:
    imported = any(d.kind == "import" for d in binding.definitions)
    for use in binding.uses:
        whole, steps = _chain(use)
        if not _meet(steps, path):
            continue
        if isinstance(whole, (ir.Item, ir.Attr)) and whole.store:
            yield whole
        elif len(steps) <= len(path):
            yield from _through(whole, path[len(steps) :], imported, last, depth)


def _through(whole: ir.Expr, rest: _Path, imported: bool, last: ir.Expr | None, depth: int) -> Iterator[ir.Node]:
    """What changes `rest` of an object through an expression that stands for it: a method, a function, another name."""
    parent = whole.parent
    if isinstance(parent, ir.Attr):
        may_change = parent.name not in _READING if rest else parent.name in _CHANGING
        if may_change and not imported and not _set_once(whole, rest):
            yield parent
    elif isinstance(parent, ir.Call):
        looking = _only_looks(parent) or ir.last_name(parent.func) == "loads"
        if parent is not last and parent.func is not whole and not looking:
            yield parent
    elif isinstance(parent, ir.Assign) and parent.value is whole and depth:
        for target in parent.targets:
            alias = target.scope.lookup(target.id) if isinstance(target, ir.Name) else None
            yield from _changes(alias, rest, last, depth - 1) if alias is not None else ()
    elif isinstance(parent, ir.For) and parent.iter is whole and isinstance(parent.target, ir.Name) and depth:
        element = parent.target.scope.lookup(parent.target.id)
        yield from _changes(element, rest[1:], last, depth - 1) if element is not None else ()


def _only_looks(call: ir.Call) -> bool:
    """Whether a call leaves what it is given as it is: a builtin, or a method of what is named like a logger."""
    func = call.func
    if isinstance(func, ir.Name) and func.scope.lookup(func.id) is not None:
        return False  # the code's own `log`
    return ir.dotted(func).partition(".")[0] in _LOOKING


def _set_once(whole: ir.Expr, rest: _Path) -> bool:
    """Whether `rest` is an attribute of `self` that only the constructor sets: no method gives it another value."""
    function = flow.function_of(whole)
    if function is None or function.cls is None or not function.bound or not function.params or len(rest) != 1:
        return False
    attribute = rest[0] or ""
    if not isinstance(whole, ir.Name) or whole.id != function.params[0].name or not attribute.startswith("."):
        return False
    return all(where.name == "__init__" for _, _, where in function.cls.attributes.get(attribute[1:], []))


def after(first: ir.Stmt, second: ir.Stmt) -> bool:
    """Whether `second` stands after `first` in the text."""
    return second.place > first.place


def kept_besides(model: Core, text: ir.Expr, first: ir.Expr, later: ir.Expr) -> bool:
    """Whether something keeps the object that a text is a part of, and code runs between two places that may use it.

    A container, an attribute, an object, a generator or a partial call may change it when it is used itself.
    """
    end, function = ir.statement_of(later), flow.function_of(later)
    if end is None or function is None:
        return False
    for name, path in _parts(text):
        binding = name.scope.lookup(name.id)
        keepers = _keepers(model, binding, path, _FOLLOWED) if binding is not None else ()
        stmts = (ir.statement_of(keeper) for keeper in keepers)
        if any(stmt is not None and not after(end, stmt) for stmt in stmts):
            return _runs_between(model, function, first, later)
    return False


def _keepers(model: Core, binding: ir.Binding, path: _Path, depth: int) -> Iterator[ir.Node]:
    """What is given an object that holds the part `path` of what a name stands for, to keep it."""
    for use in binding.uses:
        whole, steps = _chain(use)
        if len(steps) >= len(path) or not _meet(steps, path):
            continue
        parent = whole.parent
        if isinstance(parent, (ir.Map, ir.Seq, ir.Yield)):
            yield whole
        elif isinstance(parent, ir.Call) and parent.func is not whole:
            if _keeps(model, parent):
                yield whole
        elif isinstance(parent, ir.Assign) and parent.value is whole:
            for target in parent.targets:
                alias = target.scope.lookup(target.id) if isinstance(target, ir.Name) else None
                if alias is None:
                    yield whole
                elif depth:
                    yield from _keepers(model, alias, path[len(steps) :], depth - 1)


def _keeps(model: Core, call: ir.Call) -> bool:
    """Whether a call gives something that goes on to use the arguments: an object, a generator, a partial call."""
    if model.qualified(call.func) == "functools.partial":
        return True
    for edge in model.project.edges_at(call):
        awaited = isinstance(call.parent, ir.Await)
        if edge.made is not None or edge.callback or edge.callee.is_generator:
            return True
        if edge.callee.is_async and not awaited:
            return True
    return False


def _runs_between(model: Core, function: ir.Function, first: ir.Expr, later: ir.Expr) -> bool:
    """Whether anything between two places of a function may run more than it shows, or stores into something."""
    start, end = ir.statement_of(first), ir.statement_of(later)
    if start is None or end is None:
        return True
    if any(isinstance(block, ir.With) and not flow.inside(end, block) for block in flow.local_chain(start)):
        return True
    for stmt in ir.statements(function.body):
        if not start.place <= stmt.place <= end.place:
            continue
        if isinstance(stmt, ir.Delete) or (isinstance(stmt, ir.For) and isinstance(stmt.iter, ir.Name)):
            return True
        for part in (part for top in ir.expressions(stmt) for part in ir.walk(top)):
            if part is not first and part is not later and _may_run(model, part):
                return True
    return False


def _may_run(model: Core, part: ir.Expr) -> bool:
    if isinstance(part, ir.Call):
        return not _looks(model, part)
    return isinstance(part, (ir.Await, ir.Yield)) or (isinstance(part, (ir.Attr, ir.Item)) and part.store)


def _looks(model: Core, call: ir.Call) -> bool:
    """Whether a call runs nothing of the project, nor anything that it is given."""
    if _only_looks(call) or model.operation(call) is not None:
        return True
    if isinstance(call.func, ir.Attr):
        return call.func.name in _READING
    name = ir.dotted(call.func)
    return name in ("int", "float", "bool", "isinstance") and not any(isinstance(a.value, ir.Call) for a in call.args)

"""Whether what a turn of a loop hands over may be sent when the loop is done: it stays as it was handed over."""

from __future__ import annotations

from collections.abc import Iterable

from lambdalint.semantics import flow, ir
from lambdalint.semantics.changes import after
from lambdalint.semantics.core import Core
from lambdalint.semantics.per_item import harmless
from lambdalint.semantics.values import MUTATORS

# Calls that make a text or a number of what they are given, as it is then.
_SNAPSHOTS = {"str", "repr", "int", "float", "bool", "len", "hash", "sum", "min", "max", "round", "format", "ord"}
_TEXTS = {"dumps", "join", "format", "encode", "decode", "isoformat", "strftime", "hexdigest", "uuid4", "time"}
# Bindings that hold one thing for good.
_FIXED = ("import", "def", "class")
# Calls that have gone through what they are given before they answer.
_EAGER = {"list", "sorted", "set", "frozenset", "dict", "tuple"}


def settled(model: Core, exprs: Iterable[ir.Expr], loop: ir.For, call: ir.Call) -> bool:
    """Whether nothing that a loop does after `call` changes what `exprs`, its arguments, refer to."""
    stack, seen = list(exprs), set[int]()
    while stack:
        expr = stack.pop()
        match expr:
            case ir.Await() | ir.Yield() | ir.Bind() | ir.Lambda():
                return False
            case ir.Blend(op="fstring"):
                pass
            case ir.Call():
                if model.project.edges_at(expr) and not _fresh_results(model, expr):
                    return False
                if not _snapshot(expr):
                    stack += ir.children(expr)
            case ir.Name():
                binding = expr.scope.lookup(expr.id)
                if binding is None or id(binding) in seen:
                    continue
                seen.add(id(binding))
                more = _behind(binding, loop, call, model)
                if more is None:
                    return False
                stack += more
            case _:
                stack += ir.children(expr)
    return True


def steady(model: Core, expr: ir.Expr, loop: ir.For) -> bool:
    """Whether an expression gives the same, and does nothing, wherever it stands in a loop or behind it."""
    for part in ir.walk(expr):
        if isinstance(part, (ir.Call, ir.Await, ir.Yield, ir.Bind, ir.Comp)):
            return False
        if isinstance(part, ir.Name):
            binding = part.scope.lookup(part.id)
            if binding is None or _bound_in(binding, loop) or _changed(model, binding, loop, None):
                return False
    return True


def _behind(binding: ir.Binding, loop: ir.For, call: ir.Call, model: Core) -> list[ir.Expr] | None:
    """What else a name's value is made of in the loop; None where it is changed under the hands of who keeps it."""
    if all(d.kind in _FIXED for d in binding.definitions) or _counted(binding):
        return []
    own = _bound_in(binding, loop)
    if not own:
        return None if _changed(model, binding, loop, None) else []
    if any(d.kind not in ("element", "assign") for d in own) or len(own) != len(binding.definitions):
        return None
    if _changed(model, binding, loop, call):
        return None
    values = [d.value for d in own if d.site is not loop]
    if any(value is None for value in values):
        return None
    kept = [value for value in values if value is not None]
    # Under another name the same object may be there in every turn.
    shared = [value for value in kept if not isinstance(value, (ir.Map, ir.Seq, ir.Comp, ir.Call, ir.Const, ir.Blend))]
    return None if shared and _changed(model, binding, loop, None) else kept


def _counted(binding: ir.Binding) -> bool:
    """Whether a name holds a number or a text, which is another one when something is added."""
    begun = [d for d in binding.definitions if d.kind != "aug"]
    return bool(begun) and all(d.kind == "assign" and isinstance(d.value, ir.Const) and not d.path for d in begun)


def _bound_in(binding: ir.Binding, loop: ir.For) -> list[ir.Definition]:
    return [d for d in binding.definitions if d.site is not None and flow.inside(d.site, loop)]


def _changed(model: Core, binding: ir.Binding, loop: ir.For, behind: ir.Call | None) -> bool:
    """Whether a turn may change the object that a name holds; `behind` a call, where that is given."""
    start = ir.statement_of(behind) if behind is not None else None
    for use in binding.uses:
        stmt = ir.statement_of(use)
        if stmt is None or not flow.inside(use, loop) or (behind is not None and flow.inside(use, behind)):
            continue
        if start is not None and stmt is not start and not after(start, stmt):
            continue
        if changes(model, use):
            return True
    return False


def changes(model: Core, use: ir.Name) -> bool:
    """Whether the place where a name is used may change its object."""
    holder: ir.Expr = use
    while isinstance(holder.parent, (ir.Item, ir.Attr)) and holder.parent.base is holder:
        holder = holder.parent
    if isinstance(holder, (ir.Item, ir.Attr)) and holder.store:
        return True
    parent = holder.parent
    if isinstance(parent, ir.Call):
        if parent.func is holder:
            return isinstance(holder, ir.Attr) and holder.name in MUTATORS
        return bool(model.project.edges_at(parent))
    if isinstance(parent, (ir.AugAssign, ir.Delete)):
        return not isinstance(parent, ir.AugAssign) or parent.target is holder
    return holder is use and isinstance(parent, ir.Assign) and parent.value is use


def _snapshot(call: ir.Call) -> bool:
    if isinstance(call.func, ir.Attr):
        return call.func.name in _TEXTS
    return isinstance(call.func, ir.Name) and call.func.id in _SNAPSHOTS | _TEXTS


def _fresh_results(model: Core, call: ir.Call) -> bool:
    """Whether the functions of the project that a call runs give something of its own each time."""
    edges = model.project.edges_at(call)
    returns = [value for edge in edges for value in edge.callee.returns]
    if any(edge.callback or edge.made is not None or model.project.guards.cached(edge.callee) for edge in edges):
        return False
    return all(
        isinstance(value, (ir.Const, ir.Blend)) or (isinstance(value, ir.Call) and _snapshot(value))
        for value in returns
    )


def deferrable(model: Core, loop: ir.For, *calls: ir.Call, within: ir.With | None = None) -> bool:
    """Whether what `calls`, of a loop's body, ask for may be asked when the loop is done, as far as the rest goes.

    A turn that fails, hands something on or changes anything outside would do so before. `within` is
    the one `with` that may stand in the loop.
    """
    if loop.is_async or loop.orelse or _lazy(model, loop.iter):
        return False
    for stmt in ir.statements(loop.body):
        if isinstance(stmt, (ir.Try, ir.Return, ir.Raise, ir.FunctionDef, ir.ClassDef)):
            return False
        if isinstance(stmt, ir.With) and stmt is not within:
            return False
        for part in (part for expr in ir.expressions(stmt) for part in ir.walk(expr)):
            if isinstance(part, (ir.Await, ir.Yield, ir.Lambda)):
                return False
            if isinstance(part, ir.Call) and not any(flow.inside(part, call) for call in calls):
                if not harmless(model, part):
                    return False
    return True


def _lazy(model: Core, source: ir.Expr) -> bool:
    """Whether what a loop runs over may still ask for more while it runs."""
    stack, seen = [source], set[int]()
    while stack:
        part = stack.pop()
        value = model.value(part)
        if value is not None and value.kind in ("paginator", "collection"):
            return True
        match part:
            case ir.Await():
                return True
            case ir.Comp():
                if part.kind == "generator":
                    return True
            case ir.Call() if ir.dotted(part.func) not in _EAGER:
                operation = model.operation(part)
                base = operation.base if operation is not None else None
                if base is not None and base.kind in ("paginator", "collection"):
                    return True
                if any(edge.callee.is_generator for edge in model.project.edges_at(part)):
                    return True
                stack += ir.children(part)
            case ir.Name():
                binding = part.scope.lookup(part.id)
                if binding is not None and id(binding) not in seen:
                    seen.add(id(binding))
                    stack += [d.value for d in binding.definitions if d.kind == "assign" and d.value is not None]
            case ir.Item() | ir.Call() | ir.Const():
                pass
            case _:
                stack += ir.children(part)
    return False

"""What a call gives, by what is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdalint.knowledge import operations, tables
from lambdalint.semantics import arguments, classes, containers, entering, flow, hints, ir, members, spelled
from lambdalint.semantics.value import NOTHING, UNKNOWN, UNSURE, Context, Value, Values, single, union

if TYPE_CHECKING:
    from lambdalint.semantics.values import Evaluator

# Callables that give back their argument, or run it and give its result (standard library reference).
_TRANSPARENT = {
    "asyncio.run": 0,
    "asyncio.shield": 0,
    "asyncio.wait_for": 0,
    "contextlib.aclosing": 0,
    "contextlib.closing": 0,
    "contextlib.nullcontext": 0,
    "copy.copy": 0,
    "copy.deepcopy": 0,
    "typing.cast": 1,
    "typing_extensions.cast": 1,
}
_STACKS = {"contextlib.ExitStack", "contextlib.AsyncExitStack"}
_CALLABLE = ("function", "method", "class", "external", "operation")


def call(evaluator: Evaluator, value: Value, expr: ir.Call, context: Context | None) -> Values:
    """What calling `value` may give."""
    match value.kind:
        case "const" if value.constant is None:
            return NOTHING
        case "external":
            return _external(evaluator, value.name, expr, context)
        case "operation":
            return _operation(evaluator, value, expr, context)
        case "function" | "method":
            return _returned(evaluator, value, value, expr, context)
        case "partial" if value.base is not None:
            if value.base.kind in ("function", "method"):
                return _returned(evaluator, value, value.base, expr, context)
            return call(evaluator, value.base, _merged(evaluator, value, expr), context)
        case "class":
            return frozenset({Value("instance", value.name, value.origin, call=expr, context=context)})
        case "instance":
            method = classes.find_method(evaluator, value, "__call__")
            if method is None:
                return UNSURE
            bound = Value("method", "__call__", method, value)
            return _returned(evaluator, bound, bound, expr, context)
        case "result" if value.name == "collections.namedtuple":
            return frozenset({Value("record", value.name, value.origin, call=expr, context=context)})
        case "result" if evaluator.facts.gives_when_called(tables.canonical(value.name)):
            return frozenset({Value("response", "()", expr, value)})
        case "unknown" if isinstance(expr.func, ir.Attr) and expr.func.name == "__new__":
            return _new(evaluator, expr, context)
        case "unknown" if isinstance(expr.func, ir.Attr):
            return _of_container(evaluator, expr, expr.func, context)
        case _:
            return UNSURE


def _merged(evaluator: Evaluator, partial: Value, expr: ir.Call) -> ir.Call:
    """A call with the arguments that a partial already has in front of its own."""
    assert isinstance(partial.origin, ir.Call)
    key = (partial.origin, expr)
    known = evaluator.merged.get(key)
    if known is None:
        known = evaluator.merged[key] = ir.Call(expr.func, [*partial.origin.args[1:], *expr.args])
        known.parent = expr.parent
    return known


def _returned(evaluator: Evaluator, value: Value, target: Value, expr: ir.Call, context: Context | None) -> Values:
    """What a function of the project returns; `value` is it, or the partial around it."""
    function = target.origin
    assert isinstance(function, ir.Function)
    edge = evaluator.edge(function, expr, value)
    receiver = target.base if target.kind == "method" else None
    inner = evaluator.enter(function, context, edge=edge, receiver=receiver, closure=target.context)
    if function.is_generator:
        return frozenset({Value("generator", function.name, function, context=inner)})
    found = union(evaluator.evaluate(r, inner) for r in function.returns)
    if not function.returns:
        found = frozenset({Value("const", "NoneType")})
    return hints.refine(evaluator, found, function.annotation)


# --- methods of mappings ----------------------------------------------------------------


def _of_container(evaluator: Evaluator, expr: ir.Call, func: ir.Attr, context: Context | None) -> Values:
    """`ROUTES.get(key, default)` and other methods of a mapping."""
    owners = evaluator.evaluate(func.base, context)
    if not owners or any(v.kind not in ("container", "result") for v in owners):
        return UNSURE
    if func.name in ("get", "pop", "setdefault") and expr.args:
        key, default = expr.args[0].value, expr.positional(1)
        found = union(containers.lookup(evaluator, owner, key, context, expr) for owner in owners)
        if default is not None:
            return found | evaluator.evaluate(default, context)
        return found or frozenset({Value("const", "NoneType")})
    if func.name in ("values", "items"):
        return frozenset(Value("container", func.name, expr, owner, context=context) for owner in owners)
    return owners if func.name == "copy" else UNSURE


# --- outside functions -------------------------------------------------------------------


def _external(evaluator: Evaluator, name: str, expr: ir.Call, context: Context | None) -> Values:
    kind = evaluator.facts.constructor_kind(name)
    if kind is not None and any(not evaluator.evaluate(a.value, context) for a in expr.args):
        return NOTHING  # it isn't run where an argument can't be had (an attribute of what is None)
    if kind in ("client", "resource"):
        service = evaluator.facts.service(name) or _service(evaluator, expr, context)
        return frozenset({Value(kind, service, expr)})
    if kind is not None:
        # A session that everybody shares isn't made by the call.
        return frozenset({Value(kind, name, None if tables.is_shared(name) else expr)})
    if name in _TRANSPARENT:
        given = expr.positional(_TRANSPARENT[name])
        return evaluator.evaluate(given, context) if given is not None else UNSURE
    match name:
        case "functools.partial":
            return _partial(evaluator, expr, context)
        case "builtins.getattr":
            return _getattr(evaluator, name, expr, context)
        case "builtins.super":
            return _super(evaluator, expr, context)
        case "builtins.type" if len(expr.args) == 1:
            owners = evaluator.evaluate(expr.args[0].value, context)
            return frozenset(Value("class", v.name, v.origin) if v.kind == "instance" else UNKNOWN for v in owners)
        case "builtins.next":
            sources = evaluator.evaluate(expr.args[0].value, context) if expr.args else UNSURE
            return union(containers.elements(evaluator, v) for v in sources)
        case "builtins.object.__new__":
            return _new(evaluator, expr, context)
        case "builtins.dict":
            return frozenset({Value("result", name, expr, context=context)})
        case "importlib.import_module" | "builtins.__import__":
            path, root = _text(evaluator, expr.positional(0), context), ir.root_name(expr.func)
            known = root is not None and path and not path.startswith(".")
            return evaluator.world.imported(root.scope.function.module, path) if root and known else UNSURE
        case _:
            return frozenset({Value("result", name, expr)})


def _new(evaluator: Evaluator, expr: ir.Call, context: Context | None) -> Values:
    """`super().__new__(cls)` of a base class outside the project."""
    given = expr.positional(0)
    made = evaluator.evaluate(given, context) if given is not None else NOTHING
    return frozenset(Value("instance", v.name, v.origin) if v.kind == "class" else UNKNOWN for v in made) or UNSURE


def _partial(evaluator: Evaluator, expr: ir.Call, context: Context | None) -> Values:
    given = expr.positional(0)
    made = evaluator.evaluate(given, context) if given is not None else UNSURE
    return frozenset(Value("partial", v.name, expr, v) if v.kind in _CALLABLE else UNKNOWN for v in made)


def _getattr(evaluator: Evaluator, name: str, expr: ir.Call, context: Context | None) -> Values:
    wanted = _text(evaluator, expr.positional(1), context)
    if not wanted:
        return _spelled(evaluator, name, expr, context)
    attr = ir.Attr(expr.args[0].value, wanted)
    owners = evaluator.evaluate(expr.args[0].value, context)
    default = expr.positional(2)
    found = union(members.attribute(evaluator, owner, attr, context) for owner in owners)
    return found | evaluator.evaluate(default, context) if default is not None else found


def _spelled(evaluator: Evaluator, name: str, expr: ir.Call, context: Context | None) -> Values:
    """`getattr(owner, f"handle_{kind}", default)`: whatever the owner has under such names."""
    found: Values = frozenset({Value("result", name, expr)})
    given = [argument.value for argument in expr.args if argument.keyword is None and not argument.star]
    if len(given) < 2:
        return found
    wanted = spelled.pattern(given[1])
    for owner in evaluator.evaluate(given[0], context):
        for known in spelled.members(evaluator, owner, wanted):
            found |= members.attribute(evaluator, owner, ir.Attr(given[0], known), context)
    return found | evaluator.evaluate(given[2], context) if len(given) > 2 else found


def _super(evaluator: Evaluator, expr: ir.Call, context: Context | None) -> Values:
    """`super()` in a method: what its first parameter is, looked at from behind its class."""
    function = flow.function_of(expr)
    while function is not None and function.cls is None:
        function = function.outer
    if function is None or function.cls is None or not function.params:
        return UNSURE
    binding = function.scope.bindings[function.params[0].name]
    inner = context.around(function) if context is not None else None
    owners = evaluator.binding(binding, inner)
    if any(v.kind not in ("instance", "class") for v in owners):
        return UNSURE
    return frozenset(Value("super", function.cls.name, function.cls, owner) for owner in owners)


def _service(evaluator: Evaluator, expr: ir.Call, context: Context | None) -> str:
    """The service a client is asked for, or an empty string where it can't be told."""
    return _one_text(arguments.argument(evaluator, expr, 0, "service_name", context))


def _text(evaluator: Evaluator, given: ir.Expr | None, context: Context | None) -> str:
    """The one text that an argument surely is, or an empty string."""
    return _one_text(evaluator.evaluate(given, context)) if given is not None else ""


def _one_text(values: Values | None) -> str:
    value = single(values) if values else None
    return value.constant if value is not None and isinstance(value.constant, str) else ""


# --- the AWS SDK -------------------------------------------------------------------------


def _operation(evaluator: Evaluator, value: Value, expr: ir.Call, context: Context | None) -> Values:
    base, name = value.base, value.name
    assert base is not None
    match base.kind:
        case "session":
            if name in ("client", "resource", "create_client"):
                kind = "resource" if name == "resource" else "client"
                return frozenset({Value(kind, _service(evaluator, expr, context), expr, base)})
            return frozenset({Value("result", f"{base.name}.{name}", expr)})
        case "client" if name in ("get_paginator", "get_waiter"):
            keyword = "operation_name" if name == "get_paginator" else "waiter_name"
            text = _one_text(arguments.argument(evaluator, expr, 0, keyword, context))
            return frozenset({Value(name.removeprefix("get_"), text, expr, base)})
        case "resource" | "subresource":
            made = _handle(base, name)
            if made:
                return frozenset({Value("subresource", made, expr, base)})
        case "collection":
            if name in ("all", "filter", "limit", "page_size"):
                return frozenset({base})
        case "batch":
            return frozenset({Value("const", "NoneType")})
        case "result" if base.name in _STACKS and name in ("enter_context", "enter_async_context"):
            given = expr.positional(0)
            entering_ = evaluator.evaluate(given, context) if given is not None else UNSURE
            return union(entering.entered(evaluator, v) for v in entering_)
    return frozenset({Value("response", name, expr, base)})


def _handle(base: Value, name: str) -> str:
    """The kind of object that a resource's method gives: one that needs no call, or the one it asked for."""
    kind = "ServiceResource" if base.kind == "resource" else base.name
    member = operations.resource_member(base.service, kind, name)
    if member is not None and member.role == "local" and member.target and member.target != "BatchWriter":
        return member.target
    return tables.subresource(name)

"""What attributes and calls of a known value give: the AWS SDK's objects above all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdalint.knowledge import tables
from lambdalint.semantics import classes, ir
from lambdalint.semantics.values import NOTHING, UNKNOWN, UNSURE, Context, Value, Values, single

if TYPE_CHECKING:
    from lambdalint.semantics.values import Evaluator

# What botocore and boto3 put on every client or resource without any call behind it.
_LOCAL_ATTRIBUTES = {"exceptions", "waiter_names", "waiter_name"}
# Callables that give back their argument, or run it and give its result (standard library reference).
_TRANSPARENT = {
    "asyncio.run": 0,
    "asyncio.shield": 0,
    "asyncio.wait_for": 0,
    "typing.cast": 1,
    "typing_extensions.cast": 1,
}


def attribute(evaluator: Evaluator, value: Value, expr: ir.Attr, context: Context | None) -> Values:
    """What `value.name` may be."""
    name = expr.name
    match value.kind:
        case "external":
            return frozenset({Value("external", tables.canonical(f"{value.name}.{name}"))})
        case "module":
            return evaluator.world.module_attribute(value.name, name)
        case "instance" | "class":
            return _member(evaluator, value, name, context)
        case "client" | "resource" | "subresource" | "collection":
            if name in _LOCAL_ATTRIBUTES:
                return UNSURE
            if name == "meta":
                return frozenset({Value("meta", base=value)})
            if value.kind == "subresource" and tables.is_collection(value.name, name):
                return frozenset({Value("collection", name, expr, value)})
            return frozenset({Value("operation", name, expr, value)})
        case "meta":
            if name == "client":
                return frozenset({Value("client", value.service, expr)})
            return UNSURE
        case "session" | "paginator" | "waiter" | "result" | "batch":
            return frozenset({Value("operation", name, expr, value)})
        case "operation" | "response" if value.outside:
            return frozenset({Value("operation", name, expr, value)})
        case "const" if value.constant is None:
            return NOTHING  # what is None at first has no attribute until it is something else
        case _:
            return UNSURE


def _member(evaluator: Evaluator, value: Value, name: str, context: Context | None) -> Values:
    cls = value.origin
    assert isinstance(cls, ir.Class)
    found: set[Value] = set()
    complete = True
    for ancestor in classes.lineage(evaluator, cls):
        if ancestor is None:
            complete = False
            continue
        method = ancestor.methods.get(name)
        if method is not None:
            if classes.is_property(method):
                return evaluator.union(evaluator.evaluate(r, context) for r in method.returns)
            if method.is_static:
                return frozenset({Value("function", name, method)})
            return frozenset({Value("method", name, method, value)})
        for stored, path, function in ancestor.attributes.get(name, ()):
            inner = context if context is not None and context.edge.callee is function else None
            if stored is None:
                found.add(UNKNOWN)
            else:
                found |= evaluator.unpack(evaluator.evaluate(stored, inner), path, inner)
        binding = ancestor.scope.bindings.get(name)
        if binding is not None:
            found |= evaluator.binding(binding)
            if value.kind == "instance" and _is_field(evaluator, ancestor, binding):
                found.add(UNKNOWN)
        if found:
            break
    if not found:
        return UNSURE
    return frozenset(found if complete or len(found) else {*found, UNKNOWN})


def _is_field(evaluator: Evaluator, cls: ir.Class, binding: ir.Binding) -> bool:
    """Whether `name: type = default` in a class body may be a field that its maker was given."""
    if not cls.decorators and not cls.bases:
        return False
    return any(
        d.value is not None and d.annotation is not None and not evaluator.annotated(d.annotation)
        for d in binding.definitions
    )


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
            return _returned(evaluator, value, expr, context)
        case "partial" if value.base is not None:
            return _returned(evaluator, value, expr, context)
        case "class":
            return frozenset({Value("instance", value.name, value.origin)})
        case "instance":
            method = classes.find_method(evaluator, value, "__call__")
            if method is None:
                return UNSURE
            return _returned(evaluator, Value("method", "__call__", method, value), expr, context)
        case "unknown" if isinstance(expr.func, ir.Attr) and expr.func.name == "get" and expr.args:
            return _got(evaluator, expr, expr.func.base, context)
        case _:
            return UNSURE


def _got(evaluator: Evaluator, expr: ir.Call, base: ir.Expr, context: Context | None) -> Values:
    """`ROUTES.get(key, default)` of a dict display."""
    owners = evaluator.evaluate(base, context)
    if not all(v.kind == "container" and isinstance(v.origin, ir.Map) for v in owners):
        return UNSURE
    item = ir.Item(base, expr.args[0].value)
    default = expr.positional(1)
    found = evaluator.union(evaluator.item(owner, item, context) for owner in owners)
    return found | evaluator.evaluate(default, context) if default is not None else found


def _returned(evaluator: Evaluator, value: Value, expr: ir.Call, context: Context | None) -> Values:
    from lambdalint.semantics.callgraph import Edge

    function = value.base.origin if value.kind == "partial" and value.base is not None else value.origin
    assert isinstance(function, ir.Function)
    if function.is_generator:
        return frozenset({Value("generator", function.name, function)})
    key = (id(expr), id(function), value.kind)
    edge = evaluator.edges.get(key)
    if edge is None:
        edge = evaluator.edges[key] = Edge.of_call(function, expr, value)
    inner = Context.enter(edge, context)
    found = evaluator.union(evaluator.evaluate(r, inner) for r in function.returns)
    if not function.returns:
        return frozenset({Value("const", "NoneType")})
    return found


def _service(evaluator: Evaluator, expr: ir.Call, context: Context | None) -> str:
    """The service a client is asked for, or an empty string where it can't be told."""
    return _text(evaluator, expr.argument(0, "service_name"), context)


def _text(evaluator: Evaluator, given: ir.Expr | None, context: Context | None) -> str:
    """The one text that an argument surely is, or an empty string."""
    value = single(evaluator.evaluate(given, context)) if given is not None else None
    return value.constant if value is not None and isinstance(value.constant, str) else ""


def _external(evaluator: Evaluator, name: str, expr: ir.Call, context: Context | None) -> Values:
    kind = tables.constructor_kind(name)
    if kind in ("client", "resource"):
        return frozenset({Value(kind, _service(evaluator, expr, context), expr)})
    if kind is not None:
        return frozenset({Value(kind, name, expr)})
    if name in _TRANSPARENT:
        given = expr.positional(_TRANSPARENT[name])
        return evaluator.evaluate(given, context) if given is not None else UNSURE
    if name == "functools.partial":
        given = expr.positional(0)
        kinds = ("function", "method")
        return frozenset(
            Value("partial", v.name, expr, v) if v.kind in kinds else v
            for v in (evaluator.evaluate(given, context) if given is not None else UNSURE)
        )
    if name == "builtins.getattr" and len(expr.args) >= 2 and isinstance(expr.args[1].value, ir.Const):
        attr = ir.Attr(expr.args[0].value, str(expr.args[1].value.value))
        owners = evaluator.evaluate(expr.args[0].value, context)
        return evaluator.union(attribute(evaluator, owner, attr, context) for owner in owners)
    if name == "builtins.super":
        return _super(evaluator, expr)
    return frozenset({Value("result", name, expr)})


def _super(evaluator: Evaluator, expr: ir.Call) -> Values:
    """`super()`: an instance of the first base class that the project defines."""
    from lambdalint.semantics.flow import function_of

    function = function_of(expr)
    while function is not None and function.cls is None:
        function = function.outer
    if function is None or function.cls is None:
        return UNSURE
    for base in list(classes.lineage(evaluator, function.cls))[1:]:
        return frozenset({Value("instance", base.name, base)}) if base is not None else UNSURE
    return UNSURE


def _operation(evaluator: Evaluator, value: Value, expr: ir.Call, context: Context | None) -> Values:
    base, name = value.base, value.name
    assert base is not None
    if base.kind == "session":
        if name in ("client", "resource", "create_client"):
            kind = "resource" if name == "resource" else "client"
            return frozenset({Value(kind, _service(evaluator, expr, context), expr, base)})
        return frozenset({Value("result", f"{base.name}.{name}", expr)})
    if base.kind == "client" and name in ("get_paginator", "get_waiter"):
        given = expr.argument(0, "operation_name" if name == "get_paginator" else "waiter_name")
        return frozenset({Value(name.removeprefix("get_"), _text(evaluator, given, context), expr, base)})
    if base.kind in ("resource", "subresource"):
        made = tables.subresource(name)
        if made:
            return frozenset({Value("subresource", made, expr, base)})
    if base.kind == "collection" and name in ("all", "filter", "limit", "page_size"):
        return frozenset({base})
    if base.kind == "batch":
        return frozenset({Value("const", "NoneType")})
    return frozenset({Value("response", name, expr, base)})

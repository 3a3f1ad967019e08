"""Calls that write the whole event to the log."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.knowledge import answers
from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.value import full_name

_DEPTH = 4  # functions that hand the event on, and formats around it
_INFO = 20


def logs_whole_event(model: Core, call: ir.Call) -> bool:
    """Whether a call writes all of the event on each invocation, at a level that is shown."""
    if not _writes(model, call) or _sampled(model, call) or _quiet_logger(model, call):
        return False
    return any(_is_event(model, argument.value, _DEPTH) for argument in call.args if argument.keyword != "exc_info")


def logged_by_decorator(model: Core, function: ir.Function) -> ir.Call | None:
    """The decorator of a handler that is told to log each event, or None."""
    if not any(handler.function is function for handler in model.project.handlers):
        return None
    for decorator in function.decorators:
        if isinstance(decorator, ir.Call) and model.constant(decorator.keyword("log_event")) is True:
            value = model.value(decorator.func)
            if value is not None and full_name(value) in answers.event_loggers():
                return decorator
    return None


def _writes(model: Core, call: ir.Call) -> bool:
    """Whether a call prints, or logs at INFO or above."""
    name = ir.dotted(call.func)
    if answers.is_printing(name) or answers.is_printing(model.qualified(call.func)):
        return True
    value = model.value(call.func)
    owner, _, method = (full_name(value) if value is not None else "").rpartition(".")
    if not answers.logs(owner, method):
        return False
    return method != "log" or (_level(model, call.positional(0)) or 0) >= _INFO


def _level(model: Core, expr: ir.Expr | None) -> int | None:
    """The level that an expression names (`logging.INFO`, "INFO", 20), or None."""
    constant = model.constant(expr)
    if isinstance(constant, int):
        return constant
    name = constant if isinstance(constant, str) else model.qualified(expr) if expr is not None else ""
    return answers.level(name.rpartition(".")[2].upper())


def _sampled(model: Core, call: ir.Call) -> bool:
    """Whether a condition that the event doesn't decide stands before it: a switch for debugging, a sample."""
    below: ir.Node = call
    for above in ir.ancestors(call):
        if isinstance(above, (ir.FunctionDef, ir.Lambda)):
            return False
        if isinstance(above, (ir.If, ir.While)) and below is not above.test and not model.depends_on_event(above.test):
            return True
        if isinstance(above, ir.Choice):
            return True
        below = above
    return False


def _quiet_logger(model: Core, call: ir.Call) -> bool:
    """Whether the module sets its log to a level above INFO."""
    if answers.is_printing(ir.dotted(call.func)):
        return False
    return any(level > _INFO for level in _levels_set(model))


def _levels_set(model: Core) -> Iterator[int]:
    for function in (model.module.main, *model.module.functions):
        for call in function.calls:
            given = call.keyword("level")
            if given is None and isinstance(call.func, ir.Attr) and call.func.name == "setLevel":
                given = call.positional(0)
            level = _level(model, given)
            if level is not None:
                yield level


def _is_event(model: Core, expr: ir.Expr, depth: int) -> bool:
    """Whether an expression is surely the handler's event, or a text with all of it."""
    if depth == 0:
        return False
    match expr:
        case ir.Name():
            return _is_event_name(model, expr, depth)
        case ir.Blend(op="fstring" | "Add" | "Modulo", items=items):
            return any(_is_event(model, item, depth - 1) for item in items)
        case ir.Seq(items=items):
            return any(_is_event(model, item, depth - 1) for item in items)
        case ir.Call(func=ir.Attr(base=ir.Const(), name="format"), args=args):
            return any(_is_event(model, argument.value, depth - 1) for argument in args)
        case ir.Call():
            first = expr.positional(0)
            whole = answers.keeps_all(ir.dotted(expr.func)) or answers.keeps_all(model.qualified(expr.func))
            return whole and first is not None and _is_event(model, first, depth - 1)
        case _:
            return False


def _is_event_name(model: Core, name: ir.Name, depth: int) -> bool:
    binding = name.scope.lookup(name.id)
    definitions = flow.reaching(name, binding) if binding is not None else ()
    return bool(definitions) and all(_holds_event(model, definition, depth) for definition in definitions)


def _holds_event(model: Core, definition: ir.Definition, depth: int) -> bool:
    """Whether a definition gives the event: a handler's first parameter, or what all callers hand over."""
    function = definition.function
    if definition.kind == "assign" and definition.value is not None and not definition.path:
        return _is_event(model, definition.value, depth - 1)
    if definition.kind != "param" or function is None:
        return False
    own = 1 if function.cls is not None and not function.is_static else 0
    if any(handler.function is function for handler in model.project.handlers):
        return definition.index == own and function not in model.project.entry_points.routed
    edges = list(model.project.edges_to(function))
    given = [edge.bound.get(definition.index) for edge in edges if not edge.callback]
    return (
        bool(given)
        and len(given) == len(edges)
        and all(g is not None and _is_event(model, g, depth - 1) for g in given)
    )

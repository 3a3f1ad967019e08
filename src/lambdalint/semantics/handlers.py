"""Which functions Lambda calls on each event, and how that is known."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from lambdalint.deployment import DeployedFunction
from lambdalint.knowledge import conventions, frameworks
from lambdalint.semantics import classes, ir
from lambdalint.semantics.decorating import Decorations
from lambdalint.semantics.modules import packages_of
from lambdalint.semantics.value import Value, Values, full_name, in_order
from lambdalint.semantics.values import Evaluator

# Names of an event hook's or an error handler's first parameter: not an event (botocore, Django REST, signal).
_NEVER_FIRST = {
    "parsed",
    "exc",
    "exception",
    "error",
    "signum",
    "sig",
    "params",
    "model",
    "kwargs",
    "self",
    "cls",
}
_AUTOMATION = "script_handler"  # what Systems Manager's automation documents call their scripts' functions


class Handler(Struct, frozen=True):
    """A function that Lambda calls: `evidence` says in a phrase how that is known."""

    function: ir.Function
    path: str
    evidence: str
    deployed: DeployedFunction | None = None
    deploy_time: bool = False

    @property
    def name(self) -> str:
        return self.function.qualname


def deploy_time(function: ir.Function, deployed: DeployedFunction | None) -> bool:
    """Whether only a deployment (custom resource) or a secret's rotation calls a handler."""
    if deployed is not None and (deployed.custom_resource or deployed.rotation):
        return True
    strings = set(function.strings)
    for other in function.module.functions:
        strings |= other.strings
    if "RequestType" in strings and "RequestType" in function.strings | _called_strings(function):
        return True
    if "ResponseURL" in strings or {"ClientRequestToken", "Step"} <= strings:
        return True
    return bool(packages_of(function.module) & {"crhelper", "cfnresponse"})


def _called_strings(function: ir.Function) -> set[str]:
    """The string literals of the functions of its own module that a handler calls by name."""
    found: set[str] = set()
    for call in function.calls:
        if isinstance(call.func, ir.Name):
            for other in function.module.functions:
                if other.name == call.func.id:
                    found |= other.strings
    return found


def by_convention(module: ir.Module, decorations: Decorations) -> Iterator[ir.Function]:
    """Top-level functions whose name and first parameters read as a handler's.

    A top-level name may also hold one: a bound method, an object that is called, what a
    factory or a decorator called by hand gave.
    """
    for stmt in module.main.body:
        if isinstance(stmt, ir.FunctionDef):
            if _reads_as_handler(stmt.function.name, _called_with(stmt.function, decorations)):
                if not any("fixture" in ir.dotted(_target(d)) for d in stmt.function.decorators):
                    yield stmt.function
        elif isinstance(stmt, ir.Assign) and stmt.value is not None:
            for name in (target.id for target in stmt.targets if isinstance(target, ir.Name)):
                if not conventions.NAMES.match(name):
                    continue
                for function in functions_of(decorations.evaluator, decorations.evaluator.evaluate(stmt.value)):
                    bound = 1 if function.cls is not None and not function.is_static else 0
                    if _reads_as_handler(name, function.params[bound:]):
                        yield function


def _called_with(function: ir.Function, decorations: Decorations) -> list[ir.Param]:
    """The parameters that callers of a function see: those of what decorators of the project put around it."""
    for decorator in function.decorators:
        for wrapper in decorations.wrappers(function, decorator):
            if wrapper.outer is not wrapper.module.main and sum(p.kind == "plain" for p in wrapper.params) >= 2:
                return wrapper.params
    return function.params


def _reads_as_handler(name: str, params: Sequence[ir.Param]) -> bool:
    names = [p.name for p in params if p.kind == "plain"]
    if not conventions.NAMES.match(name):
        return False
    if name == "lambda_handler" and any(p.kind == "args" for p in params):
        return True
    if len(names) < 2 or names[0] in _NEVER_FIRST:
        return False
    if name == _AUTOMATION and names[0] == "events":
        return False
    if any(p.default is None for p in params[2:] if p.kind == "plain"):
        return False
    return name == "lambda_handler" or bool(conventions.EVENT.match(names[0]) and conventions.CONTEXT.match(names[1]))


def by_framework(module: ir.Module, evaluator: Evaluator) -> Iterator[tuple[ir.Function, str]]:
    """Functions that a framework's decorator makes a handler or a route of one."""
    for function in module.functions:
        for decorator in function.decorators:
            target = _target(decorator)
            for value in evaluator.evaluate(target):
                role = frameworks.decorator(full_name(value))
                if role is not None and not role.served:
                    yield function, f"{role.name} {ir.dotted(target)}"
                elif _handler_decorator(value, evaluator):
                    yield function, f"Powertools decorator {ir.dotted(target)}"


def _handler_decorator(value: Value, evaluator: Evaluator) -> bool:
    """Whether Powertools made a decorator for handlers of a function of the project."""
    if value.kind != "function" or not isinstance(value.origin, ir.Function):
        return False
    makers = (v for d in value.origin.decorators for v in evaluator.evaluate(_target(d)))
    return any(frameworks.wraps_handlers(full_name(maker)) for maker in makers)


def _target(decorator: ir.Expr) -> ir.Expr:
    return decorator.func if isinstance(decorator, ir.Call) else decorator


def functions_of(evaluator: Evaluator, values: Values) -> Iterator[ir.Function]:
    """The functions that calling a value may run: a function, a bound method, what an object's call runs."""
    for value in in_order(values):
        if value.kind == "partial" and value.base is not None:
            value = value.base
        if value.kind in ("function", "method") and isinstance(value.origin, ir.Function):
            yield value.origin
        elif value.kind == "instance":
            method = classes.find_method(evaluator, value, "__call__")
            if method is not None:
                yield method


def configured(patterns: Iterable[str], files: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(path, function name) of the handlers that the configuration names.

    "path/to/app.py:handler" (globs in the path), "package.module:handler" or
    "package.module.handler".
    """
    paths = sorted(files)
    for pattern in patterns:
        place, _, name = pattern.rpartition(":")
        if not place:
            place, _, name = pattern.rpartition(".")
        if not place.endswith(".py"):
            place = place.replace(".", "/") + ".py"
        for path in paths:
            if path == place or fnmatch.fnmatchcase(path, place) or path.endswith("/" + place):
                yield path, name

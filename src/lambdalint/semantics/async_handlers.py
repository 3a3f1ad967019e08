"""Handlers that are coroutines: Lambda's Python runtime calls a handler and doesn't await what it gives."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lambdalint.knowledge import frameworks
from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.declared import is_wrapped
from lambdalint.semantics.handlers import Handler
from lambdalint.semantics.value import full_name

_NAME = "lambda_handler"
_PARAMETERS = ["event", "context"]
_OTHER_RUNTIMES = ("Dockerfile", "bootstrap")  # files that say what runs instead of Lambda's own Python runtime


def async_handler(model: Core, function: ir.Function) -> Handler | None:
    """The handler that a coroutine surely is, with nothing between it and Lambda that could await it."""
    if not function.is_async or function.is_generator or function.outer is not function.module.main:
        return None
    handler = next((h for h in model.project.handlers if h.function is function), None)
    if handler is None or function in model.project.entry_points.routed:
        return None
    if not all(_keeps_result(model, decorator) for decorator in function.decorators):
        return None
    return handler if _runs_itself(function) and _is_called_by_lambda(model, handler) else None


def _keeps_result(model: Core, decorator: ir.Expr) -> bool:
    """Whether a decorator gives back what the function below it gives."""
    value = model.value(decorator.func if isinstance(decorator, ir.Call) else decorator)
    return value is not None and frameworks.keeps_result(full_name(value))


def _runs_itself(function: ir.Function) -> bool:
    """Whether the name holds that function alone, and only a developer's own run asks for it."""
    binding = function.module.scope.bindings.get(function.name)
    return binding is not None and len(binding.definitions) == 1 and all(map(_in_main_guard, binding.uses))


def _in_main_guard(node: ir.Node) -> bool:
    return any(isinstance(above, ir.If) and flow.is_main_guard(above) for above in ir.ancestors(node))


def _is_called_by_lambda(model: Core, handler: Handler) -> bool:
    function, deployed = handler.function, handler.deployed
    if not all(_in_main_guard(edge.site) for edge in model.project.edges_to(function)):
        return False
    if deployed is not None:
        return deployed.handler.rpartition(".")[2] == function.name and not is_wrapped(deployed)
    plain = [param.name for param in function.params] == _PARAMETERS
    return (function.name == _NAME or plain) and not any(_exists(model, path) for path in _beside(function.module.path))


def _beside(path: str) -> Iterator[str]:
    """The places beside and above a file where another runtime would be declared."""
    folder = posixpath.dirname(path)
    while True:
        yield from (posixpath.join(folder, name) for name in _OTHER_RUNTIMES)
        if not folder:
            return
        folder = posixpath.dirname(folder)


def _exists(model: Core, path: str) -> bool:
    try:
        model.project.inputs.read(path)
    except OSError:
        return False
    return True

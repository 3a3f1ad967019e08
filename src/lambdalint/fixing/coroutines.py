"""A coroutine that Lambda calls gets a synchronous handler in front of it, which runs it."""

from __future__ import annotations

import re

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.names import fresh
from lambdalint.fixing.requests import FixRequest, InsertAfter, NeedImport, Replace
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core


def run_by_handler(model: Core, node: cst.FunctionDef) -> FixRequest | None:
    """The coroutine under another name, and a handler of its name that runs it; None where anything else asks for
    the coroutine, or something was put around it."""
    lowered = model.lowered(node)
    if not isinstance(lowered, ir.FunctionDef) or node.decorators or _asked_for(model, lowered.function):
        return None
    params = lowered.function.params
    if any(param.kind != "plain" or param.default is not None for param in params):
        return None
    name = node.name.value
    coroutine = fresh(model, f"_{name.lstrip('_')}_async")
    given = ", ".join(param.name for param in params)
    returns = model.text(node.returns.annotation) if node.returns is not None else ""
    arrow = f" -> {returns}" if returns else ""
    code = f"def {name}({model.text(node.params)}){arrow}:\n    return asyncio.run({coroutine}({given}))\n"
    return FixRequest(
        (NeedImport("asyncio"), Replace(node.name, coroutine), InsertAfter(node, code, blank_lines=2)),
        Safety.UNSAFE,
        "Run the coroutine from a synchronous handler (each invocation gets an event loop of its own)",
        isolation=f"handler {name}",
    )


def _asked_for(model: Core, function: ir.Function) -> bool:
    """Whether this file or another one, a test perhaps, asks for the function by its name."""
    binding = function.module.scope.bindings.get(function.name)
    if binding is None or binding.uses or function.name in function.module.exports:
        return True
    name = re.compile(rb"\b" + re.escape(function.name.encode()) + rb"\b")
    return any(name.search(text.data) for text in model.project.mentioning(model.module))

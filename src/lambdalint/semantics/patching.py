"""Libraries that are loaded only to be patched for tracing."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct

from lambdalint.knowledge import imports, tracing
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.handlers import Handler
from lambdalint.semantics.importing import is_known, loaded
from lambdalint.semantics.modules import in_type_checking


class PatchedForNothing(Struct, frozen=True):
    """`call` patches, and so loads, `unused`, which are in the package and which its handler never imports.

    `used` are those that the handler does import, by the names that the SDK gives them; `exact` tells
    that it surely imports no other. `cost_ms` is what the unused ones add.
    """

    call: ir.Call
    how: tracing.PatchesAll
    unused: tuple[str, ...]
    used: tuple[str, ...]
    exact: bool
    cost_ms: float


def patched_for_nothing(model: Core, call: ir.Call) -> PatchedForNothing | None:
    """What a call loads only to patch it, for the handler for which that costs most."""
    how = tracing.patches_all(model.qualified(call.func))
    if how is None or call.spreads or any(argument.keyword in how.settled for argument in call.args):
        return None
    if how.form == "function" and call.args:
        return None
    function = model.function(call)
    if function is not None and function not in model.project.reach.ways:
        return None
    handlers = model.project.importing(model.module.path)
    found = [_for_handler(model, call, how, h) for h in handlers if not h.deploy_time]
    return max(filter(None, found), key=lambda one: one.cost_ms, default=None)


def _for_handler(model: Core, call: ir.Call, how: tracing.PatchesAll, handler: Handler) -> PatchedForNothing | None:
    project = model.project
    closure = project.closure(handler.path)
    own = set(_imported(model, closure))
    beside: set[str] = set()
    for other in project.handlers:
        if other.path != handler.path and _in_one_package(handler, other):
            beside.update(_imported(model, project.closure(other.path)))
    used = _libraries(own)
    unused = [name for name in _libraries(beside) if name not in used]
    at_import = set(loaded(project, closure))
    cost = sum(_cost(name, at_import) for name in unused)
    if not unused:
        return None
    exact = all(map(is_known, own)) and not project.needed(handler.path).by_text
    # The tracing SDK needs botocore itself; nothing is loaded for patching it.
    named = [name for name in tracing.libraries() if name in used or name == "botocore"]
    return PatchedForNothing(call, how, tuple(unused), tuple(named), exact, cost)


def _in_one_package(one: Handler, other: Handler) -> bool:
    """Whether two handlers are deployed with the same code, so that both have what one of them requires."""
    if one.deployed is None or other.deployed is None:
        return False
    roots = one.deployed.code_roots[:1]
    return bool(roots) and roots == other.deployed.code_roots[:1]


def _imported(model: Core, closure: Collection[str]) -> Iterator[str]:
    """The outside modules that a closure's files import at any depth."""
    modules = model.project.modules
    for path in closure:
        module = modules.load(path)
        for statement, _ in module.imports if module is not None else ():
            if statement.level or in_type_checking(statement):
                continue
            names = [statement.module] if statement.is_from else [name for name, _ in statement.names]
            yield from (name for name in names if modules.find(path, name) is None)


def _libraries(modules: Collection[str]) -> list[str]:
    return [
        name
        for name, stands in tracing.libraries().items()
        if any(imports.loads(module, one) for module in modules for one in stands if not _traces(module))
    ]


def _traces(module: str) -> bool:
    """Whether a module is a tracing SDK itself, which loads botocore for its own sake."""
    return module.partition(".")[0] in ("aws_xray_sdk", "aws_lambda_powertools")


def _cost(library: str, others: Collection[str]) -> float:
    row = imports.cost(tracing.libraries()[library][0])
    return imports.added_cost(row, others, with_sdk=True) if row is not None else 0.0

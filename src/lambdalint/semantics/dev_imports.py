"""Tools for writing and testing code that a handler's import loads."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.knowledge import dev_tools, imports
from lambdalint.knowledge.layout import is_about_tests, is_test_path
from lambdalint.semantics import ir
from lambdalint.semantics.closures import closure
from lambdalint.semantics.core import Core
from lambdalint.semantics.importing import marginal_ms


class DevImport(Struct, frozen=True):
    """A tool that an import statement loads; `bound` is the name it gets, `marginal_ms` what it adds, if known."""

    statement: ir.Import
    bound: str
    module: str
    what: str
    marginal_ms: float | None


def dev_imports(model: Core, statement: ir.Import) -> Iterator[DevImport]:
    """The development tools that an unconditional import in a handler's closure loads."""
    if (
        statement.parent is not None
        or statement.level
        or is_test_path(model.module.path)
        or is_about_tests(model.module.path)
    ):
        return
    if not model.imported_by_handler:
        return
    for name, bound in statement.names:
        module, part = (statement.module, name) if statement.is_from else (name, "")
        found = dev_tools.dev_tool(module, "" if part == "*" else part)
        if found is None or model.project.modules.find(model.module.path, module) is not None:
            continue
        known_as, tool = found
        if _is_offered(model, tool):
            continue
        row = imports.from_import_cost(module, part) if part else imports.cost(module)
        yield DevImport(statement, bound, known_as, tool.what, marginal_ms(model, statement, row) if row else None)


def _is_offered(model: Core, tool: dev_tools.DevTool) -> bool:
    """Whether running the tool is what a handler that loads the module is there for."""
    holders = model.project.closures.holders(model.module.path)
    beside = set(closure(holders, model.project.modules.imports_of))
    reached = (function for function in model.project.reach.ways if function.module.path in beside)
    return any(model.qualified(call.func) in tool.purpose for function in reached for call in function.calls)

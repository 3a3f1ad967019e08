"""What a handler's import loads, and what that costs."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Collection, Iterator

from msgspec import Struct
from msgspec.structs import replace

from lambdalint.knowledge import imports
from lambdalint.semantics import flow, ir
from lambdalint.semantics.closures import top_level
from lambdalint.semantics.core import Core
from lambdalint.semantics.handed_out import looked_up_by_text, reached_elsewhere
from lambdalint.semantics.project import Project

_SDK = ("boto3", "botocore")
_READS_ANNOTATIONS = re.compile(rb"\bget_type_hints\b|\b__annotations__\b|\beval_str\b|\bsignature\(")


class Imported(Struct, frozen=True):
    """One name that an import statement binds: `module` (dotted, of a package outside the project).

    `within` is the module that the statement stands in; `name` what is imported, or "" for the
    module itself; `cost` its row of the table; `marginal_ms` what it adds to what the handler has
    loaded anyway.
    """

    project: Project
    within: ir.Module
    statement: ir.Import
    bound: str
    module: str
    name: str
    cost: imports.ImportCost
    marginal_ms: float

    @property
    def label(self) -> str:
        """The module that costs: `scipy.stats`, `pandas`."""
        return self.cost.module if self.cost.module.startswith(self.module) else self.module

    @property
    def heavy(self) -> bool:
        return self.marginal_ms >= self.project.inputs.options.heavy_import_ms

    @property
    def binding(self) -> ir.Binding | None:
        return self._scope.bindings.get(self.bound)

    @property
    def _scope(self) -> ir.Scope:
        function = flow.function_of(self.statement)
        return function.scope if function is not None else self.within.scope

    @property
    def runtime_uses(self) -> list[ir.Name]:
        """The uses that the program evaluates: those in annotations aside."""
        binding = self.binding
        return [use for use in binding.uses if not use.annotation] if binding is not None else []

    @property
    def needing_uses(self) -> list[ir.Name]:
        """The uses that the module is loaded for: those of the name, and of what comes from it along with it."""
        uses = self.runtime_uses
        for name, bound in self.statement.names if self.statement.is_from else ():
            binding = self._scope.bindings.get(bound)
            if bound != self.bound and binding is not None:
                if any(imports.loads(m, self.cost.module) for m in (self.module, f"{self.module}.{name}")):
                    uses += [use for use in binding.uses if not use.annotation]
        return uses

    @property
    def annotated(self) -> bool:
        """Whether annotations use the name."""
        binding = self.binding
        used = binding is not None and any(use.annotation for use in binding.uses)
        return used or self.bound in self.within.annotation_names

    @property
    def lazy_annotations(self) -> bool:
        """Whether annotations are never evaluated: `from __future__ import annotations`."""
        return any(
            s.module == "__future__" and ("annotations", "annotations") in s.names for s, _ in self.within.imports
        )

    @property
    def only_unread_annotations(self) -> bool:
        """Whether nothing is likely to evaluate the annotations at run time.

        Frameworks read those of classes (models, dataclasses), of decorated functions (routes), and
        of functions that they are given (tools).
        """
        binding = self.binding
        if binding is None or self.bound in self.within.annotation_names:
            return False
        if _READS_ANNOTATIONS.search(self.project.inputs.read(self.within.path)):
            return False
        for use in binding.uses:
            for ancestor in ir.ancestors(use):
                if isinstance(ancestor, ir.ClassDef):
                    return False
                if isinstance(ancestor, ir.FunctionDef):
                    if ancestor.function.decorators or _handed_on(self.project, ancestor.function):
                        return False
                    break
        return True

    @property
    def evaluated_beside(self) -> bool:
        """Whether annotations that are evaluated need another import of the file, which loads the same package."""
        if self.annotated or self.lazy_annotations:
            return False
        bindings = self.within.scope.bindings
        for statement in top_level(self.within):
            names = [bindings[bound] for _, bound in statement.names if bound in bindings]
            used = any(use.annotation for binding in names for use in binding.uses)
            if statement is not self.statement and not statement.level and used:
                modules = [statement.module] if statement.is_from else [name for name, _ in statement.names]
                if any(imports.loads(module, self.cost.module) for module in modules):
                    return True
        return False

    @property
    def shared(self) -> bool:
        """Whether others may take the name from this module: listed, re-exported, or imported elsewhere."""
        module = self.within
        if self.bound in module.exports or module.path.endswith("__init__.py"):
            return True
        binding = self.binding
        if binding is None or len(binding.definitions) != 1:
            return True
        return not self.project.lookups.taken(module.path).isdisjoint((self.bound, "*"))

    @property
    def reached(self) -> bool:
        """Whether code may reach what is imported without naming it: by its text, a test's patch, another import."""
        binding = self.binding
        if binding is None or looked_up_by_text(self.within, binding, of_module=True):
            return True
        return reached_elsewhere(self.project, self.within, self.bound) or self._leads_to_submodule()

    def _leads_to_submodule(self) -> bool:
        """Whether code asks another import's name for the submodule that this one loads: `sklearn.linear_model`."""
        package, _, last = f"{self.module}.{self.name}".rstrip(".").rpartition(".")
        top = self.module.partition(".")[0]
        asked = self.project.lookups.attributes(last) if package else ()
        for root in map(ir.root_name, asked):
            binding = root.scope.lookup(root.id) if root is not None else None
            known = binding.definitions if binding is not None else ()
            if any((definition.imported or "").partition(".")[0] == top for definition in known):
                return True
        return False


def at_top_level(model: Core, statement: ir.Import) -> Iterator[Imported]:
    """What an unconditional import at module scope binds from outside the project, with its cost."""
    if statement.parent is None and model.imported_by_handler:
        yield from _with_cost(model, statement)


def in_function(model: Core, statement: ir.Import) -> Iterator[Imported]:
    """What an import that a function always runs binds from outside the project, with its cost."""
    if isinstance(statement.parent, ir.FunctionDef):
        yield from _with_cost(model, statement)


def _handed_on(project: Project, function: ir.Function) -> bool:
    """Whether anything but a call is done with a function by its name, or another file takes it."""
    binding = function.outer.scope.bindings.get(function.name) if function.outer is not None else None
    if binding is None:
        return True
    called = all(isinstance(use.parent, ir.Call) and use.parent.func is use for use in binding.uses if not use.store)
    return not called or reached_elsewhere(project, function.module, function.name)


def _with_cost(model: Core, statement: ir.Import) -> Iterator[Imported]:
    for imported in bound_by(model.project, model.module, statement):
        marginal = marginal_ms(model, statement, imported.cost)
        if marginal is not None:
            yield replace(imported, marginal_ms=marginal)


def bound_by(project: Project, within: ir.Module, statement: ir.Import) -> Iterator[Imported]:
    """What an import binds from outside the project as far as its cost is known, at what it costs after boto3."""
    if statement.level or ("*", "") in statement.names:
        return
    for name, bound in statement.names:
        module, part = (statement.module, name) if statement.is_from else (name, "")
        if project.modules.find(within.path, module) is not None:
            continue
        row = imports.from_import_cost(module, part) if part else imports.cost(module)
        if row is not None:
            yield Imported(project, within, statement, bound, module, part, row, row.after_boto3_ms)


def marginal_cost(row: imports.ImportCost, others: Collection[str]) -> float | None:
    """What an import adds to modules that are loaded anyway; None where they load it too."""
    if any(imports.loads(other, row.module) for other in others):
        return None
    # Packages whose contents aren't known may load common ones, the SDK's companions above all.
    with_sdk = any(other.split(".")[0] in _SDK or not is_known(other) for other in others)
    return imports.added_cost(row, others, with_sdk=with_sdk)


def is_known(module: str) -> bool:
    """Whether a module is the standard library's or has a row in the table of costs."""
    return module.split(".")[0] in sys.stdlib_module_names or imports.cost(module) is not None


def marginal_ms(model: Core, statement: ir.Import, row: imports.ImportCost) -> float | None:
    """The most that an import adds for any handler whose import runs it; None where all load it anyway."""
    beside = model.project.closures.beside(model.module.path, statement)
    costs = (_marginal_cost(row, others) for others in beside)
    return max((cost for cost in costs if cost is not None), default=None)


@functools.lru_cache(4096)
def _marginal_cost(row: imports.ImportCost, others: frozenset[str]) -> float | None:
    return marginal_cost(row, others)


def loaded(project: Project, closure: Collection[str], besides: Collection[ir.Import] = ()) -> Iterator[str]:
    """The outside modules that a closure's other imports load at module scope, unused ones left out."""
    left_out = {id(statement) for statement in besides}
    for path in closure:
        for statement, names in project.closures.loads(path):
            if id(statement) not in left_out:
                yield from names

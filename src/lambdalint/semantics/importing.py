"""What a handler's import loads, what that costs, and who needs it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from lambdalint.knowledge import imports
from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.handed_out import looked_up_by_text, reached_elsewhere
from lambdalint.semantics.modules import in_type_checking

_SDK = ("boto3", "botocore")
_READS_ANNOTATIONS = re.compile(r"\bget_type_hints\b|\b__annotations__\b|\beval_str\b|\bsignature\(")


@dataclass(frozen=True)
class Imported:
    """One name that an import statement binds: `module` (dotted, of a package outside the project).

    `name` is what is imported from it, or "" for the module itself; `cost` its row
    of the table; `marginal_ms` what it adds to what the handler has loaded anyway.
    """

    model: Core
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
        return self.marginal_ms >= self.model.options.heavy_import_ms

    @property
    def binding(self) -> ir.Binding | None:
        scope = _scope_of(self.model, self.statement)
        return scope.bindings.get(self.bound)

    @property
    def runtime_uses(self) -> list[ir.Name]:
        """The uses that the program evaluates: those in annotations aside."""
        binding = self.binding
        return [use for use in binding.uses if not use.annotation] if binding is not None else []

    @property
    def annotated(self) -> bool:
        """Whether annotations use the name."""
        binding = self.binding
        used = binding is not None and any(use.annotation for use in binding.uses)
        return used or self.bound in self.model.module.annotation_names

    @property
    def lazy_annotations(self) -> bool:
        """Whether annotations are never evaluated: `from __future__ import annotations`."""
        return any(
            s.module == "__future__" and ("annotations", "annotations") in s.names for s, _ in self.model.module.imports
        )

    @property
    def only_unread_annotations(self) -> bool:
        """Whether nothing is likely to evaluate the annotations at run time.

        Frameworks read those of classes (models, dataclasses), of decorated functions (routes), and
        of functions that they are given (tools).
        """
        binding = self.binding
        if binding is None or self.bound in self.model.module.annotation_names:
            return False
        if _READS_ANNOTATIONS.search(self.model.source.text):
            return False
        for use in binding.uses:
            for ancestor in ir.ancestors(use):
                if isinstance(ancestor, ir.ClassDef):
                    return False
                if isinstance(ancestor, ir.FunctionDef):
                    if ancestor.function.decorators or _handed_on(self.model, ancestor.function):
                        return False
                    break
        return True

    @property
    def shared(self) -> bool:
        """Whether others may take the name from this module: listed, re-exported, or imported elsewhere."""
        module = self.model.module
        if self.bound in module.exports or module.path.endswith("__init__.py"):
            return True
        binding = self.binding
        if binding is None or len(binding.definitions) != 1:
            return True
        if looked_up_by_text(self.model, binding, of_module=True) or reached_elsewhere(self.model, self.bound):
            return True
        if self._leads_to_submodule():
            return True
        modules = self.model.project.modules
        for other in modules.loaded.values():
            if other is None or other is module:
                continue
            for statement, _ in other.imports:
                taken = {name for name, _ in statement.names}
                if (
                    statement.is_from
                    and taken & {self.bound, "*"}
                    and module.path in modules.targets(other.path, statement)
                ):
                    return True
        return False

    def _leads_to_submodule(self) -> bool:
        """Whether code asks another import's name for the submodule that this one loads: `sklearn.linear_model`."""
        package, _, last = f"{self.module}.{self.name}".rstrip(".").rpartition(".")
        top = self.module.partition(".")[0]
        loaded = [module for module in self.model.project.modules.loaded.values() if module is not None]
        functions = [function for module in loaded for function in (module.main, *module.functions)]
        asked = [attr for function in functions for attr in function.attributes if attr.name == last]
        for root in (ir.root_name(attr) for attr in asked if package):
            binding = root.scope.lookup(root.id) if root is not None else None
            known = binding.definitions if binding is not None else ()
            if any((definition.imported or "").partition(".")[0] == top for definition in known):
                return True
        return False


def at_top_level(model: Core, statement: ir.Import) -> Iterator[Imported]:
    """What an unconditional import at module scope binds from outside the project, with its cost."""
    if statement.parent is not None or not model.imported_by_handler:
        return
    yield from _bound(model, statement)


def in_function(model: Core, statement: ir.Import) -> Iterator[Imported]:
    """What an import that a function always runs binds from outside the project, with its cost."""
    if isinstance(statement.parent, ir.FunctionDef):
        yield from _bound(model, statement)


def _handed_on(model: Core, function: ir.Function) -> bool:
    """Whether anything but a call is done with a function by its name, or another file takes it."""
    binding = function.outer.scope.bindings.get(function.name) if function.outer is not None else None
    if binding is None:
        return True
    called = all(isinstance(use.parent, ir.Call) and use.parent.func is use for use in binding.uses if not use.store)
    return not called or reached_elsewhere(model, function.name)


def _bound(model: Core, statement: ir.Import) -> Iterator[Imported]:
    if statement.level or ("*", "") in statement.names:
        return
    for name, bound in statement.names:
        module, part = (statement.module, name) if statement.is_from else (name, "")
        if model.project.modules.find(model.module.path, module) is not None:
            continue
        row = imports.from_import_cost(module, part) if part else imports.cost(module)
        if row is None:
            continue
        marginal = _marginal(model, statement, row)
        if marginal is not None:
            yield Imported(model, statement, bound, module, part, row, marginal)


def _marginal(model: Core, statement: ir.Import, row: imports.ImportCost) -> float | None:
    """The most that an import adds for any handler whose import runs it; None where all load it anyway."""
    path = model.module.path
    worst: float | None = None
    for closure in model.project.closures().values():
        if path not in closure:
            continue
        others = set(_loaded(model, closure, statement))
        if any(imports.loads(other, row.module) for other in others):
            continue
        # Packages whose contents aren't known may load common ones, the SDK's companions above all.
        with_sdk = any(other.split(".")[0] in _SDK or not _known(other) for other in others)
        cost = row.after_boto3_ms if with_sdk else row.alone_ms
        worst = cost if worst is None else max(worst, cost)
    return worst


def _known(module: str) -> bool:
    """Whether a module is the standard library's or has a row in the table of costs."""
    return module.split(".")[0] in sys.stdlib_module_names or imports.cost(module) is not None


def _loaded(model: Core, closure: set[str], besides: ir.Import) -> Iterator[str]:
    """The outside modules that a closure's other imports load at module scope, unused ones left out."""
    modules = model.project.modules
    for path in sorted(closure):
        module = modules.load(path)
        if module is None:
            continue
        for statement, function in module.imports:
            if statement is besides or not function.is_module or in_type_checking(statement) or statement.level:
                continue
            for name, bound in statement.names:
                dotted = statement.module if statement.is_from else name
                if modules.find(path, dotted) is not None:
                    continue
                binding = module.scope.bindings.get(bound)
                if binding is not None and not any(not use.annotation for use in binding.uses):
                    if bound not in module.exports and not path.endswith("__init__.py"):
                        continue
                yield dotted
                if statement.is_from and name != "*":
                    yield f"{dotted}.{name}"


def _scope_of(model: Core, statement: ir.Import) -> ir.Scope:
    function = flow.function_of(statement)
    return function.scope if function is not None else model.module.scope


# --- on every invocation ------------------------------------------------------------------------


def always_run(model: Core, function: ir.Function | None) -> bool:
    """Whether every invocation of some handler runs a function: no condition or route decides about it."""
    seen: set[ir.Function] = set()
    stack = [function] if function is not None else []
    handlers = {h.function: h for h in model.project.handlers if not h.deploy_time}
    while stack:
        current = stack.pop()
        if current in seen:
            continue
        seen.add(current)
        handler = handlers.get(current)
        if handler is not None:
            routes = [h for h in handlers.values() if "route" in h.evidence and h.path == handler.path]
            if "route" not in handler.evidence or len(routes) == 1:
                return True
            continue
        for edge in model.project.edges_to(current):
            if edge.caller in model.project.reach.hot and not _conditional(edge.site):
                stack.append(edge.caller)
    return False


def _conditional(site: ir.Expr) -> bool:
    """Whether a condition, a route or an error decides if a call is made."""
    below: ir.Node = site
    for ancestor in ir.ancestors(site):
        if isinstance(ancestor, (ir.FunctionDef, ir.Lambda)):
            return False
        if isinstance(ancestor, (ir.ExceptHandler, ir.Case)):
            return True
        if isinstance(ancestor, ir.If) and below is not ancestor.test:
            return True
        if isinstance(ancestor, ir.Choice) and below is not (ancestor.test or ancestor.items[0]):
            return True
        if isinstance(below, ir.Stmt):
            exits = 0
            for earlier in flow.block_of(below):
                if earlier is below:
                    break
                exits += isinstance(earlier, ir.If) and flow.leaves(earlier.body) and _compares_text(earlier.test)
            if exits > 1:
                return True  # behind several routes that were taken or not
        below = ancestor
    return False


# --- off the main path --------------------------------------------------------------------------


def off_path(imported: Imported) -> str:
    """Why most invocations don't need an import: "an error path", "one of 4 routes"; "" where they may."""
    uses = imported.runtime_uses
    model = imported.model
    if not uses or imported.shared:
        return ""
    functions = [flow.function_of(use) for use in uses]
    reach = model.project.reach
    if any(function is None or function not in reach.ways for function in functions):
        return ""  # used at import, or by something that may be reached in a way that isn't seen
    if any(_always_there(use) for use in uses):
        return ""
    # What fills a cache on its first miss isn't an error: each environment comes that way.
    failing = [flow.on_error_path(use) and not model.once(use) for use in uses]
    cold = [on or f not in reach.hot for on, f in zip(failing, functions, strict=True)]
    if all(cold) and not all(h.deploy_time for h in model.project.handlers):
        return "an error path"
    if any(cold):
        return ""
    routes = {_route(model, f) for f in functions if f is not None}
    if len(routes) == 1:
        count = next(iter(routes))[1]
        return f"one of {count} routes" if count >= 3 else ""
    return ""


def _always_there(use: ir.Name) -> bool:
    """Decorators, defaults and base classes are evaluated at import."""
    return any(isinstance(a, ir.ClassDef) for a in ir.ancestors(use) if not isinstance(a, ir.FunctionDef)) and (
        flow.function_of(use) is None
    )


def _route(model: Core, function: ir.Function) -> tuple[object, int]:
    """The branch of a dispatching function through which alone a function is reached, and how many there are."""
    seen: set[ir.Function] = set()
    current = function
    while current not in seen:
        seen.add(current)
        routes = [h for h in model.project.handlers if "route" in h.evidence]
        paths = [h.path for h in routes if h.function is current]
        if paths:
            return current, sum(h.path == paths[0] for h in routes)
        edges = [e for e in model.project.edges_to(current) if e.caller in model.project.reach.hot]
        if len({id(e.site) for e in edges}) != 1:
            return None, 0
        edge = edges[0]
        found = _branches(edge.site)
        if found is not None and found[1] >= 3:
            return found
        current = edge.caller
    return None, 0


def _branches(site: ir.Expr) -> tuple[object, int] | None:
    """The `if route == "…": return …` that a call stands in, and how many such branches the function has."""
    function = flow.function_of(site)
    own: ir.If | None = None
    for ancestor in ir.ancestors(site):
        if (
            isinstance(ancestor, ir.If)
            and _compares_text(ancestor.test)
            and any(flow.inside(site, s) for s in ancestor.body)
        ):
            own = ancestor
            break
    if own is None or function is None:
        return None
    count = sum(1 for s in ir.statements(function.body) if isinstance(s, ir.If) and _compares_text(s.test))
    return own, count


def _compares_text(test: ir.Expr) -> bool:
    return (
        isinstance(test, ir.Compare)
        and test.ops == ["=="]
        and any(isinstance(side, ir.Const) and isinstance(side.value, str) for side in (test.left, *test.rights))
    )

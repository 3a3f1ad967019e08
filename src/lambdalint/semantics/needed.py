"""What of the modules that a handler's import runs is of any use to it, by the names that are mentioned.

Only names count, never whether a call is reached: what the handler's own file mentions is
needed, and so is what that mentions. Statements that do something when a module is imported
(calls, conditions, registrations) are always needed. So too much is taken for needed, never too little.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Sequence

from msgspec import Struct

from lambdalint.knowledge import tracing
from lambdalint.semantics import flow, ir
from lambdalint.semantics.modules import Modules, in_type_checking
from lambdalint.semantics.portions import Passes, Rewritten

# What finds names by their text (Python library reference: built-in functions, importlib).
_BY_TEXT = {"globals", "locals", "vars", "eval", "exec"}
# What imports modules by their text (Python library reference: importlib, pkgutil, runpy).
_IMPORTERS = ("importlib.import_module", "importlib.util", "importlib.machinery", "pkgutil", "runpy")
# How classes are found without being named (Python data model: customizing class creation).
_FINDS_SUBCLASSES = {"__subclasses__", "__init_subclass__"}


class Needed(Struct, frozen=True):
    """What a file, with all that its import runs, needs of its modules.

    `outside` are the dotted names outside the project that needed code mentions; `by_text` tells
    that it may import further modules whose names can't be told.
    """

    outside: frozenset[str]
    by_text: bool


def needed(modules: Modules, path: str, closure: Iterable[str]) -> Needed:
    """What the file at `path` needs of the files that its import runs, itself among them."""
    search = _Search(modules, path, closure)
    return Needed(frozenset(search.outside), search.by_text)


def needs_the_same(rewritten: Rewritten) -> bool:
    """Whether another text of functions and classes needs what the one before did."""
    return _speaks_of(rewritten.before) == _speaks_of(rewritten.after)


def _speaks_of(statements: Sequence[Passes]) -> set[object]:
    """All that the search asks of functions and classes, without their names."""
    found: set[object] = set()
    for portion in (portion for passes in statements for portion in passes):
        found.update((use.id, *_attributes(use), in_type_checking(use), _meaning(use)) for use in portion.names)
        found.update((one.module, one.level, *one.names, in_type_checking(one)) for one, _ in portion.imports)
        decorated = [*(one.decorators for one in portion.functions), *(one.decorators for one in portion.classes)]
        found.update(("decorator", ir.dotted(decorator)) for decorators in decorated for decorator in decorators)
        found.update(_FINDS_SUBCLASSES & {attr.name for one in portion.functions for attr in one.attributes})
        if any(map(_is_found, portion.classes)):
            found.add("subclasses")
    return found


def _meaning(use: ir.Name) -> object:
    """What a name stands for: one of the module, or what it was imported as."""
    binding = use.scope.lookup(use.id)
    if binding is None or binding.scope.kind == "module":
        return binding
    return frozenset(
        (one.imported, one.site is not None and in_type_checking(one.site))
        for one in binding.definitions
        if one.kind == "import"
    )


class _Search:
    """Follows the names, from the file at `path`."""

    def __init__(self, modules: Modules, path: str, closure: Iterable[str]) -> None:
        self.outside: set[str] = set()
        self.by_text = False
        self._modules = modules
        self._parts = {member: module for member in closure if (module := modules.load(member)) is not None}
        self._seen: set[int | tuple[str, str]] = set()
        self._pending: list[tuple[ir.Module, ir.Stmt]] = []
        self._classes_act = any(_finds_subclasses(module) for module in self._parts.values())
        for module in self._parts.values():
            whole = module.path == path
            for statement in module.main.body:
                if whole or self._acts(module, statement):
                    self._need(module, statement)
        while self._pending:
            module, statement = self._pending.pop()
            for name in _mentioned(module).get(id(statement), ()):
                self._follow(module, name)

    # --- statements -------------------------------------------------------------------------

    def _acts(self, module: ir.Module, statement: ir.Stmt) -> bool:
        """Whether a statement at module scope does more than to give something a name."""
        match statement:
            case ir.Import() | ir.Simple():
                return False
            case ir.ExprStmt(value=value):
                return not isinstance(value, ir.Const)
            case ir.Assign(targets=targets, value=value):
                stored = any(isinstance(part, (ir.Attr, ir.Item)) for target in targets for part in ir.walk(target))
                return stored or _patches(module, value)
            case ir.AugAssign(target=target):
                return not isinstance(target, ir.Name)
            case ir.FunctionDef(function=function):
                return any(self._registers(module, decorator) for decorator in function.decorators)
            case ir.ClassDef(cls=cls):
                return self._classes_act or any(self._registers(module, decorator) for decorator in cls.decorators)
            case ir.If():
                return not flow.is_main_guard(statement)
        return True

    def _registers(self, module: ir.Module, decorator: ir.Expr) -> bool:
        """Whether a decorator may keep what it decorates: one that the project makes, not one that it imports."""
        root = ir.root_name(decorator)
        binding = module.scope.bindings.get(root.id) if root is not None else None
        if binding is None:
            return root is None or not hasattr(builtins, root.id)
        return any(
            d.kind != "import" or self._modules.find(module.path, (d.imported or ".").split(".")[0]) is not None
            for d in binding.definitions
        )

    def _need(self, module: ir.Module, statement: ir.Stmt) -> None:
        if id(statement) not in self._seen:
            self._seen.add(id(statement))
            self._pending.append((module, statement))

    # --- names ------------------------------------------------------------------------------

    def _follow(self, module: ir.Module, name: ir.Name) -> None:
        if in_type_checking(name):
            return
        binding = name.scope.lookup(name.id)
        if binding is not None:
            self._need_binding(module, binding, _attributes(name))
            return
        if name.id in _BY_TEXT:
            self._need_whole(module)
        self.by_text = self.by_text or name.id == "__import__"
        for statement, _ in module.imports:
            if ("*", "") in statement.names:
                self._need_starred(module, statement, name.id)

    def _need_binding(self, module: ir.Module, binding: ir.Binding, attributes: list[str]) -> None:
        for definition in binding.definitions:
            if definition.kind == "import":
                if definition.site is None or not in_type_checking(definition.site):
                    self._need_imported(module, definition.imported or "", attributes)
            elif binding.scope.kind == "module" and definition.site is not None:
                statement = _outermost(definition.site)
                if statement is not None:
                    self._need(module, statement)

    def _need_imported(self, module: ir.Module, dotted: str, attributes: list[str]) -> None:
        level = len(dotted) - len(dotted.lstrip("."))
        parts = [*dotted[level:].split("."), *attributes] if dotted[level:] else attributes
        inside = False
        for length in range(1 - min(level, 1), len(parts) + 1):
            target = self._modules.find(module.path, ".".join(parts[:length]), level)
            if target is None:
                continue
            inside = True
            self._need_name(target, parts[length] if length < len(parts) else "")
        if not inside and not level:
            outside = ".".join(parts)
            self.outside.add(outside)
            tracer = tracing.patches_all(outside)
            if tracer is not None:
                self.outside.add(tracer.loads)
            self.by_text = self.by_text or f"{outside}.".startswith(tuple(f"{name}." for name in _IMPORTERS))

    def _need_starred(self, module: ir.Module, statement: ir.Import, name: str) -> None:
        target = self._modules.find(module.path, statement.module, statement.level)
        if target is not None:
            self._need_name(target, name)
        elif not statement.level:
            self.outside.add(statement.module)

    def _need_name(self, path: str, name: str) -> None:
        """A name of the module at `path`, or all of it where no name is given."""
        module = self._parts.get(path) or (self._modules.load(path) if path.endswith(".py") else None)
        if module is None or (path, name) in self._seen:
            return
        self._seen.add((path, name))
        if not name:
            self._need_whole(module)
            return
        binding = module.scope.bindings.get(name) or module.scope.bindings.get("__getattr__")
        if binding is not None:
            self._need_binding(module, binding, [])
            return
        for statement, function in module.imports:
            if function.is_module and ("*", "") in statement.names:
                self._need_starred(module, statement, name)

    def _need_whole(self, module: ir.Module) -> None:
        for statement in module.main.body:
            self._need(module, statement)
        for statement, _ in module.imports:
            if not statement.level and not in_type_checking(statement):
                self.outside.update([statement.module] if statement.is_from else [n for n, _ in statement.names])


def _mentioned(module: ir.Module) -> dict[int, list[ir.Name]]:
    """The names that are read in each statement at module scope, by its identity."""
    found = module.mentioned
    if not found:
        for name in module.names:
            found.setdefault(id(_outermost(name)), []).append(name)
    return found


def _patches(module: ir.Module, value: ir.Expr | None) -> bool:
    """Whether what a name is given changes other libraries when it is made: a tracer."""
    root = ir.root_name(value.func) if isinstance(value, ir.Call) else None
    binding = module.scope.bindings.get(root.id) if root is not None else None
    if root is None or binding is None:
        return False
    names = (".".join([d.imported, *_attributes(root)]) for d in binding.definitions if d.imported)
    return any(tracing.patches_all(name) is not None for name in names)


def _finds_subclasses(module: ir.Module) -> bool:
    """Whether a module may look at classes that were only defined: as subclasses, or in a metaclass."""
    if any(map(_is_found, module.classes)):
        return True
    functions = (module.main, *module.functions)
    return any(attr.name in _FINDS_SUBCLASSES for function in functions for attr in function.attributes)


def _is_found(cls: ir.Class) -> bool:
    """Whether a class looks at classes that are defined below it."""
    return "__init_subclass__" in cls.methods or "type" in map(ir.dotted, cls.bases)


def _outermost(node: ir.Node) -> ir.Stmt | None:
    """The statement at module scope that holds a node."""
    found = node if isinstance(node, ir.Stmt) else None
    for ancestor in ir.ancestors(node):
        if isinstance(ancestor, ir.Stmt):
            found = ancestor
    return found


def _attributes(name: ir.Name) -> list[str]:
    """`b`, `c` for the `a` of `a.b.c`."""
    found: list[str] = []
    node: ir.Expr = name
    while isinstance(node.parent, ir.Attr):
        node = node.parent
        found.append(node.name)
    return found

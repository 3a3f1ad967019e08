"""What each statement at module scope has in its module, so that a module can go on with another text of a few.

Lowering goes over a module in passes: first the code at module scope, then the bodies of the functions that
it defines, then those of the functions in these, and so on. A portion is what one statement gave in one pass;
a module's lists hold the portions' one after the other, pass by pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import libcst as cst
from msgspec import Struct, field

from lambdalint.semantics import ir

_DEFINED = ("def", "class")


class Portion(Struct, eq=False):
    """The fields of `ir.Module` and its main function, as far as one statement fills them in one pass.

    `definitions` are those of names of the module; `nodes` are the syntax nodes that became the `noted` ones.
    """

    body: list[ir.Stmt] = field(default_factory=list)
    functions: list[ir.Function] = field(default_factory=list)
    classes: list[ir.Class] = field(default_factory=list)
    imports: list[tuple[ir.Import, ir.Function]] = field(default_factory=list)
    names: list[ir.Name] = field(default_factory=list)
    annotation_names: set[str] = field(default_factory=set)
    stores: dict[str, list[ir.Store]] = field(default_factory=dict)
    exports: set[str] = field(default_factory=set)
    calls: list[ir.Call] = field(default_factory=list)
    attributes: list[ir.Attr] = field(default_factory=list)
    returns: list[ir.Expr] = field(default_factory=list)
    yields: list[ir.Expr] = field(default_factory=list)
    strings: set[str] = field(default_factory=set)
    definitions: dict[str, list[ir.Definition]] = field(default_factory=dict)
    nodes: list[cst.CSTNode] = field(default_factory=list)
    noted: list[ir.Node] = field(default_factory=list)

    def lend(self, module: ir.Module) -> None:
        """Let a module write into this portion."""
        main = module.main
        module.functions, module.classes, module.imports = self.functions, self.classes, self.imports
        module.names, module.annotation_names = self.names, self.annotation_names
        module.stores, module.exports = self.stores, self.exports
        main.calls, main.attributes, main.strings = self.calls, self.attributes, self.strings
        main.returns, main.yields = self.returns, self.yields
        main.scope.bindings = {}

    def take(self, body: list[ir.Stmt], bindings: Mapping[str, ir.Binding]) -> None:
        """What was written besides what was lent."""
        self.body = body
        self.definitions = {name: binding.definitions for name, binding in bindings.items()}


Passes = list[Portion]  # of one statement


class Rewritten(Struct, frozen=True, eq=False):
    """Functions and classes at module scope that have another text: what was there, and what there is now.

    `bindings` are the module's names for them, `used` its names that other uses were found of.
    """

    before: Sequence[Passes]
    after: Sequence[Passes]
    bindings: frozenset[ir.Binding]
    used: frozenset[ir.Binding]

    def gone(self) -> Iterator[object]:
        """All that is no part of the module any more."""
        for passes in self.before:
            functions = [function for portion in passes for function in portion.functions]
            classes = [cls for portion in passes for cls in portion.classes]
            yield from ir.code(functions, classes, passes[0].body)

    @property
    def functions(self) -> list[ir.Function]:
        """Those that stand in the new text."""
        return [function for passes in self.after for portion in passes for function in portion.functions]


def put_together(module: ir.Module, statements: Sequence[Passes]) -> None:
    """Fill a module's fields, its names and their uses aside."""
    ordered, main = list(in_order(statements)), module.main
    main.body = [stmt for portion in ordered for stmt in portion.body]
    main.calls = [call for portion in ordered for call in portion.calls]
    main.attributes = [attr for portion in ordered for attr in portion.attributes]
    main.returns = [expr for portion in ordered for expr in portion.returns]
    main.yields = [expr for portion in ordered for expr in portion.yields]
    main.strings = {text for portion in ordered for text in portion.strings}
    module.functions = [function for portion in ordered for function in portion.functions]
    module.classes = [cls for portion in ordered for cls in portion.classes]
    module.imports = [one for portion in ordered for one in portion.imports]
    module.names = [name for portion in ordered for name in portion.names]
    module.annotation_names = {name for portion in ordered for name in portion.annotation_names}
    module.exports = {name for portion in ordered for name in portion.exports}
    module.stores = {}
    for portion in ordered:
        for name, stores in portion.stores.items():
            module.stores.setdefault(name, []).extend(stores)


def bind(module: ir.Module, statements: Sequence[Passes]) -> None:
    """Find what the names of a module are bound to, and what all names stand for."""
    scope = module.scope
    for portion in in_order(statements):
        for name, definitions in portion.definitions.items():
            scope.binding(name).definitions.extend(definitions)
    for use in module.names:
        binding = use.scope.lookup(use.id)
        if binding is not None:
            binding.uses.append(use)


def rewrite(module: ir.Module, statements: list[Passes], new: Mapping[int, Passes]) -> Rewritten | None:
    """Put other functions and classes of the same names in the place of some of the statements (by number).

    None, and nothing is changed, where that might mean something to others that isn't known by these names.
    """
    old = {number: statements[number] for number in new}
    if not all(defines(old[number]) is not None and defines(old[number]) == defines(new[number]) for number in new):
        return None
    scope = module.scope
    bindings = frozenset(scope.bindings[name] for number in new if (name := defines(new[number])) is not None)
    following = {
        definition: other
        for number in new
        for name, found in old[number][0].definitions.items()
        for definition, other in zip(found, new[number][0].definitions[name], strict=True)
    }
    for binding in bindings:
        binding.definitions = [following.get(one, one) for one in binding.definitions]
    for passes in new.values():
        for use in _names(passes):
            local = use.scope.lookup(use.id)
            if local is not None and local.scope is not scope:
                local.uses.append(use)
    for number, passes in new.items():
        statements[number] = passes
    put_together(module, statements)
    used = {use.id for passes in (*old.values(), *new.values()) for use in _names(passes)}
    asked = {name: scope.bindings[name] for name in used if name in scope.bindings}
    for binding in asked.values():
        binding.uses = []
    for use in module.names:
        if use.id in asked and use.scope.lookup(use.id) is asked[use.id]:
            asked[use.id].uses.append(use)
    _forget_what_was_found(module)
    return Rewritten(list(old.values()), list(new.values()), bindings, frozenset(asked.values()))


def defines(passes: Passes) -> str | None:
    """The one name that a statement gives a function or a class, where it does nothing else that counts."""
    first = passes[0]
    found = [(name, one.kind) for portion in passes for name, all_ in portion.definitions.items() for one in all_]
    if len(first.body) != 1 or not isinstance(first.body[0], (ir.FunctionDef, ir.ClassDef)):
        return None
    if len(found) != 1 or found[0][1] not in _DEFINED or first.imports or first.yields or first.returns:
        return None
    return found[0][0] if not any(portion.exports for portion in passes) else None


def in_order(statements: Iterable[Passes]) -> Iterator[Portion]:
    """The portions as their parts stand in the module's lists."""
    waiting = [iter(passes) for passes in statements]
    while waiting:
        found = [(passes, portion) for passes in waiting if (portion := next(passes, None)) is not None]
        yield from (portion for _, portion in found)
        waiting = [passes for passes, _ in found]


def _names(passes: Passes) -> Iterator[ir.Name]:
    for portion in passes:
        yield from portion.names


def _forget_what_was_found(module: ir.Module) -> None:
    """What is kept with the names of all scopes, and with the module, may rest on what was rewritten."""
    module.mentioned = {}
    scopes = [module.scope, *(cls.scope for cls in module.classes), *(one.scope for one in module.functions)]
    for scope in scopes:
        for binding in scope.bindings.values():
            binding.placed = None
            if binding.changes:
                binding.changes = {}

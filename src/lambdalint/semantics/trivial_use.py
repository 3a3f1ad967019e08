"""Heavy modules that a handler loads for what a light one does as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from lambdalint.knowledge import imports, light
from lambdalint.semantics import frames, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.importing import Imported, bound_by, is_known, loaded, marginal_cost

_DEPTH = 3  # names that a number is followed through
_NUMBERS = {"float", "int", "len", "sum"}  # builtins that answer with one number


class MinorUse(Struct, frozen=True):
    """One use of a heavy module: `node` is the function or constant, `does` what is used, without the
    module's name, with the light module that does the same ("" for a builtin).
    """

    node: ir.Expr
    does: Mapping[str, str]


class TrivialUse(Struct, frozen=True):
    """All that the handlers use of what `imported` loads; the other import statements of it are `others`."""

    imported: Imported
    uses: tuple[MinorUse, ...]
    others: tuple[ir.Import, ...]

    @property
    def names(self) -> list[str]:
        """What is used, without the module's name, in the order of the source."""
        return list(dict.fromkeys(name for use in self.uses for name in use.does))

    @property
    def by(self) -> list[str]:
        """The light modules, by name; none where builtins do."""
        return sorted({by for use in self.uses for by in use.does.values()} - {""})


def trivial_uses(model: Core, statement: ir.Import) -> Iterator[TrivialUse]:
    """What an unconditional import at module scope loads although light modules would do for the whole closure."""
    if statement.parent is not None or not model.imported_by_handler:
        return
    for imported in bound_by(model.project, model.module, statement):
        if imported.cost.module.partition(".")[0] in light.replaceable():
            found = (_in_closure(model, imported, path) for path in model.project.closures.holders(model.module.path))
            yield from sorted(filter(None, found), key=lambda one: -one.imported.marginal_ms)[:1]


def _in_closure(model: Core, imported: Imported, path: str) -> TrivialUse | None:
    """What the closure of one handler's file uses of a module; None unless all of that is trivial."""
    project = model.project
    closure = project.closure(path)
    package = imported.cost.module.partition(".")[0]
    statements = list(_imports_of(model, closure, package))
    # Each of them loads it; the first one stands for all.
    if not statements or statements[0][1] is not imported.statement:
        return None
    others = set(loaded(project, closure, [statement for _, statement in statements]))
    marginal = marginal_cost(imported.cost, others)
    # A package whose contents aren't known may need it, and so may those that are found by their text.
    if marginal is None or not all(map(is_known, others)) or project.needed(path).by_text:
        return None
    if not any(imports.loads(needed, package) for needed in project.needed(path).outside):
        return None
    uses = _all_minor(model, statements)
    if not uses:
        return None
    return TrivialUse(replace(imported, marginal_ms=marginal), tuple(uses), tuple(s for _, s in statements[1:]))


def _imports_of(model: Core, closure: Sequence[str], package: str) -> Iterator[tuple[ir.Module, ir.Import]]:
    """The imports of a package's modules in a closure, at any depth of its files."""
    for path in closure:
        module = model.project.modules.load(path)
        for statement, _ in module.imports if module is not None else ():
            dotted = [statement.module] if statement.is_from else [name for name, _ in statement.names]
            if module is not None and not statement.level and any(n.partition(".")[0] == package for n in dotted):
                yield module, statement


def _all_minor(model: Core, statements: Sequence[tuple[ir.Module, ir.Import]]) -> list[MinorUse] | None:
    """Every use of what the statements bind; None where one of them isn't trivial, or can't be seen."""
    found: list[MinorUse] = []
    for module, statement in statements:
        if statement.parent is not None or ("*", "") in statement.names:
            return None
        for name, bound in statement.names:
            binding = module.scope.bindings.get(bound)
            if binding is None or len(binding.definitions) != 1 or bound in module.exports:
                return None
            dotted = (
                f"{statement.module}.{name}"
                if statement.is_from
                else name
                if bound != name.partition(".")[0]
                else bound
            )
            for use in binding.uses:
                minor = _minor(model, use, dotted) if not use.annotation else None
                if minor is None and not use.annotation:
                    return None
                if minor is not None:
                    found.append(minor)
    return found


def _minor(model: Core, name: ir.Name, dotted: str) -> MinorUse | None:
    """What a use of a heavy module's name does, where a light one does it too."""
    node: ir.Expr = name
    while isinstance(node.parent, ir.Attr) and light.light_function(dotted) is None:
        node = node.parent
        dotted = f"{dotted}.{node.name}"
    call = node.parent if isinstance(node.parent, ir.Call) and node.parent.func is node else None
    function = light.light_function(dotted)
    if function is not None:
        return MinorUse(node, {dotted.rpartition(".")[2]: function.by}) if _fits(model, call, function) else None
    does = frames.plain_uses(model, call, dotted) if call is not None else None
    return MinorUse(node, does) if does is not None else None


def _fits(model: Core, call: ir.Call | None, function: light.LightFunction) -> bool:
    """Whether a function is called in the one way in which a light module does the same."""
    if call is None or function.use == "constant":
        return call is None and function.use == "constant"
    if call.spreads or any(argument.keyword for argument in call.args) or len(call.args) > function.most:
        return False
    if function.use == "plain":
        return True
    # Of a list nothing but a number comes out; arrays come from other functions.
    return bool(call.args) and (function.use == "reduce" or _is_number(model, call.args[0].value))


def _is_number(model: Core, expr: ir.Expr, depth: int = _DEPTH) -> bool:
    """Whether an expression surely is one number, and no list or array."""
    match expr:
        case ir.Const(value=value):
            return isinstance(value, (int, float))
        case ir.Blend(op="Subtract" | "Divide" | "Power" | "FloorDivide"):
            return True  # lists have none of these, and arrays come from nowhere
        case ir.Name() if depth:
            binding = expr.scope.lookup(expr.id)
            given = binding.definitions if binding is not None else []
            return bool(given) and all(_defines_number(model, definition, depth - 1) for definition in given)
        case ir.Call(func=func):
            function = light.light_function(model.qualified(func))
            return ir.dotted(func) in _NUMBERS or (function is not None and function.use in ("reduce", "number"))
    return False


def _defines_number(model: Core, definition: ir.Definition, depth: int) -> bool:
    value = definition.value if definition.kind == "assign" and not definition.path else None
    return value is not None and _is_number(model, value, depth)

"""Objects that get a name of the module, which takes the place of the local one."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.layout import same_code
from lambdalint.fixing.lines import own_line
from lambdalint.fixing.names import fresh
from lambdalint.fixing.requests import AddTopLevel, Change, Remove, Replace
from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.syntax.driver import walk

# By name: not every supported libcst has template strings.
_TEXTS = ("FormattedString", "TemplatedString")


def by_name(model: Core, whole: ir.Call, node: cst.Call, wanted: str, code: str) -> tuple[str, bool, list[Change]]:
    """The module's name for an object, whether it is there, and the changes that put it in place of the local one."""
    known = _module_name(model, code)
    local = _local(model, whole)
    own = local.name if local is not None and _means_the_same(model, local.name, code) else ""
    name = known or own or fresh(model, wanted)
    changes: list[Change] = [] if known else [AddTopLevel(f"{name} = {code}\n", name, _late_enough(model, whole))]
    statement = model.node(whole.parent) if whole.parent is not None else None
    others = [use for use in local.uses if not use.store] if local is not None and local.name != name else []
    uses = [found for use in others if (found := model.node(use)) is not None]
    if local is None or statement is None or len(uses) < len(others) or _in_texts(model, whole) & set(map(id, uses)):
        return name, bool(known), [*changes, Replace(node, cst.Name(name))]
    return name, bool(known), [*changes, Remove(statement), *(Replace(use, cst.Name(name)) for use in uses)]


def _module_name(model: Core, code: str) -> str:
    """The name that the module gives to the very same object, or ""."""
    for statement in model.module.main.body:
        if isinstance(statement, ir.Assign) and len(statement.targets) == 1 and statement.value is not None:
            target = statement.targets[0]
            if isinstance(target, ir.Name) and same_code(model.text(statement.value), code):
                binding = target.scope.lookup(target.id)
                if binding is not None and len(binding.definitions) == 1:
                    return target.id
    return ""


def _local(model: Core, whole: ir.Call) -> ir.Binding | None:
    """The local name that an object is given in a statement that can go, where nothing else is called so there."""
    statement = whole.parent
    if not isinstance(statement, ir.Assign) or len(statement.targets) != 1 or statement.annotation is not None:
        return None
    target = statement.targets[0]
    binding = target.scope.lookup(target.id) if isinstance(target, ir.Name) else None
    if binding is None or binding.scope.kind != "function" or len(binding.definitions) != 1:
        return None
    return binding if own_line(model, statement) is not None else None


def _in_texts(model: Core, whole: ir.Call) -> set[int]:
    """The names (by id) inside the f-strings of the function around an object: these are left alone."""
    function = model.function(whole)
    node = model.node(function.site) if function is not None and function.site is not None else None
    texts = [part for part in walk(node) if type(part).__name__ in _TEXTS] if node is not None else []
    return {id(part) for text in texts for part in walk(text)}


def _means_the_same(model: Core, name: str, code: str) -> bool:
    """Whether a local name can be the module's: wherever else it is used, it is a local for the same object."""
    functions = [model.module.main, *model.module.functions]
    scopes = [*(function.scope for function in functions), *(cls.scope for cls in model.module.classes)]
    for scope in scopes:
        binding = scope.bindings.get(name)
        if binding is None:
            continue
        made = [definition.value for definition in binding.definitions]
        if scope.kind != "function" or len(made) != 1 or made[0] is None or not same_code(model.text(made[0]), code):
            return False
    return all(use.scope.lookup(name) is not None for use in model.module.names if use.id == name)


def _late_enough(model: Core, whole: ir.Call) -> cst.CSTNode | None:
    """Where a module's name may be made: above the first definition, or later where it needs a later name.

    None stands for the place above the first function or class.
    """
    body = model.module.main.body
    first = next((i for i, s in enumerate(body) if isinstance(s, (ir.FunctionDef, ir.ClassDef))), len(body))
    for name in (part for part in ir.walk(whole) if isinstance(part, ir.Name)):
        binding = name.scope.lookup(name.id)
        for definition in binding.definitions if binding is not None else ():
            if definition.site is not None and any(definition.site is s for s in body[first:]):
                top = _top_level(whole)
                return model.node(top) if top is not None else None
    return None


def _top_level(node: ir.Node) -> ir.Stmt | None:
    """The module's own statement that holds `node`."""
    function = flow.function_of(node)
    found: ir.Node | None = node
    while found is not None and found.parent is not None:
        found = found.parent
    if isinstance(found, ir.Stmt):
        return found
    return None if function is None else ir.statement_of(function.site) if function.site else None

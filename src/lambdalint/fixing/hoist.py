"""Moves the making of an object out of the invocation: into a cached getter, or a module's name."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator
from operator import itemgetter
from typing import Protocol

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.getters import Made, getter
from lambdalint.fixing.layout import same_code
from lambdalint.fixing.module_names import by_name
from lambdalint.fixing.names import fresh
from lambdalint.fixing.requests import FixRequest, Replace
from lambdalint.knowledge import operations
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.creation import Creation
from lambdalint.semantics.defaults import default_changes
from lambdalint.semantics.setups import Setup

_CONSTANT_NAME = re.compile(r"^_*[A-Z][A-Z0-9_]*$")
# Calls that give the same whenever they run, as long as the environment stays.
_KNOWN_CALLS = {
    "os.environ.get", "os.getenv", "botocore.config.Config", "botocore.client.Config", "builtins.int", "builtins.float",
    "builtins.str",
}  # fmt: skip
# Methods after which the object isn't as it was made: the next invocation would meet it so.
_SETTING_UP = {"close", "mount", "clear", "dispose", "add_extension", "extend", "set_response_callback"}
# Attributes that are the same on every object made alike.
_PLAIN_ATTRIBUTES = {"meta", "name", "table_name", "exceptions"}


class Movable(Made, Protocol):
    """What can be moved, with what it is made from."""

    def arguments(self) -> Iterator[ir.Expr]: ...


def hoist(model: Core, creation: Creation) -> FixRequest | None:
    """A fix that makes an AWS object once, or None where it can't be moved for sure.

    Safe when all arguments are constant and nothing but calls of methods is done
    with the object; unsafe otherwise, with the reason in the message.
    """
    statement = ir.statement_of(creation.whole)
    if statement is None or any(_leaves_a_trace(model, use) for use in _handles(creation, statement)):
        return None
    reasons = list(_reasons(model, creation, statement))
    as_module = _as_module(model, creation, reasons)
    return _moved(model, creation, _base_name(model, creation), reasons, as_module)


def hoist_setup(model: Core, setup: Setup) -> FixRequest | None:
    """A fix that makes another lasting object once; None unless the code only calls its methods and keeps it open."""
    statement = ir.statement_of(setup.whole)
    if statement is None or conditional(statement) or not _only_methods(model, setup, statement):
        return None
    reasons = [] if setup.kind.pure else ["all invocations share it, and what it keeps"]
    if any(_reads_environment(model, argument) for argument in setup.arguments()):
        reasons.append("it reads the environment, whose later changes would no longer be seen")
    if not all(_constant(model, argument) for argument in setup.arguments()):
        reasons.append("its arguments are no literals or constants of the module")
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", ir.last_name(setup.call.func)).lower()
    target = statement.targets[0] if isinstance(statement, ir.Assign) else None
    if isinstance(target, ir.Name):
        name = target.id.lower().strip("_") or name
    return _moved(model, setup, name, reasons, model.options.reuse_style == "module")


def _moved(model: Core, creation: Movable, base_name: str, reasons: list[str], as_module: bool) -> FixRequest | None:
    whole = creation.whole
    node = model.node(whole)
    if not isinstance(node, cst.Call) or model.function(whole) is None:
        return None
    if not all(movable(model, name) for name in _names(whole)) or _rewrites_itself(model, creation):
        return None
    code = model.tree.code_for_node(node.with_changes(lpar=(), rpar=()))
    if as_module:
        name, known, changes = by_name(model, whole, node, f"_{base_name}", code)
    else:
        name, known = named(model, f"_{base_name}", code)
        changes = [Replace(node, cst.Call(cst.Name(name)))]
        changes += [] if known else getter(model, creation, name, node)
    where = "a name of the module" if as_module else "a cached function"
    message = f"Create it once, in {where}"
    if reasons:
        message += f" ({reasons[0]})"
    return FixRequest(
        tuple(changes), Safety.UNSAFE if reasons else Safety.SAFE, message, isolation="" if known else name
    )


def named(model: Core, wanted: str, code: str) -> tuple[str, bool]:
    """The name to use, and whether the module has it already for the very same object."""
    known = model.answer("makers", lambda: sorted(_makers(model.module), key=itemgetter(0)))
    start = bisect.bisect_left(known, wanted, key=itemgetter(0))
    alike = itertools.takewhile(
        lambda maker: maker[0].startswith(wanted), map(known.__getitem__, range(start, len(known)))
    )
    for name, _, made, function in sorted(alike, key=itemgetter(1)):
        if same_code(model.text(made), code) and (function is None or model.project.guards.cached(function)):
            return name, True
    return fresh(model, wanted), False


def _makers(module: ir.Module) -> Iterator[tuple[str, int, ir.Expr, ir.Function | None]]:
    """The module's own names and their places, with what they stand for: values, or what functions return."""
    for statement in module.main.body:
        if isinstance(statement, ir.FunctionDef):
            function = statement.function
            if function.returns and not function.params and len(function.body) == 1:
                yield function.name, statement.place, function.returns[-1], function
        elif isinstance(statement, ir.Assign) and statement.targets and statement.value is not None:
            target = statement.targets[0]
            if isinstance(target, ir.Name):
                yield target.id, statement.place, statement.value, None


def _names(expr: ir.Expr) -> list[ir.Name]:
    return [part for part in ir.walk(expr) if isinstance(part, ir.Name)]


def movable(model: Core, name: ir.Name) -> bool:
    """Whether a name means the same at module scope, after the module is loaded."""
    binding = name.scope.lookup(name.id)
    if binding is None:
        return True  # a builtin
    if binding.scope.kind != "module" or len(binding.definitions) != 1:
        return False
    definition = binding.definitions[0]
    if definition.scope is not binding.scope:
        return False  # a `global` name that a function assigns
    site = ir.statement_of(definition.site) if definition.site is not None else None
    return site is not None and site.parent is None and definition.kind in ("import", "assign", "def", "class")


def _rewrites_itself(model: Core, creation: Movable) -> bool:
    """Calls in the arguments, lambdas or a walrus: when they run would change."""
    for argument in creation.arguments():
        for part in ir.walk(argument):
            if isinstance(part, (ir.Lambda, ir.Bind, ir.Await, ir.Yield, ir.Comp)):
                return True
            if isinstance(part, ir.Call) and not _known_call(model, part):
                return True
    return False


def _known_call(model: Core, call: ir.Call) -> bool:
    name = model.qualified(call.func)
    return name in _KNOWN_CALLS


def _reads_environment(model: Core, expr: ir.Expr) -> bool:
    for part in ir.walk(expr):
        if isinstance(part, (ir.Attr, ir.Name)) and not part.store:
            if model.qualified(part) in ("os.environ", "os.getenv", "os.environ.get"):
                return True
    return False


def _reasons(model: Core, creation: Creation, statement: ir.Stmt) -> list[str]:
    """Why the fix isn't safe, most telling first; nothing where it is."""
    reasons: list[str] = []
    if model.boto3_patched:
        reasons.append("the project's tests patch boto3: a client that is kept would outlive the patch")
    if any(_reads_environment(model, argument) for argument in creation.arguments()):
        reasons.append("it reads the environment, whose later changes would no longer be seen")
    if not all(_constant(model, argument) for argument in creation.arguments()):
        reasons.append("its arguments are no literals or constants of the module")
    if model.qualified(creation.call.func) not in ("boto3.client", "boto3.resource"):
        reasons.append("it is not made by boto3.client or boto3.resource with a literal service")
    elif not creation.service:
        reasons.append("its service is no literal")
    if conditional(statement):
        reasons.append("it stands in a condition, a loop or a try: when it is made, or fails, would change")
    elif not _only_methods(model, creation, statement):
        reasons.append("the object is handed on, so that others may keep or change it")
    if any(name == "multiprocessing" for name in _imported(model)):
        reasons.append("the module starts processes, which can't share a client")
    if default_changes(model):
        reasons.append("a function changes what clients are made from: the environment, or the default session")
    if model.options.reuse_style == "module" and not _region_known(model, creation):
        reasons.append("the import would need a region, which only the call needs now")
    return reasons


def _imported(model: Core) -> set[str]:
    found: set[str] = set()
    for statement, _ in model.module.imports:
        names = [statement.module] if statement.is_from else [name for name, _ in statement.names]
        found |= {name.split(".")[0] for name in names}
    return found


def _constant(model: Core, expr: ir.Expr) -> bool:
    """A literal, a constant of the module, or a botocore Config made of such."""
    if isinstance(expr, ir.Const):
        return True
    if isinstance(expr, ir.Name):
        binding = expr.scope.lookup(expr.id)
        if binding is None or len(binding.definitions) != 1 or binding.scope.kind != "module":
            return False
        value = binding.definitions[0].value
        return value is not None and (_constant(model, value) or _reads_environment(model, value))
    if isinstance(expr, ir.Call):
        return _known_call(model, expr) and all(_constant(model, a.value) for a in expr.args)
    if isinstance(expr, ir.Map):
        return all(k is not None and _constant(model, k) and _constant(model, v) for k, v in expr.entries)
    return isinstance(expr, ir.Item) and _reads_environment(model, expr)


def conditional(statement: ir.Stmt) -> bool:
    return not isinstance(statement.parent, ir.FunctionDef)


def _only_methods(model: Core, creation: Movable, statement: ir.Stmt) -> bool:
    """Whether the object is only called upon: assigned once to a local, or used where it is made."""
    whole = creation.whole
    if isinstance(whole.parent, ir.Call) and whole.parent.func is whole:
        return True
    if isinstance(whole.parent, ir.Attr):
        return isinstance(whole.parent.parent, ir.Call) and whole.parent.parent.func is whole.parent
    if not isinstance(statement, ir.Assign) or statement.value is not whole or len(statement.targets) != 1:
        return False
    target = statement.targets[0]
    if not isinstance(target, ir.Name):
        return False
    binding = target.scope.lookup(target.id)
    if binding is None or len(binding.definitions) != 1 or binding.scope.kind != "function":
        return False
    return all(_method_call(use) for use in binding.uses)


def _handles(creation: Creation, statement: ir.Stmt) -> list[ir.Expr]:
    """The expressions that stand for the object: where it is made, and the uses of the name it is given."""
    target = statement.targets[0] if isinstance(statement, ir.Assign) and statement.value is creation.whole else None
    binding = target.scope.lookup(target.id) if isinstance(target, ir.Name) else None
    return [creation.whole, *(binding.uses if binding is not None else ())]


def _leaves_a_trace(model: Core, handle: ir.Expr) -> bool:
    """Whether a use of the object stays with it, and would be met by the next invocation.

    Hooks (`client.meta.events`) that are registered again each time would pile up; attributes that
    a handle loads once would be those of the first time.
    """
    value = model.value(handle)
    attr = handle.parent
    if isinstance(attr, ir.Attr) and attr.base is handle and value is not None and value.kind == "subresource":
        member = operations.resource_member(value.service, value.name, attr.name)
        if member is not None and member.role == "lazy":
            return True
    names = []
    while isinstance(attr, ir.Attr):
        names.append(attr.name)
        attr = attr.parent
    return names[:1] == ["meta"] and "events" in names


def _method_call(use: ir.Name) -> bool:
    attr = use.parent
    if isinstance(attr, ir.Call) and attr.func is use:
        return True  # a compiled function
    if not isinstance(attr, ir.Attr) or attr.store:
        return False
    if isinstance(attr.parent, ir.Call) and attr.parent.func is attr:
        return attr.name not in _SETTING_UP
    return attr.name in _PLAIN_ATTRIBUTES - {"meta"}


def _as_module(model: Core, creation: Creation, reasons: list[str]) -> bool:
    """Whether a module-level name fits: asked for, or the file's own style with a region that is known."""
    style = model.options.reuse_style
    if style != "auto":
        return style == "module"
    return not reasons and _shown(model, creation)


def _region_known(model: Core, creation: Creation) -> bool:
    """Whether the client can be made at import wherever the module can be imported now."""
    region = _region(creation.call)
    return (region is not None and _constant(model, region)) or _shown(model, creation)


def _shown(model: Core, creation: Creation) -> bool:
    """Whether the module makes such a client at import, above its functions."""
    body = model.module.main.body
    above = itertools.takewhile(lambda s: not isinstance(s, (ir.FunctionDef, ir.ClassDef)), body)
    return any(_shows_region(model, s, creation) for s in above)


def _region(call: ir.Call) -> ir.Expr | None:
    return call.argument(1, "region_name")


def _shows_region(model: Core, statement: ir.Stmt, creation: Creation) -> bool:
    """Whether a statement makes a client of the same service at import, unconditionally, in the region that is wanted.

    Without a region a client can only be made where the environment names one, and not every
    service needs one.
    """
    if not isinstance(statement, ir.Assign) or not isinstance(statement.value, ir.Call):
        return False
    value = model.value(statement.value)
    while value is not None and value.kind == "subresource":
        value = value.base
    if value is None or value.kind not in ("client", "resource") or not isinstance(value.origin, ir.Call):
        return False
    if value.name != creation.service:
        return False
    region = _region(creation.call)
    return _region(value.origin) is None or (region is not None and isinstance(region, ir.Const))


def _base_name(model: Core, creation: Creation) -> str:
    """`s3_client`, `dynamodb_resource`, or `orders_table` after what the object is assigned to."""
    service = re.sub(r"\W+", "_", creation.service or "aws")
    if creation.whole is creation.call:
        return f"{service}_{creation.value.kind}"
    stmt = ir.statement_of(creation.whole)
    target = stmt.targets[0] if isinstance(stmt, ir.Assign) and len(stmt.targets) == 1 else None
    handle = model.value(creation.whole)
    kind = handle.name.lower() if handle is not None else "handle"
    if isinstance(target, ir.Name) and kind in target.id.lower() and target.id.lower() != kind:
        return target.id.lower().lstrip("_")
    given = creation.whole.positional(0)
    if isinstance(given, ir.Const) and isinstance(given.value, str) and given.value.isidentifier():
        return f"{given.value.lower()}_{kind}"
    if isinstance(given, ir.Name) and _CONSTANT_NAME.match(given.id):
        stem = given.id.lower().strip("_").removesuffix("_name").removesuffix("_table")
        return f"{stem}_{kind}" if stem not in (kind, "") else kind
    return f"{service}_{kind}"

"""Calls that fetch a token, a secret or a parameter, from the project's or an outside service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from lambdalint.knowledge import tables
from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.environment import environment_variable
from lambdalint.semantics.expiry import expiry_compared

_DOCUMENT = "signing keys"


class Fetch(Struct, frozen=True):
    """One call that asks for something that stays good for a while.

    kind: "token", "signing keys", "secret", "parameter", "configuration" or
    "decrypted variable"; `what` names it for a message, `lifetime` says how long
    it is good as far as known.
    """

    model: Core
    call: ir.Call
    kind: str
    what: str
    lifetime: str = ""
    written: bool = False
    inputs: tuple[ir.Expr, ...] = ()

    @property
    def static(self) -> bool:
        """Whether every invocation would ask for the same again."""
        return not any(self.model.depends_on_event(i) or self.model.depends_on_loop(i) for i in self.inputs)

    @property
    def kept(self) -> bool:
        """Whether the result stays for as long as the execution environment."""
        return kept(self.model, self.call)

    @property
    def expiry_compared(self) -> bool:
        """Whether the code around compares a time or an expiry."""
        return expiry_compared(self.model, self.call)


def fetch(model: Core, call: ir.Call) -> Fetch | None:
    """What a call itself fetches, or None."""
    value = model.value(call.func)
    if value is None:
        return None
    if value.kind == "operation" and value.base is not None:
        if value.base.kind == "client":
            return _of_operation(model, call, value.base.name, value.name)
        if value.base.kind == "result":
            return _of_method(model, call, value.base.name, value.name)
    if value.kind == "external":
        return _of_external(model, call, tables.canonical(value.name))
    return None


def _inputs(call: ir.Call) -> tuple[ir.Expr, ...]:
    receiver = (call.func.base,) if isinstance(call.func, ir.Attr) else ()
    return (*receiver, *(argument.value for argument in call.args))


def _of_operation(model: Core, call: ir.Call, service: str, name: str) -> Fetch | None:
    for row in tables.load("tokens")["operation"]:
        if row["service"] == service and name in row["names"]:
            if row["kind"] == "decrypted variable" and not _from_environment(model, call):
                return None
            what = f"{service} {name}"
            written = _written(model, call, row)
            return Fetch(model, call, row["kind"], what, row.get("lifetime", ""), written, _inputs(call))
    return None


def _written(model: Core, call: ir.Call, row: dict[str, Any]) -> bool:
    """Whether the project itself may write what the call reads: then it is state, no configuration."""
    given = [value for key in row.get("inputs", ()) if (value := call.argument(0, key)) is not None]
    names = [identity(model, value) for value in given]
    for writer in row.get("writers", ()):
        for path in model.project.inputs.mentions.get(writer, ()):
            module = model.project.modules.load(path)
            if module is None:
                continue
            for function in (module.main, *module.functions):
                for other in function.calls:
                    if not isinstance(other.func, ir.Attr) or other.func.name != writer:
                        continue
                    named = other.argument(0, "SecretId") or other.keyword("Name") or other.keyword("name")
                    target = identity(model, named) if named is not None else None
                    if target is not None and target in names:
                        return True
                    if (target is None or None in names) and not _apart(model, path) and not _is_tool(module):
                        return True
    return False


def _apart(model: Core, path: str) -> bool:
    """Whether a file is of another application: both are in folders of the root that are deployed by themselves."""
    deployed = {f.template.partition("/")[0] for f in model.project.inputs.functions if "/" in f.template}
    own, other = model.module.path.partition("/")[0], path.partition("/")[0]
    return own != other and {own, other} <= deployed


def _is_tool(module: ir.Module) -> bool:
    """Whether people run a file from a shell, and Lambda runs nothing of it: it deploys what others read."""
    if not any(map(flow.is_main_guard, module.main.body)):
        return False
    return not any(param.name in ("event", "context") for f in module.functions for param in f.params)


def identity(model: Core, expr: ir.Expr) -> tuple[str, object] | None:
    """What tells one name from another: a literal, or the environment variable that holds it."""
    constant = model.constant(expr)
    if constant is not None:
        return ("literal", constant)
    variable = environment_variable(model, expr)
    return ("variable", variable) if variable else None


def _from_environment(model: Core, call: ir.Call) -> bool:
    """Whether `decrypt` is given (a decoding of) an environment variable."""
    given = call.keyword("CiphertextBlob")
    return given is not None and any(_is_environment(model, part) for part in followed(given))


def followed(expr: ir.Expr) -> Iterator[ir.Expr]:
    """The parts of an expression, and of what its names were assigned."""
    seen: set[int] = set()
    stack = [expr]
    while stack:
        for part in ir.walk(stack.pop()):
            if id(part) in seen:
                continue
            seen.add(id(part))
            yield part
            if isinstance(part, ir.Name):
                binding = part.scope.lookup(part.id)
                for definition in binding.definitions if binding is not None else ():
                    if definition.kind == "assign" and definition.value is not None:
                        stack.append(definition.value)


def _is_environment(model: Core, part: ir.Expr) -> bool:
    return isinstance(part, (ir.Attr, ir.Name)) and model.qualified(part) in ("os.environ", "os.getenv")


def _of_method(model: Core, call: ir.Call, made_by: str, name: str) -> Fetch | None:
    for row in tables.load("tokens")["method"]:
        if made_by in row["constructors"] and name in row["names"]:
            return Fetch(model, call, row["kind"], f"{name}()", row["lifetime"], inputs=_inputs(call))
    http = tables.load("tokens")["http"]
    if made_by in http["pools"] or model.facts.made_by(made_by).startswith("HTTP session"):
        if name in ("post", "request", "send", "fetch"):
            return _of_post(model, call)
        if name == "get":
            return _of_document(model, call)
    return None


def _of_external(model: Core, call: ir.Call, name: str) -> Fetch | None:
    own = model.facts.fetches(name)
    if own:
        return Fetch(model, call, own, f"{name.rpartition('.')[2]}()", inputs=_inputs(call))
    for row in tables.load("tokens")["call"]:
        if name in row["names"]:
            return Fetch(
                model,
                call,
                row["kind"],
                f"{name.rpartition('.')[2]}()",
                row["lifetime"],
                inputs=_inputs(call),
            )
    powertools = tables.load("tokens")["powertools"]
    if name in powertools["functions"] and _uncached(model, call):
        what = f"{name.rpartition('.')[2]}() without its cache"
        return Fetch(model, call, "parameter", what, "", _written(model, call, powertools), _inputs(call))
    http = tables.load("tokens")["http"]
    if name in http["posts"] or name == "urllib.request.urlopen":
        found = _of_post(model, call)
        if found is not None:
            return found
    return _of_document(model, call) if name in http["gets"] else None


def forced(model: Core, call: ir.Call) -> Fetch | None:
    """A call of a getter or provider of Powertools that is told to pass its cache by."""
    force = call.keyword("force_fetch")
    value = model.value(call.func) if force is not None and model.constant(force) is True else None
    if value is None:
        return None
    powertools = tables.load("tokens")["powertools"]
    made_by = value.base.name if value.kind == "operation" and value.base is not None else ""
    if value.name in powertools["functions"] or made_by in powertools["providers"]:
        written = _written(model, call, powertools)
        return Fetch(model, call, "parameter", f"{value.name}()", "", written, _inputs(call))
    return None


def _uncached(model: Core, call: ir.Call) -> bool:
    """`force_fetch=True` and `max_age=0` make Powertools ask each time."""
    force, age = call.keyword("force_fetch"), call.keyword("max_age")
    if force is not None and model.constant(force) is True:
        return True
    return age is not None and model.constant(age) == 0


def _of_post(model: Core, call: ir.Call) -> Fetch | None:
    """A request whose body asks for a token by client credentials or a password."""
    grants = tables.load("tokens")["http"]["grants"]
    for argument in call.args:
        for part in followed(argument.value):
            if isinstance(part, ir.Map) and any(_grants(model, part, grant) for grant in grants):
                return Fetch(model, call, "token", "a token from an OAuth endpoint", inputs=_inputs(call))
            if isinstance(part, ir.Const) and isinstance(part.value, (str, bytes)):
                text = part.value if isinstance(part.value, str) else part.value.decode("latin-1")
                if any(f"grant_type={grant}" in text for grant in grants):
                    return Fetch(model, call, "token", "a token from an OAuth endpoint", inputs=_inputs(call))
    return None


def _grants(model: Core, mapping: ir.Map, grant: str) -> bool:
    for key, value in mapping.entries:
        if isinstance(key, ir.Const) and key.value == "grant_type":
            return model.constant(value) == grant
    return False


def _of_document(model: Core, call: ir.Call) -> Fetch | None:
    """A key set or discovery document, by the end of its address."""
    address = call.argument(0, "url")
    documents = tables.load("tokens")["http"]["documents"]
    if address is None:
        return None
    for part in followed(address):
        if isinstance(part, ir.Const) and isinstance(part.value, str):
            if any(part.value.endswith(document) for document in documents):
                return Fetch(model, call, _DOCUMENT, "the provider's key document", inputs=_inputs(call))
    return None


def kept(model: Core, call: ir.Call) -> bool:
    """Whether a call's result stays for the environment: it runs at import, or once behind a guard."""
    function = model.function(call)
    if function is None:
        return model.imported_by_handler and _assigned(call)
    if function not in model.project.connected or model.project.runtime.never(call):
        return False
    return not model.runs_per_invocation(call) and not model.on_error_path(call)


def _assigned(call: ir.Call) -> bool:
    stmt = ir.statement_of(call)
    return isinstance(stmt, ir.Assign)

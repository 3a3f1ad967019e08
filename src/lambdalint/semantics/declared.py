"""Why a declared handler has no function in the code."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.deployment import DeployedFunction
from lambdalint.deployment.places import Target, handler_target, inside
from lambdalint.knowledge import tables
from lambdalint.semantics import ir
from lambdalint.semantics.modules import Modules

_WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER"  # Lambda developer guide: wrapper scripts


class Unresolved(Struct, frozen=True):
    """A declaration without its function: `reason` is a clause; `surely` where no build could mend it.

    `instead` is the handler text that was perhaps meant, or empty.
    """

    deployed: DeployedFunction
    reason: str
    surely: bool = False
    instead: str = ""


def why_unresolved(deployed: DeployedFunction, place: tuple[str, str] | None, modules: Modules) -> Unresolved:
    """Explain a declaration; `place` is the file and name that it resolved to, if it did so far."""
    if place is not None:
        return _no_function(deployed, *place, modules)
    target = handler_target(deployed.handler)
    unsure = Unresolved(deployed, deployed.note or "its code isn't in the project")
    if target is None or not deployed.located or deployed.artifact or deployed.foreign_layers:
        return unsure
    root = deployed.code_roots[0]
    if not any(root in (".", "") or path.startswith(f"{root}/") for path in modules.files):
        return Unresolved(deployed, f"{root} holds no Python files")
    # A build may flatten folders, or install a package that brings the module.
    if any(_ends(path, target) for path in modules.files) or _may_be_installed(root, target.module, modules):
        return unsure
    return Unresolved(deployed, f"{inside(root, target.module)}.py doesn't exist", surely=True)


def _may_be_installed(root: str, below: str, modules: Modules) -> bool:
    """Whether a package that the build installs may bring the module."""
    top, _, rest = below.partition("/")
    return tables.is_third_party(top) or (bool(rest) and inside(root, top) not in modules.folders)


def _no_function(deployed: DeployedFunction, path: str, name: str, modules: Modules) -> Unresolved:
    module = modules.load(path)
    if module is None:
        return Unresolved(deployed, f"{path} can't be read")
    names = module.scope.bindings
    if name in names:
        return Unresolved(deployed, f"{name} in {path} is made in a way that can't be followed")
    dynamic = "__getattr__" in names or any(("*", "") in statement.names for statement, _ in module.imports)
    if dynamic or _fills_globals(module):
        return Unresolved(deployed, f"{path} defines no {name} that can be seen")
    import difflib

    meant = difflib.get_close_matches(name, _functions(module), n=1, cutoff=0.5)
    head = deployed.handler.rpartition(".")[0]
    instead = f"{head}.{meant[0]}" if meant else ""
    # A file beside the description needn't be the code that an archive brings, and a wrapper may start
    # something else than the handler (a web server).
    surely = deployed.located and not is_wrapped(deployed)
    return Unresolved(deployed, f"{path} defines no {name}", surely, instead)


def is_wrapped(deployed: DeployedFunction) -> bool:
    """Whether a wrapper script starts the runtime, or something else instead."""
    return any(variable == _WRAPPER for variable, _ in deployed.environment)


def _functions(module: ir.Module) -> list[str]:
    return [f.name for f in module.functions if f.outer is module.main and f.cls is None]


def _fills_globals(module: ir.Module) -> bool:
    """Whether the module may bind names that aren't written in it."""
    called = {ir.dotted(call.func) for function in (module.main, *module.functions) for call in function.calls}
    return bool(called & {"globals", "vars", "setattr", "exec"})


def _ends(path: str, target: Target) -> bool:
    return any(path == file or path.endswith(f"/{file}") for file in target.files)

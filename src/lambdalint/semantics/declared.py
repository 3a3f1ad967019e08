"""Why a declared handler has no function in the code."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from lambdalint.deployment import DeployedFunction
from lambdalint.deployment.places import handler_path, inside
from lambdalint.knowledge import tables
from lambdalint.semantics import ir
from lambdalint.semantics.modules import Modules

_WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER"  # Lambda developer guide: wrapper scripts


@dataclass(frozen=True)
class Unresolved:
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
    below = handler_path(deployed.handler)
    if below is None:
        return Unresolved(deployed, "it isn't a module and a function's name")
    elsewhere = sorted(path for path in modules.files - modules.alone if _ends(path, below))
    if elsewhere:
        return Unresolved(deployed, f"{elsewhere[0]} isn't in the folder of its code")
    if not deployed.located:
        return Unresolved(deployed, "its code isn't in the project, or is built from what can't be told")
    root = deployed.code_roots[0]
    if not any(root in (".", "") or path.startswith(f"{root}/") for path in modules.files):
        return Unresolved(deployed, f"{root} holds no Python files")
    surely = not deployed.foreign_layers and not _may_be_installed(root, below, modules)
    return Unresolved(deployed, f"{inside(root, below)}.py doesn't exist", surely)


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
    meant = difflib.get_close_matches(name, _functions(module), n=1, cutoff=0.5)
    head = deployed.handler.rpartition(".")[0]
    instead = f"{head}.{meant[0]}" if meant else ""
    # A file beside the description needn't be the code that an archive brings, and a wrapper may start
    # something else than the handler (a web server).
    surely = deployed.located and not any(variable == _WRAPPER for variable, _ in deployed.environment)
    return Unresolved(deployed, f"{path} defines no {name}", surely, instead)


def _functions(module: ir.Module) -> list[str]:
    return [f.name for f in module.functions if f.outer is module.main and f.cls is None]


def _fills_globals(module: ir.Module) -> bool:
    """Whether the module may bind names that aren't written in it."""
    called = {ir.dotted(call.func) for function in (module.main, *module.functions) for call in function.calls}
    return bool(called & {"globals", "vars", "setattr", "exec"})


def _ends(path: str, below: str) -> bool:
    return any(path == tail or path.endswith(f"/{tail}") for tail in _files(below))


def _files(below: str) -> Iterable[str]:
    return f"{below}.py", f"{below}/__init__.py"

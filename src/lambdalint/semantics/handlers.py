"""Which functions Lambda calls on each event, and how that is known."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lambdalint.deployment import DeployedFunction
from lambdalint.knowledge import frameworks
from lambdalint.semantics import ir
from lambdalint.semantics.modules import packages_of
from lambdalint.semantics.values import Evaluator, full_name

_EVENT = re.compile(
    r"^_*(event|evt|ev|e|events|lambda_event|aws_event|sns_event|sqs_event|s3_event|raw_event|input_event|event_data|event_dict|payload|data|request|req|message|record|input|body)_*$|^_+$|^\w*_?event$",
    re.I,
)
_CONTEXT = re.compile(r"^_*(context|ctx|cntxt|contex|contxt|lambda_context|aws_context|c|_)_*$|^\w*_context$", re.I)
# Names of an event hook's or an error handler's first parameter: not an event (botocore, Django REST, signal).
_NEVER_FIRST = {
    "parsed",
    "exc",
    "exception",
    "error",
    "signum",
    "sig",
    "params",
    "model",
    "kwargs",
    "self",
    "cls",
}
_AUTOMATION = "script_handler"  # what Systems Manager's automation documents call their scripts' functions
_NAMES = re.compile(
    r"^(lambda_handler|handler|handle|lambdahandler|lambda_function|\w+_handler|handler_\w+|\w+Handler)$"
)


@dataclass(frozen=True, slots=True)
class Handler:
    """A function that Lambda calls: `evidence` says in a phrase how that is known."""

    function: ir.Function
    path: str
    evidence: str
    deployed: DeployedFunction | None = None
    deploy_time: bool = False

    @property
    def name(self) -> str:
        return self.function.qualname


def deploy_time(function: ir.Function, deployed: DeployedFunction | None) -> bool:
    """Whether only a deployment (custom resource) or a secret's rotation calls a handler."""
    if deployed is not None and (deployed.custom_resource or deployed.rotation):
        return True
    strings = set(function.strings)
    for other in function.module.functions:
        strings |= other.strings
    if "RequestType" in strings and "RequestType" in function.strings | _called_strings(function):
        return True
    if "ResponseURL" in strings or {"ClientRequestToken", "Step"} <= strings:
        return True
    return bool(packages_of(function.module) & {"crhelper", "cfnresponse"})


def _called_strings(function: ir.Function) -> set[str]:
    """The string literals of the functions of its own module that a handler calls by name."""
    found: set[str] = set()
    for call in function.calls:
        if isinstance(call.func, ir.Name):
            for other in function.module.functions:
                if other.name == call.func.id:
                    found |= other.strings
    return found


def by_convention(module: ir.Module) -> Iterator[ir.Function]:
    """Top-level functions whose name and first parameters read as a handler's."""
    for stmt in module.main.body:
        if not isinstance(stmt, ir.FunctionDef):
            continue
        function = stmt.function
        names = [p.name for p in function.params if p.kind == "plain"]
        if len(names) < 2 or not _NAMES.match(function.name) or names[0] in _NEVER_FIRST:
            continue
        if function.name == _AUTOMATION and names[0] == "events":
            continue
        if any(p.default is None for p in function.params[2:] if p.kind == "plain"):
            continue
        if any("fixture" in ir.dotted(d.func if isinstance(d, ir.Call) else d) for d in function.decorators):
            continue
        certain = function.name == "lambda_handler"
        if certain or (_EVENT.match(names[0]) and _CONTEXT.match(names[1])):
            yield function


def by_framework(module: ir.Module, evaluator: Evaluator) -> Iterator[tuple[ir.Function, str]]:
    """Functions that a framework's decorator makes a handler or a route of one."""
    for function in module.functions:
        for decorator in function.decorators:
            target = decorator.func if isinstance(decorator, ir.Call) else decorator
            for value in evaluator.evaluate(target):
                role = frameworks.decorator(full_name(value))
                if role is not None and not role.served:
                    yield function, f"{role.name} {ir.dotted(target)}"


def configured(patterns: Iterable[str], files: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(path, function name) of the handlers that the configuration names.

    "path/to/app.py:handler" (globs in the path), "package.module:handler" or
    "package.module.handler".
    """
    paths = sorted(files)
    for pattern in patterns:
        place, _, name = pattern.rpartition(":")
        if not place:
            place, _, name = pattern.rpartition(".")
        if not place.endswith(".py"):
            place = place.replace(".", "/") + ".py"
        for path in paths:
            if path == place or fnmatch.fnmatchcase(path, place) or path.endswith("/" + place):
                yield path, name

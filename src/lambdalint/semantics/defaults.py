"""What the AWS SDK takes where a call doesn't say: who changes that while invocations run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core

_PREFIX = "AWS_"
_CREDENTIALS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "botocore_session")
_SESSION = "setup_default_session"
_SETTERS = ("update", "setdefault", "pop")


class Change(NamedTuple):
    """A function sets `name`, in small letters ("": any), for all clients that are made later, to `value`."""

    name: str
    value: ir.Expr | None


def default_changes(model: Core) -> list[Change]:
    """The changes of variables that the SDK reads, and of its default session, by functions of the project."""
    found = [change for change in _of_environment(model) if not change.name or change.name.startswith("aws_")]
    return [*found, *_of_session(model)]


def varying_defaults(model: Core) -> bool:
    """Whether an invocation sets up clients for itself: by values of the event, or somebody's credentials."""
    for name, value in default_changes(model):
        if value is None or not name:
            continue
        if model.depends_on_event(value) or (name in _CREDENTIALS and model.constant(value) is None):
            return True
    return False


def _of_environment(model: Core) -> Iterator[Change]:
    for store in model.project.stores("environ"):
        if not _in_function(store.site) or model.qualified(store.holder) != "os.environ":
            continue
        if store.kind == "item":
            key = model.constant(store.key)
            yield Change(key.lower() if isinstance(key, str) else "", store.value)
        elif isinstance(store.site, ir.Call) and store.name in _SETTERS:
            yield from _set_by_call(model, store.site)


def _set_by_call(model: Core, call: ir.Call) -> Iterator[Change]:
    """`os.environ.update({…}, NAME=…)`, `.setdefault(name, value)` and `.pop(name)`."""
    if isinstance(call.func, ir.Attr) and call.func.name != "update":
        key = model.constant(call.positional(0))
        yield Change(key.lower() if isinstance(key, str) else "", call.positional(1))
        return
    for argument in call.args:
        if argument.keyword is not None:
            yield Change(argument.keyword.lower(), argument.value)
        elif isinstance(argument.value, ir.Map):
            for key_expr, value in argument.value.entries:
                key = model.constant(key_expr)
                yield Change(key.lower() if isinstance(key, str) else "", value)
        else:
            yield Change("", argument.value)


def _of_session(model: Core) -> Iterator[Change]:
    for path in model.project.inputs.mentions.get(_SESSION, ()):
        module = model.project.modules.loaded.get(path)
        for function in module.functions if module is not None else ():
            for call in function.calls:
                if ir.last_name(call.func) == _SESSION:
                    yield Change("", None)
                    yield from (Change(argument.keyword or "", argument.value) for argument in call.args)


def _in_function(node: ir.Node) -> bool:
    function = flow.function_of(node)
    return function is not None and not function.is_module

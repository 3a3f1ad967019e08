"""Functions without arguments that make an object once and keep it, in the manner of the file."""

from __future__ import annotations

import re
from typing import Protocol

import libcst as cst

from lambdalint.fixing.helpers import annotates, describes
from lambdalint.fixing.layout import returning
from lambdalint.fixing.requests import AddTopLevel, Change, NeedImport
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core

_UNBOUNDED = "lru_cache(maxsize=None)"
_NUMBER = re.compile(r"_\d+$")  # of a name that was taken
_OLD = re.compile(r"python(?:2\.|3\.[0-8]$)")  # runtimes without functools.cache


class Made(Protocol):
    """What the getter gives: `whole` is the expression, `call` what makes the object in it."""

    @property
    def call(self) -> ir.Call: ...

    @property
    def whole(self) -> ir.Call: ...


def getter(model: Core, made: Made, name: str, node: cst.Call) -> list[Change]:
    """The changes that add a getter of `node`: with a type and a docstring where the file has them."""
    decorator = _cache(model, made.whole)
    changes: list[Change] = [NeedImport("functools")] if decorator.startswith("functools.") else []
    returns, doc = "", ""
    if annotates(model):
        of = _type(model, made)
        changes += [NeedImport("typing", "Any")] if of == "Any" else []
        returns = f" -> {of}"
    if describes(model):
        what = _NUMBER.sub("", name).strip("_").replace("_", " ")
        doc = f'\n    """Return the {what}, which is created once."""'
    code = f"@{decorator}\ndef {name}(){returns}:{doc}{returning(node)}"
    return [*changes, AddTopLevel(code, name)]


def _cache(model: Core, whole: ir.Call) -> str:
    """The decorator that keeps a function's result, in the spelling of the module and of the oldest runtime."""
    bindings = model.module.scope.bindings
    for name in ("cache", "lru_cache"):
        binding = bindings.get(name)
        if binding is not None and {d.imported for d in binding.definitions} == {f"functools.{name}"}:
            return name if name == "cache" or _UNBOUNDED not in model.source.text else _UNBOUNDED
    return f"functools.{_UNBOUNDED}" if any(map(_OLD.match, model.runtimes(whole))) else "functools.cache"


def _type(model: Core, made: Made) -> str:
    """The type of an object: what the file calls it, the class that makes it, or `Any`.

    Stubs of AWS clients are no dependency that a fix may add, and botocore's own base class has no operations.
    """
    statement = made.whole.parent
    if isinstance(statement, ir.Assign) and statement.annotation is not None and statement.value is made.whole:
        return model.text(statement.annotation)
    for function in model.module.functions:
        if function.annotation is not None and function.returns and not function.is_lambda:
            if all(model.text(given) == model.text(made.whole) for given in function.returns):
                return model.text(function.annotation)
    func = made.whole.func
    if made.whole is made.call and model.qualified(func) and ir.last_name(func)[:1].isupper():
        return model.text(func)
    return "Any"

"""Connection strings of libpq: whether they surely set no timeout."""

from __future__ import annotations

import re

from lambdalint.semantics import ir
from lambdalint.semantics.addresses import assigned, known_text
from lambdalint.semantics.core import Core

_DEPTH = 6  # of names and concatenations that are looked through
_SOMETHING = "\0"  # stands for a part that isn't known
_URL = re.compile(r"postgres(?:ql)?://[^?]*(?:\?[^\0]*)?")
_PAIRS = re.compile(r"(?:\s*\w+\s*=\s*(?:'[^']*'|[^\s']+))+\s*")
# `service` names a section of a file that may set it (libpq: the connection service file).
_SETTING = ("connect_timeout", "service")
_FIELD = re.compile(r"%(?:\(\w+\))?[sd]|\{[^{}]*\}")


def without_timeout(model: Core, dsn: ir.Expr) -> bool:
    """Whether a connection string is known well enough to say that it sets no timeout."""
    text = _template(model, dsn, _DEPTH)
    if any(word in text for word in _SETTING):
        return False
    return _URL.fullmatch(text) is not None or _PAIRS.fullmatch(text) is not None


def _template(model: Core, expr: ir.Expr, depth: int) -> str:
    """The text with a mark for each part that isn't known."""
    known = known_text(model.project.evaluator, expr)
    if known.whole:
        return known.start
    if depth == 0:
        return _SOMETHING
    match expr:
        case ir.Blend(op="fstring" | "Add", items=items):
            return "".join(_template(model, item, depth - 1) for item in items)
        case ir.Blend(op="Modulo", items=[pattern, *_]) | ir.Call(func=ir.Attr(base=pattern, name="format")):
            text = model.constant(pattern)
            return _FIELD.sub(_SOMETHING, text) if isinstance(text, str) else _SOMETHING
        case ir.Name():
            given = assigned(expr)
            return _template(model, given, depth - 1) if given is not None else _SOMETHING
        case _:
            return _SOMETHING

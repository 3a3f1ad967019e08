"""What an HTTP request does: by its method, and by whether its address leaves the environment at all."""

from __future__ import annotations

from lambdalint.knowledge import objects
from lambdalint.semantics import ir
from lambdalint.semantics.addresses import is_inside_host, stays_inside
from lambdalint.semantics.values import Evaluator, Value, single

READ, WRITE, NONE, UNKNOWN = "read", "write", "none", "unknown"
_SAFE = ("GET", "HEAD", "OPTIONS")
_REQUEST = "urllib.request.Request"


def by_method(evaluator: Evaluator, call: ir.Call) -> str:
    """The effect of `request("GET", url)`, by the method's text (RFC 9110, safe methods)."""
    given = call.argument(0, "method")
    return _of_method(evaluator, given) if given is not None else UNKNOWN


def _of_method(evaluator: Evaluator, given: ir.Expr) -> str:
    value = single(evaluator.evaluate(given))
    if value is None or not isinstance(value.constant, str):
        return UNKNOWN
    return READ if value.constant.upper() in _SAFE else WRITE


def urlopen(evaluator: Evaluator, call: ir.Call) -> str:
    """The effect of `urlopen(url or request, data=None)`: GET unless data or the request say otherwise."""
    return _of_request(evaluator, call, _request_of(evaluator, call.argument(0, "url")))


def _request_of(evaluator: Evaluator, given: ir.Expr | None) -> ir.Call | None:
    """The call that makes the `Request` object that `urlopen` is given."""
    value = single(evaluator.evaluate(given)) if given is not None else None
    made = value.origin if value is not None and value.kind == "result" and value.name == _REQUEST else None
    return made if isinstance(made, ir.Call) else None


def _of_request(evaluator: Evaluator, call: ir.Call, request: ir.Call | None) -> str:
    if call.spreads or (request is not None and request.spreads):
        return UNKNOWN
    method = request.argument(5, "method") if request is not None else None
    if method is not None:
        return _of_method(evaluator, method)
    if request is None and not _is_text(evaluator, call.argument(0, "url")):
        return UNKNOWN
    bodies = [c.argument(1, "data") for c in (call, request) if c is not None]
    given = [b for b in bodies if b is not None and not (isinstance(b, ir.Const) and b.value is None)]
    if not given:
        return READ
    values = [v for b in given for v in evaluator.evaluate(b)]
    may_be_none = any(v.kind == "unknown" or (v.kind == "const" and v.constant is None) for v in values)
    return UNKNOWN if may_be_none or not values else WRITE


def _is_text(evaluator: Evaluator, given: ir.Expr | None) -> bool:
    """Whether `urlopen` is given an address and no object that may say more."""
    if isinstance(given, ir.Blend):
        return given.op == "fstring"
    value = single(evaluator.evaluate(given)) if given is not None else None
    return value is not None and (value.kind == "const" or evaluator.facts.made_by(value.name) == objects.DATA)


def address_of(evaluator: Evaluator, name: str, call: ir.Call) -> ir.Expr | None:
    """The URL that a request is sent to: the first argument, the second after a method, the request object's own."""
    if evaluator.facts.call_effect(name) == "urlopen":
        request = _request_of(evaluator, call.argument(0, "url"))
        return (request or call).argument(0, "url")
    return call.argument(1 if evaluator.facts.call_effect(name) == "http" else 0, "url")


def through(evaluator: Evaluator, session: Value, call: ir.Call, form: str) -> bool:
    """Whether a request of a session or connection stays inside: by its address, base address or host."""
    if stays_inside(evaluator, call.argument(1 if form == "http" else 0, "url")):
        return True
    made = session.origin
    if not isinstance(made, ir.Call):
        return False
    return stays_inside(evaluator, made.keyword("base_url")) or is_inside_host(evaluator, made.argument(0, "host"))

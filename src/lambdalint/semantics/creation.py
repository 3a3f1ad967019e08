"""Where AWS clients, resources and sessions are made, and from what."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.knowledge import operations
from lambdalint.semantics import arguments, ir
from lambdalint.semantics.callgraph import Edge
from lambdalint.semantics.core import Core
from lambdalint.semantics.defaults import varying_defaults
from lambdalint.semantics.environment import environment_variable
from lambdalint.semantics.uses import uses_of
from lambdalint.semantics.values import Value

# Arguments that carry somebody's credentials: what is made with them belongs to them.
_CREDENTIALS = {"aws_access_key_id", "aws_secret_access_key", "aws_session_token", "botocore_session"}
_MANAGEMENT = "apigatewaymanagementapi"


class Creation(Struct, frozen=True):
    """`call` makes `value`; `whole` is the handle that hangs on it (`.Table(…)`), else the call itself."""

    model: Core
    call: ir.Call
    value: Value
    whole: ir.Call

    @property
    def service(self) -> str:
        """The AWS service's name, or an empty string where it can't be told."""
        return self.value.name if self.value.kind != "session" else ""

    @property
    def told_service(self) -> bool:
        """Whether the finding is with those who call the function around and say which service."""
        sites = (edge.site for edge in self.telling)
        return any(isinstance(site, ir.Call) and asked_for(self.model, site) is not None for site in sites)

    @property
    def telling(self) -> list[Edge]:
        """The calls of the function around that say which service."""
        given = self.call.argument(0, "service_name")
        binding = given.scope.lookup(given.id) if isinstance(given, ir.Name) else None
        for definition in binding.definitions if binding is not None else ():
            if definition.kind == "param" and definition.function is not None:
                edges = self.model.project.edges_to(definition.function)
                return [edge for edge in edges if definition.index in edge.bound]
        return []

    @property
    def label(self) -> str:
        """How a message names it: `boto3.client("s3")`."""
        told = self.service and not self.model.facts.service(self.model.qualified(self.call.func))
        given = f'"{self.service}"' if told else "…" if self.call.args else ""
        return f"{self.model.text(self.call.func)}({given})"

    def arguments(self) -> Iterator[ir.Expr]:
        for call in {id(self.call): self.call, id(self.whole): self.whole}.values():
            for argument in call.args:
                yield argument.value

    @property
    def static(self) -> bool:
        """Whether every invocation would make the same thing again."""
        return _is_static(self.model, self)

    @property
    def sessions(self) -> list[ir.Call]:
        """The calls in the project that make the session it hangs on."""
        return _sessions(self.model, self.call)[1]

    @property
    def new_session(self) -> bool:
        """Whether the session it hangs on is itself made on each invocation."""
        return any(self.model.runs_per_invocation(s, hot=True) for s in self.sessions)

    @property
    def in_async_with(self) -> bool:
        """Whether it is the context of an `async with` (or of its stack), as asynchronous clients must be."""
        parent = self.call.parent
        if isinstance(parent, ir.Call) and isinstance(parent.func, ir.Attr):
            return parent.func.name == "enter_async_context"
        return isinstance(parent, ir.With) and parent.is_async

    @property
    def asks_nothing(self) -> bool:
        """Whether all that is done with a client stays in the process: it signs URLs, tells its region."""
        uses = uses_of(self.whole)
        return bool(uses.all) and all(
            use.kind == "attribute"
            or (use.kind == "method" and operations.effect(self.service, str(use.name)) == "none")
            for use in uses
        )

    @property
    def makes_no_client(self) -> bool:
        """Whether a session is only asked what it knows itself: its credentials, region, partition."""
        uses = uses_of(self.call)
        return bool(uses.all) and all(
            use.kind == "attribute" or (use.kind == "method" and use.name not in ("client", "resource")) for use in uses
        )

    @property
    def per_thread(self) -> bool:
        """Whether it is kept for one thread: on a `threading.local()`, or made by an initializer."""
        return is_per_thread(self.model, self.call)

    @property
    def repeated_at_import(self) -> bool:
        """Whether a handler's import makes it at module scope, after another one in the same module."""
        main = self.model.module.main
        if self.model.function(self.call) is not None or not self.model.imported_by_handler:
            return False
        if not self.static or not _unconditional(self.call):
            return False
        for other in main.calls:
            if other is self.call:
                return False
            earlier = created(self.model, other, self.value.kind)
            if earlier is not None and earlier.static and _unconditional(other):
                return True
        return False


def _unconditional(call: ir.Call) -> bool:
    stmt = ir.statement_of(call)
    return stmt is not None and stmt.parent is None


def created(model: Core, node: ir.Call, *kinds: str) -> Creation | None:
    """What a call makes itself (not what a project function behind it makes)."""
    for value in model.values(node):
        if value.kind in kinds and value.origin is node:
            return Creation(model, node, value, _handle(model, node))
    return None


def asked_for(model: Core, node: ir.Call) -> Creation | None:
    """A client that a function of the project makes for whoever tells it the service.

    The call that names the service is the place then, where the function makes a
    new client each time and only hangs on its arguments.
    """
    values = [v for v in model.values(node) if v.kind in ("client", "resource")]
    if any(isinstance(v.origin, ir.Call) and carries_credentials(model, v.origin) for v in values):
        return None  # who gives credentials gets another client
    if any(v.base is not None and not _kept_session(model, v.base) for v in values):
        return None
    for value in values:
        made = value.origin
        if not value.name or not isinstance(made, ir.Call) or made is node:
            continue
        edges = [e for e in model.project.edges_at(node) if e.callee is model.function(made) and not e.callback]
        inner = created(model, made, "client", "resource")
        if not edges or inner is None or (inner.service and not inner.telling):
            continue
        guards = model.project.guards
        kept = any(guards.cached(edge.callee) for edge in edges) or guards.guarded(made)
        if not kept and (value.base is not None or _sessions(model, made) == (True, [])):
            return Creation(model, node, value, node)
    return None


def _kept_session(model: Core, session: Value) -> bool:
    """Whether a client's session is the same on every invocation, and not made there."""
    made = session.origin
    if made is None:
        return True
    if not isinstance(made, ir.Call) or model.runs_per_invocation(made, hot=True) or is_per_thread(model, made):
        return False
    return not carries_credentials(model, made) and not varies(model, made)


def varies(model: Core, call: ir.Call) -> bool:
    """Whether an argument of a call depends on the event, or changes with a loop."""
    return any(model.depends_on_event(a.value) or model.depends_on_loop(a.value) for a in call.args)


def _handle(model: Core, call: ir.Call) -> ir.Call:
    """The `.Table(…)` or its like that is asked of a resource as soon as it is made."""
    attr = call.parent
    if isinstance(attr, ir.Attr) and isinstance(attr.parent, ir.Call) and attr.parent.func is attr:
        value = model.value(attr.parent)
        if value is not None and value.kind == "subresource":
            return attr.parent
    return call


def carries_credentials(model: Core, call: ir.Call) -> bool:
    """Whether a call is given credentials, or a `**` argument that may hold some."""
    given = arguments.given(model.project.evaluator, call)
    if not given.complete or given.others:
        return True
    entries = (entry for name in _CREDENTIALS for entry in given.named.get(name, ()))
    return any(entry.expr is None or model.constant(entry.expr) is None for entry in entries)


def _sessions(model: Core, call: ir.Call) -> tuple[bool, list[ir.Call]]:
    """The calls that may have made the session behind `session.client(…)`; False where that is unsure."""
    if not isinstance(call.func, ir.Attr):
        return True, []
    sessions: list[ir.Call] = []
    for value in model.values(call.func.base):
        if value.kind == "session" and isinstance(value.origin, ir.Call):
            sessions.append(value.origin)
        elif value.kind == "unknown" or (value.kind == "session" and value.origin is not None):
            return False, sessions  # one that only a type tells of may be anybody's
    return True, sessions


def _is_static(model: Core, creation: Creation) -> bool:
    """Whether every invocation would make the same thing again."""
    call = creation.call
    if carries_credentials(model, call) or varying_defaults(model):
        return False
    if any(model.depends_on_event(a) or model.depends_on_loop(a) for a in creation.arguments()):
        return False
    if creation.value.name == _MANAGEMENT and call.keyword("endpoint_url") is not None:
        # The endpoint of a web socket's API belongs to the connection unless it is a constant.
        endpoint = call.keyword("endpoint_url")
        if model.constant(endpoint) is None and not (endpoint and environment_variable(model, endpoint)):
            return False
    known, sessions = _sessions(model, call)
    if not known:
        return False
    for session in sessions:
        if is_per_thread(model, session):
            return False
        if carries_credentials(model, session):
            return False
        if varies(model, session):
            return False
    return True


def is_per_thread(model: Core, node: ir.Call) -> bool:
    """Whether an object is kept for one thread: stored on a `threading.local()`, or made by an initializer."""
    stmt = ir.statement_of(node)
    if isinstance(stmt, ir.Assign):
        for target in stmt.targets:
            if isinstance(target, ir.Attr):
                value = model.value(target.base)
                if value is not None and value.name == "threading.local":
                    return True
    function = model.function(node)
    if function is None:
        return False
    for edge in model.project.edges_to(function):
        if edge.callback and isinstance(edge.site, ir.Call):
            given = edge.site.keyword("initializer")
            if given is not None and any(v.origin is function for v in model.values(given)):
                return True
    return False

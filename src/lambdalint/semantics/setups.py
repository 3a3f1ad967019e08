"""Where connections, HTTP sessions, SDK clients and other lasting objects are made, and from what."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.knowledge import tables
from lambdalint.knowledge.setups import SetupKind
from lambdalint.semantics import fetches, ir
from lambdalint.semantics.addresses import is_inside_host, known_text, stays_inside
from lambdalint.semantics.core import Core
from lambdalint.semantics.creation import is_per_thread, varies
from lambdalint.semantics.packaged import is_packaged, speaks_of_changing_files

_LOCAL_DATABASES = ("sqlite", "duckdb")


class Setup(Struct, frozen=True):
    """`call` makes an object of that kind that would serve many invocations."""

    model: Core
    call: ir.Call
    kind: SetupKind

    @property
    def whole(self) -> ir.Call:
        """What moves where it is made once."""
        return self.call

    @property
    def label(self) -> str:
        """How a message names it: `requests.Session()`, `psycopg2.connect(…)`."""
        return f"{self.model.text(self.call.func)}({'…' if self.call.args else ''})"

    def arguments(self) -> Iterator[ir.Expr]:
        return (argument.value for argument in self.call.args)

    @property
    def static(self) -> bool:
        """Whether every invocation would make the same thing again, and could share it."""
        if varies(self.model, self.call) or is_per_thread(self.model, self.call) or _is_local(self.model, self.call):
            return False
        # What a database is asked to keep is no part of the object that asks.
        if self.kind.group != "connection" and not self._same_for_all:
            return False
        return self._fixed_text and self._fixed_file and (not self.kind.asynchronous or _in_lasting_loop(self))

    @property
    def _same_for_all(self) -> bool:
        """Whether nothing is put into it that comes with the event (a tenant's header), or that expires."""
        if any(self.model.depends_on_event(target) for target in _targets(self.call)):
            return False
        return not any(_token_behind(self.model, given) for given in self.arguments())

    @property
    def _fixed_text(self) -> bool:
        if self.kind.text < 0:
            return True
        given = self.call.positional(self.kind.text)
        return given is not None and isinstance(self.model.constant(given), str)

    @property
    def _fixed_file(self) -> bool:
        if self.kind.file >= 0:
            given = self.call.positional(self.kind.file)
            return given is not None and is_packaged(self.model, given)
        if self.kind.group != "static":
            return True
        return not any(speaks_of_changing_files(self.model, given) for given in self.arguments())


def setup(model: Core, call: ir.Call, group: str) -> Setup | None:
    """What a call sets up itself, if that is of the group."""
    kind = model.facts.setup_kind(tables.canonical(model.qualified(call.func)))
    return Setup(model, call, kind) if kind is not None and kind.group == group else None


def _is_local(model: Core, call: ir.Call) -> bool:
    """A database in a file of the environment, or one on this host."""
    evaluator = model.project.evaluator
    first = call.positional(0)
    if first is not None and known_text(evaluator, first).start.startswith(_LOCAL_DATABASES):
        return True
    hosts = [host for host in (first, call.keyword("host")) if host is not None]
    addresses = [address for address in (first, call.keyword("base_url")) if address is not None]
    return any(is_inside_host(evaluator, h) for h in hosts) or any(stays_inside(evaluator, a) for a in addresses)


def _targets(call: ir.Call) -> Iterator[ir.Expr]:
    """What the object is assigned to, or bound to by a `with`."""
    made: ir.Expr = call
    while isinstance(made.parent, (ir.Await, ir.Choice)):
        made = made.parent
    if isinstance(made.parent, ir.Assign):
        yield from made.parent.targets
    elif isinstance(made.parent, ir.With):
        yield from (name for expr, name in made.parent.items if expr is made and name is not None)


def _token_behind(model: Core, given: ir.Expr) -> bool:
    """Whether an argument is made from a token that is fetched, here or in a function that is called for it."""
    for part in fetches.followed(given):
        if not isinstance(part, ir.Call):
            continue
        inner = [call for edge in model.project.edges_at(part) for call in edge.callee.calls]
        if any(
            found is not None and found.kind == "token" for found in (fetches.fetch(model, c) for c in (part, *inner))
        ):
            return True
    return False


def _in_lasting_loop(setup: Setup) -> bool:
    """Whether the event loop outlives the invocation, as a framework's does: one of `asyncio.run` doesn't.

    The coroutines of Powertools' routes are given to the handler, which runs them itself.
    """
    model = setup.model
    function = model.function(setup.call)
    reached = model.project.reach.reached_by.get(function, ()) if function is not None else ()
    handlers = [model.project.handlers[index] for index in reached]
    return bool(handlers) and all(h.function.is_async and not h.evidence.startswith("Powertools") for h in handlers)

"""What is known of calls of outside packages in one project: the tables beside this file, and its own rows over them.

The rows come from the project's configuration and win over the tables. One `Facts` belongs to one
project; nothing here is changed once it is made.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from lambdalint.knowledge import objects, setups, tables
from lambdalint.knowledge.objects import DATA, Kind
from lambdalint.knowledge.setups import SetupKind


class OwnCall(Struct, frozen=True):
    """A project's own row: what calling `name`, a dotted name, makes or does, by one of `KINDS`.

    `members` are (member, form) pairs of the object that it makes, with the forms of objects.toml;
    `service` is that of the AWS client or resource that it makes, where no argument tells it; `pooled` and
    `asynchronous` are as in setups.toml.
    """

    name: str
    kind: str
    members: tuple[tuple[str, str], ...] = ()
    service: str = ""
    pooled: bool = False
    asynchronous: bool = False


class Meaning(Struct, frozen=True):
    """What a kind of own row stands for, in the words of the tables.

    `effect` as in effects.toml, "sql" being decided by the first argument; `aws` as in constructors.toml;
    `gives` a kind of objects.toml, or a new one; `group` and `what` as in setups.toml; `fetches` as in tokens.toml.
    """

    effect: str | None = None
    aws: str = ""
    gives: str = ""
    group: str = ""
    what: str = ""
    fetches: str = ""


KINDS: dict[str, Meaning] = {
    "aws-client": Meaning("none", aws="client"),
    "aws-resource": Meaning("none", aws="resource"),
    "aws-session": Meaning("none", aws="session"),
    "connection": Meaning(gives="connection", group="connection", what="a connection"),
    "sql-connection": Meaning(gives="SQL connection", group="connection", what="a database connection"),
    "http-session": Meaning("none", gives="HTTP session", group="http", what="an HTTP session"),
    "api-client": Meaning("none", gives="HTTP API", group="http", what="an API client with its HTTP session"),
    "model": Meaning(group="static", what="loading a model"),
    "token": Meaning("read", gives=DATA, fetches="token"),
    "secret": Meaning("read", gives=DATA, fetches="secret"),
    "read": Meaning("read", gives=DATA),
    "write": Meaning("write", gives=DATA),
    "local": Meaning("none", gives=DATA),
    "http-request": Meaning("http", gives=DATA),
    "sql": Meaning("sql", gives=DATA),
}


# What a member of an object may do, in the configuration's words and in those of objects.toml.
FORMS = {"read": "read", "write": "write", "local": "none", "sql": "sql", "http-request": "http"}


class Facts:
    """The tables' answers by the name of what is called, which is taken as the code imports it."""

    def __init__(self, own: Iterable[OwnCall] = ()) -> None:
        self._own = {tables.canonical(row.name): row for row in own}
        self._kinds = {kind.name: kind for row in self._own.values() if (kind := _kind_of(row)) is not None}

    @property
    def own_names(self) -> frozenset[str]:
        """The names that the project has rows of its own for."""
        return frozenset(self._own)

    def _meaning(self, name: str) -> Meaning | None:
        row = self._own.get(name)
        return KINDS[row.kind] if row is not None else None

    def constructor_kind(self, name: str) -> str | None:
        """ "client", "resource" or "session" for a call that makes one of the AWS SDK, else None."""
        meaning = self._meaning(name)
        return meaning.aws or None if meaning is not None else tables.constructor_kind(name)

    def service(self, name: str) -> str:
        """The AWS service that a function makes clients of, whatever its arguments, or ""."""
        row = self._own.get(name)
        return row.service if row is not None else ""

    def call_effect(self, name: str) -> str | None:
        """See `tables.call_effect`; "sql" is decided by the statement in the first argument."""
        meaning = self._meaning(name)
        return meaning.effect if meaning is not None else tables.call_effect(name) or objects.package_effect(name)

    def hands_on(self, name: str) -> bool:
        """Whether a local function's result may be the very object that it was given."""
        return name not in self._own and tables.hands_on(name)

    def made_by(self, name: str) -> str:
        """The kind of object that calling something outside the project gives, or ""."""
        row = self._own.get(name)
        return _gives(row) if row is not None else objects.made_by(name)

    def kind(self, name: str) -> Kind | None:
        """The kind of that name; None for one that no row describes."""
        return self._kinds.get(name) or objects.kind(name)

    def gives_when_called(self, name: str) -> bool:
        """Whether what a call gives is a factory of known objects itself."""
        found = self.kind(self.made_by(name))
        return found is not None and "()" in found.gives

    def setup_kind(self, name: str) -> SetupKind | None:
        """What calling something outside the project sets up, or None."""
        row = self._own.get(name)
        if row is None:
            return setups.setup_kind(name)
        meaning = KINDS[row.kind]
        if not meaning.group:
            return None
        pooled = row.pooled or meaning.group == "http"
        return SetupKind(meaning.group, meaning.what, pooled, row.asynchronous, pure=False, text=-1, file=-1)

    def fetches(self, name: str) -> str:
        """ "token" or "secret" for a row of the project's own that fetches one, else ""."""
        meaning = self._meaning(name)
        return meaning.fetches if meaning is not None else ""

    def sends_sql(self, name: str) -> bool:
        """Whether a function sends the SQL statement that is its first argument."""
        return self.call_effect(name) == "sql"


def _gives(row: OwnCall) -> str:
    """The kind of what a row's call gives: one of the row's own where it tells of members."""
    gives = KINDS[row.kind].gives
    return f"{gives} {row.name}" if row.members else gives


def _kind_of(row: OwnCall) -> Kind | None:
    """The object that a row's own members make: those of the kind it is like, and its own, whose answers are plain."""
    if not row.members:
        return None
    meaning = KINDS[row.kind]
    like = objects.kind(meaning.gives) or Kind(meaning.gives, {}, {}, "unknown", by_last=False, serial=False)
    answers = {member: DATA for member, form in row.members if form != "none"}
    return replace(
        like,
        name=_gives(row),
        forms={**like.forms, **dict(row.members)},
        gives={**like.gives, **answers},
        serial=meaning.group == "connection",
    )

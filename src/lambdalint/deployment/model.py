"""What deployment descriptions say of a project, as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from msgspec import Struct


class Statement(Struct, frozen=True):
    """What a policy allows, or denies: patterns of actions, on `resources` as they are written ("*": all).

    `conditional`: it may not count, as a condition or something else decides that isn't known.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...] = ("*",)
    allows: bool = True
    conditional: bool = False

    def names(self, action: str) -> bool:
        return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in self.actions)


class Rights(Struct, frozen=True):
    """What a function may do, as far as a description tells; `complete` where it tells all of it."""

    statements: tuple[Statement, ...] = ()
    complete: bool = False

    def resources(self, action: str) -> frozenset[str]:
        """On what an action is surely allowed, as written; nothing where it is denied."""
        named = [one for one in self.statements if one.names(action) and not one.conditional]
        if not all(one.allows for one in named):
            return frozenset()
        return frozenset(name for one in named for name in one.resources)

    def settles(self, action: str) -> bool:
        """Whether all is known that is said of an action."""
        return self.complete and not any(one.conditional and one.names(action) for one in self.statements)


_UNKNOWN_RIGHTS = Rights()


@dataclass(frozen=True)  # a `Struct` compares all that it holds
class DeployedFunction:
    """One Lambda function of a template.

    `template` is the description's path, relative to the project root; `line` (from 1) that of
    the handler, or of the function where the handler is inherited. `code_roots` are the folders,
    relative to the project root and best first, in which the `handler` string may be resolved;
    `layers` those of layers that live in the same project; `moved` the files and folders that have
    another place in the package: (path in the package, path in the project). `artifact` is what is
    deployed where that is built or stored elsewhere: an archive's path or a key, as written.
    `memory` (MB) and `timeout` (s) hold the platform's defaults where the template is silent, and
    None where it says something that only a deployment can tell. `custom_resource`: only custom
    resources call it; `rotation`: a secret's rotation calls it. `application`: the handler string
    names an application object (WSGI, Chalice), whose routes are called, and no function. A value
    of `environment` is literal text, or `ref:X` for a reference to the resource X. `sources` are
    the kinds of its event sources as the description writes them (`Api`, `Schedule`, `schedule`,
    …), as far as it lists them with the function. `located`: the first code root is the folder that
    the description itself gives, so the handler's module has to be there, or in a layer;
    `foreign_layers`: some of these don't live in the project. The handler is empty where only the
    command of a container image in the first code root tells it. `rights` is what its role grants. `note` says in
    words where the code was found, or why it wasn't.
    """

    template: str
    line: int
    name: str
    handler: str
    code_roots: tuple[str, ...]
    runtime: str = ""
    memory: int | None = None
    timeout: int | None = None
    snap_start: bool = False
    provisioned: bool = False
    custom_resource: bool = False
    rotation: bool = False
    layers: tuple[str, ...] = ()
    foreign_layers: bool = False
    located: bool = False
    environment: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    artifact: str = ""
    application: bool = False
    rights: Rights = _UNKNOWN_RIGHTS
    note: str = field(default="", compare=False)

    @property
    def scheduled(self) -> bool:
        """Whether only a schedule calls it."""
        return bool(self.sources) and all(source.lower().startswith("schedule") for source in self.sources)


class DeployedIndex(Struct, frozen=True):
    """A secondary index; `projection` is ALL, KEYS_ONLY, INCLUDE, or empty where unknown.

    `attributes` are the further ones that an INCLUDE projection names.
    """

    name: str
    hash_key: str
    range_key: str | None
    projection: str = ""
    attributes: tuple[str, ...] = ()


class DeployedTable(Struct, frozen=True):
    """A DynamoDB table: `name` is its logical id, `table_name` the literal name or empty.

    `key_types` maps the declared key attributes to S, N or B. A key that the template doesn't
    tell is the empty text.
    """

    template: str
    line: int
    name: str
    table_name: str
    hash_key: str
    range_key: str | None
    indexes: tuple[DeployedIndex, ...] = ()
    key_types: tuple[tuple[str, str], ...] = ()


class DeployedQueue(Struct, frozen=True):
    """An SQS queue: `name` is its logical id, `queue_name` the literal name or empty.

    `waits`: it is set so that receiving waits for messages by itself (long polling), or may be.
    """

    template: str
    line: int
    name: str
    queue_name: str = ""
    waits: bool = False


class Piece(Struct, frozen=True):
    """One scalar of a template with a part of a text: `line` (from 1) and `column` (from 0) of the scalar."""

    text: str
    line: int
    column: int


class InlineCode(Struct, frozen=True):
    """Python code that a template holds itself, piece by piece.

    `path` is the place that the model gives to it: `index.py` in a folder of its own that is
    named after the template and the function. `certain`: the text is surely Python and
    deployed as it stands; else the deployment puts parts of it in, or chooses the runtime.
    """

    path: str
    template: str
    pieces: tuple[Piece, ...]
    certain: bool = True

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


class Problem(Struct, frozen=True):
    """Why a description, or a part of it, could not be read: `line` from 1, `column` from 0."""

    path: str
    line: int
    column: int
    reason: str


class Deployment(Struct, frozen=True):
    """What one description says, or several together.

    `scripts` are the Python files that Systems Manager's automation documents run: no handlers.
    """

    functions: tuple[DeployedFunction, ...] = ()
    tables: tuple[DeployedTable, ...] = ()
    problems: tuple[Problem, ...] = ()
    inline: tuple[InlineCode, ...] = ()
    queues: tuple[DeployedQueue, ...] = ()
    scripts: tuple[str, ...] = ()

    @classmethod
    def joined(cls, parts: Iterable[Deployment]) -> Deployment:
        """All of `parts` as one, in order."""
        kept = list(parts)
        return cls(
            tuple(function for part in kept for function in part.functions),
            tuple(table for part in kept for table in part.tables),
            tuple(problem for part in kept for problem in part.problems),
            tuple(code for part in kept for code in part.inline),
            tuple(queue for part in kept for queue in part.queues),
        )

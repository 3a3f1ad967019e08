"""What one process is given to do, and what it says while it does it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from lambdalint.findings import Finding
from lambdalint.semantics.part import Part

if TYPE_CHECKING:
    from lambdalint.engine.asked import Question
    from lambdalint.engine.observed import Seen
    from lambdalint.semantics.declared import Unresolved
    from lambdalint.source import Source


class Share(Struct, frozen=True):
    """A part of the project, and those of its files (without handlers: any files) that are to be checked."""

    part: Part
    paths: tuple[str, ...]
    weight: int = 0


class At(NamedTuple):
    """The share, and the file of it, that the process is at."""

    number: int
    path: str | None


class Answered(NamedTuple):
    """What was found in a file, and its text where that is to be shown."""

    path: str
    findings: list[Finding]
    source: Source | None


class Declared(NamedTuple):
    """The declarations of a share that came to nothing."""

    number: int
    unresolved: list[Unresolved]


class Strayed(NamedTuple):
    """The model of a share loaded files that aren't its own: it has to be analysed with those who own them."""

    number: int
    paths: frozenset[str]


class Questions(NamedTuple):
    """What was asked about the rest of the project so far, while a share was analysed and its files checked."""

    number: int
    asked: set[Question]


class Read(NamedTuple):
    """What a process has read."""

    seen: dict[str, Seen]
    steady: bool


class Batch(Struct, eq=False):
    """What one process does, and how far it has come: the number of the share, and the file that is checked."""

    shares: list[Share]
    number: int = 0
    path: str | None = None
    done: set[str] = field(default_factory=set)

    def note(self, message: object) -> None:
        """Learn from what the process says."""
        if isinstance(message, At):
            self.number, self.path = message
        elif isinstance(message, Answered):
            self.done.add(message.path)

    def given_up(self) -> list[str]:
        """The files that won't be checked as the process has ended: the one it was at, or all of the share."""
        share = self.shares[self.number]
        paths = [path for path in (share.paths if self.path is None else (self.path,)) if path not in self.done]
        self.done.update(paths)
        return paths

    def rest(self) -> Iterator[Batch]:
        """What is still to be done."""
        left = [replace(one, paths=tuple(p for p in one.paths if p not in self.done)) for one in self.shares]
        behind = left[self.number + (not left[self.number].paths) :]
        if behind:
            yield Batch(behind)

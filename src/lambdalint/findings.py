"""What a run says, as plain data: no syntax nodes, so findings pickle, compare and cache.

Lines count from 1 and columns from 0, in code points of the decoded text: the
faces convert to what their protocol wants.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Safety(str, enum.Enum):
    """How far a fix may be trusted.

    SAFE keeps behaviour and is applied by `--fix`. UNSAFE may change behaviour in
    a way that its message names, and needs `--unsafe-fixes`. SHOWN is an example
    in the rule's page alone: no edits are made from it.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"
    SHOWN = "shown"


class Severity(str, enum.Enum):
    """ERROR: the file could not be checked. WARNING: a finding. INFO: true, but small."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, order=True)
class Position:
    """A place in a text: `line` from 1, `column` from 0 in code points."""

    line: int
    column: int


@dataclass(frozen=True, order=True)
class Span:
    """The text from `start` up to, not including, `end`."""

    start: Position
    end: Position

    @classmethod
    def at(cls, line: int, column: int, end_line: int, end_column: int) -> Span:
        return cls(Position(line, column), Position(end_line, end_column))


@dataclass(frozen=True, order=True)
class Edit:
    """Replace the text of `span` by `text`; an empty span inserts."""

    span: Span
    text: str


@dataclass(frozen=True)
class Fix:
    """Edits of one file that belong together: all of them are applied, or none.

    Fixes that share a non-empty `isolation` are never applied in the same round:
    they would write the same helper or name. `rewritten` are the places that the
    edits give a new text, with all in them that happens to stay as it is: no other
    fix may change anything there in the same round.
    """

    edits: tuple[Edit, ...]
    safety: Safety
    message: str
    isolation: str = ""
    rewritten: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Related:
    """Another place that explains a finding."""

    path: str
    span: Span
    message: str


@dataclass(frozen=True)
class Finding:
    """One defect at one place.

    `problem` says what is wrong, `cost` what that costs (empty where it isn't
    known), `remedy` what to do instead; `way` holds the names of the functions
    from the handler to the one the finding stands in, `more` how many other
    handlers reach it.
    """

    code: str
    name: str
    path: str
    span: Span
    problem: str
    cost: str = ""
    remedy: str = ""
    way: tuple[str, ...] = ()
    more: int = 0
    fix: Fix | None = None
    severity: Severity = Severity.WARNING
    related: tuple[Related, ...] = ()

    @property
    def way_text(self) -> str:
        """`lambda_handler → load (and 2 more)`, or nothing inside a handler's own body."""
        if len(self.way) < 2:
            return ""
        more = f" and {self.more} more" if self.more else ""
        return " → ".join(self.way) + more

    @property
    def message(self) -> str:
        """The whole finding on one line."""
        text = self.problem
        if self.way_text:
            text += f" ({self.way_text})"
        if self.cost:
            text += f": {self.cost}"
        if self.remedy:
            text += f"; {self.remedy}"
        return text

    def sort_key(self) -> tuple[str, Span, str, str]:
        return (self.path, self.span, self.code, self.problem)

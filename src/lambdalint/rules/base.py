"""What every rule is: a plain libcst visitor that asks the model and reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

import libcst as cst
from msgspec import Struct

from lambdalint.findings import Safety, Severity
from lambdalint.fixing.requests import FixRequest
from lambdalint.semantics.model import Model

__all__ = ["Bad", "FixRequest", "Good", "Model", "RawFinding", "Rule", "Safety", "Severity", "listed"]


def listed(words: Sequence[str], most: int = 3) -> str:
    """`a`, `a and b`, `a, b, c and 2 more`: words for a message."""
    *shown, last = words[:most]
    if len(words) > most:
        shown, last = [*shown, last], f"{len(words) - most} more"
    return f"{', '.join(shown)} and {last}" if shown else last


class Bad(Struct, frozen=True):
    """An example that the rule reports, with what its fix makes of it.

    `files` are other files of the example's project, by path; `path` is where
    the example itself stands.
    """

    code: str
    fixed: str = ""
    files: tuple[tuple[str, str], ...] = ()
    path: str = "app.py"


class Good(Struct, frozen=True):
    """An example that looks alike and is left alone; `why` says for what reason."""

    code: str
    why: str = ""
    files: tuple[tuple[str, str], ...] = ()
    path: str = "app.py"


class RawFinding(Struct, frozen=True):
    """A finding that still points at nodes; the engine turns it into plain data.

    `causes` are the identities of the model's nodes that it is about; of two findings about one of
    them the table in `rules.precedence` may silence one.
    """

    rule: type[Rule]
    node: cst.CSTNode
    problem: str
    cost: str = ""
    remedy: str = ""
    way: tuple[str, ...] = ()
    more: int = 0
    fix: FixRequest | None = None
    severity: Severity = Severity.WARNING
    causes: frozenset[int] = frozenset()


class Rule(cst.CSTVisitor):
    """Base of all rules.

    The docstring is the rule's page: a first line, then the sections "What it
    costs", "What to do", "When to ignore", "Fix safety" and "Sources". `problem`
    and `remedy` are templates that `report` fills in with the user's own names.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    problem: ClassVar[str]
    remedy: ClassVar[str]
    safety: ClassVar[Safety | None] = None
    since: ClassVar[str]
    default: ClassVar[bool] = True
    examples: ClassVar[Sequence[Bad | Good]] = ()

    def __init__(self, model: Model) -> None:
        super().__init__()
        self.model = model
        self.findings: list[RawFinding] = []

    def report(
        self,
        node: cst.CSTNode,
        *,
        cost: str = "",
        fix: FixRequest | None = None,
        severity: Severity = Severity.WARNING,
        problem: str = "",
        remedy: str = "",
        causes: Iterable[object] = (),
        **fields: object,
    ) -> None:
        """Report `node`; `fields` fill the templates, the way comes from the model.

        `causes` are further nodes of the model that the finding is about.
        """
        way, more = self.model.way(node)
        self.findings.append(
            RawFinding(
                rule=type(self),
                node=node,
                problem=(problem or self.problem).format(**fields),
                cost=cost,
                remedy=(remedy or self.remedy).format(**fields),
                way=way,
                more=more,
                fix=fix,
                severity=severity,
                causes=frozenset(map(id, (self.model.lowered(node) or node, *causes))),
            )
        )

"""One finding per cause: which of two rules speaks where both could."""

from __future__ import annotations

from collections.abc import Sequence

from lambdalint.rules.base import RawFinding

# (the rule that speaks, the rule that is silent about the same node). Codes may be cut to a family.
PRECEDENCE: tuple[tuple[str, str], ...] = (
    ("LMB109", "LMB105"),
    ("LMB109", "LMB106"),
    ("LMB305", "LMB304"),
    ("LMB305", "LMB310"),
    ("LMB105", "LMB310"),
    ("LMB106", "LMB310"),
    ("LMB310", "LMB304"),
    ("LMB40", "LMB302"),
    ("LMB40", "LMB303"),
    ("LMB40", "LMB310"),
    ("LMB40", "LMB301"),
    ("LMB303", "LMB301"),
    ("LMB512", "LMB301"),
    ("LMB512", "LMB302"),
    ("LMB512", "LMB310"),
    ("LMB102", "LMB101"),
    ("LMB104", "LMB111"),
    ("LMB101", "LMB112"),
    ("LMB103", "LMB112"),
    ("LMB104", "LMB112"),
    ("LMB105", "LMB111"),
    ("LMB106", "LMB111"),
    ("LMB109", "LMB111"),
    ("LMB802", "LMB801"),
    ("LMB501", "LMB502"),
    ("LMB501", "LMB504"),
    ("LMB501", "LMB506"),
    ("LMB601", "LMB603"),
    ("LMB602", "LMB603"),
    ("LMB605", "LMB603"),
    ("LMB601", "LMB606"),
    ("LMB606", "LMB602"),
)


def settle(findings: Sequence[RawFinding]) -> list[RawFinding]:
    """The findings without those whose cause a rule of higher precedence speaks of."""
    spoken: dict[int, set[str]] = {}
    for finding in findings:
        for cause in finding.causes:
            spoken.setdefault(cause, set()).add(finding.rule.code)
    return [finding for finding in findings if not _silent(finding, spoken)]


def _silent(finding: RawFinding, spoken: dict[int, set[str]]) -> bool:
    code = finding.rule.code
    others = set().union(*(spoken[cause] for cause in finding.causes))
    return any(
        code.startswith(loser) and any(other.startswith(winner) for other in others) for winner, loser in PRECEDENCE
    )

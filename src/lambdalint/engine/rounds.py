"""Fixing many files of one project: rounds over all of them, with one model a round."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lambdalint.engine.run import Checker, check_paths
from lambdalint.engine.write import write_atomically
from lambdalint.findings import Finding, Safety
from lambdalint.source import Source

if TYPE_CHECKING:
    from lambdalint.engine.session import Fixed

MAX_ROUNDS = 10


def allowed(unsafe: bool) -> Callable[[Finding], bool]:
    """Which findings' fixes may be applied."""
    levels = {Safety.SAFE, Safety.UNSAFE} if unsafe else {Safety.SAFE}
    return lambda finding: finding.fix is not None and finding.fix.safety in levels

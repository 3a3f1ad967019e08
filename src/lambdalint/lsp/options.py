"""What the user of an editor sets for the server there. All else is the project's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

SECTION = "lambdalint"


@dataclass(frozen=True)
class Options:
    code_lens: bool = False

    def updated(self, said: Any) -> Options:
        """With what a client says, on its own or below the section's name; what isn't said, or unknown, stays."""
        if isinstance(said, Mapping) and isinstance(said.get(SECTION), Mapping):
            said = said[SECTION]
        wanted = said.get("codeLens") if isinstance(said, Mapping) else None
        return replace(self, code_lens=wanted) if isinstance(wanted, bool) else self

"""Some of a project, to be analysed without the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from lambdalint.deployment import DeployedFunction


class Part(Struct, frozen=True):
    """Handlers that share no code with the project's others.

    handlers: the files that they stand in; files: these, and all that they may reach by imports; functions: the
    deployed functions whose handlers they are.
    """

    handlers: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    functions: Sequence[DeployedFunction] = ()

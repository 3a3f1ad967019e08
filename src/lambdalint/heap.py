"""Memory that was freed, given back to the system: glibc alone keeps what parsers leave, which is more than stays."""

from __future__ import annotations

import contextlib
import sys

_STEP = 300_000  # characters; their trees take some 40 MB

_parsed = 0


def give_back() -> None:
    """Give the memory that was freed back to the system."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def parsed(characters: int) -> None:
    """Note that a text of this length was parsed; now and then, what former trees took is given back."""
    global _parsed
    _parsed += characters
    if _parsed > _STEP:
        _parsed = 0
        give_back()

"""Standard output and error for any terminal. Imports next to nothing, so that `--version` is quick."""

from __future__ import annotations

import codecs
import sys

# For terminals whose encoding lacks them.
_PLAIN = {"→": "->", "×": "x", "…": "...", "–": "-", "’": "'", "├": "|", "└": "`", "│": "|", "─": "-"}


def make_streams_forgiving() -> None:
    """Characters that a stream's encoding lacks are spelled out, not an error."""
    codecs.register_error("lambdalint", _spell_out)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="lambdalint")


def _spell_out(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeEncodeError) and error.object[error.start] in _PLAIN:
        return _PLAIN[error.object[error.start]], error.start + 1
    return codecs.backslashreplace_errors(error)

"""What keeps the server apart from the folder that it is started in, and from the protocol's streams."""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import BinaryIO


def leave_out_working_folder() -> None:
    """Import nothing from the user's folder, which `python -m` puts first: it may hold an `attrs.py`."""
    here = os.path.realpath(os.getcwd())
    own = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
    if here != own:
        sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry or ".") != here]


def is_installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def protocol_streams() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for the protocol alone: what is printed goes to standard error instead."""
    incoming = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    outgoing = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, sys.stdin.fileno())
    os.close(nothing)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr
    return incoming, outgoing

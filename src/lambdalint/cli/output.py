"""Where the command line writes: standard output for results, standard error for the rest."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable
from typing import TextIO

from lambdalint.report.style import Style, wants_colour

_SLOW = 1.0  # seconds before progress is shown
_EVERY = 0.1


def style(arguments: argparse.Namespace, stream: TextIO | None = None) -> Style:
    """The colours for a stream (standard output where none is given)."""
    stream = stream if stream is not None else sys.stdout
    return Style(not arguments.no_color and wants_colour(os.environ, stream.isatty()))


def emit(lines: Iterable[str], stream: TextIO | None = None) -> None:
    stream = stream if stream is not None else sys.stdout
    stream.writelines(f"{line}\n" for line in lines)


def tell(text: str) -> None:
    """A line on standard error, behind everything that was written before."""
    sys.stdout.flush()
    print(text, file=sys.stderr)


def write_bytes(data: bytes) -> None:
    """Bytes on standard output, as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


class Progress:
    """`Checking 120/400` on a terminal, once a run takes over a second; gone at the end."""

    def __init__(self) -> None:
        self._shown = False
        self._next = time.monotonic() + _SLOW
        self._wanted = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if self._wanted and now >= self._next:
            self._next = now + _EVERY
            self._shown = True
            sys.stderr.write(f"\r\x1b[KChecking {done}/{total}")
            sys.stderr.flush()

    def clear(self) -> None:
        if self._shown:
            self._shown = False
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

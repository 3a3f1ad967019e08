"""Colour and harmlessness of what is printed: own ANSI codes, and text without control characters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

# Besides the control characters, those that change the direction of what follows.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Style:
    """Paints text where colour is wanted, and gives it back as it is elsewhere."""

    colour: bool = False

    def _paint(self, codes: str, text: str) -> str:
        return f"\x1b[{codes}m{text}\x1b[0m" if self.colour and text else text

    def bold(self, text: str) -> str:
        return self._paint("1", text)

    def faint(self, text: str) -> str:
        return self._paint("2", text)

    def red(self, text: str) -> str:
        return self._paint("1;31", text)

    def green(self, text: str) -> str:
        return self._paint("32", text)

    def yellow(self, text: str) -> str:
        return self._paint("33", text)

    def blue(self, text: str) -> str:
        return self._paint("1;34", text)

    def cyan(self, text: str) -> str:
        return self._paint("36", text)


def wants_colour(environment: Mapping[str, str], terminal: bool) -> bool:
    """Whether to colour by the usual variables: NO_COLOR wins over FORCE_COLOR, both over the terminal."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return environment["FORCE_COLOR"] != "0"
    return terminal and environment.get("TERM") != "dumb"


def printable(text: str) -> str:
    """One line that a terminal can't misread: control characters become visible stand-ins."""
    return _CONTROL.sub(_stand_in, text)


def _stand_in(found: re.Match[str]) -> str:
    number = ord(found.group())
    if number in (0x09, 0x0A, 0x0D):
        return " "
    if number < 0x20:
        return chr(0x2400 + number)
    return "\ufffd"


def counted(number: int, noun: str, ending: str = "s") -> str:
    """`1 finding`, `2 findings`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}{ending}"

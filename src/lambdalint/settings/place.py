"""Where a value of the configuration stands, and the readers of plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lambdalint.settings import toml
from lambdalint.settings.model import SettingsError


@dataclass(frozen=True)
class Place:
    """Where a value stands, for messages.

    `file` and `text` are the configuration's (empty on the command line), `keys`
    the path to the value; `slugs` maps the rules' slugs to their codes.
    """

    file: str = ""
    text: str = ""
    keys: tuple[str, ...] = ()
    slugs: Mapping[str, str] = field(default_factory=dict)

    def at(self, key: str) -> Place:
        return Place(self.file, self.text, (*self.keys, key), self.slugs)

    @property
    def key(self) -> str:
        return ".".join(part if toml.is_bare(part) else f"'{part}'" for part in self.keys)

    def error(self, problem: str, hint: str = "") -> SettingsError:
        """The error "file:line: problem; hint"."""
        line = toml.line_of(self.text, self.keys) if self.file else None
        return SettingsError(problem + (f"; {hint}" if hint else ""), self.file, line)


def read_strings(value: object, place: Place) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise place.error(f'"{place.key}" must be a list of strings, not {kind_of(value)}')
    for item in value:
        if not isinstance(item, str):
            raise place.error(f'"{place.key}" must hold strings alone, but holds {kind_of(item)}')
        if not item.strip():
            raise place.error(f'"{place.key}" holds an empty string')
    return tuple(value)


def read_boolean(value: object, place: Place) -> bool:
    if not isinstance(value, bool):
        raise place.error(f'"{place.key}" must be true or false, not {kind_of(value)}')
    return value


def read_table(value: object, place: Place, known: Iterable[str] | None = None) -> dict[str, object]:
    """A TOML table, all of whose keys are among `known`."""
    if not isinstance(value, dict):
        raise place.error(f'"{place.key}" must be a table, not {kind_of(value)}')
    if known is not None:
        for key in value:
            if key not in known:
                raise place.at(key).error(f'unknown key "{place.at(key).key}"', nearest(key, known))
    return value


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the most similar of `known`, or all of a few, or nothing."""
    import difflib

    names = sorted(known)
    normal = word.lower().replace("_", "-")
    found = difflib.get_close_matches(normal, names, n=1, cutoff=0.6)
    if found:
        return f'did you mean "{found[0]}"?'
    if 0 < len(names) <= 20:
        return "known are " + ", ".join(names)
    return ""


def kind_of(value: object) -> str:
    """What a TOML value is, in words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "a string" if value else "an empty string"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, (list, tuple)):
        return "a list"
    return "a date or time"

"""Objects of outside packages, by how they are made: what their members do, and what those give."""

from __future__ import annotations

import functools

from msgspec import Struct

from lambdalint.knowledge import tables

# Plain values: whatever is called on them stays in the process.
DATA = "data"
# The same for the object itself, while nothing is known of what it holds.
CONTAINER = "container"
# What a row may say of a member; all but the first three are decided by the call's arguments.
_FORMS = ("read", "write", "none", "sql", "http", "graphql", "pipeline")


class Kind(Struct, frozen=True):
    """One kind of object: `forms` by member, `rest` for all others, `gives` the kind of what a member gives.

    `later` are the members that ask when their result is iterated.
    """

    name: str
    forms: dict[str, str]
    gives: dict[str, str]
    rest: str
    by_last: bool
    serial: bool
    later: frozenset[str] = frozenset()

    def form(self, path: str) -> str:
        """What calling a member does: an effect, or the form that its arguments decide it by."""
        return self.forms.get(path.rpartition(".")[2] if self.by_last else path, self.rest)

    def asks_later(self, path: str) -> bool:
        """Whether calling a member asks for nothing yet."""
        return (path.rpartition(".")[2] if self.by_last else path) in self.later

    def given(self, path: str) -> str:
        """The kind of what a member gives, or ""."""
        found = self.gives.get(path.rpartition(".")[2] if self.by_last else path)
        return found if found is not None else self.gives.get("*", "")


@functools.cache
def _kinds() -> dict[str, Kind]:
    found = {}
    for row in tables.load("objects")["object"]:
        forms = {member: form for form in _FORMS for member in row.get(form, ())}
        rest, by_last, serial = row.get("rest", "unknown"), row.get("by_last", False), row.get("serial", False)
        later = frozenset(row.get("later", ()))
        found[row["kind"]] = Kind(row["kind"], forms, row.get("gives", {}), rest, by_last, serial, later)
    return found


@functools.cache
def _named(field: str) -> dict[str, str]:
    return {name: row["kind"] for row in tables.load("objects")["object"] for name in row.get(field, ())}


@functools.cache
def _packages() -> dict[str, dict[str, str]]:
    rows = tables.load("objects")["package"]
    return {row["name"]: {name: form for form in ("read", "write") for name in row[form]} for row in rows}


def kind(name: str) -> Kind | None:
    """The kind of that name; None for one that no row describes."""
    return _kinds().get(name)


def made_by(name: str) -> str:
    """The kind of object that calling something outside the project gives, or ""."""
    found = _named("made_by").get(name, "")
    if not found and tables.call_effect(name) == "none" and not tables.hands_on(name):
        return CONTAINER if tables.is_container(name) else DATA
    return found


def derived_from(name: str) -> str:
    """The kind that a class of the project is of when it has the base class `name`, or ""."""
    return _named("derived_from").get(name, "")


def package_effect(name: str) -> str | None:
    """ "read" or "write" for a function of a package whose names all tell it, else None."""
    return _packages().get(name.partition(".")[0], {}).get(name.rpartition(".")[2])

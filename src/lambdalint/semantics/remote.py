"""Which kind of object of an outside package (objects.toml) a value is, or hangs on."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.knowledge import objects, tables
from lambdalint.knowledge.facts import Facts
from lambdalint.semantics import classes, ir
from lambdalint.semantics.values import Evaluator, Value


class Member(Struct, frozen=True):
    """The member `path` of an object of that kind; `owner` is what the object was made from."""

    kind: objects.Kind
    path: str
    owner: Value

    @property
    def form(self) -> str:
        """What calling it does: an effect, or how the arguments decide it."""
        return self.kind.form(self.path)


def member(facts: Facts, value: Value) -> Member | None:
    """The member that an "operation" or "response" value is, when the object it hangs on is known."""
    chain: list[Value] = []
    current: Value | None = value
    while current is not None and current.kind in ("operation", "response"):
        chain.append(current)
        current = current.base
    if current is None or current.kind != "result":
        return None
    owner, kind = current, facts.kind(facts.made_by(tables.canonical(current.name)))
    path = ""
    for step in reversed(chain):
        if kind is None:
            return None
        path = f"{path}.{step.name}" if path else step.name
        if step is value:
            return Member(kind, path, owner)
        given = kind.name if kind.name == objects.DATA else kind.given(path)
        if given:
            kind, path = facts.kind(given), ""
        elif step.kind == "response":
            return None  # nothing is known of what it gave
    return None


def kind_of(facts: Facts, value: Value) -> str:
    """The kind of object that a value is, or ""."""
    if value.kind == "result":
        return facts.made_by(tables.canonical(value.name))
    found = member(facts, value) if value.kind in ("operation", "response") else None
    if found is None:
        return ""
    return objects.DATA if found.kind.name == objects.DATA else found.kind.given(found.path)


def modelled(evaluator: Evaluator, value: Value) -> objects.Kind | None:
    """The kind that a class of the project, or an instance of one, inherits from outside."""
    if value.kind not in ("class", "instance") or not isinstance(value.origin, ir.Class):
        return None
    for ancestor in classes.lineage(evaluator, value.origin):
        for base in ancestor.bases if ancestor is not None else ():
            for outside in evaluator.evaluate(base):
                found = evaluator.facts.kind(objects.derived_from(outside.name)) if outside.kind == "external" else None
                if found is not None:
                    return found
    return None

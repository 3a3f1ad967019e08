"""What the expressions of a CDK program come to, as far as they call nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lambdalint.deployment.cdk import library
from lambdalint.deployment.cdk.names import canonical
from lambdalint.deployment.cdk.paths import concatenate
from lambdalint.deployment.cdk.program import (
    Assign,
    Attribute,
    Choice,
    Constant,
    Each,
    Item,
    Joined,
    Listing,
    Mapping,
    Name,
    Node,
    Not,
    Operation,
    Other,
    Spread,
)
from lambdalint.deployment.cdk.values import (
    UNKNOWN,
    ClassValue,
    Closure,
    Either,
    Instance,
    Made,
    Module,
    Part,
    Qualified,
    Record,
    Row,
    Scope,
    Super,
    Value,
    attribute_path,
    merge,
    size,
    text,
    truth,
)

if TYPE_CHECKING:
    from lambdalint.deployment.cdk.evaluate import Machine


class Expressions:
    """Evaluates expressions for the `machine`, which evaluates their parts."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.evaluators: dict[type[Node], Callable[..., Value]] = {
            Constant: lambda node, scope: node.value,
            Name: self.name,
            Attribute: self.attribute,
            Item: self.item,
            Listing: self.listing,
            Mapping: self.mapping,
            Joined: self.joined,
            Operation: self.operation,
            Not: self.negation,
            Choice: self.choice,
            Each: self.each,
            Assign: self.assignment,
            Other: self.other,
        }

    def name(self, node: Name, scope: Scope) -> Value:
        holder = scope.holder(node.name)
        return Qualified(node.name) if holder is None else holder.variables[node.name]

    def attribute(self, node: Attribute, scope: Scope) -> Value:
        return self.member(self.machine.evaluate(node.base, scope), node.name)

    def member(self, base: Value, name: str) -> Value:
        """The attribute `name` of a value."""
        if isinstance(base, Qualified):
            return Qualified(canonical(attribute_path(base.path, name)))
        if isinstance(base, Made):
            return Part(base, name)
        if isinstance(base, Part):
            return Part(base.of, attribute_path(base.name, name))
        if isinstance(base, Record):
            return base.entries.get(name, None if base.complete else UNKNOWN)
        if isinstance(base, Instance | ClassValue):
            return self.member_of_class(base, name)
        if isinstance(base, Module):
            return base.scope.variables.get(name, UNKNOWN)
        if isinstance(base, Super):
            return self.member_of_bases(base, name)
        return library.attribute(base, name)

    def member_of_class(self, base: Instance | ClassValue, name: str) -> Value:
        if name in base.entries:
            return base.entries[name]
        one = base.of if isinstance(base, Instance) else base
        for ancestor in one.lineage():
            if name in ancestor.entries:
                return ancestor.entries[name]
        found = one.find(name)
        if found is not None:
            closure = Closure(found[0], found[1].scope, base, found[1])
            return self.machine.calls.enter(closure, Row(), Record()) if found[0].getter else closure
        return Part(base.made, name) if isinstance(base, Instance) and base.made else UNKNOWN

    def member_of_bases(self, base: Super, name: str) -> Value:
        for parent in base.owner.bases:
            if isinstance(parent, ClassValue):
                found = parent.find(name)
                if found is not None:
                    return Closure(found[0], found[1].scope, base.this, found[1])
            elif isinstance(parent, Qualified) and name == "__init__":
                return parent
        return UNKNOWN

    def item(self, node: Item, scope: Scope) -> Value:
        return library.item(self.machine.evaluate(node.base, scope), self.machine.evaluate(node.key, scope))

    def listing(self, node: Listing, scope: Scope) -> Value:
        return self.row(node.items, scope)

    def row(self, items: tuple[Node, ...], scope: Scope) -> Row:
        row = Row()
        for item in items:
            if isinstance(item, Spread):
                inner = self.machine.evaluate(item.value, scope)
                spread = library.iterate(inner)
                self.machine.spend(len(spread or ()))
                row.items += spread or ()
                row.complete &= spread is not None
            else:
                row.items.append(self.machine.evaluate(item, scope))
        return row

    def mapping(self, node: Mapping, scope: Scope) -> Value:
        record = Record()
        for key_node, value_node in node.entries:
            if key_node is None:
                value = self.machine.evaluate(value_node, scope)
                self.machine.spend(size(record, value))
                library.update(record, value)
                continue
            name, value = text(self.machine.evaluate(key_node, scope)), self.machine.evaluate(value_node, scope)
            if name is None:
                record.complete = False
            else:
                record.entries[name] = value
        return record

    def joined(self, node: Joined, scope: Scope) -> Value:
        return concatenate([self.machine.evaluate(part, scope) for part in node.parts])

    def operation(self, node: Operation, scope: Scope) -> Value:
        left = self.machine.evaluate(node.left, scope)
        if node.operator in ("and", "or", "??"):
            decided = (None if left in (UNKNOWN, None) else True) if node.operator == "??" else truth(left)
            if node.operator == "??" and left is None:
                decided = False
            if decided is not None and decided == (node.operator != "and"):
                return left
            if decided is not None:
                return self.machine.evaluate(node.right, scope)
            with self.machine.branch():
                right = self.machine.evaluate(node.right, scope)
            return Either((None, right)) if node.operator == "and" else merge(left, right)
        right = self.machine.evaluate(node.right, scope)
        value = library.operate(node.operator, left, right)
        self.machine.spend(size(value))
        return value

    def negation(self, node: Not, scope: Scope) -> Value:
        known = truth(self.machine.evaluate(node.value, scope))
        return UNKNOWN if known is None else not known

    def choice(self, node: Choice, scope: Scope) -> Value:
        known = truth(self.machine.evaluate(node.test, scope))
        if known is not None:
            return self.machine.evaluate(node.yes if known else node.no, scope)
        sides = []
        for side in (node.yes, node.no):
            with self.machine.branch():
                sides.append(self.machine.evaluate(side, scope))
        return merge(*sides)

    def each(self, node: Each, scope: Scope) -> Value:
        items = library.rounds(self.machine.evaluate(node.source, scope))
        row, record = Row(complete=items is not None), Record(complete=items is not None)
        for item in [UNKNOWN] if items is None else items:
            inner = Scope(scope)
            self.machine.assign(node.target, item, inner)
            if node.test is not None and truth(self.machine.evaluate(node.test, inner)) is False:
                continue
            key = self.machine.evaluate(node.key, inner) if node.key else None
            value = self.machine.evaluate(node.value, inner)
            name = text(key)
            if node.key is None:
                row.items.append(value)
            elif name is not None:
                record.entries[name] = value
            else:
                record.complete = False
        return row if node.key is None else record

    def assignment(self, node: Assign, scope: Scope) -> Value:
        value = self.machine.evaluate(node.value, scope)
        self.machine.assign(node.target, value, scope, node.declares)
        return value

    def other(self, node: Other, scope: Scope) -> Value:
        for part in node.parts:
            self.machine.evaluate(part, scope)
        return UNKNOWN

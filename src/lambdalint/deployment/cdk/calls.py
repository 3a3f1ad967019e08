"""Functions and classes of a CDK program, and what calling them gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lambdalint.deployment.cdk import library
from lambdalint.deployment.cdk.branches import Flow
from lambdalint.deployment.cdk.program import Attribute, Call, Class, Function, Name, Node, Parameter
from lambdalint.deployment.cdk.values import (
    UNKNOWN,
    Beneath,
    ClassValue,
    Closure,
    Instance,
    Made,
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
)

if TYPE_CHECKING:
    from lambdalint.deployment.cdk.evaluate import Machine


class Calls:
    """Follows calls for the `machine`, which follows the bodies of what is called.

    `closures` and `classes` are all that the program has; `entered` the functions that were
    followed, `instances` one object of each class that was.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.closures: list[Closure] = []
        self.classes: list[ClassValue] = []
        self.entered: set[Function] = set()
        self.instances: dict[Class, Instance] = {}
        self._active: set[Function] = set()
        self.evaluators: dict[type[Node], Callable[..., Value]] = {
            Call: self.call,
            Function: self.function,
            Class: self.declaration,
        }

    def function(self, node: Function, scope: Scope) -> Value:
        closure = Closure(node, scope)
        self.closures.append(closure)
        return closure

    def declaration(self, node: Class, scope: Scope) -> Value:
        bases = tuple(self.machine.evaluate(base, scope) for base in node.bases)
        one = ClassValue(node, scope, bases)
        inner = Scope(scope, {"this": one})
        for name, value in node.fields:
            if value is not None:
                one.entries[name] = inner.variables[name] = self.machine.evaluate(value, inner)
        self.classes.append(one)
        return one

    def call(self, node: Call, scope: Scope) -> Value:
        receiver: Value = None
        if isinstance(node.callee, Attribute):
            receiver = self.machine.evaluate(node.callee.base, scope)
            callee = self.machine.expressions.member(receiver, node.callee.name)
        else:
            callee = self.machine.evaluate(node.callee, scope)
        arguments, keywords = self.machine.expressions.row(node.arguments, scope), Record()
        for name, value in sorted(node.keywords, key=lambda keyword: keyword[0] is not None):
            if name is None:
                spread = self.machine.evaluate(value, scope)
                self.machine.spend(size(keywords, spread))
                library.update(keywords, spread)
            else:
                keywords.entries[name] = self.machine.evaluate(value, scope)

        def made_by(path: str, receiver: Made | None) -> Made:
            return Made(path, receiver, arguments, keywords, scope.file, node.line, self.machine.branches)

        if isinstance(callee, Closure):
            return self.enter(callee, arguments, keywords)
        if isinstance(callee, ClassValue):
            return self.instantiate(callee, arguments, keywords)
        if isinstance(callee, Qualified):
            known = library.call(callee.path, arguments, keywords)
            if not isinstance(known, library.NotKnown):
                self.machine.spend(size(known, *arguments.items))
                return known
            made = made_by(callee.path, None)
        elif isinstance(callee, Part):
            made = made_by(attribute_path(callee.of.path, callee.name.rpartition(".")[2]), callee.of)
        else:
            name = node.callee.name if isinstance(node.callee, Attribute) else ""
            if not isinstance(receiver, str | Row | Record | Beneath):
                self.machine.lose(made_by(attribute_path("", name), None))
            return self.method(receiver, name, arguments, keywords) if name else UNKNOWN
        self.machine.note(made)
        if isinstance(receiver, Super) and isinstance(receiver.this, Instance):
            receiver.this.made = made
        return made

    def method(self, receiver: Value, name: str, arguments: Row, keywords: Record) -> Value:
        """A method of a text, a path, a list or a dict."""
        first = arguments.items[0] if arguments.items else None
        if isinstance(first, Closure) and name in ("forEach", "map", "flatMap"):
            items = library.rounds(receiver)
            if items is None:
                return UNKNOWN
            results = [self.enter(first, Row([item]), Record()) for item in items]
            return Row(results) if name == "map" else UNKNOWN
        if isinstance(receiver, Record) and name in ("update", "setdefault"):
            self.machine.spend(size(receiver, keywords, *arguments.items))
            changed = library.updated(receiver, name, arguments, keywords)
            self.machine.journal.replace(receiver.entries, changed.entries)
            receiver.complete &= changed.complete
            return None
        value = library.method(receiver, name, arguments)
        self.machine.spend(size(receiver, value, *arguments.items))
        return value

    def instantiate(self, one: ClassValue, arguments: Row, keywords: Record) -> Value:
        instance = Instance(one)
        for ancestor in one.lineage():
            self.instances.setdefault(ancestor.declaration, instance)
        found = one.find("__init__")
        if found is not None:
            self.enter(Closure(found[0], found[1].scope, instance, found[1]), arguments, keywords)
            return instance
        outside = [base for base in one.bases if isinstance(base, Qualified)]
        if outside:
            # No constructor of its own: the base's is called.
            file, line = one.scope.file, one.declaration.line
            instance.made = Made(outside[0].path, None, arguments, keywords, file, line, self.machine.branches)
            self.machine.note(instance.made)
        else:
            # A record: `@dataclass`.
            names = [name for name, _ in one.declaration.fields]
            instance.entries.update(zip(names, arguments.items, strict=False))
            instance.entries.update(keywords.entries)
        return instance

    def enter(self, closure: Closure, arguments: Row, keywords: Record) -> Value:
        """What a function of this file gives back."""
        function = closure.function
        self.entered.add(function)
        with self.machine.deeper() as allowed:
            if not allowed or function in self._active:
                return UNKNOWN
            scope = Scope(closure.scope)
            if function.this:
                scope.variables[function.this] = closure.this
            if closure.owner is not None:
                scope.variables["super"] = Super(closure.this, closure.owner)
            self.bind(function.parameters, arguments, keywords, scope)
            self._active.add(function)
            self.machine.results.append([])
            try:
                if self.machine.execute(function.body, scope) is not Flow.OUT:
                    self.machine.results[-1].append(None)
            finally:
                results = self.machine.results.pop()
                self._active.discard(function)
            return merge(*results) if results else UNKNOWN

    def bind(self, parameters: tuple[Parameter, ...], arguments: Row, keywords: Record, scope: Scope) -> None:
        position = 0
        left = dict(keywords.entries)
        whole = arguments.complete and keywords.complete
        for parameter in parameters:
            name = parameter.target.name if isinstance(parameter.target, Name) else ""
            if parameter.kind == "rest":
                value: Value = Row(arguments.items[position:], arguments.complete)
                position = len(arguments.items)
            elif parameter.kind == "keywords":
                value = Record(left, keywords.complete)
            elif name in left:
                value = left.pop(name)
            elif parameter.kind != "named" and position < len(arguments.items):
                value = arguments.items[position]
                position += 1
            else:
                value = None if whole else UNKNOWN
            if value is None and parameter.default is not None and name not in keywords.entries:
                value = self.machine.evaluate(parameter.default, scope)
            self.machine.assign(parameter.target, value, scope)
            if parameter.kept and isinstance(holder := scope.variables.get("this"), Instance):
                self.machine.journal.write(holder.entries, name, value)

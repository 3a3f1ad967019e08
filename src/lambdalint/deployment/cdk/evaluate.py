"""Follows a CDK program, without running it, and notes what it makes.

Conditions that aren't known are followed both ways, loops over unknown things once. What nothing
in the file calls is followed at the end with unknown arguments, as another file may call it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from lambdalint.deployment.cdk import library
from lambdalint.deployment.cdk.branches import Journal
from lambdalint.deployment.cdk.modules import Modules
from lambdalint.deployment.cdk.names import canonical
from lambdalint.deployment.cdk.program import (
    Assign,
    Attribute,
    Body,
    Call,
    Choice,
    Class,
    Constant,
    Each,
    Function,
    If,
    Imported,
    Item,
    Joined,
    Listing,
    Loop,
    Mapping,
    Name,
    Node,
    Not,
    Operation,
    Other,
    Parameter,
    Return,
    Spread,
    Taken,
)
from lambdalint.deployment.cdk.values import (
    MAX_TEXT,
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

# What one module or one function that nothing calls may cost, and all of them.
_MAX_STEPS = 100_000
_MAX_ALL_STEPS = 1_000_000
_MAX_MADE = 10_000
_MAX_DEPTH = 100
_MAX_ROUNDS = 400


class _ExhaustedError(Exception):
    """The program is larger than what is worth following."""


def follow(paths: Iterable[str], modules: Modules) -> list[Made]:
    """All that the programs at `paths` make, in the order of its making."""
    machine = _Machine(modules)
    for path in paths:
        machine.attempt(machine.module, path)
    machine.finish()
    return machine.made


class _Machine:
    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self.loaded: dict[str, Module] = {}
        self.made: list[Made] = []
        self.steps = self.all_steps = 0
        self.depth = 0
        self.journal = Journal()
        self.closures: list[Closure] = []
        self.classes: list[ClassValue] = []
        self.entered: set[Function] = set()
        self.instances: dict[Class, Instance] = {}
        self.active: list[Function] = []
        # What the functions that are being followed give back so far.
        self.results: list[list[Value]] = [[]]
        self.evaluators: dict[type[Node], Callable[..., Value]] = {
            Constant: lambda node, scope: node.value,
            Imported: self.imported,
            Taken: self.taken,
            Name: self.name,
            Attribute: self.attribute,
            Item: self.item,
            Call: self.call,
            Listing: self.listing,
            Mapping: self.mapping,
            Joined: self.joined,
            Operation: self.operation,
            Not: self.negation,
            Choice: self.choice,
            Each: self.each,
            Assign: self.assignment,
            Function: self.function,
            Class: self.declaration,
            Other: self.other,
        }

    def attempt(self, follow: Callable[..., object], *arguments: object) -> None:
        """Follow something as far as its share of the steps goes."""
        self.all_steps += self.steps
        self.steps = 0
        if self.all_steps < _MAX_ALL_STEPS:
            with suppress(_ExhaustedError, RecursionError):
                follow(*arguments)

    def finish(self) -> None:
        """Follow what nothing called: classes first, as their constructors set what their methods use."""
        unknown = Row(complete=False), Record(complete=False)
        done = 0
        while done < len(self.classes) or self.closures:
            if done < len(self.classes):
                one = self.classes[done]
                done += 1
                if one.declaration not in self.instances:
                    self.attempt(self.instantiate, one, *unknown)
                instance = self.instances.get(one.declaration)
                self.closures += [Closure(method, one.scope, instance, one) for method in one.declaration.methods]
                continue
            closure = self.closures.pop()
            if closure.function not in self.entered:
                self.attempt(self.enter, closure, *unknown)

    def spend(self, steps: int = 1) -> None:
        self.steps += steps
        if self.steps > _MAX_STEPS:
            raise _ExhaustedError

    # Modules

    def module(self, path: str) -> Module:
        """The module in the file `path`, followed when it is first asked for."""
        if path not in self.loaded:
            self.loaded[path] = Module(Scope(None, self.modules.variables(path), path))
            self.execute(self.modules.body(path), self.loaded[path].scope)
        return self.loaded[path]

    def imported(self, node: Imported, scope: Scope) -> Value:
        if not node.module:
            return Qualified(canonical(node.path))
        file = self.modules.find(scope.file, node.module)
        module = None if file is None else self.module(file)
        if module is not None and not node.name:
            return module
        if module is not None and node.name in module.scope.variables:
            return module.scope.variables[node.name]
        inner = self.modules.find_submodule(scope.file, node.module, node.name)
        if inner is not None:
            return self.module(inner)
        return UNKNOWN if module is not None else Qualified(canonical(node.path))

    def taken(self, node: Taken, scope: Scope) -> Value:
        file = self.modules.find(scope.file, node.module)
        if file is not None:
            known = self.module(file).scope.variables
            self.spend(len(known))
            own = self.modules.variables(file)
            self.journal.replace(scope.variables, {name: known[name] for name in known if name not in own})
        return None

    @contextmanager
    def deeper(self) -> Iterator[bool]:
        self.depth += 1
        try:
            yield self.depth <= _MAX_DEPTH
        finally:
            self.depth -= 1

    # Statements

    def execute(self, body: Body, scope: Scope) -> bool:
        """Follow statements; whether the end is reached."""
        for statement in body:
            self.spend()
            if isinstance(statement, Return):
                value = self.evaluate(statement.value, scope) if statement.value else None
                if not statement.raises:
                    self.results[-1].append(value)
                return False
            if isinstance(statement, If):
                if not self.conditional(statement, scope):
                    return False
            elif isinstance(statement, Loop):
                self.loop(statement, scope)
            else:
                self.evaluate(statement, scope)
        return True

    def conditional(self, statement: If, scope: Scope) -> bool:
        known = truth(self.evaluate(statement.test, scope))
        with self.deeper() as allowed:
            if not allowed:
                return True
            if known is not None:
                return self.execute(statement.yes if known else statement.no, scope)
            return self.journal.either(
                [lambda: self.execute(statement.yes, scope), lambda: self.execute(statement.no, scope)]
            )

    def loop(self, statement: Loop, scope: Scope) -> None:
        source = self.evaluate(statement.source, scope) if statement.source else UNKNOWN
        items = library.iterate(source)
        with self.deeper() as allowed:
            if not allowed:
                return
            if items is not None and len(items) <= _MAX_ROUNDS:
                for item in items:
                    self.assign(statement.target, item, scope)
                    self.execute(statement.body, scope)
                return

            def once() -> bool:
                self.assign(statement.target, UNKNOWN, scope)
                self.execute(statement.body, scope)
                return True

            self.journal.either([once, lambda: True])

    def assign(self, target: Node | None, value: Value, scope: Scope, declares: bool = True) -> None:
        self.spend()
        if isinstance(target, Name):
            holder = scope if declares else scope.holder(target.name) or scope
            self.journal.write(holder.variables, target.name, value)
        elif isinstance(target, Attribute):
            base = self.evaluate(target.base, scope)
            if isinstance(base, Instance | ClassValue | Record):
                self.journal.write(base.entries, target.name, value)
        elif isinstance(target, Item):
            base, key = self.evaluate(target.base, scope), self.evaluate(target.key, scope)
            if isinstance(base, Record):
                name = text(key)
                if name is not None:
                    self.journal.write(base.entries, name, value)
        elif isinstance(target, Listing):
            items = value.items if isinstance(value, Row) else []
            for place, inner in enumerate(target.items):
                self.assign(inner, items[place] if place < len(items) else UNKNOWN, scope)
        elif isinstance(target, Mapping):
            named = [str(key.value) for key, _ in target.entries if isinstance(key, Constant)]
            for key, inner in target.entries:
                if isinstance(key, Constant):
                    self.assign(inner, self.member(value, str(key.value)), scope)
                elif key is None and isinstance(value, Record):
                    self.spend(len(value.entries))
                    rest = {name: value.entries[name] for name in value.entries if name not in named}
                    self.assign(inner, Record(rest, value.complete), scope)
                else:
                    self.assign(inner, UNKNOWN, scope)
        elif isinstance(target, Choice):
            # A pattern's default: `{ timeout = 30 }`.
            if value is None:
                value = self.evaluate(target.no, scope)
            self.assign(target.yes, value, scope)

    # Expressions

    def evaluate(self, node: Node, scope: Scope) -> Value:
        self.spend()
        evaluator = self.evaluators.get(type(node))
        if self.depth >= _MAX_DEPTH or evaluator is None:
            return UNKNOWN
        self.depth += 1
        try:
            value = evaluator(node, scope)
        finally:
            self.depth -= 1
        return UNKNOWN if isinstance(value, str) and len(value) > MAX_TEXT else value

    def name(self, node: Name, scope: Scope) -> Value:
        holder = scope.holder(node.name)
        return Qualified(node.name) if holder is None else holder.variables[node.name]

    def attribute(self, node: Attribute, scope: Scope) -> Value:
        return self.member(self.evaluate(node.base, scope), node.name)

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
            return self.enter(closure, Row(), Record()) if found[0].getter else closure
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
        return library.item(self.evaluate(node.base, scope), self.evaluate(node.key, scope))

    def listing(self, node: Listing, scope: Scope) -> Value:
        return self.row(node.items, scope)

    def row(self, items: tuple[Node, ...], scope: Scope) -> Row:
        row = Row()
        for item in items:
            if isinstance(item, Spread):
                inner = self.evaluate(item.value, scope)
                spread = library.iterate(inner)
                self.spend(len(spread or ()))
                row.items += spread or ()
                row.complete &= spread is not None
            else:
                row.items.append(self.evaluate(item, scope))
        return row

    def mapping(self, node: Mapping, scope: Scope) -> Value:
        record = Record()
        for key_node, value_node in node.entries:
            if key_node is None:
                value = self.evaluate(value_node, scope)
                self.spend(len(record.entries))
                library.update(record, value)
                continue
            name, value = text(self.evaluate(key_node, scope)), self.evaluate(value_node, scope)
            if name is None:
                record.complete = False
            else:
                record.entries[name] = value
        return record

    def joined(self, node: Joined, scope: Scope) -> Value:
        return library.concatenate([self.evaluate(part, scope) for part in node.parts])

    def operation(self, node: Operation, scope: Scope) -> Value:
        left = self.evaluate(node.left, scope)
        if node.operator in ("and", "or", "??"):
            decided = (None if left in (UNKNOWN, None) else True) if node.operator == "??" else truth(left)
            if node.operator == "??" and left is None:
                decided = False
            if decided is not None and decided == (node.operator != "and"):
                return left
            right = self.evaluate(node.right, scope)
            if decided is not None:
                return right
            return Either((None, right)) if node.operator == "and" else merge(left, right)
        right = self.evaluate(node.right, scope)
        value = library.operate(node.operator, left, right)
        self.spend(size(value))
        return value

    def negation(self, node: Not, scope: Scope) -> Value:
        known = truth(self.evaluate(node.value, scope))
        return UNKNOWN if known is None else not known

    def choice(self, node: Choice, scope: Scope) -> Value:
        known = truth(self.evaluate(node.test, scope))
        if known is not None:
            return self.evaluate(node.yes if known else node.no, scope)
        return merge(self.evaluate(node.yes, scope), self.evaluate(node.no, scope))

    def each(self, node: Each, scope: Scope) -> Value:
        items = library.iterate(self.evaluate(node.source, scope))
        known = items is not None and len(items) <= _MAX_ROUNDS
        row, record = Row(complete=known), Record(complete=known)
        for item in items if items is not None and known else [UNKNOWN]:
            inner = Scope(scope)
            self.assign(node.target, item, inner)
            if node.test is not None and truth(self.evaluate(node.test, inner)) is False:
                continue
            key = self.evaluate(node.key, inner) if node.key else None
            value = self.evaluate(node.value, inner)
            name = text(key)
            if node.key is None:
                row.items.append(value)
            elif name is not None:
                record.entries[name] = value
            else:
                record.complete = False
        return row if node.key is None else record

    def assignment(self, node: Assign, scope: Scope) -> Value:
        value = self.evaluate(node.value, scope)
        self.assign(node.target, value, scope, node.declares)
        return value

    def other(self, node: Other, scope: Scope) -> Value:
        for part in node.parts:
            self.evaluate(part, scope)
        return UNKNOWN

    # Functions and classes

    def function(self, node: Function, scope: Scope) -> Value:
        closure = Closure(node, scope)
        self.closures.append(closure)
        return closure

    def declaration(self, node: Class, scope: Scope) -> Value:
        bases = tuple(self.evaluate(base, scope) for base in node.bases)
        one = ClassValue(node, scope, bases)
        inner = Scope(scope, {"this": one})
        for name, value in node.fields:
            if value is not None:
                one.entries[name] = inner.variables[name] = self.evaluate(value, inner)
        self.classes.append(one)
        return one

    def call(self, node: Call, scope: Scope) -> Value:
        receiver: Value = None
        if isinstance(node.callee, Attribute):
            receiver = self.evaluate(node.callee.base, scope)
            callee = self.member(receiver, node.callee.name)
        else:
            callee = self.evaluate(node.callee, scope)
        arguments, keywords = self.row(node.arguments, scope), Record()
        for name, value in sorted(node.keywords, key=lambda keyword: keyword[0] is not None):
            if name is None:
                library.update(keywords, self.evaluate(value, scope))
            else:
                keywords.entries[name] = self.evaluate(value, scope)
        if isinstance(callee, Closure):
            return self.enter(callee, arguments, keywords)
        if isinstance(callee, ClassValue):
            return self.instantiate(callee, arguments, keywords)
        if isinstance(callee, Qualified):
            known = library.call(callee.path, arguments, keywords)
            if not isinstance(known, library.NotKnown):
                self.spend(size(known, *arguments.items))
                return known
            made = Made(callee.path, None, arguments, keywords, scope.file, node.line)
        elif isinstance(callee, Part):
            path = attribute_path(callee.of.path, callee.name.rpartition(".")[2])
            made = Made(path, callee.of, arguments, keywords, scope.file, node.line)
        elif isinstance(node.callee, Attribute):
            return self.method(receiver, node.callee.name, arguments)
        else:
            return UNKNOWN
        self.note(made)
        if isinstance(receiver, Super) and isinstance(receiver.this, Instance):
            receiver.this.made = made
        return made

    def note(self, made: Made) -> None:
        if len(self.made) >= _MAX_MADE:
            raise _ExhaustedError
        self.made.append(made)

    def method(self, receiver: Value, name: str, arguments: Row) -> Value:
        """A method of a text, a path, a list or a dict."""
        first = arguments.items[0] if arguments.items else None
        items = library.iterate(receiver)
        if isinstance(first, Closure) and name in ("forEach", "map", "flatMap"):
            if items is None or len(items) > _MAX_ROUNDS:
                return UNKNOWN
            results = [self.enter(first, Row([item]), Record()) for item in items]
            return Row(results) if name == "map" else UNKNOWN
        if isinstance(receiver, Record) and name in ("update", "setdefault"):
            self.spend(len(receiver.entries))
            self.journal.replace(receiver.entries, library.updated(receiver, name, arguments))
            return None
        value = library.method(receiver, name, arguments)
        self.spend(size(receiver, value, *arguments.items))
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
            instance.made = Made(outside[0].path, None, arguments, keywords, one.scope.file, one.declaration.line)
            self.note(instance.made)
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
        with self.deeper() as allowed:
            if not allowed or function in self.active:
                return UNKNOWN
            scope = Scope(closure.scope)
            if function.this:
                scope.variables[function.this] = closure.this
            if closure.owner is not None:
                scope.variables["super"] = Super(closure.this, closure.owner)
            self.bind(function.parameters, arguments, keywords, scope)
            self.active.append(function)
            self.results.append([])
            try:
                if self.execute(function.body, scope):
                    self.results[-1].append(None)
            finally:
                results = self.results.pop()
                self.active.pop()
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
                value = self.evaluate(parameter.default, scope)
            self.assign(parameter.target, value, scope)
            if parameter.kept and isinstance(holder := scope.variables.get("this"), Instance):
                self.journal.write(holder.entries, name, value)

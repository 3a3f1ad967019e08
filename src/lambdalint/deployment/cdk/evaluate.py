"""Follows a CDK program, without running it, and notes what it makes.

Conditions that aren't known are followed both ways, loops over unknown things once. What nothing
in the file calls is followed at the end with unknown arguments, as another file may call it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from lambdalint.deployment.cdk import library
from lambdalint.deployment.cdk.branches import Flow, Journal
from lambdalint.deployment.cdk.calls import Calls
from lambdalint.deployment.cdk.expressions import Expressions
from lambdalint.deployment.cdk.modules import Modules
from lambdalint.deployment.cdk.names import canonical
from lambdalint.deployment.cdk.program import (
    Attribute,
    Body,
    Choice,
    Constant,
    If,
    Imported,
    Item,
    Leave,
    Listing,
    Loop,
    Mapping,
    Name,
    Node,
    Return,
    Taken,
)
from lambdalint.deployment.cdk.values import (
    MAX_TEXT,
    UNKNOWN,
    Beneath,
    ClassValue,
    Closure,
    Instance,
    Made,
    Module,
    Qualified,
    Record,
    Row,
    Scope,
    Value,
    text,
    truth,
)

# What one module or one function that nothing calls may cost, and all of them.
_MAX_STEPS = 100_000
_MAX_ALL_STEPS = 1_000_000
_MAX_MADE = 10_000
_MAX_DEPTH = 100
_MAX_NUMBER = 10**15


class _ExhaustedError(Exception):
    """The program is larger than what is worth following."""


def follow(paths: Iterable[str], modules: Modules) -> Machine:
    """The machine that followed the programs at `paths`."""
    machine = Machine(modules)
    for path in paths:
        machine.attempt(machine.module, path)
    machine.finish()
    return machine


class Machine:
    """Follows programs.

    `made` is all that they make, in the order of its making, `lost` the calls of what isn't known;
    `whole`: all of the programs was followed. `results` are what the functions that are being
    followed give back so far, `branches` the branches that are.
    """

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self.loaded: dict[str, Module] = {}
        self.made: list[Made] = []
        self.lost: list[Made] = []
        self.whole = True
        self.branches: tuple[int, ...] = ()
        self._branch = 0
        self.results: list[list[Value]] = [[]]
        self.journal = Journal()
        self.expressions = Expressions(self)
        self.calls = Calls(self)
        self.steps = self.all_steps = 0
        self.depth = 0
        self.evaluators: dict[type[Node], Callable[..., Value]] = {
            **self.expressions.evaluators,
            **self.calls.evaluators,
            Imported: self.imported,
            Taken: self.taken,
        }

    def attempt(self, follow: Callable[..., object], *arguments: object) -> None:
        """Follow something as far as its share of the steps goes."""
        self.all_steps += self.steps
        self.steps = 0
        self.whole &= self.all_steps < _MAX_ALL_STEPS
        if self.all_steps < _MAX_ALL_STEPS:
            try:
                follow(*arguments)
            except (_ExhaustedError, RecursionError):
                self.whole = False

    def finish(self) -> None:
        """Follow what nothing called: classes first, as their constructors set what their methods use."""
        unknown = Row(complete=False), Record(complete=False)
        calls = self.calls
        classes = closures = 0
        while classes < len(calls.classes) or closures < len(calls.closures):
            if classes < len(calls.classes):
                one = calls.classes[classes]
                classes += 1
                if one.declaration not in calls.instances:
                    self.attempt(calls.instantiate, one, *unknown)
                instance = calls.instances.get(one.declaration)
                calls.closures += [Closure(method, one.scope, instance, one) for method in one.declaration.methods]
            else:
                closure = calls.closures[closures]
                closures += 1
                if closure.function not in calls.entered:
                    self.attempt(calls.enter, closure, *unknown)

    def spend(self, steps: int = 1) -> None:
        self.steps += steps
        if self.steps > _MAX_STEPS:
            raise _ExhaustedError

    @contextmanager
    def deeper(self) -> Iterator[bool]:
        self.depth += 1
        try:
            yield self.depth <= _MAX_DEPTH
        finally:
            self.depth -= 1

    @contextmanager
    def branch(self) -> Iterator[None]:
        """Follow something of which only a deployment knows whether it happens."""
        around = self.branches
        self._branch += 1
        self.branches = (*around, self._branch)
        try:
            yield
        finally:
            self.branches = around

    def note(self, made: Made) -> None:
        if len(self.made) >= _MAX_MADE:
            raise _ExhaustedError
        self.made.append(made)

    def lose(self, call: Made) -> None:
        self.whole &= len(self.lost) < _MAX_MADE
        if self.whole:
            self.lost.append(call)

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

    # Statements

    def execute(self, body: Body, scope: Scope) -> Flow:
        """Follow statements; how they end."""
        for statement in body:
            self.spend()
            flow = Flow.ON
            if isinstance(statement, Return):
                value = self.evaluate(statement.value, scope) if statement.value else None
                if not statement.raises:
                    self.results[-1].append(value)
                return Flow.OUT
            if isinstance(statement, Leave):
                return Flow.LOOP if statement.loop else Flow.ROUND
            if isinstance(statement, If):
                flow = self.conditional(statement, scope)
            elif isinstance(statement, Loop):
                flow = self.loop(statement, scope)
            else:
                self.evaluate(statement, scope)
            if flow is not Flow.ON:
                return flow
        return Flow.ON

    def conditional(self, statement: If, scope: Scope) -> Flow:
        known = truth(self.evaluate(statement.test, scope))
        with self.deeper() as allowed:
            if not allowed:
                return Flow.ON
            if known is not None:
                return self.execute(statement.yes if known else statement.no, scope)
            return self.either([(statement.yes, scope), (statement.no, scope)])

    def either(self, branches: Sequence[tuple[Body, Scope]]) -> Flow:
        """Follow bodies of which only one is taken."""
        ends: list[Flow] = []

        def follow(body: Body, scope: Scope) -> bool:
            with self.branch():
                ends.append(self.execute(body, scope))
            return ends[-1] is Flow.ON

        self.journal.either([partial(follow, *branch) for branch in branches])
        # What all branches leave is left, but no more than by the mildest of them.
        return min(ends)

    def loop(self, statement: Loop, scope: Scope) -> Flow:
        source = self.evaluate(statement.source, scope) if statement.source else UNKNOWN
        items = library.rounds(source)
        with self.deeper() as allowed:
            if not allowed:
                return Flow.ON
            if items is None:
                self.assign(statement.target, UNKNOWN, scope)
                return self.either([(statement.body, scope), ((), scope)])
            for item in items:
                self.assign(statement.target, item, scope)
                flow = self.execute(statement.body, scope)
                if flow is Flow.OUT:
                    return flow
                if flow is Flow.LOOP:
                    break
        return Flow.ON

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
            base, name = self.evaluate(target.base, scope), text(self.evaluate(target.key, scope))
            if isinstance(base, Record):
                if name is None:
                    base.complete = False
                else:
                    self.journal.write(base.entries, name, value)
        elif isinstance(target, Listing):
            items = value.items if isinstance(value, Row) else []
            for place, inner in enumerate(target.items):
                self.assign(inner, items[place] if place < len(items) else UNKNOWN, scope)
        elif isinstance(target, Mapping):
            named = [str(key.value) for key, _ in target.entries if isinstance(key, Constant)]
            for key, inner in target.entries:
                if isinstance(key, Constant):
                    self.assign(inner, self.expressions.member(value, str(key.value)), scope)
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
        written = value.tail if isinstance(value, Beneath) else value
        if isinstance(written, str):
            return value if len(written) <= MAX_TEXT else UNKNOWN
        return UNKNOWN if isinstance(value, int) and abs(value) > _MAX_NUMBER else value

"""Expressions of the model's picture; each knows its parent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lambdalint.semantics.ir.scopes import Class, Function, Scope


@dataclass(eq=False, slots=True)
class Node:
    """Anything in the picture that stands inside something else."""

    parent: Node | None = field(default=None, init=False, repr=False)


@dataclass(eq=False, slots=True)
class Expr(Node):
    """An expression."""


@dataclass(eq=False, slots=True)
class Const(Expr):
    """A literal: str, bytes, int, float, complex, bool, None or Ellipsis."""

    value: object


@dataclass(eq=False, slots=True)
class Name(Expr):
    """A name where it is read, stored or part of a type."""

    id: str
    scope: Scope
    store: bool = False
    annotation: bool = False


@dataclass(eq=False, slots=True)
class Attr(Expr):
    """An attribute, `base.name`."""

    base: Expr
    name: str
    store: bool = False


@dataclass(eq=False, slots=True)
class Argument:
    """`value`, `*value` (star 1), `**value` (star 2) or `keyword=value`."""

    value: Expr
    keyword: str | None = None
    star: int = 0


@dataclass(eq=False, slots=True)
class Call(Expr):
    """A call, `func(args)`."""

    func: Expr
    args: list[Argument]

    def keyword(self, name: str) -> Expr | None:
        for argument in self.args:
            if argument.keyword == name:
                return argument.value
        return None

    def positional(self, index: int) -> Expr | None:
        """The argument at `index`, unless a `*` argument makes that unsure."""
        plain = 0
        for argument in self.args:
            if argument.star == 1:
                return None
            if argument.keyword is None and argument.star == 0:
                if plain == index:
                    return argument.value
                plain += 1
        return None

    def argument(self, index: int, name: str) -> Expr | None:
        found = self.keyword(name)
        return self.positional(index) if found is None else found

    @property
    def spreads(self) -> bool:
        return any(argument.star for argument in self.args)


@dataclass(eq=False, slots=True)
class Item(Expr):
    """A subscript, `base[key]`."""

    base: Expr
    key: Expr
    store: bool = False


@dataclass(eq=False, slots=True)
class Seq(Expr):
    """A tuple, a list or a set that is written out."""

    kind: str  # "tuple", "list" or "set"
    items: list[Expr]


@dataclass(eq=False, slots=True)
class Map(Expr):
    """A dict display; a key of None stands for `**value`."""

    entries: list[tuple[Expr | None, Expr]]


@dataclass(eq=False, slots=True)
class Lambda(Expr):
    """A lambda; its body is with the function."""

    function: Function


@dataclass(eq=False, slots=True)
class Loop:
    """One `for target in iter if …` of a comprehension."""

    target: Expr
    iter: Expr
    conditions: list[Expr]
    is_async: bool = False


@dataclass(eq=False, slots=True)
class Comp(Expr):
    """A comprehension or a generator expression."""

    kind: str  # "list", "set", "dict" or "generator"
    loops: list[Loop]
    elements: list[Expr]
    scope: Scope


@dataclass(eq=False, slots=True)
class Choice(Expr):
    """`a or b`, `a and b`, or `body if test else orelse` (items are body, orelse)."""

    kind: str  # "or", "and" or "if"
    items: list[Expr]
    test: Expr | None = None


@dataclass(eq=False, slots=True)
class Compare(Expr):
    """A comparison, maybe a chain of them."""

    left: Expr
    ops: list[str]  # "==", "is", "not in", …
    rights: list[Expr]


@dataclass(eq=False, slots=True)
class Not(Expr):
    """`not value`."""

    value: Expr


@dataclass(eq=False, slots=True)
class Await(Expr):
    """`await value`."""

    value: Expr


@dataclass(eq=False, slots=True)
class Yield(Expr):
    """`yield value`, or `yield from value` (delegate)."""

    value: Expr | None
    delegate: bool = False


@dataclass(eq=False, slots=True)
class Bind(Expr):
    """A walrus, `target := value`."""

    target: Name
    value: Expr


@dataclass(eq=False, slots=True)
class Star(Expr):
    """`*value` in a display or a target."""

    value: Expr


@dataclass(eq=False, slots=True)
class Each(Expr):
    """Some element of `value`: what a call that runs a function per element hands it. Not in the source."""

    value: Expr


@dataclass(eq=False, slots=True)
class Ref(Expr):
    """A function or class as its decorators are given it. Not in the source."""

    definition: Function | Class


@dataclass(eq=False, slots=True)
class Blend(Expr):
    """Anything else that is made of its items: operators, f-strings, slices."""

    op: str
    items: list[Expr]

"""Expressions of the model's picture; each knows its parent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from lambdalint.semantics.ir.scopes import Class, Function, Scope


class Node(Struct, eq=False, kw_only=True):
    """Anything in the picture that stands inside something else."""

    parent: Node | None = None

    def __repr__(self) -> str:
        """What it is made of, without what stands around it."""
        names: tuple[str, ...] = self.__match_args__
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"


class Expr(Node, eq=False):
    """An expression."""


class Const(Expr, eq=False):
    """A literal: str, bytes, int, float, complex, bool, None or Ellipsis."""

    value: object


class Name(Expr, eq=False):
    """A name where it is read, stored or part of a type."""

    id: str
    scope: Scope
    store: bool = False
    annotation: bool = False


class Attr(Expr, eq=False):
    """An attribute, `base.name`."""

    base: Expr
    name: str
    store: bool = False


class Argument(Struct, eq=False):
    """`value`, `*value` (star 1), `**value` (star 2) or `keyword=value`."""

    value: Expr
    keyword: str | None = None
    star: int = 0


class Call(Expr, eq=False):
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


class Item(Expr, eq=False):
    """A subscript, `base[key]`."""

    base: Expr
    key: Expr
    store: bool = False


class Seq(Expr, eq=False):
    """A tuple, a list or a set that is written out."""

    kind: str  # "tuple", "list" or "set"
    items: list[Expr]


class Map(Expr, eq=False):
    """A dict display; a key of None stands for `**value`."""

    entries: list[tuple[Expr | None, Expr]]


class Lambda(Expr, eq=False):
    """A lambda; its body is with the function."""

    function: Function


class Loop(Struct, eq=False):
    """One `for target in iter if …` of a comprehension."""

    target: Expr
    iter: Expr
    conditions: list[Expr]
    is_async: bool = False


class Comp(Expr, eq=False):
    """A comprehension or a generator expression."""

    kind: str  # "list", "set", "dict" or "generator"
    loops: list[Loop]
    elements: list[Expr]
    scope: Scope


class Choice(Expr, eq=False):
    """`a or b`, `a and b`, or `body if test else orelse` (items are body, orelse)."""

    kind: str  # "or", "and" or "if"
    items: list[Expr]
    test: Expr | None = None


class Compare(Expr, eq=False):
    """A comparison, maybe a chain of them."""

    left: Expr
    ops: list[str]  # "==", "is", "not in", …
    rights: list[Expr]


class Not(Expr, eq=False):
    """`not value`."""

    value: Expr


class Await(Expr, eq=False):
    """`await value`."""

    value: Expr


class Yield(Expr, eq=False):
    """`yield value`, or `yield from value` (delegate)."""

    value: Expr | None
    delegate: bool = False


class Bind(Expr, eq=False):
    """A walrus, `target := value`."""

    target: Name
    value: Expr


class Star(Expr, eq=False):
    """`*value` in a display or a target."""

    value: Expr


class Each(Expr, eq=False):
    """Some element of `value`: what a call that runs a function per element hands it. Not in the source."""

    value: Expr


class Ref(Expr, eq=False):
    """A function or class as its decorators are given it. Not in the source."""

    definition: Function | Class


class Blend(Expr, eq=False):
    """Anything else that is made of its items: operators, f-strings, slices."""

    op: str
    items: list[Expr]

"""Statements of the model's picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lambdalint.semantics.ir.expressions import Expr, Node

if TYPE_CHECKING:
    from lambdalint.semantics.ir.scopes import Class, Function


@dataclass(eq=False, slots=True)
class Stmt(Node):
    """`place` counts a module's statements in the order of the text, those of functions' bodies behind all others;
    those below a statement have the places up to `end`, which is not one of them. `owner` is the function
    whose body holds it, None at module scope.
    """

    place: int = field(default=-1, init=False, repr=False)
    end: int = field(default=-1, init=False, repr=False)
    owner: Function | None = field(default=None, init=False, repr=False)
    # What `flow` has found out about it.
    loops: tuple[For | While, ...] | None = field(default=None, init=False, repr=False)
    fails: bool | None = field(default=None, init=False, repr=False)


@dataclass(eq=False, slots=True)
class Assign(Stmt):
    """`targets = value`, each of several targets given the same; without a value only a type is declared."""

    targets: list[Expr]
    value: Expr | None
    annotation: Expr | None = None


@dataclass(eq=False, slots=True)
class AugAssign(Stmt):
    """`target += value`, with whatever operator."""

    target: Expr
    value: Expr


@dataclass(eq=False, slots=True)
class ExprStmt(Stmt):
    """An expression that stands for itself."""

    value: Expr


@dataclass(eq=False, slots=True)
class Return(Stmt):
    """`return`, `return value`."""

    value: Expr | None


@dataclass(eq=False, slots=True)
class Raise(Stmt):
    """`raise`, with the exception and its cause where they are given."""

    items: list[Expr]


@dataclass(eq=False, slots=True)
class Assert(Stmt):
    """`assert` with what it asks and what it says."""

    items: list[Expr]


@dataclass(eq=False, slots=True)
class Delete(Stmt):
    """`del` of names, attributes and items."""

    targets: list[Expr]


@dataclass(eq=False, slots=True)
class Simple(Stmt):
    """A statement without parts that count."""

    kind: str  # "pass", "break", "continue", "global", "nonlocal", "type"


@dataclass(eq=False, slots=True)
class Import(Stmt):
    """`module` is dotted, `level` counts leading dots; `names` are (name, bound as).

    `import a.b` has ("a.b", "a") and an empty module; `import a.b as c` has
    ("a.b", "c"); `from m import *` has ("*", "").
    """

    module: str
    level: int
    names: list[tuple[str, str]]
    is_from: bool


@dataclass(eq=False, slots=True)
class If(Stmt):
    """`if` with its `else`; an `elif` is an `if` in that."""

    test: Expr
    body: list[Stmt]
    orelse: list[Stmt]


@dataclass(eq=False, slots=True)
class While(Stmt):
    """`while` with its `else`."""

    test: Expr
    body: list[Stmt]
    orelse: list[Stmt]


@dataclass(eq=False, slots=True)
class For(Stmt):
    """`for` with its `else`."""

    target: Expr
    iter: Expr
    body: list[Stmt]
    orelse: list[Stmt]
    is_async: bool = False


@dataclass(eq=False, slots=True)
class ExceptHandler(Stmt):
    """One `except` of a `try`."""

    type: Expr | None
    name: str | None
    body: list[Stmt]


@dataclass(eq=False, slots=True)
class Try(Stmt):
    """`try` with all its clauses."""

    body: list[Stmt]
    handlers: list[ExceptHandler]
    orelse: list[Stmt]
    final: list[Stmt]


@dataclass(eq=False, slots=True)
class With(Stmt):
    """`with`: each context, and what it is bound to."""

    items: list[tuple[Expr, Expr | None]]
    body: list[Stmt]
    is_async: bool = False


@dataclass(eq=False, slots=True)
class Case(Stmt):
    """One `case` of a `match`: what its pattern compares and binds."""

    pattern: list[Expr]
    guard: Expr | None
    body: list[Stmt]


@dataclass(eq=False, slots=True)
class Match(Stmt):
    """`match`."""

    subject: Expr
    cases: list[Case]


@dataclass(eq=False, slots=True)
class FunctionDef(Stmt):
    """A function statement; its body is with the function."""

    function: Function


@dataclass(eq=False, slots=True)
class ClassDef(Stmt):
    """A class statement; its body runs where it stands."""

    cls: Class
    body: list[Stmt] = field(default_factory=list)

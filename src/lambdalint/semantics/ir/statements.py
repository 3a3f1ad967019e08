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
    targets: list[Expr]
    value: Expr | None
    annotation: Expr | None = None


@dataclass(eq=False, slots=True)
class AugAssign(Stmt):
    target: Expr
    value: Expr


@dataclass(eq=False, slots=True)
class ExprStmt(Stmt):
    value: Expr


@dataclass(eq=False, slots=True)
class Return(Stmt):
    value: Expr | None


@dataclass(eq=False, slots=True)
class Raise(Stmt):
    items: list[Expr]


@dataclass(eq=False, slots=True)
class Assert(Stmt):
    items: list[Expr]


@dataclass(eq=False, slots=True)
class Delete(Stmt):
    targets: list[Expr]


@dataclass(eq=False, slots=True)
class Simple(Stmt):
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
    test: Expr
    body: list[Stmt]
    orelse: list[Stmt]


@dataclass(eq=False, slots=True)
class While(Stmt):
    test: Expr
    body: list[Stmt]
    orelse: list[Stmt]


@dataclass(eq=False, slots=True)
class For(Stmt):
    target: Expr
    iter: Expr
    body: list[Stmt]
    orelse: list[Stmt]
    is_async: bool = False


@dataclass(eq=False, slots=True)
class ExceptHandler(Stmt):
    type: Expr | None
    name: str | None
    body: list[Stmt]


@dataclass(eq=False, slots=True)
class Try(Stmt):
    body: list[Stmt]
    handlers: list[ExceptHandler]
    orelse: list[Stmt]
    final: list[Stmt]


@dataclass(eq=False, slots=True)
class With(Stmt):
    items: list[tuple[Expr, Expr | None]]
    body: list[Stmt]
    is_async: bool = False


@dataclass(eq=False, slots=True)
class Case(Stmt):
    pattern: list[Expr]
    guard: Expr | None
    body: list[Stmt]


@dataclass(eq=False, slots=True)
class Match(Stmt):
    subject: Expr
    cases: list[Case]


@dataclass(eq=False, slots=True)
class FunctionDef(Stmt):
    function: Function


@dataclass(eq=False, slots=True)
class ClassDef(Stmt):
    """A class statement; its body runs where it stands."""

    cls: Class
    body: list[Stmt] = field(default_factory=list)

"""Statements of the model's picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import field

from lambdalint.semantics.ir.expressions import Expr, Node

if TYPE_CHECKING:
    from lambdalint.semantics.ir.scopes import Class, Function


class Stmt(Node, eq=False, kw_only=True):
    """`place` counts a module's statements in the order of the text, those of functions' bodies behind all others;
    those below a statement have the places up to `end`, which is not one of them. `owner` is the function
    whose body holds it, None at module scope.
    """

    place: int = -1
    end: int = -1
    owner: Function | None = None
    # What `flow` has found out about it.
    loops: tuple[For | While, ...] | None = None
    fails: bool | None = None


class Assign(Stmt, eq=False):
    """`targets = value`, each of several targets given the same; without a value only a type is declared."""

    targets: list[Expr]
    value: Expr | None
    annotation: Expr | None = None


class AugAssign(Stmt, eq=False):
    """`target += value`, with whatever operator."""

    target: Expr
    value: Expr


class ExprStmt(Stmt, eq=False):
    """An expression that stands for itself."""

    value: Expr


class Return(Stmt, eq=False):
    """`return`, `return value`."""

    value: Expr | None


class Raise(Stmt, eq=False):
    """`raise`, with the exception and its cause where they are given."""

    items: list[Expr]


class Assert(Stmt, eq=False):
    """`assert` with what it asks and what it says."""

    items: list[Expr]


class Delete(Stmt, eq=False):
    """`del` of names, attributes and items."""

    targets: list[Expr]


class Simple(Stmt, eq=False):
    """A statement without parts that count."""

    kind: str  # "pass", "break", "continue", "global", "nonlocal", "type"


class Import(Stmt, eq=False):
    """`module` is dotted, `level` counts leading dots; `names` are (name, bound as).

    `import a.b` has ("a.b", "a") and an empty module; `import a.b as c` has
    ("a.b", "c"); `from m import *` has ("*", "").
    """

    module: str
    level: int
    names: list[tuple[str, str]]
    is_from: bool


class If(Stmt, eq=False):
    """`if` with its `else`; an `elif` is an `if` in that."""

    test: Expr
    body: list[Stmt]
    orelse: list[Stmt]


class While(Stmt, eq=False):
    """`while` with its `else`."""

    test: Expr
    body: list[Stmt]
    orelse: list[Stmt]


class For(Stmt, eq=False):
    """`for` with its `else`."""

    target: Expr
    iter: Expr
    body: list[Stmt]
    orelse: list[Stmt]
    is_async: bool = False


class ExceptHandler(Stmt, eq=False):
    """One `except` of a `try`."""

    type: Expr | None
    name: str | None
    body: list[Stmt]


class Try(Stmt, eq=False):
    """`try` with all its clauses."""

    body: list[Stmt]
    handlers: list[ExceptHandler]
    orelse: list[Stmt]
    final: list[Stmt]


class With(Stmt, eq=False):
    """`with`: each context, and what it is bound to."""

    items: list[tuple[Expr, Expr | None]]
    body: list[Stmt]
    is_async: bool = False


class Case(Stmt, eq=False):
    """One `case` of a `match`: what its pattern compares and binds."""

    pattern: list[Expr]
    guard: Expr | None
    body: list[Stmt]


class Match(Stmt, eq=False):
    """`match`."""

    subject: Expr
    cases: list[Case]


class FunctionDef(Stmt, eq=False):
    """A function statement; its body is with the function."""

    function: Function


class ClassDef(Stmt, eq=False):
    """A class statement; its body runs where it stands."""

    cls: Class
    body: list[Stmt] = field(default_factory=list)

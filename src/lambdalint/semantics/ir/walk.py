"""Ways through the picture: down to parts, up to what is around."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from lambdalint.semantics.ir.expressions import (
    Attr,
    Await,
    Bind,
    Blend,
    Call,
    Choice,
    Comp,
    Compare,
    Each,
    Expr,
    Item,
    Map,
    Name,
    Node,
    Not,
    Seq,
    Star,
    Yield,
)
from lambdalint.semantics.ir.scopes import Class, Function, Module
from lambdalint.semantics.ir.statements import (
    Assert,
    Assign,
    AugAssign,
    Case,
    ClassDef,
    Delete,
    ExceptHandler,
    ExprStmt,
    For,
    If,
    Match,
    Raise,
    Return,
    Stmt,
    Try,
    While,
    With,
)


def _of_map(node: Map) -> list[Expr]:
    return [part for entry in node.entries for part in entry if part is not None]


def _of_comp(node: Comp) -> list[Expr]:
    return [*(part for loop in node.loops for part in (loop.iter, *loop.conditions)), *node.elements]


def _of_value(node: Not | Await | Bind | Star | Each) -> Sequence[Expr]:
    return (node.value,)


# By exact type: asked for most nodes of a project several times.
_CHILDREN: dict[type, Callable[[Any], Sequence[Expr]]] = {
    Attr: lambda node: (node.base,),
    Call: lambda node: [node.func, *[argument.value for argument in node.args]],
    Item: lambda node: (node.base, node.key),
    Seq: lambda node: node.items,
    Blend: lambda node: node.items,
    Map: _of_map,
    Comp: _of_comp,
    Choice: lambda node: node.items if node.test is None else [node.test, *node.items],
    Compare: lambda node: [node.left, *node.rights],
    **dict.fromkeys((Not, Await, Bind, Star, Each), _of_value),
    Yield: lambda node: () if node.value is None else (node.value,),
}


def children(node: Node) -> Sequence[Expr]:
    """The expressions directly below an expression, in evaluation order."""
    parts = _CHILDREN.get(type(node))
    return parts(node) if parts is not None else ()


def walk(node: Expr) -> Iterator[Expr]:
    """`node` and all expressions below it, outer first; lambda bodies left out."""
    stack: list[Expr] = [node]
    while stack:
        current = stack.pop()
        yield current
        parts = _CHILDREN.get(type(current))
        if parts is not None:
            stack.extend(reversed(parts(current)))


def expressions(stmt: Stmt) -> Iterator[Expr]:
    """The expressions that belong to a statement itself, not to its blocks."""
    match stmt:
        case Assign(targets=targets, value=value):
            if value is not None:
                yield value
            yield from targets
        case AugAssign(target=target, value=value):
            yield value
            yield target
        case ExprStmt(value=value):
            yield value
        case Return(value=value):
            if value is not None:
                yield value
        case Raise(items=items) | Assert(items=items) | Delete(targets=items):
            yield from items
        case If(test=test) | While(test=test):
            yield test
        case For(target=target, iter=iter_):
            yield iter_
            yield target
        case With(items=pairs):
            for context, bound in pairs:
                yield context
                if bound is not None:
                    yield bound
        case Match(subject=subject):
            yield subject
        case Case(pattern=pattern, guard=guard):
            yield from pattern
            if guard is not None:
                yield guard
        case ExceptHandler(type=type_):
            if type_ is not None:
                yield type_
        case _:
            return


def blocks(stmt: Stmt) -> Iterator[list[Stmt]]:
    """The statement lists nested in a compound statement (not in defs)."""
    match stmt:
        case If(body=body, orelse=orelse) | While(body=body, orelse=orelse) | For(body=body, orelse=orelse):
            yield body
            yield orelse
        case Try(body=body, handlers=handlers, orelse=orelse, final=final):
            yield body
            for handler in handlers:
                yield handler.body
            yield orelse
            yield final
        case With(body=body) | ClassDef(body=body):
            yield body
        case Match(cases=cases):
            for case in cases:
                yield case.body
        case _:
            return


def statements(body: list[Stmt]) -> Iterator[Stmt]:
    """All statements of a body, nested blocks included, in source order."""
    stack = list(reversed(body))
    while stack:
        stmt = stack.pop()
        yield stmt
        for block in reversed(list(blocks(stmt))):
            stack.extend(reversed(block))


def everything(module: Module) -> Iterator[object]:
    """A module with its functions, classes, names, statements and expressions."""
    yield module
    yield module.main
    yield from module.scope.bindings.values()
    yield from code(module.functions, module.classes, module.main.body)


def code(functions: Iterable[Function], classes: Iterable[Class], body: list[Stmt]) -> Iterator[object]:
    """Functions and classes, their names, and all that stands in them and in the statements around them."""
    yield from _code(body)
    for cls in classes:
        yield cls
        yield from cls.scope.bindings.values()
        for expr in (*cls.bases, *cls.decorators, *cls.declared.values()):
            yield from walk(expr)
    for function in functions:
        yield function
        yield from function.scope.bindings.values()
        for param in function.params:
            for given in (param.default, param.annotation):
                if given is not None:
                    yield from walk(given)
        for part in (*function.decorators, *function.returns, function.annotation):
            if part is not None:
                yield from walk(part)
        yield from _code(function.body)


def _code(body: list[Stmt]) -> Iterator[object]:
    for statement in statements(body):
        yield statement
        for expr in expressions(statement):
            for part in walk(expr):
                yield part
                if isinstance(part, Comp):
                    yield from part.scope.bindings.values()


def ancestors(node: Node) -> Iterator[Node]:
    current = node.parent
    while current is not None:
        yield current
        current = current.parent


def statement_of(node: Node) -> Stmt | None:
    """The innermost statement that holds an expression (or the statement itself)."""
    current: Node | None = node
    while current is not None and not isinstance(current, Stmt):
        current = current.parent
    return current


def root_name(expr: Expr) -> Name | None:
    """The name at the bottom of an attribute, subscript or call chain."""
    while True:
        if isinstance(expr, Name):
            return expr
        if isinstance(expr, (Attr, Item)):
            expr = expr.base
        elif isinstance(expr, Call):
            expr = expr.func
        elif isinstance(expr, Await):
            expr = expr.value
        else:
            return None


def last_name(expr: Expr) -> str:
    """The name, or the attribute's name, that an expression ends with, else an empty string."""
    if isinstance(expr, Name):
        return expr.id
    return expr.name if isinstance(expr, Attr) else ""


def dotted(expr: Expr) -> str:
    """`a.b.c` for a chain of attributes on a name, else an empty string."""
    parts: list[str] = []
    while isinstance(expr, Attr):
        parts.append(expr.name)
        expr = expr.base
    if not isinstance(expr, Name):
        return ""
    parts.append(expr.id)
    return ".".join(reversed(parts))
